"""A small checker for JSON: a check walks a value and names every problem with its pointer.

Wording and pointers are Slack's own (`must be less than 3001 characters [json-pointer:/blocks/0/…]`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    text: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.text} [json-pointer:{self.pointer}]"


Check = Callable[[Any, str], Iterator[Problem]]


def string(most: int | None = None, least: int = 0) -> Check:
    """Accept text of `least` to `most` characters, both included."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif most is not None and len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", at)

    return check


def number(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must be an integer", at)
        elif least is not None and value < least:
            yield Problem(f"must be greater than or equal to {least}", at)
        elif most is not None and value > most:
            yield Problem(f"must be less than or equal to {most}", at)

    return check


def boolean(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must be a boolean", at)


def anything(value: Any, at: str) -> Iterator[Problem]:  # noqa: ARG001 - a check takes both
    yield from ()


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(f"value must be one of {', '.join(allowed)}", at)

    return check


def array(of: Check, *, least: int = 0, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if most is not None and len(value) > most:
            yield Problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            yield from of(item, f"{at}/{index}")

    return check


def record(need: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """Accept an object with these fields and no others."""
    known = {**need, **(may or {})}

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        for name in need:
            if name not in value:
                yield Problem(f"missing required field: {name}", at)
        for name, part in value.items():
            if name not in known:
                yield Problem(f"invalid additional property: {name}", at)
            else:
                yield from known[name](part, f"{at}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Accept an object whose `type` names one of the checks."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
        elif "type" not in value:
            yield Problem("missing required field: type", at)
        elif (name := str(value["type"])) not in kinds:
            yield Problem(f"unsupported type: {name}", f"{at}/type")
        else:
            yield from kinds[name](value, at)

    return check


def both(first: Check, second: Check) -> Check:
    def check(value: Any, at: str) -> Iterator[Problem]:
        found = list(first(value, at))
        yield from found
        if not found:
            yield from second(value, at)

    return check
