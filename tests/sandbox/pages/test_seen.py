"""The browser interface over HTTP: who sees what, and what a browser is allowed to do with it."""

import asyncio

import aiohttp
import pytest

DIRECT = "D0ANNA"
PDF = b"%PDF-1.4 handling"


@pytest.fixture
async def browse(site):
    async with aiohttp.ClientSession() as session:

        async def get(path: str, *, status: int = 200):
            response = await session.get(site.url + path)
            await response.read()
            assert response.status == status, await response.text()
            return response

        yield get


@pytest.fixture
def seen(browse):
    async def text(path: str) -> str:
        return await (await browse(path)).text()

    return text


async def test_one_can_be_anybody_of_the_municipality(seen):
    page = await seen("/")
    assert 'href="/as/U0ANNA/"' in page
    assert "Ordförande i socialnämnden" in page
    assert "SANDLÅDA" in page
    assert "U0BOT" not in page


async def test_a_person_begins_in_the_conversation_with_the_app(browse):
    response = await browse("/as/U0ANNA/")
    assert response.url.path == f"/as/U0ANNA/{DIRECT}"
    page = await response.text()
    assert "Anna Ek" in page
    assert "SANDLÅDA" in page
    assert 'role="log"' in page


async def test_nobody_can_be_the_app_or_somebody_unknown(browse):
    await browse("/as/U0BOT/", status=404)
    await browse("/as/U0NOBODY/", status=404)


async def test_a_channel_is_shown_to_its_members_alone(browse, seen, slack):
    await slack.chat_postMessage(channel="C0KLG", text="Hemligt för KLG")
    assert "Hemligt för KLG" in await seen("/as/U0KARIN/C0KLG")
    response = await browse("/as/U0ANNA/C0KLG")
    assert response.url.path == f"/as/U0ANNA/{DIRECT}"
    assert "klg-trygghet" not in await response.text()


async def test_an_ephemeral_message_is_for_one_person(seen, slack):
    await slack.chat_postEphemeral(channel="C0KLG", user="U0LARS", text="Du är redan med")
    his = await seen("/as/U0LARS/C0KLG")
    assert "Bara du kan se detta" in his
    assert "Du är redan med" in his
    assert "Du är redan med" not in await seen("/as/U0KARIN/C0KLG")


async def test_what_somebody_typed_is_shown_and_never_run(seen, sandbox):
    await sandbox.say("U0ANNA", '<script>alert("x")</script> & <b>hej</b>')
    page = await seen(f"/as/U0ANNA/{DIRECT}")
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &lt;b&gt;hej&lt;/b&gt;" in page
    assert "<script>alert" not in page


async def test_pages_run_only_our_own_script_and_fetch_nothing_from_elsewhere(browse):
    for path in ("/", "/as/U0ANNA/", "/inspect"):
        policy = (await browse(path)).headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "http" not in policy


async def test_a_thread_stands_beside_its_channel(seen, slack):
    posted = await slack.chat_postMessage(channel="C0KLG", text="Ärende 12")
    await slack.chat_postMessage(channel="C0KLG", thread_ts=posted["ts"], text="Handlingarna")
    alone = await seen("/as/U0KARIN/C0KLG")
    assert "1 svar" in alone
    assert "Handlingarna" not in alone
    assert "Handlingarna" in await seen(f"/as/U0KARIN/C0KLG?thread={posted['ts']}")


async def test_only_the_newest_messages_are_drawn_until_one_asks_for_more(seen, sandbox):
    for number in range(103):
        await sandbox.say("U0ANNA", f"meddelande {number}.")
    page = await seen(f"/as/U0ANNA/{DIRECT}")
    assert page.count('<article class="message') == 100
    assert "meddelande 2." not in page
    assert "meddelande 2." in await seen(f"/as/U0ANNA/{DIRECT}?count=200")


async def test_a_home_and_an_open_modal_are_drawn_for_their_person(seen, site, slack, modal):
    label = {"type": "plain_text", "text": "Mina ärenden"}
    home = {"type": "home", "blocks": [{"type": "header", "text": label}]}
    await slack.views_publish(user_id="U0ANNA", view=home)
    assert "Mina ärenden" in await seen(f"/as/U0ANNA/{DIRECT}?tab=home")
    trigger = site.permits.new_trigger(site.world.ids, team="T0SANDBOX", person="U0ANNA")
    await slack.views_open(trigger_id=trigger, view=modal())
    assert '<dialog class="modal"' in await seen(f"/as/U0ANNA/{DIRECT}")
    assert '<dialog class="modal"' not in await seen("/as/U0EVA/")


async def test_a_pdf_is_opened_and_anything_else_is_downloaded(browse, sandbox):
    files = {"hand ling å.pdf": PDF, "ond.html": b"<script>alert(1)</script>"}
    pdf, page = (await sandbox.upload("U0ANNA", files))["files"]
    shown = await browse(f"/as/U0ANNA/files/{pdf}/x.pdf")
    assert await shown.text() == PDF.decode()
    assert shown.content_type == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline")
    downloaded = await browse(f"/as/U0ANNA/files/{page}/ond.html")
    assert downloaded.content_type == "application/octet-stream"
    assert downloaded.headers["Content-Disposition"].startswith("attachment")
    assert downloaded.headers["X-Content-Type-Options"] == "nosniff"
    asked = await browse(f"/as/U0ANNA/files/{pdf}/x.pdf?download=1")
    assert asked.headers["Content-Disposition"].startswith("attachment")


