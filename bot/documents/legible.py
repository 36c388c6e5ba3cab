"""Every character a person can type is either printed or replaced by its name in brackets.

PDF/A allows no character without a glyph and Word no control character, so text is made legible
once, before the template sees it: composed (NFC), freed of what cannot be seen (control and
direction marks), and checked against the shipped fonts. An emoji becomes `[grinning face]`.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

FONTS = Path(__file__).resolve().parents[2] / "templates" / "documents" / "fonts"

# What str.splitlines takes for a line's end: a form feed or U+2028 must not survive into the XML.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Nothing in these ranges needs a look: most Swedish text is left alone at once.
_PLAIN = re.compile("[\n -~\xa0-\xac\xae-\u017f\u2013\u2014\u2018-\u201e\u2026\u20ac\u2212]*")

M = TypeVar("M", bound=BaseModel)


@cache
def glyphs() -> frozenset[int]:
    """Code points that every shipped font can draw."""
    from fontTools.ttLib import TTFont

    maps = []
    for file in sorted(FONTS.glob("*.otf")):
        with TTFont(file, lazy=True) as font:
            maps.append(set(font.getBestCmap() or {}))
    return frozenset(set.intersection(*maps))


def legible(text: str) -> str:
    """Same text with only characters that can be printed; line ends become newlines."""
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", text).replace("\t", " "))
    return text if _PLAIN.fullmatch(text) else "".join(map(_printed, text))


def _printed(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\n":
        return character
    # Cc and Cf: control, bidi, zero width; variation selectors choose an emoji's looks.
    if category in {"Cc", "Cf"} or unicodedata.name(character, "").startswith("VARIATION SEL"):
        return ""
    # A private-use character means nothing outside the font it came from.
    if category != "Co" and ord(character) in glyphs():
        return character
    if category == "Zs":
        return " "
    return f"[{unicodedata.name(character, '').lower() or f'U+{ord(character):04X}'}]"


def legible_facts(facts: M) -> M:
    """The same facts with every text made legible."""
    return type(facts).model_validate(_each(facts.model_dump()))


def _each(value: Any) -> Any:
    match value:
        case str():
            return legible(value)
        case dict():
            return {key: _each(item) for key, item in value.items()}
        case list() | tuple():
            return [_each(item) for item in value]
        case _:
            return value
