"""Bad days of Slack's: what she sees, what the operator sees, and that nothing is lost or said twice."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.perform import TooLate
from flows.events import Stage
from tests.drafts import stored, write_draft
from tests.people import BOT, Person, Town, at_work, town
from tests.ports import free_port
from tests.stories.test_conversation import ASKS_GOAL
from tests.waiting import until

GOAL = "Fler ska känna sig trygga."
VALUE = "Kommunen får närvaro när andra har stängt."
PATIENT_S = 60  # a slow machine is no bug; whoever waits for something stops when it comes
ASKED_SCOPE, NEXT = "Var får åtgärden effekt?", "Hur stärker åtgärden kommunen"

# What Slack does → what stands in the log or in the metrics.
SLACK = {
    "away": ({"away": 1.5}, "not reconnected; tried again"),
    "slow": ({"delay_response": {"method": "*", "seconds": 0.3, "count": 12}}, ""),
    "429 for long": (
        {"status": {"method": "chat.postMessage", "code": 429, "retry_after": 0.5, "count": 6}},
        'outcome="later"',
    ),
    "500": ({"status": {"method": "*", "code": 500, "count": 3}}, "in doubt whether it was sent"),
    "an answer lost": ({"lose_response": {"method": "chat.postMessage", "count": 2}}, "in doubt"),
    "the socket closed": ({"drop_socket": "abrupt"}, ""),
    "asked to reconnect": ({"drop_socket": "refresh_requested"}, ""),
    "everything twice": ({"deliver_twice": 20}, "lots_repeated_total"),
    "out of order": ({"reorder": 2}, ""),
    "late": ({"deliver_late": 1.0, "count": 2}, ""),
    "no ack arrives": ({"ignore_acks": 2}, "lots_repeated_total"),
}


@asynccontextmanager
async def anna_writes(url: str, folder: Path) -> AsyncIterator[tuple[Town, int]]:
    """She is asked for the goal; the operator's pages are served."""
    async with town(url, folder, asleep=True) as asleep:
        settings = asleep.settings.model_copy(update={"health_port": free_port()})
        here = replace(asleep, settings=settings)
        draft = write_draft(url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
        await here.sandbox.clock(scale=0.01)
        async with at_work(here):
            await here.anna.says("fortsätt")
            await here.anna.sees("Vad är målet")
            yield here, draft


async def goes_on(here: Town) -> None:
    """Two typed answers and a pressed one; a press that Slack shows an error for she repeats."""
    anna = here.anna
    await here.sandbox.say(anna.user, GOAL)
    await anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
    control = [one for one in await anna.controls() if "Tvärsektoriellt" in one["label"]][-1]

    async def acked() -> bool:
        return bool((await here.press(anna.user, control))["acked"])

    await until(acked, seconds=PATIENT_S)
    await anna.sees("Vilket mervärde ger åtgärden", seconds=PATIENT_S)
    await here.sandbox.say(anna.user, VALUE)
    await anna.sees(NEXT, seconds=PATIENT_S)


async def metrics(here: Town) -> str:
    url = f"http://127.0.0.1:{here.settings.health_port}/metrics"
    async with aiohttp.ClientSession(trust_env=False) as http, http.get(url) as answer:
        return await answer.text()


async def said_once(person: Person) -> None:
    """No message of the bot's stands twice."""
    ids = Counter(
        message["metadata"]["event_payload"]["id"]
        for message in await person.messages()
        if message["user"] == BOT and message["metadata"]
    )
    assert ids
    assert set(ids.values()) == {1}


@pytest.mark.parametrize("day", SLACK)
async def test_whatever_slack_does_three_answers_are_three_answers(
    sqlite_url: str, tmp_path: Path, day: str
) -> None:
    fault, told = SLACK[day]
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        with capture_logs() as log:
            await here.sandbox.faults(**fault)
            await goes_on(here)
            await here.quiet()

            answers = stored(sqlite_url, draft)
            assert (answers["goal"], answers["added_value"]) == (GOAL, VALUE)
            assert answers["scope"] == "cross_sector"
            await said_once(here.anna)
            assert told in f"{log}{await metrics(here)}"
            # A machine so slow that Slack had given a press up is no bug; she was told to press again.
            bugs = [line for line in log if line["event"] == "bug"]
            assert all(isinstance(line["exc_info"], TooLate) for line in bugs)
            if not bugs:
                await here.anna.sees_nothing_of("Något gick fel")
