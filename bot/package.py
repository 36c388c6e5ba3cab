"""The registrator's package: a document, its facts and the log of its case in one zip.

The same contents are the same bytes wherever it is made (fixed times, nothing compressed), so that
bot/verify.py can build it anew and compare: no byte of it can change unseen. Near Riksarkivet's FGS
Ärendehantering: the case, the document, who did what and when, and every file's SHA-256.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

README, METADATA, LOG, SUMS = "LASMIG.txt", "metadata.json", "logg.jsonl", "SHA256SUMS"
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


def package(
    *,
    metadata: Mapping[str, Any],
    readme: str,
    log: Sequence[tuple[str, str]],
    documents: Mapping[str, bytes],
) -> bytes:
    """`log` is each event's body and hash, in order; `documents` the files by name."""
    contents = {
        README: readme.encode(),
        LOG: "".join(f"{line(body, chained)}\n" for body, chained in log).encode(),
        METADATA: f"{canonical(metadata)}\n".encode(),
        **documents,
    }
    return zipped({**contents, SUMS: sums(contents)})


def sums(contents: Mapping[str, bytes]) -> bytes:
    """What `sha256sum -c` reads, so that the files can be checked without this program too."""
    lines = (
        f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items())
    )
    return "".join(lines).encode()


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes follow from its contents alone."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, content in sorted(contents.items()):
            entry = ZipInfo(name, _FIRST_MOMENT)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(entry, content)
    return made.getvalue()


def line(body: str, chained: str) -> str:
    """An event in the log: its body as it is hashed, and the hash."""
    return f'{{"event":{body},"hash":"{chained}"}}'


def canonical(value: object) -> str:
    """JSON in one form: sorted keys, no space, as an event is stored (storage/cases.canonical)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
