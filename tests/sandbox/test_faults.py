"""What the sandbox does wrong when told to: lost, late, doubled, refused, away."""

import asyncio
import time

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from sandbox.client import Refused


@pytest.fixture
def heard(app):
    events = []

    @app.event("message")
    async def message(body):
        events.append(body)

    return events


async def test_a_doubled_delivery_has_one_event_id_and_two_envelopes(connected, sandbox, heard):
    await sandbox.faults(deliver_twice=1)
    await sandbox.say("U0ANNA", "hej")
    await sandbox.say("U0ANNA", "och så")
    assert await sandbox.idle()
    texts = [body["event"]["text"] for body in heard]
    assert sorted(texts) == ["hej", "hej", "och så"]
    assert len({body["event_id"] for body in heard}) == 2
    first, second = await sandbox.deliveries()
    assert (len(set(first["envelopes"])), first["acks"]) == (2, 2)
    assert second["acks"] == 1


async def test_late_payloads_are_late(connected, sandbox, heard):
    await sandbox.faults(deliver_late=0.3, count=1)
    started = time.monotonic()
    await sandbox.say("U0ANNA", "sen")
    assert await sandbox.idle()
    assert time.monotonic() - started > 0.3
    assert len(heard) == 1


async def test_reordered_payloads_come_last_first(connected, sandbox, heard):
    await sandbox.faults(reorder=3)
    for text in ("1", "2", "3", "4"):
        await sandbox.say("U0ANNA", text)
    assert await sandbox.idle()
    texts = [body["event"]["text"] for body in heard]
    assert [text for text in texts if text != "4"] == ["3", "2", "1"]


async def test_an_ignored_ack_brings_the_event_again(connected, sandbox, heard):
    await sandbox.clock(scale=0.001)
    await sandbox.faults(ignore_acks=2)
    await sandbox.say("U0ANNA", "hej")
    assert await sandbox.idle()
    assert len(heard) == 3
    (row,) = await sandbox.deliveries()
    assert (row["attempts"], row["acked"]) == (3, True)


async def test_retries_wait_one_and_five_minutes_and_then_end(
    connected, sandbox, heard, until, site
):
    await sandbox.faults(ignore_acks=9)
    await sandbox.say("U0ANNA", "hej")
    await until(lambda: len(heard) == 2)
    await asyncio.sleep(0.1)
    assert len(heard) == 2
    await sandbox.clock(advance=61)
    await until(lambda: len(heard) == 3)
    await sandbox.clock(advance=61)
    await asyncio.sleep(0.1)
    assert len(heard) == 3
    await sandbox.clock(advance=300)
    await until(lambda: len(heard) == 4)
    assert await sandbox.idle()
    (row,) = await sandbox.deliveries()
    assert (row["given_up"], row["acked"]) == (True, False)


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt", "link_disabled"])
async def test_a_dropped_socket_is_opened_again_and_nothing_is_lost(
    connected, sandbox, heard, reason, until, site
):
    assert (await sandbox.faults(drop_socket=reason))["dropped"] == 1
    await sandbox.say("U0ANNA", "hej")
    await until(lambda: heard, seconds=8)
    assert await sandbox.idle()


async def test_a_lost_response_has_done_its_work(slack, sandbox):
    await sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    with pytest.raises(Exception, match=r"(?i)disconnect|reset|closed"):
        await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    assert len(await sandbox.messages("U0ANNA")) == 1
    await slack.chat_postMessage(channel="U0ANNA", text="Hej igen")


async def test_a_delayed_response_may_land_late_too(slack, sandbox, until, site):
    delay = {"method": "chat.postMessage", "seconds": 0.2, "before": True}
    await sandbox.faults(delay_response=delay)
    post = asyncio.create_task(slack.chat_postMessage(channel="U0ANNA", text="sen"))
    await asyncio.sleep(0.1)
    assert await sandbox.messages("U0ANNA") == []
    await post
    await sandbox.faults(delay_response={**delay, "before": False})
    post = asyncio.create_task(slack.chat_postMessage(channel="U0ANNA", text="genast"))
    await until(lambda: len(site.world.timeline("D0ANNA").roots) == 2)
    assert not post.done()
    await post


@pytest.mark.parametrize("code", [429, 500, 503])
async def test_a_status_is_answered_before_any_work(slack, sandbox, code):
    await sandbox.faults(status={"method": "*", "code": code, "retry_after": 7, "count": 1})
    with pytest.raises(SlackApiError) as refusal:
        await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    assert refusal.value.response.status_code == code
    if code == 429:
        assert refusal.value.response.headers["Retry-After"] == "7"
        assert refusal.value.response["error"] == "ratelimited"
    assert await sandbox.messages("U0ANNA") == []
    await slack.chat_postMessage(channel="U0ANNA", text="Nu går det")


async def test_slacks_own_rate_limit_handling_understands_the_answer(slack, sandbox):
    slack.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await sandbox.faults(status={"method": "chat.postMessage", "code": 429, "retry_after": 0})
    await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    assert [call["ok"] for call in await sandbox.calls("chat.postMessage")] == [False, True]


async def test_an_ordered_error_is_answered(slack, sandbox, refused):
    await sandbox.faults(error={"method": "auth.test", "error": "internal_error", "count": 1})
    assert (await refused(slack.auth_test()))["error"] == "internal_error"
    assert (await slack.auth_test())["ok"]


