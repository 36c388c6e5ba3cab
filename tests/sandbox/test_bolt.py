"""An unmodified Bolt app, by Socket Mode and by signed HTTP: one and the same behaviour."""

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from sandbox.client import Refused


@pytest.fixture(params=["socket", "http"])
async def running(request, slack, site, sandbox):
    """The app of this test, connected in either way; listeners are added by the test."""
    app = AsyncApp(client=slack, signing_secret="sandbox-secret", process_before_response=True)
    if request.param == "socket":
        handler = AsyncSocketModeHandler(app, "xapp-sandbox")
        await handler.connect_async()
        yield app
        await handler.close_async()
        return
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await sandbox.do("request_url", url=f"http://127.0.0.1:{port}/slack/events")
    yield app
    await runner.cleanup()


async def test_a_message_reaches_the_app_and_its_answer_the_person(running, sandbox):
    heard = []

    @running.event("message")
    async def message(event, body, say):
        heard.append(body)
        await say(f"Du skrev: {event['text']}")

    ts = await sandbox.say("U0ANNA", "hej")
    assert await sandbox.idle()
    assert [m["text"] for m in await sandbox.messages("U0ANNA")] == ["hej", "Du skrev: hej"]
    (body,) = heard
    event = body["event"]
    assert (event["ts"], event["channel"], event["channel_type"]) == (ts, "D0ANNA", "im")
    assert body["authorizations"][0]["user_id"] == "U0BOT"
    assert event["blocks"][0]["type"] == "rich_text"


async def test_the_apps_own_messages_come_back_and_bolt_drops_them(running, sandbox, slack):
    heard = []

    @running.event("message")
    async def message(event):
        heard.append(event)

    posted = await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    await slack.chat_update(channel="D0ANNA", ts=posted["ts"], text="Hej igen")
    await slack.chat_delete(channel="D0ANNA", ts=posted["ts"])
    assert await sandbox.idle()
    echoes = [row["payload"]["event"] for row in await sandbox.deliveries()]
    assert [echo.get("subtype") for echo in echoes] == [None, "message_changed", "message_deleted"]
    assert echoes[0]["bot_id"] == "B0BOT"
    assert echoes[1]["message"]["text"] == "Hej igen"
    assert all(row["acked"] for row in await sandbox.deliveries())
    assert [event["subtype"] for event in heard] == ["message_deleted"] * len(heard)


async def test_a_press_is_complete_and_the_response_url_answers(running, sandbox, slack, button):
    heard = []

    @running.action("go")
    async def go(ack, body, respond):
        heard.append(body)
        await respond("Bara du", replace_original=False)
        await ack()

    picker = {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"}
    blocks = [
        {"type": "actions", "block_id": "a", "elements": [button()]},
        {"type": "actions", "block_id": "b", "elements": [button(value="2"), picker]},
    ]
    posted = await slack.chat_postMessage(channel="C0KLG", text="Kort", blocks=blocks)
    place = {"channel": "C0KLG", "ts": posted["ts"], "action_id": "go"}
    answer = await sandbox.press("U0KARIN", value="2", **place)
    assert answer["acked"]
    (body,) = heard
    assert body["actions"][0]["value"] == "2"
    assert body["user"] == {
        "id": "U0KARIN",
        "username": "karin.holm",
        "name": "karin.holm",
        "team_id": "T0SANDBOX",
    }
    assert body["container"]["message_ts"] == posted["ts"]
    assert body["channel"] == {"id": "C0KLG", "name": "privategroup"}
    assert body["state"]["values"] == {
        "b": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}}
    }
    assert body["message"]["text"] == "Kort"
    whisper = (await sandbox.messages("U0KARIN", channel="C0KLG"))[-1]
    assert (whisper["text"], whisper["ephemeral"]) == ("Bara du", True)
    with pytest.raises(Refused, match="several go"):
        await sandbox.press("U0KARIN", **place)
    with pytest.raises(Refused, match="not in C0KLG"):
        await sandbox.press("U0ANNA", value="2", **place)


async def test_an_ephemerals_buttons_work_and_it_can_be_replaced(running, sandbox, slack, button):
    @running.action("go")
    async def go(ack, respond):
        await respond("Gjort", replace_original=True)
        await ack()

    blocks = [{"type": "actions", "elements": [button()]}]
    whisper = await slack.chat_postEphemeral(
        channel="C0KLG", user="U0KARIN", text="Säker?", blocks=blocks
    )
    await sandbox.press("U0KARIN", channel="C0KLG", ts=whisper["message_ts"], action_id="go")
    (seen,) = await sandbox.messages("U0KARIN", channel="C0KLG")
    assert (seen["text"], seen["blocks"], seen["ephemeral"]) == ("Gjort", [], True)


async def test_a_press_opens_a_modal_and_its_form_is_answered(
    running, sandbox, slack, button, modal
):
    @running.action("go")
    async def go(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @running.view("form")
    async def form(ack, body):
        text = body["view"]["state"]["values"]["reason"]["text"]["value"]
        if len(text) < 5:
            await ack(response_action="errors", errors={"reason": "Skriv mer"})
        else:
            await ack()

    blocks = [{"type": "actions", "elements": [button()]}]
    posted = await slack.chat_postMessage(channel="U0ANNA", text="Fråga", blocks=blocks)
    await sandbox.press("U0ANNA", ts=posted["ts"], action_id="go")
    (view,) = await sandbox.views("U0ANNA")
    short = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "nej"}})
    assert short["errors"] == {"reason": "Skriv mer"}
    long = await sandbox.submit("U0ANNA", view["id"], {"reason": {"text": "nej tack"}})
    assert long["acked"]
    assert await sandbox.views("U0ANNA") == []


