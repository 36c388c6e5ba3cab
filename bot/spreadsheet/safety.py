"""What a file must be before its cells are looked at: a small, plain .xlsx and nothing else.

An archive may lie about the size of its parts. So each part is read no further than it declares, and
what was read is packed anew: openpyxl never sees the original.
"""

import io
import lzma
import zipfile
import zlib

from flows.errors import InvalidAnswer

LARGEST_FILE = 2_000_000  # bytes; a filled workbook is some 30,000
LARGEST_UNPACKED = 4_000_000
MOST_PARTS = 200
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook with a password
_ACTIVE = ("vbaproject", "/activex/", "/embeddings/", "/ctrlprops/", "/macrosheets/")
_TYPES = "[Content_Types].xml"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # a compression that Python does not know
    OSError,
    RuntimeError,  # encrypted
    ValueError,
)


def plain_workbook(data: bytes) -> bytes:
    """Return the workbook packed anew. Raises InvalidAnswer(`spreadsheet.problems.…`)."""
    if data.startswith(_OLE):
        raise InvalidAnswer("spreadsheet.problems.old_or_locked")
    if len(data) > LARGEST_FILE:
        raise InvalidAnswer("spreadsheet.problems.too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_size(archive.infolist())
            parts = {part.filename: _read(archive, part) for part in archive.infolist()}
    except _DAMAGE as error:
        raise InvalidAnswer("spreadsheet.problems.not_a_workbook") from error
    _refuse_parts(parts)
    return _packed(parts)


def _refuse_size(parts: list[zipfile.ZipInfo]) -> None:
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise InvalidAnswer("spreadsheet.problems.too_large")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as file:
        return file.read(part.file_size)


def _refuse_parts(parts: dict[str, bytes]) -> None:
    names = [f"/{name.lower()}" for name in parts]
    if _TYPES not in parts or "xl/workbook.xml" not in parts:
        raise InvalidAnswer("spreadsheet.problems.not_a_workbook")
    if any(active in name for name in names for active in _ACTIVE):
        raise InvalidAnswer("spreadsheet.problems.macros")
    if b"macroenabled" in parts[_TYPES].lower():
        raise InvalidAnswer("spreadsheet.problems.macros")
    if any("/externallinks/" in name for name in names):
        raise InvalidAnswer("spreadsheet.problems.external_links")
    for content in parts.values():
        # No part of a workbook declares a document type; one that does is made to blow up.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content.startswith(_UTF_16):
            raise InvalidAnswer("spreadsheet.problems.not_a_workbook")


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()
