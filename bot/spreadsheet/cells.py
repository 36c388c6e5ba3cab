"""What a cell says: a value as Excel stores it becomes a text, an amount, a date or a choice.

Excel keeps decimals as binary floats. Such a number is taken as the nearest öre when it is within a
millionth of it, and is otherwise more precise than money is. None stands for an empty cell.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flows.dates import parse_date
from flows.errors import InvalidAnswer
from flows.money import LARGEST, parse_amount, round_ore

NOISE = Decimal("0.000001")
LONGEST_TEXT = 200
LONGEST_LIFE = 100
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LIFE = re.compile(r"([0-9]{1,3})(?: ?år)?")


def text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise InvalidAnswer("spreadsheet.problems.not_text")
    line = " ".join(str(value if value is not None else "").split())
    if len(line) > LONGEST_TEXT:
        raise InvalidAnswer("spreadsheet.problems.text_too_long", longest=LONGEST_TEXT)
    return line or None


def amount(value: object) -> Decimal | None:
    """Read kronor: a number, or a text as people write amounts."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return parse_amount(value, allow_zero=True)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidAnswer("spreadsheet.problems.not_an_amount")
    exact = Decimal(repr(value))
    if abs(exact) > LARGEST:
        raise InvalidAnswer("refusals.money.too_large")
    nearest = round_ore(exact)
    if abs(exact - nearest) >= NOISE:
        raise InvalidAnswer("spreadsheet.problems.too_precise")
    if nearest < 0:
        raise InvalidAnswer("refusals.money.negative")
    return abs(nearest)


def day(value: object) -> date | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return parse_date(value)
    found = value.date() if isinstance(value, datetime) else value
    if not isinstance(found, date) or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise InvalidAnswer("spreadsheet.problems.not_a_date")
    return found


def life(value: object) -> int | None:
    """Read a useful life in whole years: 10, 10.0 or "10 år"."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str) and (match := _LIFE.fullmatch(value.strip().casefold())):
        value = int(match[1])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_LIFE:
        raise InvalidAnswer("spreadsheet.problems.not_years")
    return value


def choice(value: object, names: Mapping[str, str]) -> str | None:
    """Return the chosen value by what it is called, whatever the case."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    said = " ".join(str(value).split()).casefold()
    for one, name in names.items():
        if said == name.casefold():
            return one
    raise InvalidAnswer("spreadsheet.problems.not_a_choice", choices=", ".join(names.values()))
