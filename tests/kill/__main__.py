"""The long runs, as text: python -m tests.kill replicas | at_random | story. See docs/reliability.md.

Each says what is run and at which commit, each round's outcome, and in the end the verdict; the exit code
is 1 when anything was wrong.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.kill import at_random, replicas, story
from tests.kill.new_databases import databases


def main() -> None:
    asked = _asked()
    began = time.monotonic()
    _say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_commit(asked.commit)}: {_what(asked)}")
    kind = "postgres" if asked.run == "replicas" else asked.database
    try:
        with databases(kind) as url:
            for line in _lines(asked, url):
                _say(f"{time.monotonic() - began:6.0f} s  {line}")
    except AssertionError as wrong:
        _say(f"{time.monotonic() - began:6.0f} s  WRONG: {str(wrong)[:2000]}")
        sys.exit(1)
    _say(f"{time.monotonic() - began:6.0f} s  nothing wrong")


def _lines(asked: argparse.Namespace, url: story.URL) -> Iterator[str]:
    if asked.run == "replicas":
        return replicas.campaign(
            url, gestures=asked.gestures, replicas=asked.replicas, seed=asked.seed
        )
    if asked.run == "at_random":
        return at_random.campaign(url, kills=asked.kills, replicas=asked.replicas, seed=asked.seed)
    return story.campaign(
        url, kills=asked.kills, replicas=asked.replicas, seed=asked.seed, longest=asked.longest
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("--commit", default="", help="said in the output, for a tree without git")
    runs = parser.add_subparsers(dest="run", required=True)
    three = runs.add_parser("replicas", help="three processes, against a single calm one")
    three.add_argument("--gestures", type=int, default=1000)
    one = runs.add_parser("at_random", help="the smallest bot, while Slack misbehaves")
    whole = runs.add_parser("story", help="the real bot through the whole story")
    whole.add_argument("--longest", type=float, default=3, help="seconds that one lives, at most")
    for campaign in (one, whole):
        campaign.add_argument("--kills", type=int, default=1000)
        campaign.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    for campaign in (three, one, whole):
        campaign.add_argument("--replicas", type=int, default=3 if campaign is three else 1)
        campaign.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _what(asked: argparse.Namespace) -> str:
    chosen = {k: v for k, v in vars(asked).items() if k not in {"run", "commit"}}
    return " ".join([asked.run, *(f"--{key} {value}" for key, value in chosen.items())])


def _commit(given: str) -> str:
    if given:
        return given
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "no commit"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
