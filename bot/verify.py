"""Checks a registrator's package offline, with nothing but the file: `lots verify FILE`.

It shows that nothing in it was changed after it was made: each file against its sum, each event
against the one before, each document against what the log says of it, and the zip itself byte for
byte. Who made it is not shown: compare the last sum with the one in the e-mail that it came with.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.package import LOG, METADATA, README, SUMS, canonical, line, sums, zipped

_MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first thing that does not hold: `key` under cli.verify words it."""

    key: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Right:
    """A package in which everything holds; `seal` is the log's last hash."""

    case_id: str
    title: str
    files: tuple[str, ...]
    events: int
    seal: str


def verify(path: Path) -> Right | Wrong:
    """Check the file at `path`. Raises OSError when it cannot be read."""
    if path.stat().st_size > _MOST_BYTES:
        return Wrong("not_a_package", {})
    return verified(path.read_bytes())


def verified(data: bytes) -> Right | Wrong:
    try:
        return _checked(data)
    except _Broken as broken:
        return broken.wrong


class _Broken(Exception):  # noqa: N818  it is an outcome
    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.wrong = Wrong(key, facts)


def _checked(data: bytes) -> Right:
    contents = _contents(data)
    _check_sums(contents)
    if zipped(contents) != data:
        raise _Broken("repacked")
    about = _metadata(contents)
    seal, events = _check_log(contents[LOG], str(about["case"]["id"]))
    _check_documents(about["document"], events, contents)
    files = tuple(name for name in contents if name not in {README, METADATA, LOG, SUMS})
    title = str(about["document"]["title"])
    return Right(str(about["case"]["id"]), title, files, len(events), seal)


def _contents(data: bytes) -> dict[str, bytes]:
    """Every file of the zip, as far as it can be read at all."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            for entry in archive.infolist():
                if entry.compress_type or entry.file_size > len(data):
                    raise _Broken("repacked")
            contents = {name: _read(archive, name) for name in names}
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as broken:
        raise _Broken("not_a_package") from broken
    if lacks := sorted({README, METADATA, LOG, SUMS} - contents.keys()):
        raise _Broken("lacks", name=lacks[0])
    return contents


def _read(archive: ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (BadZipFile, RuntimeError, ValueError, OSError, EOFError) as broken:
        raise _Broken("file", name=name) from broken


def _check_sums(contents: Mapping[str, bytes]) -> None:
    """Each file has the sum that is written down for it, and none has been added or taken away."""
    written: dict[str, str] = {}
    for row in contents[SUMS].decode("utf-8", "replace").split("\n")[:-1]:
        digest, _, name = row.partition("  ")
        written[name] = digest
    found = {name: content for name, content in contents.items() if name != SUMS}
    for name in sorted({*written, *found}):
        if name not in found:
            raise _Broken("lacks", name=name)
        if written.get(name) != sha256(found[name]).hexdigest():
            raise _Broken("file", name=name)
    if sums(found) != contents[SUMS]:
        raise _Broken("file", name=SUMS)


def _metadata(contents: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads(contents[METADATA])
        asked = (about["case"]["id"], about["document"]["title"], about["document"]["files"])
    except (ValueError, KeyError, TypeError) as broken:
        raise _Broken("file", name=METADATA) from broken
    # What it says of each file is what the file is.
    for file in asked[2]:
        content = contents.get(str(file.get("name")))
        if content is None or sha256(content).hexdigest() != file.get("sha256"):
            raise _Broken("metadata", name=str(file.get("name")))
    return about


def _check_log(log: bytes, case_id: str) -> tuple[str, list[dict[str, Any]]]:
    """Each event's hash is taken over the one before; the first over the case's id."""
    previous, events = case_id, []
    for number, row in enumerate(log.decode("utf-8", "replace").split("\n")[:-1], start=1):
        try:
            entry = json.loads(row)
            body, said = canonical(entry["event"]), str(entry["hash"])
        except (ValueError, KeyError, TypeError) as broken:
            raise _Broken("link", number=number) from broken
        chained = sha256((previous + body).encode()).hexdigest()
        if chained != said or row != line(body, said):
            raise _Broken("link", number=number)
        previous = chained
        events.append(entry["event"])
    if not events:
        raise _Broken("link", number=1)
    return previous, events


def _check_documents(
    document: Mapping[str, Any], events: list[dict[str, Any]], contents: Mapping[str, bytes]
) -> None:
    """The PDF and the Word file are the ones that the log says were stored."""
    for stored in _stored(document, events):
        digests = {file["name"]: file["sha256"] for file in document["files"]}
        for name in digests:
            ending = str(name).rpartition(".")[2]
            said = stored.get(f"{ending}_sha256")
            if said is not None and said != sha256(contents[name]).hexdigest():
                raise _Broken("document", name=name)
        return
    raise _Broken("unlogged", name=str(document.get("title", "")))


def _stored(document: Mapping[str, Any], events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        kind, name, key = (event.get(part) for part in ("kind", "name", "key"))
        if (kind, name, key) == ("papers_stored", document.get("name"), document.get("key")):
            yield event
