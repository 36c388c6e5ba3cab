"""The registrator's package is checked with nothing but the file, and no byte of it changes unseen."""

import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.package import LOG, METADATA, README, SUMS, canonical, package, sums, zipped
from bot.verify import Right, Wrong, verified
from storage.cases import chained
from tests.bot.dispatched import REGISTRAR, begun
from tests.bot.mailbox import attached, deliver, mailbox
from tests.bot.town import Town, town

ROOT = Path(__file__).parents[2]
PDF, WORD, JSON = b"%PDF-1.7 handling", b"PK\x03\x04 handling", b'{"facts":{}}'
NAME = "Beslutsexpediering D 2026-0001"


def chain(*events: Mapping[str, Any]) -> list[tuple[str, str]]:
    previous, made = "2026-0001", []
    for event in events:
        body = canonical(event)
        previous = chained(previous, body)
        made.append((body, previous))
    return made


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


STORED = {
    "kind": "papers_stored",
    "name": "dispatch",
    "key": "D 2026-0001",
    "pdf_sha256": digest(PDF),
    "docx_sha256": digest(WORD),
}
EVENTS = (
    {"kind": "decided", "number": "D 2026-0001", "amount": "400000.00"},
    {"kind": "withdrawn", "by": "T1:U1", "reason": "rad\u2028bruten å"},
    STORED,
)


def made(**changed: Any) -> bytes:
    documents = {f"{NAME}.pdf": PDF, f"{NAME}.docx": WORD, f"{NAME}.json": JSON}
    files = [{"name": name, "sha256": digest(content)} for name, content in documents.items()]
    metadata = {
        "case": {"id": "2026-0001"},
        "document": {"name": "dispatch", "key": "D 2026-0001", "title": NAME, "files": files},
    }
    given = {"metadata": metadata, "readme": "Läs", "log": chain(*EVENTS), "documents": documents}
    return package(**given | changed)


def contents(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def remade(data: bytes, **changed: bytes | None) -> bytes:
    """Changed by somebody who knows the form: the sums and the zip are right again."""
    names = {"log": LOG, "metadata": METADATA, "pdf": f"{NAME}.pdf", "sums": SUMS}
    parts = contents(data) | {names[key]: value for key, value in changed.items()}
    kept = {name: value for name, value in parts.items() if value is not None and name != SUMS}
    return zipped({**kept, SUMS: sums(kept)})


def wrong(data: bytes) -> str:
    found = verified(data)
    assert isinstance(found, Wrong), found
    return found.key


def test_an_untouched_package_is_right():
    found = verified(made())

    assert isinstance(found, Right)
    assert (found.case_id, found.events, len(found.files)) == ("2026-0001", 3, 3)
    assert found.seal == chain(*EVENTS)[-1][1]


def test_the_same_contents_are_the_same_bytes():
    assert made() == made()


def test_any_flipped_byte_is_found():
    data = made()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x01 << (place % 8)
        assert isinstance(verified(bytes(changed)), Wrong), place


@given(st.data())
def test_nothing_that_is_done_to_the_file_passes_or_breaks_the_check(data: st.DataObject):
    whole = made()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 50)))
    changed = whole[:start] + data.draw(st.binary(max_size=50)) + whole[end:]

    assert isinstance(verified(changed), Right) is (changed == whole)


def test_something_else_is_no_package():
    assert wrong(b"") == "not_a_package"
    assert wrong(b"%PDF-1.7") == "not_a_package"
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    assert wrong(other.getvalue()) == "lacks"


def test_a_forged_document_is_found_also_when_its_sums_are_mended():
    data = made()
    forged = PDF + b" forged"
    metadata = contents(data)[METADATA].replace(digest(PDF).encode(), digest(forged).encode())

    assert wrong(remade(data, pdf=forged)) == "metadata"
    assert wrong(remade(data, pdf=forged, metadata=metadata)) == "document"


def test_a_changed_event_breaks_the_chain_there():
    log = contents(made())[LOG].replace(b"400000.00", b"900000.00")
    found = verified(remade(made(), log=log))

    assert found == Wrong("link", {"number": 1})


def test_an_event_that_is_taken_out_breaks_the_chain():
    first, second, third, _ = contents(made())[LOG].split(b"\n")

    assert verified(remade(made(), log=first + b"\n" + third + b"\n")) == Wrong(
        "link", {"number": 2}
    )
    assert wrong(remade(made(), log=second + b"\n" + third + b"\n")) == "link"
    assert wrong(remade(made(), log=b"")) == "link"


def test_a_log_of_another_case_is_found():
    metadata = contents(made())[METADATA].replace(b'"id":"2026-0001"', b'"id":"2026-0002"')

    assert wrong(remade(made(), metadata=metadata)) == "link"


def test_a_document_that_the_log_does_not_know_is_found():
    assert wrong(made(log=chain(*EVENTS[:2]))) == "unlogged"


def test_a_file_that_is_added_or_taken_away_is_found():
    data = made()
    kept = contents(data)
    added = zipped({**kept, "ny.txt": b"ny"})
    less = zipped({name: content for name, content in kept.items() if name != README})

    assert wrong(added) == "file"
    assert wrong(less) == "lacks"


def test_a_package_that_was_packed_anew_is_found():
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        for name, content in contents(made()).items():
            archive.writestr(name, content)

    assert wrong(other.getvalue()) == "repacked"


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite_url, tmp_path) as it:
        yield it


async def zips(here: Town) -> dict[str, bytes]:
    await begun(here)
    async with mailbox() as box:
        await deliver(here, box)
    (letter,) = box.letters(REGISTRAR)
    return {name: data for name, data in attached(letter).items() if name.endswith(".zip")}


async def test_what_the_registrator_gets_is_right(here: Town):
    packages = await zips(here)

    assert len(packages) == 2
    for data in packages.values():
        found = verified(data)
        assert isinstance(found, Right), found
        kept = contents(data)
        endings = sorted(name.rpartition(".")[2] for name in kept)
        assert endings == [SUMS, "docx", "json", "json", "jsonl", "pdf", "txt"]
        about = json.loads(kept[METADATA])
        assert about["case"]["authority"] == "Exempelkommunen"
        assert about["log"] == {"events": found.events, "last_hash": found.seal}
        assert {action["what"] for action in about["actions"]} >= {"submitted", "decided"}
        names = {agent["name"] for agent in about["agents"].values()}
        assert {"Anna Ek", "Kjell Norén"} <= names
        events = [json.loads(row)["event"] for row in kept[LOG].decode().split("\n")[:-1]]
        assert "decided" in {event["kind"] for event in events}


async def test_the_command_says_it_in_swedish_without_settings(here: Town, tmp_path: Path):
    name, data = next(iter((await zips(here)).items()))
    file = tmp_path / name
    file.write_bytes(data)

    right = lots(file, folder=tmp_path)
    assert right.returncode == 0
    assert "Paketet är oförändrat" in right.stdout

    spoiled = bytearray(data)
    spoiled[random.Random(1).randrange(len(data))] ^= 0x10
    file.write_bytes(spoiled)
    bad = lots(file, folder=tmp_path)
    assert bad.returncode == 1
    assert name in bad.stderr
    assert lots(tmp_path / "saknas.zip", folder=tmp_path).returncode == 1


def lots(file: Path, *, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "verify", str(file)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
