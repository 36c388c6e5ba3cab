"""Files: the app's three-step upload, looking, downloading, deleting."""

import aiohttp
import pytest


async def fetch(url, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def put(url, content):
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as response:
        return response.status, await response.text()


async def test_slacks_own_upload_ends_in_a_message(slack, sandbox, site, until):
    await slack.files_upload_v2(
        channel="C0KLG",
        filename="ansökan.pdf",
        title="Ansökan",
        content=b"%PDF-",
        initial_comment="Här",
    )
    await until(lambda: site.world.timeline("C0KLG").roots)
    (message,) = await sandbox.messages("U0KARIN", channel="C0KLG")
    assert message["text"] == "Här"
    file = message["files"][0]
    assert (file["title"], file["mimetype"], file["size"]) == ("Ansökan", "application/pdf", 5)
    assert file["shares"]["private"]["C0KLG"][0]["ts"] == message["ts"]


async def test_sharing_comes_after_the_answer(slack, site, until):
    site.share_delay = 0.2
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    assert await put(place["upload_url"], b"abc") == (200, "OK - 3")
    opened = await slack.conversations_open(users="U0ANNA")
    done = await slack.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": "A"}], channel_id=opened["channel"]["id"]
    )
    assert done["files"][0]["shares"] == {}
    assert (await slack.files_info(file=place["file_id"]))["file"]["shares"] == {}
    await until(lambda: site.world.files[place["file_id"]].shares)
    shares = (await slack.files_info(file=place["file_id"]))["file"]["shares"]
    assert list(shares["private"]) == ["D0ANNA"]


async def test_a_file_may_be_shared_in_a_thread(slack, sandbox, site, until):
    root = await slack.chat_postMessage(channel="C0KLG", text="Kort")
    await slack.files_upload_v2(
        channel="C0KLG", filename="a.pdf", content=b"%PDF-", thread_ts=root["ts"]
    )
    await until(lambda: site.world.replies("C0KLG", root["ts"]))
    thread = await slack.conversations_replies(channel="C0KLG", ts=root["ts"])
    assert thread["messages"][1]["files"][0]["name"] == "a.pdf"
    assert len(await sandbox.messages("U0KARIN", channel="C0KLG")) == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a.txt", "length": 0}, "missing_argument"),
        ({"filename": "a.txt", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_an_upload_that_cannot_begin(slack, refused, arguments, error):
    answer = await refused(slack.files_getUploadURLExternal(**arguments))
    assert answer["error"] == error


async def test_an_upload_without_its_bytes_is_not_found(slack, refused):
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    files = [{"id": place["file_id"]}]
    answer = await refused(slack.files_completeUploadExternal(files=files, channel_id="C0KLG"))
    assert answer["error"] == "file_not_found"


async def test_bytes_of_another_length_are_not_taken(slack):
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    assert await put(place["upload_url"], b"abcd") == (400, "length mismatch")


async def test_a_file_cannot_go_where_the_app_is_not(slack, refused):
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    await put(place["upload_url"], b"abc")
    answer = await refused(
        slack.files_completeUploadExternal(files=[{"id": place["file_id"]}], channel_id="C0ALLMANT")
    )
    assert answer["error"] == "not_in_channel"


async def test_the_bytes_need_the_token_or_a_login_page_comes(slack, sandbox):
    shared = await sandbox.upload("U0ANNA", {"bild.png": b"\x89PNG"})
    url = (await slack.files_info(file=shared["files"][0]))["file"]["url_private_download"]
    assert await fetch(url, "xoxb-sandbox") == (200, "image/png", b"\x89PNG")
    for token in (None, "xoxb-other", "xapp-sandbox"):
        status, content_type, body = await fetch(url, token)
        assert (status, content_type) == (200, "text/html")
        assert b"\x89PNG" not in body


async def test_files_of_rooms_where_the_app_is_not_are_not_found(slack, sandbox, refused):
    shared = await sandbox.upload("U0ANNA", {"a.txt": b"x"}, channel="C0ALLMANT")
    answer = await refused(slack.files_info(file=shared["files"][0]))
    assert answer["error"] == "file_not_found"


async def test_the_app_deletes_its_own_files_only(slack, sandbox, site, until, refused):
    theirs = await sandbox.upload("U0ANNA", {"a.txt": b"x"})
    answer = await refused(slack.files_delete(file=theirs["files"][0]))
    assert answer["error"] == "cant_delete_file"
    await slack.files_upload_v2(channel="C0KLG", filename="b.txt", content=b"yy")
    ts = await until(lambda: site.world.timeline("C0KLG").roots)
    key = site.world.message("C0KLG", ts[0]).files[0]
    await slack.files_delete(file=key)
    assert (await refused(slack.files_info(file=key)))["error"] == "file_deleted"
    (message,) = (await slack.conversations_history(channel="C0KLG"))["messages"]
    assert message["files"] == [{"id": key, "mode": "tombstone"}]


async def test_an_upload_can_lose_its_answer_and_a_download_can_fail(slack, sandbox):
    await sandbox.faults(lose_response={"method": "upload"})
    place = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    with pytest.raises(aiohttp.ClientError):
        await put(place["upload_url"], b"abc")
    assert len(await sandbox.calls("upload")) == 1
    done = await slack.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    await sandbox.faults(status={"method": "download", "code": 500})
    url = done["files"][0]["url_private"]
    assert (await fetch(url, "xoxb-sandbox"))[0] == 500
    assert (await fetch(url, "xoxb-sandbox"))[2] == b"abc"
