"""Whether a dropped file is a workbook that we handed out, or just somebody's spreadsheet."""

import io
import zipfile

from bot.spreadsheet.layout import VERSION

_MARK = VERSION.rpartition("/")[0].encode()
_STRINGS = "xl/sharedStrings.xml"
_MOST = 8_000_000  # bytes: text of a workbook; more is read no further


def is_ours(data: bytes) -> bool:
    """Look for the mark of any version of ours; what is in it is judged by read_workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_STRINGS) as strings:
            return _MARK in strings.read(_MOST)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return False
