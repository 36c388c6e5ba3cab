"""Kronor: how people write an amount, and how a computed one is rounded.

An amount is a `Decimal` in kronor with whole öre. What can be read in two ways is refused with the
two ways spelled out: guessing wrong by a factor of a thousand is worse than asking once more.
"""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from flows.errors import InvalidAnswer

LARGEST = Decimal(10) ** 12
LONGEST = 60
ORE = Decimal("0.01")
ZERO = Decimal("0.00")


def round_ore(amount: Decimal | Fraction) -> Decimal:
    """Round to whole öre, half away from zero. Exact also for thirds, which Decimal is not."""
    ore = floor(abs(Fraction(amount)) * 100 + Fraction(1, 2))
    return Decimal(f"{'' if amount >= 0 else '-'}{ore}E-2")  # scaleb would obey the context


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("an amount is never a float")  # noqa: TRY004 — pydantic wants ValueError
    return value


def _whole_ore(amount: Decimal) -> Decimal:
    return amount.quantize(ORE)


Kronor = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(ge=0, le=LARGEST, decimal_places=2),
    AfterValidator(_whole_ore),
]
"""An amount in a model: kronor with whole öre, not negative, never made from a float."""


_UNITS = (
    (re.compile(r"(?:mkr|mnkr|milj\.?|miljon(?:er)?)(?: ?(?:kr|kronor|sek))?"), 10**6, "mkr"),
    (re.compile(r"(?:tkr|tusen)(?: ?(?:kr|kronor|sek))?"), 10**3, "tkr"),
    (re.compile(r"kr\.?|kronor|krona|sek|:-|,-|"), 1, "kr"),
)
_SHAPE = re.compile(r"(?:(?:sek|kr) )?([0-9][0-9 .,]*?) ?([^0-9 .,][^0-9]*|,-)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:"
    r"(?: [0-9]{3})+(?:[.,][0-9]+)?"  # 2 500 000,50
    r"|(?:\.[0-9]{3}){2,}(?:,[0-9]+)?"  # 2.500.000,50
    r"|(?:,[0-9]{3}){2,}(?:\.[0-9]+)?"  # 2,500,000.50
    r"|\.[0-9]{3},[0-9]+|,[0-9]{3}\.[0-9]+"  # 2.500,50
    r")"
)
_TWO_WAYS = re.compile(r"([1-9][0-9]{0,2})([.,])([0-9]{3})")
_ABOUT = re.compile(r"(?:ca\b\.?|cirka\b|c:a\b|omkring\b|ungefär\b|drygt\b|knappt\b|max\b|~)")
_RANGE = re.compile(r"[0-9] ?[^0-9]{0,16}?(?:-|\btill\b|\beller\b|\boch\b) ?[0-9]")
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−﹣－"}


def parse_amount(text: str, *, allow_zero: bool = False) -> Decimal:
    """Read an amount as a Swedish official writes it, and return kronor with two decimals.

    Takes a unit (`mkr`, `mnkr`, `miljoner`, `tkr`, `kr`, `:-`, `SEK`; none means kronor), a decimal
    comma or point, and thousands parted by any space or, where only one reading is possible, by
    points. Raises InvalidAnswer(`refusals.money.…`) for everything else.
    """
    written = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    written = " ".join(written.split())
    if not written:
        raise InvalidAnswer("refusals.money.empty")
    if len(written) > LONGEST:
        raise InvalidAnswer("refusals.money.not_an_amount")
    _refuse_what_is_no_single_amount(written)
    number, factor = _number_and_factor(written)
    amount = _decimal(number) * factor
    if amount > LARGEST:
        raise InvalidAnswer("refusals.money.too_large")
    if amount != round_ore(amount):
        raise InvalidAnswer("refusals.money.too_precise")
    if not amount and not allow_zero:
        raise InvalidAnswer("refusals.money.zero")
    return round_ore(amount)


def _refuse_what_is_no_single_amount(written: str) -> None:
    if _ABOUT.match(written):
        raise InvalidAnswer("refusals.money.approximate")
    if written.startswith("-") or re.match(r"minus\b", written):
        raise InvalidAnswer("refusals.money.negative")
    if _RANGE.search(written):
        raise InvalidAnswer("refusals.money.range")


def _number_and_factor(written: str) -> tuple[str, int]:
    shape = _SHAPE.fullmatch(written)
    if shape is None:
        raise InvalidAnswer("refusals.money.not_an_amount")
    number, unit = shape[1], (shape[2] or "").strip()
    for pattern, factor, name in _UNITS:
        if pattern.fullmatch(unit):
            _refuse_two_readings(number, unit=name)
            return number, factor
    raise InvalidAnswer("refusals.money.unknown_unit")


def _refuse_two_readings(number: str, *, unit: str) -> None:
    """Refuse `1.100 kr`: eleven hundred, or one krona and ten öre?

    A comma before `mkr` is always a decimal comma: nobody counts thousands of millions here.
    """
    match = _TWO_WAYS.fullmatch(number)
    if match is None or (match[2] == "," and unit == "mkr"):
        return
    thousands, decimals = f"{match[1]} {match[3]} {unit}", match[3].rstrip("0")
    if unit == "kr" and len(decimals) > 2:  # noqa: PLR2004  öre are two decimals
        raise InvalidAnswer("refusals.money.thousands", as_thousands=thousands)
    raise InvalidAnswer(
        "refusals.money.ambiguous",
        as_thousands=thousands,
        as_decimals=f"{match[1]},{decimals} {unit}" if decimals else f"{match[1]} {unit}",
    )


def _decimal(number: str) -> Decimal:
    if _PLAIN.fullmatch(number):
        return Decimal(number.replace(",", "."))
    if not _GROUPED.fullmatch(number):
        raise InvalidAnswer("refusals.money.grouping")
    last = max(number.rfind("."), number.rfind(","))
    if last < 0 or number.count(number[last]) > 1:
        return Decimal(re.sub(r"[ .,]", "", number))
    return Decimal(re.sub(r"[ .,]", "", number[:last]) + "." + number[last + 1 :])
