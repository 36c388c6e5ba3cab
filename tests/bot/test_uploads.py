"""Files are shared once, in one message, whichever of the calls goes wrong."""

import pytest

from bot.owed import Upload
from tests.bot.office import Office
from tests.bot.owing import ANNA, anna, owe, sent, the_office

__all__ = ["anna", "the_office"]  # fixtures


async def _upload(it: Office, anna: str) -> int:
    files = []
    for name in ("ansokan.pdf", "ansokan.docx"):
        sha256 = await it.files.put(name.encode())
        files.append({"sha256": sha256, "name": name, "title": name})
    (row,) = await owe(it, Upload(to=anna, files=files, text="Underlaget"))
    return row


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"lose_response": {"method": "files.getUploadURLExternal", "count": 1}},
        {"lose_response": {"method": "files.completeUploadExternal", "count": 1}},
        {"status": {"method": "files.completeUploadExternal", "code": 503, "count": 1}},
        {"status": {"method": "files.info", "code": 429, "retry_after": 1, "count": 1}},
    ],
    ids=["all is well", "place lost", "share lost", "not shared", "asked too often"],
)
async def test_files_are_shared_once_in_one_message(
    the_office: Office, anna: str, fault: dict
) -> None:
    if fault:
        await the_office.sandbox.faults(**fault)
    row = await _upload(the_office, anna)
    await sent(the_office, row, seconds=12)
    (message,) = await the_office.sandbox.messages(ANNA)
    assert [file["name"] for file in message["files"]] == ["ansokan.pdf", "ansokan.docx"]
    assert (await the_office.row(row)).ts == message["ts"]
