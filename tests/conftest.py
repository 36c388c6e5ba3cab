"""Fixtures that every part's tests can ask for, and where all of them write."""

import os

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback

from tests.room import room

pytest_plugins = ["tests.databases", "tests.fuzzing"]


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", room())
    # A traceback in colours, with every local, takes longer than most tests that expect one.
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            ConsoleRenderer(exception_formatter=plain_traceback),
        ]
    )
