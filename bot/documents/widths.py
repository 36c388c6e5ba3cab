"""How wide each column of a table is, in millimetres, so that PDF and Word agree.

A column of numbers is as wide as its widest number, which never breaks, and no column is narrower
than its longest ordinary word. When every text fits on one line the longest takes what is left;
when not, the texts share it by how much there is of each.
"""

from collections.abc import Sequence
from math import sqrt

TEXT_WIDTH = 160.0  # A4 less two margins of 25 mm
# Of the tables' type, bold: a letter or a digit, and what stands between digits.
_LETTER, _MARK = 1.75, 0.85
_NARROW = " \u00a0,."
_PADDING = 4.0
_LONGEST_WORD = 19 * _LETTER  # a longer one is hyphenated
_NARROWEST_TEXT = 22.0


def column_widths(rows: Sequence[Sequence[str]], *, numeric: Sequence[bool]) -> tuple[float, ...]:
    """Widths that add up to the text width; `rows` are the cells' texts, header included."""
    columns = list(zip(*rows, strict=True))
    needs = [
        _PADDING + _longest_word(cells, whole=number)
        for cells, number in zip(columns, numeric, strict=True)
    ]
    if sum(needs) > TEXT_WIDTH:
        needs = _squeezed(needs, numeric=numeric)
    left = TEXT_WIDTH - sum(needs)
    texts = [
        0.0 if number else _PADDING + max(map(_length, cells))
        for cells, number in zip(columns, numeric, strict=True)
    ]
    wants = [max(0.0, text - need) for text, need in zip(texts, needs, strict=True)]
    if sum(wants) > left:
        wants = [sqrt(want) for want in wants]
    else:
        wants[texts.index(max(texts))] += left - sum(wants)
    return tuple(
        round(need + left * want / (sum(wants) or 1), 2)
        for need, want in zip(needs, wants, strict=True)
    )


def _squeezed(needs: Sequence[float], *, numeric: Sequence[bool]) -> list[float]:
    """Words give way before numbers do; if that is not enough, all do."""
    numbers = sum(need for need, number in zip(needs, numeric, strict=True) if number)
    words = sum(needs) - numbers
    share = (TEXT_WIDTH - numbers) / words if words else 0
    tight = [
        need if number else max(min(need, _NARROWEST_TEXT), need * share)
        for need, number in zip(needs, numeric, strict=True)
    ]
    scale = min(1.0, TEXT_WIDTH / sum(tight))
    return [need * scale for need in tight]


def _longest_word(cells: Sequence[str], *, whole: bool) -> float:
    # split(" ") leaves no-break spaces alone: a number is one word.
    words = (word for cell in cells for word in cell.replace("\n", " ").split(" "))
    longest = max(map(_length, words))
    return longest if whole else min(longest, _LONGEST_WORD)


def _length(text: str) -> float:
    return sum(_MARK if character in _NARROW else _LETTER for character in text)
