"""Where the tests write: in memory when the machine has room there, else on its disk.

A commit on a disk waits for the disk, and a test that kills a process asks nothing of one: what the
system has been given survives the process.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # Linux has it; a container may have 64 MB of it
ENOUGH = 2**30


def room() -> str:
    """The folder to make temporary folders in."""
    open_to_us = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    roomy = open_to_us and shutil.disk_usage(MEMORY).free >= ENOUGH
    return str(MEMORY) if roomy else tempfile.gettempdir()
