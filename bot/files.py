"""Files by their contents: stored once, named by their SHA-256, on disk before anybody is told."""

import asyncio
import os
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

_SHA256 = re.compile("[0-9a-f]{64}")


class FileStore:
    """A folder. Another store needs the same two methods."""

    def __init__(self, url: str) -> None:
        """`url` is FILES_URL, "file:///…"."""
        place = urlsplit(url)
        if place.scheme != "file":
            raise ValueError("FILES_URL names a folder: file:///…")
        self._folder = Path(unquote(place.path))

    async def put(self, content: bytes) -> str:
        """Returns the contents' SHA-256, which is their name from now on."""
        return await asyncio.to_thread(_put, self._folder, content)

    async def get(self, sha256: str) -> bytes:
        """Raises FileNotFoundError, and OSError when what stands there is something else."""
        return await asyncio.to_thread(_get, self._folder, sha256)

    async def remove_others(self, named: set[str], *, older_than: datetime) -> int:
        """Remove the files that are not among these and were stored before; returns how many."""
        return await asyncio.to_thread(_remove_others, self._folder, named, older_than)

    def names(self) -> list[str]:
        """The SHA-256 of every file there is, in order."""
        return sorted(
            path.name for path in self._folder.glob("??/*") if _SHA256.fullmatch(path.name)
        )


def _put(folder: Path, content: bytes) -> str:
    name = sha256(content).hexdigest()
    path = _path(folder, name)
    if path.exists() and path.read_bytes() == content:  # what is damaged is mended
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            Path(unfinished.name).rename(path)
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise
    # The name itself must survive a power cut, and so must the folder's.
    for place in (path.parent, folder):
        _sync(place)
    return name


def _get(folder: Path, name: str) -> bytes:
    content = _path(folder, name).read_bytes()
    if sha256(content).hexdigest() != name:
        raise OSError(f"file {name} is damaged")
    return content


def _remove_others(folder: Path, named: set[str], older_than: datetime) -> int:
    others = [
        path
        for path in folder.glob("??/*")
        if _SHA256.fullmatch(path.name)
        and path.name not in named
        and path.stat().st_mtime < older_than.timestamp()
    ]
    for path in others:
        path.unlink()
    return len(others)


def _path(folder: Path, name: str) -> Path:
    if not _SHA256.fullmatch(name):
        raise ValueError("a file is named by its SHA-256")
    return folder / name[:2] / name


def _sync(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
