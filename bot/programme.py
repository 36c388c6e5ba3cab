"""The programme file: read it, and say in words everything that is wrong with it at once.

A problem is a place in the file and a wording key; `templates/messages/programme/` has the words.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.calendar import sweden
from flows.practice_problems import practice_problems
from flows.programme import Programme
from flows.programme_problems import Problem, problems

# How pydantic calls what can be wrong in a file of ours, and what templates/ calls it.
_KINDS = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "float_refused": "float",
    "not_a_number": "number",
    "decimal_max_places": "places",
    "int_type": "whole",
    "int_from_float": "whole",
    "int_parsing": "whole",
    "enum": "choice",
    "literal_error": "choice",
    "string_type": "text",
    "string_too_short": "empty",
    "too_short": "none",
    "string_too_long": "long",
    "string_pattern_mismatch": "pattern",
    "bool_type": "bool",
    "bool_parsing": "bool",
    "date_type": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "date_parsing": "date",
    "time_type": "time",
    "time_parsing": "time",
    "greater_than": "range",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "model_type": "table",
    "model_attributes_type": "table",
    "dict_type": "table",
    "tuple_type": "list",
}


class ProgrammeError(Exception):
    """The programme cannot be used; `problems` says why, in the order of the file's parts."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.place}: {problem.key}" for problem in problems))
        self.problems = problems


def load(path: Path) -> tuple[Programme, list[Problem]]:
    """Return the programme in the file and what is worth knowing about it.

    Raises ProgrammeError with every problem that keeps it from being used.
    """
    programme = _read(path)
    found = [*problems(programme), *practice_problems(programme, sweden())]
    wrong = [problem for problem in found if problem.stops]
    if wrong:
        raise ProgrammeError(wrong)
    return programme, found


def _read(path: Path) -> Programme:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProgrammeError([_about_file("unreadable", path)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        found = _about_file("no_toml", path, line=line[1] if line else "")
        raise ProgrammeError([found]) from error
    try:
        return Programme.model_validate(written)
    except ValidationError as error:
        raise ProgrammeError(list(_about_values(error.errors()))) from error


def _about_file(kind: str, path: Path, **facts: object) -> Problem:
    return Problem((), f"programme.values.{kind}", {"file": str(path), **facts})


def _about_values(errors: list[ErrorDetails]) -> Iterator[Problem]:
    for error in errors:
        kind = _KINDS.get(error["type"], "other")
        place = error["loc"]
        # A list whose entries are wrong also counts as too short; the entries say what to do.
        if kind == "none" and any(place == e["loc"][: len(place)] for e in errors if e != error):
            continue
        choices = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        facts = {"value": str(error["input"]), "choices": ", ".join(choices)}
        yield Problem(place, f"programme.values.{kind}", facts)