async def test_a_slash_command_is_answered_in_private(running, sandbox):
    @running.command("/trygghet")
    async def command(ack, command):
        await ack(f"{command['user_id']} skrev {command['text']}")

    await sandbox.command("U0ANNA", "/trygghet", "mina @Eva Lund", channel="C0ALLMANT")
    (seen,) = await sandbox.messages("U0ANNA", channel="C0ALLMANT")
    assert (seen["text"], seen["ephemeral"]) == ("U0ANNA skrev mina <@U0EVA|eva.lund>", True)
    assert await sandbox.messages("U0OMAR", channel="C0ALLMANT") == []


async def test_a_shortcut_brings_a_trigger(running, sandbox, modal):
    @running.shortcut("start_case")
    async def start(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    assert (await sandbox.shortcut("U0ANNA", "start_case"))["acked"]
    assert len(await sandbox.views("U0ANNA")) == 1


async def test_opening_home_lets_the_app_publish_and_its_buttons_work(running, sandbox, button):
    heard = []

    @running.event("app_home_opened")
    async def opened(event, client):
        heard.append(event)
        view = {"type": "home", "blocks": [{"type": "actions", "elements": [button()]}]}
        await client.views_publish(user_id=event["user"], view=view)

    @running.action("go")
    async def go(ack, body):
        heard.append(body)
        await ack()

    assert await sandbox.open_home("U0ANNA") is None
    assert await sandbox.idle()
    assert (await sandbox.open_home("U0ANNA"))["type"] == "home"
    await sandbox.press("U0ANNA", home=True, action_id="go")
    assert await sandbox.idle()
    assert "view" not in heard[0]
    assert heard[1]["view"]["type"] == "home"
    assert heard[2]["container"]["type"] == "view"


async def test_a_mention_in_a_channel_is_heard_and_other_talk_is_not(running, sandbox):
    heard = []

    @running.event("app_mention")
    async def mention(event):
        heard.append(event)

    await sandbox.say("U0KARIN", "hej allihop", channel="C0KLG")
    await sandbox.say("U0KARIN", "@Trygghetslots hjälp", channel="C0KLG")
    assert await sandbox.idle()
    assert [event["text"] for event in heard] == ["<@U0BOT> hjälp"]


async def test_edits_and_deletions_by_people_are_events(running, sandbox):
    heard = []

    @running.event("message")
    async def message(event):
        heard.append(event)

    ts = await sandbox.say("U0ANNA", "fel")
    await sandbox.edit("U0ANNA", ts, "rätt")
    await sandbox.delete("U0ANNA", ts)
    assert await sandbox.idle()
    assert [event.get("subtype") for event in heard] == [None, "message_changed", "message_deleted"]
    assert heard[1]["message"]["edited"]["user"] == "U0ANNA"
    assert (heard[1]["message"]["text"], heard[1]["previous_message"]["text"]) == ("rätt", "fel")
    assert heard[2]["deleted_ts"] == ts


async def test_people_who_change_are_told_of(running, sandbox):
    heard = []

    @running.event("user_change")
    async def changed(event):
        heard.append(event["user"])

    @running.event("subteam_members_changed")
    async def members(event):
        heard.append(event)

    await sandbox.do("person", person="U0LARS", deleted=True)
    await sandbox.do("group", group="S0KLG", users=["U0KARIN", "U0SARA"])
    assert await sandbox.idle()
    assert heard[0]["deleted"]
    assert heard[1]["added_users"] == ["U0SARA"]
    with pytest.raises(Refused, match="deactivated"):
        await sandbox.say("U0LARS", "hej", channel="C0KLG")


async def test_a_press_that_nobody_acknowledges_warns_and_never_comes_again(
    running, sandbox, slack, button
):
    await sandbox.clock(ack_timeout=0.2, scale=0.001)
    blocks = [{"type": "actions", "elements": [button("nobody")]}]
    posted = await slack.chat_postMessage(channel="U0ANNA", text="Fråga", blocks=blocks)
    answer = await sandbox.press("U0ANNA", ts=posted["ts"], action_id="nobody")
    assert not answer["acked"]
    assert answer["warning"]
    (row,) = [row for row in await sandbox.deliveries() if row["type"] == "block_actions"]
    assert (row["attempts"], row["given_up"]) == (1, True)


async def test_an_event_that_nobody_acknowledges_comes_again_with_the_same_id(running, sandbox):
    heard = []

    @running.event("message")
    async def message(body, request):
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num", ["0"])))
        if len(heard) < 4:
            raise RuntimeError("not yet")

    await sandbox.clock(ack_timeout=0.2, scale=0.001)
    await sandbox.say("U0ANNA", "hej")
    assert await sandbox.idle()
    assert len({event_id for event_id, _ in heard}) == 1
    assert [number for _, number in heard] == [["0"], ["1"], ["2"], ["3"]]
    (row,) = await sandbox.deliveries()
    assert (row["attempts"], row["acked"]) == (4, True)


async def test_uploads_by_people_arrive_as_messages_with_files(running, sandbox, slack):
    heard = []

    @running.event("message")
    async def message(event):
        heard.append(event)

    await sandbox.upload("U0ANNA", {"Kalkyl å.xlsx": b"PK..."})
    assert await sandbox.idle()
    (event,) = heard
    assert (event["subtype"], event["text"], event["upload"]) == ("file_share", "", True)
    file = event["files"][0]
    assert (file["name"], file["size"]) == ("Kalkyl å.xlsx", 5)
    (kept,) = (await slack.conversations_history(channel="D0ANNA"))["messages"]
    assert kept["files"][0]["id"] == file["id"]
