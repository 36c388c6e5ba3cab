"""Files are stored once, under the name of their contents, and never half."""

from hashlib import sha256
from pathlib import Path

import pytest

from bot.files import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore((tmp_path / "filer med å").as_uri())


async def test_what_was_put_is_given_back(store: FileStore) -> None:
    name = await store.put(b"underlag")
    assert name == sha256(b"underlag").hexdigest()
    assert await store.get(name) == b"underlag"


async def test_the_same_contents_are_stored_once(store: FileStore, tmp_path: Path) -> None:
    assert await store.put(b"underlag") == await store.put(b"underlag")
    assert [path.name for path in _stored(tmp_path)] == [sha256(b"underlag").hexdigest()]


async def test_an_unknown_file_is_not_found(store: FileStore) -> None:
    with pytest.raises(FileNotFoundError):
        await store.get("0" * 64)


async def test_a_damaged_file_is_not_given_out(store: FileStore, tmp_path: Path) -> None:
    name = await store.put(b"underlag")
    (path,) = _stored(tmp_path)
    path.write_bytes(b"annat")
    with pytest.raises(OSError, match="damaged"):
        await store.get(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a", "A" * 64])
async def test_only_a_hash_names_a_file(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        await store.get(name)


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(ValueError, match="FILES_URL"):
        FileStore("s3://bucket")


def _stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
