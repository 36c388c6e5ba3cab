"""Fixtures that every part's tests can ask for, and where all of them write."""

import os

from tests.room import room

pytest_plugins = ["tests.databases", "tests.fuzzing"]


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", room())
