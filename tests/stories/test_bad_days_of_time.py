"""Days when time is not what it was: a clock that jumps, a message that is a day late, an hour away."""

import hmac
import json
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import clock
from bot.owed import Post
from flows.dates import SWEDEN
from flows.events import Stage
from tests.bot.desk import ANNA, desk
from tests.bot.office import office
from tests.bot.test_conversation_two import UP_TO_SCOPE
from tests.drafts import stored
from tests.people import Person, Town, at_work, town
from tests.stories.test_bad_days import ASKED_SCOPE, GOAL, PATIENT_S, anna_writes, said_once
from tests.waiting import until

MONDAY = datetime(2026, 11, 23, 8, 55, tzinfo=SWEDEN)


# --- a clock that jumps ------------------------------------------------------------------------------


@pytest.fixture
def hands(tmp_path: Path) -> Path:
    file = tmp_path / "clock"
    file.write_text(MONDAY.isoformat())
    return file


async def test_a_clock_that_jumps_forwards_and_back_reminds_once_and_goes_on_answering(
    sqlite_url: str, tmp_path: Path, hands: Path
) -> None:
    async with town(sqlite_url, tmp_path, asleep=True) as asleep:
        here = replace(asleep, settings=asleep.settings.model_copy(update={"test_clock": hands}))
        async with at_work(here):
            await here.anna.says("ny")
            for days in (15, 1, 15, 0):
                moves(hands, MONDAY + timedelta(days=days, minutes=6))
                await here.omar.says("hjälp")  # it answers, whatever the clock says
                await here.omar.sees("De här orden fungerar när som helst", seconds=PATIENT_S)
                if days == 15:
                    await here.anna.sees("inte rörd sedan 23 november 2026", seconds=PATIENT_S)
            await here.anna.presses("Nej, inget av det")
            await here.anna.sees("Vilken eller vilka förvaltningar", seconds=PATIENT_S)
        async with at_work(here):  # nothing is said again by a bot that starts in the past
            await here.quiet()
        told = [message["text"] for message in await here.anna.messages()]
        assert len([text for text in told if "inte rörd" in text]) == 1
        await said_once(here.anna)


def moves(hands: Path, to: datetime) -> None:
    hands.write_text(to.isoformat())


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
async def test_the_machines_own_clock_jumps_and_each_message_comes_once_in_its_order(
    sqlite_url: str, tmp_path: Path, hours: int
) -> None:
    jumped = timedelta(0)
    async with office(sqlite_url, tmp_path, now=lambda: clock.now() + jumped) as here:
        await here.sandbox.faults(
            delay_response={"method": "chat.postMessage", "seconds": 0.2, "count": 4}
        )
        opened = await here.slack.call("conversations.open", {"users": "U0ANNA"})
        channel = opened["channel"]["id"]

        async def owes(text: str) -> int:
            return await here.perform.unkeyed(lambda tx: tx.owe(Post(to=channel, text=text)))

        owed = [await owes("1"), await owes("2")]
        jumped = timedelta(hours=hours)
        owed += [await owes("3"), await owes("4"), await owes("5")]

        async def all_sent() -> bool:
            return {(await here.row(one)).state for one in owed} == {"sent"}

        await until(all_sent, seconds=PATIENT_S)
        assert await here.texts("U0ANNA") == ["1", "2", "3", "4", "5"]


# --- late ------------------------------------------------------------------------------------------


async def test_what_comes_a_day_late_is_told_of_and_is_no_answer_to_what_is_asked_now(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Slack delivers again, signed anew, what she wrote yesterday; by now she has gone on."""
    async with town(sqlite_url, tmp_path, mode="http") as here:
        await here.anna.says("ny")
        await here.anna.presses("Nej, inget av det")
        await here.anna.sees("Vilken eller vilka förvaltningar", seconds=PATIENT_S)
        wrote = time.time() - 24 * 60 * 60
        for _ in range(2):
            assert await delivered(here, "U0ANNA", "Det jag skrev i går.", wrote) == 200

        early = "Du hann skriva innan jag ställde nästa fråga, så jag vet inte vad svaret hör till."
        await here.anna.sees(early, seconds=PATIENT_S)
        assert len([one for one in await here.anna.messages() if early in one["text"]]) == 1
        await here.anna.sees_nothing_of("inte igång")  # she has been answered since
        await said_once(here.anna)


async def delivered(here: Town, user: str, text: str, at: float) -> int:
    """What Slack answers a message event with, that it has kept since `at`."""
    event = {"type": "message", "channel_type": "im", "user": user, "text": text,
             "channel": await direct_message(here.anna), "ts": f"{at:.6f}", "event_ts": f"{at:.6f}"}  # fmt: skip
    said: dict[str, Any] = {"type": "event_callback", "team_id": "T0SANDBOX", "event": event}
    body, stamp = json.dumps(said).encode(), str(int(time.time()))
    signed = hmac.new(b"sandbox-secret", f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed}",
        "Content-Type": "application/json",
    }
    url = f"http://127.0.0.1:{here.settings.http_port}/slack/events"
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status


async def direct_message(person: Person) -> str:
    calls = (await person.town.sandbox.look("calls"))["calls"]
    return str(next(c["args"]["channel"] for c in calls if c["method"] == "chat.postMessage"))


@pytest.mark.parametrize("minutes", [1, 11, 600])
async def test_who_wrote_while_the_bot_was_away_is_told_so_once_before_the_answer(
    sqlite_url: str, tmp_path: Path, minutes: int
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(UP_TO_SCOPE, stage=Stage.PROPOSAL)
        await here.says(ANNA, "hjälp")
        here.ts = int(here.town.now.timestamp())
        here.town.now += timedelta(minutes=minutes)
        before = len(await here.told(ANNA))
        await here.says(ANNA, "i flera")
        await here.says(ANNA, "Ett mervärde.")

        told = (await here.told(ANNA))[before:]
        late = [one for one in told if "jag var inte igång då" in one]
        assert len(late) == (minutes > 10)
        assert told[: len(late)] == late
        assert any("Hur stärker åtgärden" in one for one in told)


async def test_an_hour_without_slack_is_read_back_and_answered(
    sqlite_url: str, tmp_path: Path
) -> None:
    """An hour as Slack counts here: its three tries are over in the first half second of it."""
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        await here.sandbox.clock(scale=0.001)  # Slack's five minutes are 0.3 s
        await here.sandbox.faults(away=3.6)
        await here.sandbox.say("U0ANNA", GOAL)
        await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
        assert stored(sqlite_url, draft)["goal"] == GOAL
        await said_once(here.anna)
