"""Whether a dropped file is a workbook that we handed out, or just somebody's spreadsheet."""

import io
import zipfile

from bot.spreadsheet.layout import VERSION

_MARK = VERSION.rpartition("/")[0].encode()
# Excel keeps texts apart from the sheets that show them; others write them in the sheet itself.
_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/")
_MOST = 8_000_000  # bytes: text of a workbook; more is read no further


def is_ours(data: bytes) -> bool:
    """Look for the mark of any version of ours; what is in it is judged by read_workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(_marked(archive, name) for name in _with_texts(archive))
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return False


def _with_texts(archive: zipfile.ZipFile) -> list[str]:
    """The parts that may hold the mark, as far as a workbook of ours would reach."""
    left, names = _MOST, []
    for part in archive.infolist():
        if part.filename.startswith(_TEXTS) and part.file_size <= left:
            left -= part.file_size
            names.append(part.filename)
    return names


def _marked(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        return _MARK in part.read(_MOST)
