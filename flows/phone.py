"""Phone numbers as people write them in Sweden, found in running text.

Ten digits can be both a phone number and a personnummer. A number counts as a phone number when it
is written like one: a country code, an area code set apart, or a mobile prefix. It does not when its
last four digits are set apart from six, as in 070123-4567.
"""

import re

_SPACE = r"[ \u00a0\u202f\u2009]?"
_AREA = r"(?:8|[1-9][0-9]{1,2})"  # only Stockholm's area code has a single digit after the 0
_REST = rf"[1-9][0-9]{{1,3}}(?:{_SPACE}[0-9]{{2,4}}){{1,3}}"  # no subscriber number begins with 0
_PHONE = re.compile(
    r"(?<![0-9])(?:"
    rf"(?:\+|00)46{_SPACE}(?:\(0\){_SPACE})?{_AREA}(?:-|{_SPACE}){_REST}"  # +46 (0)70-123 45 67
    rf"|\(0{_AREA}\){_SPACE}{_REST}"  # (08) 123 456 78
    rf"|0{_AREA} ?[-/‐‑–] ?{_REST}"  # 08-123 456 78
    r"|08(?:[ \u00a0\u202f][0-9]{2,3}){2,4}"  # 08 123 456 78
    r"|0[1-9][0-9]{1,2}(?:[ \u00a0\u202f][0-9]{2,4}){2,3}"  # 070 123 45 67
    r"|07[02369][0-9]{7}"  # 0701234567
    r")(?![0-9])(?!-[0-9])"
)
_FEWEST, _MOST = 7, 13  # digits, from 08-123 45 to 0046 with ten


def find(text: str) -> list[tuple[int, int]]:
    """Return where phone numbers stand in the text, as (start, end)."""
    return [match.span() for match in _PHONE.finditer(text) if _has_length(match[0])]


def without_phones(text: str) -> str:
    """Return the text with a mark where each phone number stood, so that nothing runs together."""
    for start, end in reversed(find(text)):
        text = f"{text[:start]}☎{text[end:]}"
    return text


def _has_length(written: str) -> bool:
    return _FEWEST <= sum(character.isdigit() for character in written) <= _MOST
