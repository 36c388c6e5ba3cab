"""`lots check`: read the settings and the programme, and explain everything that is wrong at once.

The other commands use the same reading, and stop at the first sentence.
"""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from bot import clock
from bot.programme import ProgrammeError, load
from bot.render import Texts
from bot.settings import ProgrammeFile, Settings, SettingsError, read_settings
from flows.programme import Programme
from flows.programme_problems import Problem


def read() -> tuple[Settings, Programme]:
    """Return what the bot starts with. Raises SettingsError or ProgrammeError."""
    settings = read_settings()
    programme, _ = load(settings.programme)
    return settings, programme


def check(texts: Texts) -> tuple[bool, list[str]]:
    """Return whether the bot can start, and the lines that say why or why not."""
    lines: list[str] = []
    stops = False
    try:
        moved = read_settings().test_clock
    except SettingsError as error:
        stops = True
        lines += [texts.plain("cli.check.settings"), *_listed(texts, error.problems)]
    else:
        if moved is not None:
            believed = clock.now() + clock.ahead(moved)
            lines.append(texts.plain("cli.check.test_clock", file=str(moved), believed=believed))
    programme_file = ProgrammeFile().programme
    try:
        programme, remarks = load(programme_file)
    except ProgrammeError as error:
        stops = True
        lines += [
            texts.plain("cli.check.programme", file=str(programme_file)),
            *_listed(texts, error.problems),
        ]
    else:
        lines.append(_summary(texts, programme, programme_file))
        if remarks:
            lines += [texts.plain("cli.check.remarks"), *_listed(texts, remarks)]
    return not stops, [*lines, texts.plain("cli.check.stops" if stops else "cli.check.ready")]


def sentence(texts: Texts, problem: Problem) -> str:
    """Word one problem, beginning with its place: `people nr 4, administration: …`."""
    place = ", ".join(_parts(texts, problem.place))
    said = texts.plain(problem.key, **problem.facts)
    return f"{place}: {said}" if place else said


def _parts(texts: Texts, place: tuple[str | int, ...]) -> Iterator[str]:
    for part, after in zip_longest(place, place[1:]):
        if isinstance(part, str) and isinstance(after, int):
            yield texts.plain("cli.check.entry", part=part, number=after + 1)
        elif isinstance(part, str):
            yield part


def _listed(texts: Texts, problems: list[Problem]) -> Iterator[str]:
    return (f"  - {sentence(texts, problem)}" for problem in problems)


def _summary(texts: Texts, programme: Programme, file: Path) -> str:
    years = [money.year for money in programme.money]
    return texts.plain(
        "cli.check.summary",
        file=str(file),
        municipality=programme.municipality,
        committees=len(programme.committees),
        people=len(programme.people),
        first=min(years),
        last=max(years),
    )
