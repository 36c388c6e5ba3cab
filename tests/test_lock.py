"""requirements.lock: everything pinned and hashed, what the demo needs first, and no index named."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
RUNTIME, _, DEVELOPMENT = LOCK.partition("# == development ==\n")


def names(lines: list[str]) -> set[str]:
    return {re.split(r"[\[=<>!~; ]", line)[0].lower() for line in lines}


def pinned(part: str) -> set[str]:
    return names(re.findall(r"^[a-z0-9].*", part, re.MULTILINE))


def test_the_demo_installs_what_running_and_building_need():
    needed = names(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"])

    assert needed <= pinned(RUNTIME)


def test_development_adds_what_running_lacks():
    added = names(PROJECT["dependency-groups"]["dev"])

    assert added <= pinned(DEVELOPMENT)
    assert pinned(RUNTIME) & pinned(DEVELOPMENT) == set()


@pytest.mark.parametrize("part", [RUNTIME, DEVELOPMENT], ids=["runtime", "development"])
def test_every_package_is_pinned_and_hashed(part: str):
    packages = re.split(r"\n(?=[a-z0-9])", part.strip())
    packages = [package for package in packages if not package.startswith("#")]

    assert len(packages) > 20
    assert all(re.match(r"\S+==\S+", p) and "--hash=sha256:" in p for p in packages)


def test_no_index_and_no_place_on_a_disk_is_named():
    assert not re.search(r"--(extra-)?index-url|--find-links|https?:|file:| @ ", LOCK)