async def test_a_file_is_handed_to_those_who_see_it(browse, sandbox):
    (file,) = (await sandbox.upload("U0ANNA", {"a.pdf": PDF}))["files"]
    await browse(f"/as/U0EVA/files/{file}/a.pdf", status=404)
    await browse("/as/U0ANNA/files/F0NONE/a.pdf", status=404)


async def test_an_open_page_hears_of_what_concerns_its_person(site, sandbox, slack):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{site.url}/as/U0ANNA/live") as live,
    ):

        async def heard() -> int:
            async with asyncio.timeout(2):
                event = (await live.content.readuntil(b"\n\n")).decode()
            assert event.startswith("event: changed\ndata: ")
            return int(event.split()[-1])

        await heard()
        await slack.chat_postMessage(channel="C0KLG", text="angår inte Anna")
        before = site.world.changes.revision
        await sandbox.say("U0ANNA", "hej")
        assert await heard() > before


async def test_stopping_does_not_wait_for_open_windows():
    from sandbox.server import serve
    from sandbox.workspace import load

    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(3):
            async with serve(load()) as site:
                live = await session.get(f"{site.url}/as/U0ANNA/live")
                await live.content.readuntil(b"\n\n")
        live.close()


async def test_what_happens_is_there_for_the_curious(seen, app, connected, sandbox, until):
    heard = []

    @app.event("message")
    async def listen(event):
        heard.append(event)

    await sandbox.say("U0ANNA", "<hej>")
    await until(lambda: heard)
    await sandbox.idle()
    page = await seen("/inspect")
    assert "en öppen förbindelse" in page
    assert "apps.connections.open" in page
    assert "<summary>message" in page
    assert " ms</td>" in page
    assert "&amp;lt;hej&amp;gt;" in page


async def test_a_deactivated_person_reads_and_does_not_write(seen):
    page = await seen("/as/U0GONE/")
    assert "Kontot är avstängt." in page
    assert '<form class="composer"' not in page


async def test_a_drawn_message_is_drawn_again_when_people_have_changed(seen, slack, sandbox):
    select = {"type": "users_select", "action_id": "who"}
    blocks = [{"type": "actions", "block_id": "a", "elements": [select]}]
    await slack.chat_postMessage(channel="C0KLG", text="x", blocks=blocks)
    offered = '<option value="U0EVA">Eva Lund</option>'
    assert offered in await seen("/as/U0KARIN/C0KLG")
    await sandbox.do("person", person="U0EVA", deleted=True)
    assert offered not in await seen("/as/U0KARIN/C0KLG")


async def test_what_one_person_has_chosen_is_not_shown_to_another(seen, slack, sandbox, answering):
    option = {"text": {"type": "plain_text", "text": "Ja"}, "value": "yes"}
    select = {"type": "static_select", "action_id": "one", "options": [option]}
    blocks = [{"type": "actions", "block_id": "a", "elements": [select]}]
    posted = await slack.chat_postMessage(channel="C0KLG", text="x", blocks=blocks)
    where = {"channel": "C0KLG", "ts": posted["ts"], "action_id": "one"}
    await sandbox.do("press", person="U0KARIN", selected="yes", **where)
    assert '<option value="yes" selected>' in await seen("/as/U0KARIN/C0KLG")
    assert '<option value="yes" selected>' not in await seen("/as/U0LARS/C0KLG")


async def test_a_picture_is_shown_with_what_it_shows_in_words(slack, site, seen, until):
    place = await slack.files_getUploadURLExternal(
        filename="pengar.png", length=3, alt_txt="Stapeldiagram. Kvar: 8 <mkr>."
    )
    async with aiohttp.ClientSession() as session:
        await session.post(place["upload_url"], data=b"PNG")
    await slack.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": "Pengar"}], channel_id="C0KLG"
    )
    await until(lambda: site.world.files[place["file_id"]].shares)

    assert 'alt="Stapeldiagram. Kvar: 8 &lt;mkr&gt;."' in await seen("/as/U0KARIN/C0KLG")


async def test_a_permalink_asks_who_one_is_and_shows_nothing_else(slack, browse, seen):
    posted = await slack.chat_postMessage(channel="C0KLG", text="Hemligt kort")
    link = await slack.chat_getPermalink(channel="C0KLG", message_ts=posted["ts"])
    path = "/" + link["permalink"].split("/", 3)[3]

    page = await seen(path)

    assert f'href="/as/U0KARIN/C0KLG?thread={posted["ts"]}"' in page
    assert "U0ANNA" not in page  # she is not in the channel
    assert "Hemligt kort" not in page
    await browse(path[:-3] + "999", status=404)
