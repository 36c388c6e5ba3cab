"""Fixtures that every part's tests can ask for."""

pytest_plugins = ["tests.databases", "tests.fuzzing"]
