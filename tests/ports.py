"""Ports of this machine that nobody listens on, for servers that a test starts by their number.

They lie below those that the system hands out by itself, and each process of tests begins at another
place: what one has just found is not taken by another before its server has it.
"""

import os
import socket
from itertools import count

FIRST, MANY = 10_000, 20_000
_next = count(os.getpid() * 101)


def free_port() -> int:
    """On 127.0.0.1."""
    for number in _next:
        port = FIRST + number % MANY
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("there is always a next number")
