"""Searches a dropped file for identity numbers: text files, and every cell of a spreadsheet.

A file is kept as it is, so what stands in it must be looked for before. What cannot be read as text
(pictures, PDF) is not searched; the officer has been asked about secrecy.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

from flows import identity

_TEXTS = frozenset({"txt", "csv"})
_WORKBOOKS = frozenset({"xlsx", "ods", "docx", "odt", "pptx", "odp"})
_WITH_TEXT = re.compile(r"(xl/sharedStrings|xl/worksheets/.*|word/.*|ppt/slides/.*|content)\.xml")
# A mark that ends what is read together: a cell, a paragraph. Others stand inside words.
_ENDS = re.compile(r"</(?:v|t|si|c|row|w:p|a:p|text:p)>")
_MARK = re.compile(r"<[^<>]*>")
_MOST = 16_000_000  # bytes that are unpacked; more is no document that people write
_PIECE, _OVERLAP = (
    200_000,
    60,
)  # characters looked at in one go; a number that is cut stands in both
_MOST_PARTS = 5_000
_ACTIVE = ("vbaproject", "/activex/", "/macrosheets/", "/externallinks/", "/basic/", "/scripts/")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # encrypted
    NotImplementedError,
    ValueError,
)


def has_identity_number(content: bytes, ending: str) -> bool:
    """Whether an identity number stands in the file, as far as it can be read as text."""
    if ending in _TEXTS:
        return _contains(_decoded(content))
    if ending in _WORKBOOKS:
        return any(_contains(text) for text in _parts(content))
    return False


def _contains(text: str) -> bool:
    """A piece at a time: looking at it all at once takes fifty times its size in memory."""
    pieces = (text[at : at + _PIECE + _OVERLAP] for at in range(0, len(text), _PIECE))
    return any(identity.contains(piece) for piece in pieces)


def is_unsafe(content: bytes, ending: str) -> bool:
    """Whether an office document has macros, leads to other files, or is made to fill the memory."""
    if ending not in _WORKBOOKS:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except _DAMAGE:
        return True
    names = [f"/{part.filename.lower()}" for part in parts]
    unpacked = sum(part.file_size for part in parts)
    active = any(one in name for name in names for one in _ACTIVE)
    return active or unpacked > _MOST or len(parts) > _MOST_PARTS


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _parts(content: bytes) -> Iterator[str]:
    """The texts of an office document, a cell or a paragraph on each line; one part at a time."""
    left = _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [part for part in archive.infolist() if _WITH_TEXT.fullmatch(part.filename)]
            for part in found:
                with archive.open(part) as opened:
                    unpacked = opened.read(min(part.file_size, left))  # never more than it declares
                left -= len(unpacked)
                text = unpacked.decode("utf-8", "replace")
                yield _MARK.sub("", _ENDS.sub("\n", text))
    except _DAMAGE:
        return
