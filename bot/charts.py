"""Bars as a picture: typst draws them as PNG from data, some 20 ms; callers use `asyncio.to_thread`.

A picture says nothing that the text beside it does not: whoever posts it gives the same figures.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Literal

import orjson

from bot.documents.legible import legible
from bot.documents.pdf import LayoutError, fonts
from bot.render import TEMPLATES

_BARS = TEMPLATES / "charts" / "bars.typ"
_PIXELS_PER_INCH = 144

Look = Literal["pot", "decided", "committed", "reserved", "left"]


@dataclass(frozen=True, slots=True)
class Bar:
    """`said` is the amount as people read it; below zero there is no bar, only what is said."""

    name: str
    amount: Decimal
    said: str
    look: Look


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    bars: Sequence[Bar]


def bars(title: str, groups: Sequence[Group]) -> bytes:
    """Draw the groups under each other as one PNG, 1,240 pixels wide, all bars to one scale."""
    import typst

    longest = max((one.amount for group in groups for one in group.bars), default=Decimal(0))
    drawn, warnings = typst.compile_with_warnings(
        str(_BARS),
        root=str(_BARS.parent),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"chart": orjson.dumps(_data(title, groups, longest)).decode()},
        ppi=_PIXELS_PER_INCH,
        format="png",
    )
    if warnings:
        raise LayoutError("; ".join(warning.message for warning in warnings))
    assert isinstance(drawn, bytes)
    return drawn


def _data(title: str, groups: Sequence[Group], longest: Decimal) -> dict[str, object]:
    return {
        "title": legible(title),
        "groups": [
            {"name": legible(group.name), "bars": [_bar(one, longest) for one in group.bars]}
            for group in groups
        ],
    }


def _bar(one: Bar, longest: Decimal) -> dict[str, object]:
    share = float(max(one.amount, Decimal(0)) / longest) if longest > 0 else 0.0
    return asdict(one) | {"amount": one.said, "share": share, "name": legible(one.name)}
