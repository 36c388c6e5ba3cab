"""Kronor, dates, times, per cent and file sizes as Swedish readers expect them (jinja filters)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

LOCALE = "sv_SE"
NBSP = "\N{NO-BREAK SPACE}"


def amount(value: Decimal, places: int | None = None) -> str:
    """2 500 000 or 81 333,33, with no-break spaces; öre only if any, unless `places` says."""
    from babel.numbers import format_decimal

    if places is None:
        places = decimals(value)
    text = format_decimal(value, format="#,##0." + "0" * places, locale=LOCALE)
    return text.replace("-", "\N{MINUS SIGN}")


def kr(value: Decimal) -> str:
    return f"{amount(value)}{NBSP}kr"


def decimals(*values: Any) -> int:
    """2 when any of the amounts has öre, else 0: one column is written one way. Sequences count."""
    return 2 if any(value != value.to_integral_value() for value in _amounts(values)) else 0


def _amounts(values: Iterable[Any]) -> Iterable[Decimal]:
    for value in values:
        if isinstance(value, Decimal):
            yield value
        elif value is not None:
            yield from _amounts(value)


def datum(value: date | str) -> str:
    """22 november 2026; a text is left as it was written."""
    from babel.dates import format_date

    if isinstance(value, str):
        return value
    return format_date(value, "d MMMM y", locale=LOCALE).replace(" ", NBSP)


def kortdatum(value: date) -> str:
    """22 nov. 2026, for a table."""
    from babel.dates import format_date

    return format_date(value, "d MMM y", locale=LOCALE).replace(" ", NBSP)


def tid(value: datetime) -> str:
    """22 november 2026 kl. 14.05, Swedish time whatever the zone it was recorded in."""
    local = value.astimezone(ZoneInfo("Europe/Stockholm"))
    return f"{datum(local.date())} kl.{NBSP}{local:%H.%M}"


def procent(value: Decimal) -> str:
    """Decimal("2.5") is 2,50 %."""
    return f"{amount(value, 2)}{NBSP}%"


def storlek(size: int) -> str:
    """Write bytes as kB or MB, rounded."""
    kilobytes = Decimal(size) / 1000
    if kilobytes < 1000:  # noqa: PLR2004 -- where a megabyte begins
        return f"{amount(max(Decimal(1), kilobytes), 0)}{NBSP}kB"
    return f"{amount(kilobytes / 1000, 1)}{NBSP}MB"


def lines(text: str) -> Markup:
    """Line ends become line breaks, for a cell or a definition."""
    return Markup("<br/>").join(text.strip().split("\n"))


def paragraphs(text: str) -> Markup:
    """One <p> per paragraph that the person wrote; single line ends stay line breaks."""
    written = [part for part in text.strip().split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(lines(part)) for part in written)


def listing(words: Iterable[str]) -> str:
    """A, b och c."""
    *first, last = [str(word) for word in words]
    return f"{', '.join(first)} och {last}" if first else last


def liten(name: str) -> str:
    """`Socialnämnden` as it stands inside a sentence; an abbreviation is left alone."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def stor(name: str) -> str:
    """`socialnämnden` as it begins a line."""
    return name[:1].upper() + name[1:]


FILTERS = {
    "amount": amount,
    "kr": kr,
    "datum": datum,
    "kortdatum": kortdatum,
    "tid": tid,
    "procent": procent,
    "storlek": storlek,
    "lines": lines,
    "paragraphs": paragraphs,
    "listing": listing,
    "liten": liten,
    "stor": stor,
    "decimals": decimals,
}
