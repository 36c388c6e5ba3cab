"""Find personnummer and samordningsnummer in running text, so that they are never kept (GDPR).

Ten or twelve digits that are a real birth date (a samordningsnummer adds 60 to the day) and end in
the right check digit (Luhn); or a date and a letter with three digits, as in temporary numbers
(T-nummer). However it is written: full-width digits, any dash, any space, an invisible character.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

Span = tuple[int, int]

_DASHES = frozenset("‐‑‒–—―−⁃﹘﹣－")
_LETTERS = "TRSUWXJKLMNP"
# A lookahead, so that one candidate never hides another that overlaps it.
_LAST = rf"[0-9]{{4}}|[{_LETTERS}][0-9]{{3}}"
_CANDIDATE = re.compile(
    r"(?<![0-9])(?=(?P<all>(?P<year>(?:18|19|20)?[0-9]{2})(?:"
    rf"(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?: ?[-+_./]{{0,2}} ?(?=[0-9])|[-+]?)(?P<last>{_LAST})"
    rf"|(?P<sep>[-./_ ])(?P<month_>[0-9]{{2}})(?P=sep)(?P<day_>[0-9]{{2}})(?:[-+]|(?P=sep))?(?P<last_>{_LAST})"
    r"(?!-[0-9]{2}(?![0-9]))"  # 2026-10-01-2027-03-31 is two dates
    r"))(?![0-9]))",
    re.IGNORECASE,
)
_SAMORDNING = 60
# What most texts are made of, and what folds to itself: one look instead of one for each letter.
_FOLDED = re.compile(r"[ -~À-ÖØ-öø-ÿ\n]*")


def find(text: str) -> list[Span]:
    """Return where identity numbers stand in the text, as (start, end), from left to right."""
    folded, origin = _fold(text)
    found: list[Span] = []
    for match in _CANDIDATE.finditer(folded):
        start, end = match.span("all")
        if _is_identity_number(match):
            found.append((origin[start], origin[end - 1] + 1))
    return found


def contains(text: str) -> bool:
    return bool(find(text))


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Write digits, dashes and spaces in one way; `origin` tells where each character came from."""
    if _FOLDED.fullmatch(text):
        return text.replace("\n", " "), range(len(text))
    return _fold_each(text)


def _fold_each(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        for plain in character if character < "\x7f" else _plain(character):
            folded.append(" " if plain.isspace() else plain)
            origin.append(position)
    return "".join(folded), origin


def _plain(character: str) -> str:
    """Return ASCII for a digit, dash or space of any script; nothing for an invisible character."""
    if character in _DASHES:
        return "-"
    if unicodedata.category(character) == "Cf":  # zero-width, soft hyphen, direction marks
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character)
    return "".join("-" if part in _DASHES else part for part in folded)


def _is_identity_number(match: re.Match[str]) -> bool:
    year = match["year"]
    month, day, last = (match[part] or match[f"{part}_"] for part in ("month", "day", "last"))
    if not _is_date(year, int(month), int(day)):
        return False
    return last[0].isalpha() or _luhn(year[-2:] + month + day + last)


def _is_date(year: str, month: int, day: int) -> bool:
    """Tell whether it is a day, in any century when the year has two digits."""
    day = day - _SAMORDNING if day > _SAMORDNING else day
    years = [int(year)] if len(year) > 2 else [1900 + int(year), 2000 + int(year)]  # noqa: PLR2004  a century or none
    return any(_exists(full_year, month, day) for full_year in years)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004  the sum of two digits
