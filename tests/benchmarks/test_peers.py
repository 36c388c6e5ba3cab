"""What the benchmarks compare with: pinned and hashed like our own, and no part of it."""

import re
from pathlib import Path

from benchmarks.peers import environment

ROOT = Path(__file__).parents[2]
LOCK = environment.LOCK.read_text("utf-8")
WANTED = [
    line
    for line in environment.LOCK.with_suffix(".in").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_every_package_is_pinned_and_hashed():
    packages = re.split(r"\n(?=[a-z0-9])", LOCK.strip())[1:]

    assert {re.split(r"==", package)[0] for package in packages} >= set(WANTED)
    assert all(re.match(r"\S+==\S+", p) and "--hash=sha256:" in p for p in packages)


def test_no_index_and_no_place_on_a_disk_is_named():
    assert not re.search(r"--(extra-)?index-url|--find-links|https?:|file:| @ ", LOCK)


def test_none_of_them_is_in_the_projects_own_lock():
    ours = (ROOT / "requirements.lock").read_text("utf-8")

    assert [name for name in WANTED if name != "uvloop" and f"\n{name}==" in ours] == []
