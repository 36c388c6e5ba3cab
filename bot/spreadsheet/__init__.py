"""The calculation as a workbook that the bot hands out and reads back.

`layout` says where everything stands, `write` fills it in, `read` takes it back or names each cell
that is wrong. Nothing of a workbook with a wrong cell is taken.
"""

from bot.spreadsheet.read import Contents, read_workbook, worded
from bot.spreadsheet.table import CellProblem
from bot.spreadsheet.write import make_workbook

__all__ = ["CellProblem", "Contents", "make_workbook", "read_workbook", "worded"]
