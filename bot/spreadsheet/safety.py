"""What a file must be before its cells are looked at: a small, plain .xlsx and nothing else.

The sizes are those the archive declares; reading never goes beyond them.
"""

import io
import zipfile

from flows.errors import InvalidAnswer

LARGEST_FILE = 2_000_000  # bytes; a filled workbook is some 30,000
LARGEST_UNPACKED = 8_000_000
MOST_PARTS = 200
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and any workbook with a password
_ACTIVE = ("vbaproject", "/activex/", "/embeddings/", "/ctrlprops/", "/macrosheets/")
_TYPES = "[Content_Types].xml"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_unsafe(data: bytes) -> None:
    """Raise InvalidAnswer(`spreadsheet.problems.…`) for a file that is not to be opened."""
    if data.startswith(_OLE):
        raise InvalidAnswer("spreadsheet.problems.old_or_locked")
    if len(data) > LARGEST_FILE:
        raise InvalidAnswer("spreadsheet.problems.too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_parts(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise InvalidAnswer("spreadsheet.problems.not_a_workbook") from error


def _refuse_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [f"/{part.filename.lower()}" for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise InvalidAnswer("spreadsheet.problems.too_large")
    if _TYPES not in archive.namelist() or "/xl/workbook.xml" not in names:
        raise InvalidAnswer("spreadsheet.problems.not_a_workbook")
    if any(active in name for name in names for active in _ACTIVE):
        raise InvalidAnswer("spreadsheet.problems.macros")
    if b"macroenabled" in archive.read(_TYPES).lower():
        raise InvalidAnswer("spreadsheet.problems.macros")
    if any("/externallinks/" in name for name in names):
        raise InvalidAnswer("spreadsheet.problems.external_links")
    for part in parts:
        content = archive.read(part)
        # No part of a workbook declares a document type; one that does is made to blow up.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content.startswith(_UTF_16):
            raise InvalidAnswer("spreadsheet.problems.not_a_workbook")
