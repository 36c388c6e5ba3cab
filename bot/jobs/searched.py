"""Searches a dropped file for identity numbers: text files, and every cell of a spreadsheet.

A file is kept as it is, so what stands in it must be looked for before. What cannot be read as text
(pictures, PDF) is not searched; the officer has been asked about secrecy.
"""

import io
import re
import zipfile

from flows import identity

_TEXTS = frozenset({"txt", "csv"})
_WORKBOOKS = frozenset({"xlsx", "ods", "docx", "odt", "pptx", "odp"})
_WITH_TEXT = re.compile(r"(xl/sharedStrings|xl/worksheets/.*|word/.*|ppt/slides/.*|content)\.xml")
# A mark that ends what is read together: a cell, a paragraph. Others stand inside words.
_ENDS = re.compile(r"</(?:v|t|si|c|row|w:p|a:p|text:p)>")
_MARK = re.compile(r"<[^>]*>")
_MOST = 16_000_000  # bytes of a part that is unpacked; more is no document that people write


def has_identity_number(content: bytes, ending: str) -> bool:
    """Whether an identity number stands in the file, as far as it can be read as text."""
    if ending in _TEXTS:
        return identity.contains(_decoded(content))
    if ending in _WORKBOOKS:
        return any(identity.contains(text) for text in _parts(content))
    return False


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _parts(content: bytes) -> list[str]:
    """The texts of an office document, a cell or a paragraph on each line."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [part for part in archive.infolist() if _WITH_TEXT.fullmatch(part.filename)]
            texts = []
            for part in found:
                with archive.open(part) as opened:
                    texts.append(opened.read(_MOST).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return []
    return [_MARK.sub("", _ENDS.sub("\n", text)) for text in texts]
