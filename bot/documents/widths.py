"""How wide each column of a table is, in millimetres, so that PDF and Word agree.

A column of numbers is as wide as its widest number, which never breaks, and no column is narrower
than its longest ordinary word. When every text fits on one line the longest takes what is
left; when not, the texts share it by how much there is of each.
"""

from collections.abc import Sequence
from math import sqrt

TEXT_WIDTH = 160.0  # A4 less two margins of 25 mm
_CHARACTER = 1.75  # of the tables' type, bold, on average
_PADDING = 4.0
_LONGEST_WORD = 19  # a longer one is hyphenated


def column_widths(rows: Sequence[Sequence[str]], *, numeric: Sequence[bool]) -> tuple[float, ...]:
    """Widths that add up to the text width; `rows` are the cells' texts, header included."""
    columns = list(zip(*rows, strict=True))
    needs = [
        _PADDING + _CHARACTER * _longest_word(cells, whole=number)
        for cells, number in zip(columns, numeric, strict=True)
    ]
    left = TEXT_WIDTH - sum(needs)
    if left < 0 or all(numeric):
        return tuple(round(need * TEXT_WIDTH / sum(needs), 2) for need in needs)
    texts = [
        0.0 if number else _PADDING + _CHARACTER * max(map(len, cells))
        for cells, number in zip(columns, numeric, strict=True)
    ]
    wants = [max(0.0, text - need) for text, need in zip(texts, needs, strict=True)]
    if sum(wants) > left:
        wants = [sqrt(want) for want in wants]
    else:
        wants[texts.index(max(texts))] += left - sum(wants)
    return tuple(
        round(need + left * want / (sum(wants) or 1), 2) for need, want in zip(needs, wants, strict=True)
    )


def _longest_word(cells: Sequence[str], *, whole: bool) -> int:
    # split(" ") leaves no-break spaces alone: a number is one word.
    longest = max(len(word) for cell in cells for word in cell.replace("\n", " ").split(" "))
    return longest if whole else min(longest, _LONGEST_WORD)