async def test_a_pace_of_one_a_second_per_channel_can_be_asked_for(slack, sandbox, refused):
    await sandbox.faults(pace={"seconds": 5, "burst": 2})
    for _ in range(2):
        await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    assert (await refused(slack.chat_postMessage(channel="U0ANNA", text="Hej")))["error"] == (
        "ratelimited"
    )
    await slack.chat_postMessage(channel="C0KLG", text="En annan kanal")
    await sandbox.faults(clear=True)
    await slack.chat_postMessage(channel="U0ANNA", text="Hej")


async def test_when_slack_is_away_nothing_answers_and_events_wait(
    connected, slack, sandbox, heard, site, until
):
    await sandbox.faults(away=0.5)
    with pytest.raises(SlackApiError):
        await slack.chat_postMessage(channel="U0ANNA", text="Hej")
    await sandbox.say("U0ANNA", "är du där?")
    assert heard == []
    await until(lambda: site.courier.sockets.count, seconds=15)
    await sandbox.clock(advance=61)
    await until(lambda: heard)
    assert await sandbox.idle()


async def test_what_is_not_understood_is_refused_with_the_reason(sandbox):
    with pytest.raises(Refused, match="unknown fault: explode"):
        await sandbox.faults(explode=True)
    with pytest.raises(Refused, match="cannot drop a socket by magic"):
        await sandbox.faults(drop_socket="magic")
    with pytest.raises(Refused, match="person"):
        await sandbox.do("say", text="hej")
    with pytest.raises(Refused, match="no such control"):
        await sandbox.do("dance")
    with pytest.raises(Refused, match="no person U0NOBODY"):
        await sandbox.say("U0NOBODY", "hej")
    with pytest.raises(Refused, match="deactivated"):
        await sandbox.say("U0GONE", "hej")


async def test_each_payload_goes_to_one_of_several_connections(
    app, connected, site, heard, sandbox
):
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    second = AsyncSocketModeHandler(app, "xapp-sandbox")
    await second.connect_async()
    for number in range(6):
        await sandbox.say("U0ANNA", str(number))
    assert await sandbox.idle()
    assert len(heard) == 6
    assert (await sandbox.look("status"))["sockets"] == 2
    await second.close_async()


async def test_a_response_url_serves_five_times_and_half_an_hour(site, sandbox):
    import aiohttp

    async def post(url):
        answer = {"text": "svar"}
        async with aiohttp.ClientSession() as session, session.post(url, json=answer) as response:
            return response.status, await response.text()

    def fresh():
        key = site.permits.new_hook(site.world.ids, person="U0ANNA", channel="D0ANNA")
        return f"{site.url}/actions/T0SANDBOX/{key}"

    site.world.direct("U0ANNA")
    url = fresh()
    assert [(await post(url))[0] for _ in range(6)] == [200] * 5 + [404]
    old = fresh()
    await sandbox.clock(advance=1801)
    status, text = await post(old)
    assert status == 404
    assert "expired_url" in text


async def test_a_reset_ends_the_retries_of_what_came_before(connected, sandbox, heard, until):
    await sandbox.clock(scale=0.005)
    await sandbox.faults(ignore_acks=3)
    await sandbox.say("U0ANNA", "hej")
    await until(lambda: len(heard) == 2)
    await sandbox.reset()
    await asyncio.sleep(0.5)
    assert len(heard) == 2
    assert await sandbox.deliveries() == []


async def test_an_uninstalled_app_is_told_and_its_tokens_are_dead(app, connected, sandbox, refused):
    told = []

    @app.event("app_uninstalled")
    async def uninstalled(event):
        told.append(event["type"])

    @app.event("tokens_revoked")
    async def revoked(event):
        told.append(event["type"])

    @app.event("user_change")
    async def changed():
        """The first event makes Bolt ask who it is, while it still may."""

    await sandbox.do("person", person="U0LARS", is_restricted=True)
    assert await sandbox.idle()
    await sandbox.do("uninstall")
    await sandbox.idle(timeout=0.5)
    assert told == ["app_uninstalled", "tokens_revoked"]
    assert (await refused(app.client.auth_test()))["error"] == "token_revoked"


async def test_another_sites_page_cannot_steer(site):
    import aiohttp

    async def say(sender):
        url, body = f"{site.url}/control/say", {"person": "U0ANNA", "text": "hej"}
        headers = {"Origin": sender}
        async with aiohttp.ClientSession(headers=headers) as session:
            response = await session.post(url, json=body)
            return response.status

    assert await say("https://example.org") == 403
    assert await say(site.url) == 200


async def test_an_app_comes_back_to_a_restarted_sandbox(app, heard, until):
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    from sandbox import gestures
    from sandbox.server import serve
    from sandbox.workspace import load

    async with serve(load()) as first:
        port = int(first.url.rpartition(":")[2])
        app.client.base_url = f"{first.url}/api/"
        handler = AsyncSocketModeHandler(app, "xapp-sandbox", ping_interval=0.2)
        await handler.connect_async()
    async with serve(load(), port=port) as second:
        await until(lambda: second.courier.sockets.count, seconds=10)
        gestures.say(second, person="U0ANNA", text="tillbaka")
        await until(lambda: heard)
        await handler.close_async()
