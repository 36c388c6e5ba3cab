"""What somebody does in Slack's settings on a bad day: who is told what, in Swedish, and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot import clock
from bot.database import database
from bot.listeners import commands
from bot.owed import Post
from bot.undelivered import listed, send_again
from storage import drafts
from storage.tables import outbox
from tests.bot.desk import desk
from tests.bot.town import SARA
from tests.drafts import stored, write_draft
from tests.flows.filled import values
from tests.people import BOT, KLG, Town, at_work, town
from tests.stories.test_bad_days import ASKED_SCOPE, GOAL, PATIENT_S, anna_writes
from tests.stories.test_chief_executive import a_case_before_klg
from tests.stories.test_conversation import ASKS_GOAL
from tests.waiting import until


async def test_a_revoked_token_is_critical_in_the_log_and_what_is_owed_waits(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        with capture_logs() as log:
            await here.sandbox.do("revoke", token="xoxb-sandbox")
            await here.sandbox.say("U0ANNA", GOAL)
            shut_out = "Slack shuts the bot out; check SLACK_BOT_TOKEN"
            await until(lambda: stands(log, shut_out), seconds=PATIENT_S)
            await until(lambda: stands(log, "Slack has taken back our access"), seconds=PATIENT_S)
            assert {line["log_level"] for line in log} == {"critical"}
        assert stored(sqlite_url, draft)["goal"] == GOAL
    waits = await outbox_rows(sqlite_url)
    assert [(state, error) for state, error in waits if error] == [("waiting", "token_revoked")]


# What somebody does: how, Slack's word for it, how it is undone, and what the secretary reads.
CLOSED = {
    "removed from the channel": (
        ("membership", {"person": BOT, "member": False}),
        "channel_not_found",
        {"member": True},
        "Jag är inte längre med i kanalen <#C0KLG>, så det jag skulle skriva till KLG kommer inte fram.",
        "Bjud in mig till kanalen igen, och tryck sedan på *Skicka igen*.",
    ),
    "the channel archived": (
        ("archive", {"archived": True}),
        "is_archived",
        {"archived": False},
        "Kanalen <#C0KLG> är arkiverad, så det jag skulle skriva till KLG kommer inte fram.",
        "Ta kanalen ur arkivet, och tryck sedan på *Skicka igen*.",
    ),
}


@pytest.mark.parametrize("day", CLOSED)
async def test_a_channel_that_is_closed_to_the_bot_is_told_of_and_gets_what_waited_when_it_is_opened(
    sqlite_url: str, tmp_path: Path, day: str
) -> None:
    (name, how), error, undone, why, what_to_do = CLOSED[day]
    await a_case_before_klg(sqlite_url, tmp_path)
    async with town(sqlite_url, tmp_path, asleep=True) as here, at_work(here):
        await here.karin.sees("Väntar på KLG", channel=KLG, seconds=PATIENT_S)
        with capture_logs() as log:
            await here.sandbox.do(name, channel=KLG, **how)
            first = await write_post(sqlite_url, KLG, "Till KLG, ett.")
            second = await write_post(sqlite_url, KLG, "Till KLG, två.")
            told = await here.sara.sees(why, seconds=PATIENT_S)
            assert "Inget är förlorat: det väntar hos mig." in told
            assert what_to_do in told
            await here.omar.says("ny")  # others go on as before
            await here.omar.sees("sekretess", seconds=PATIENT_S)
            await until(lambda: both_refused(sqlite_url, first, second), seconds=PATIENT_S)
            lines = [one for one in log if one["event"] == "given up: Slack refuses it"]
            assert {line["error"] for line in lines} == {error}
            assert all(line["advice"] for line in lines)
        assert await times(here, why, 1)

        await here.sara.presses("Skicka igen")  # too early: she is told again
        await here.sara.sees("Jag skickar de 2 meddelandena som väntade.", seconds=PATIENT_S)
        await until(lambda: times(here, why, 2), seconds=PATIENT_S)
        await until(lambda: both_refused(sqlite_url, first, second), seconds=PATIENT_S)

        await here.sandbox.do(name, channel=KLG, **(how | undone))
        await here.sara.presses("Skicka igen")
        for text in ("Till KLG, ett.", "Till KLG, två."):
            await here.karin.sees(text, channel=KLG, seconds=PATIENT_S)
        await here.sara.presses("Skicka igen")
        await here.sara.sees("Inget väntar på att skickas till kanalen.", seconds=PATIENT_S)


async def test_a_message_that_is_too_long_is_listed_and_holds_nobody_up(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        wrong = {"method": "chat.postMessage", "error": "msg_too_long", "count": 1}
        await here.sandbox.faults(error=wrong)
        await here.anna.says(GOAL)
        (row,) = await until(lambda: listed(sqlite_url), seconds=PATIENT_S)
        assert row.error == "msg_too_long"
        assert stored(sqlite_url, draft)["goal"] == GOAL
        await here.anna.says("visa")  # her answer is there; so is the way on
        await here.anna.says("fortsätt")
        await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)
        assert await send_again(sqlite_url, row.id)
        await until(lambda: nothing_given_up(sqlite_url), seconds=PATIENT_S)


# --- an account that is closed in the middle ---------------------------------------------------------


async def test_whoever_writes_with_somebody_whose_account_is_closed_is_told_and_goes_on(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        await here.anna.says("bjud in")
        await here.anna.presses("Bjud in en kollega")
        await here.anna.fills({"people": ["U0OMAR"]})
        await here.omar.sees("bjuder in dig", seconds=PATIENT_S)

        await here.sandbox.do("person", person="U0ANNA", deleted=True)

        told = await here.omar.sees(
            "Anna Ek har inte längre något konto i Slack.", seconds=PATIENT_S
        )
        assert "Alla svar finns kvar, och du kan gå vidare med den." in told
        await here.omar.presses("Börja")
        await here.omar.sees("Vad är målet", seconds=PATIENT_S)
        await here.omar.says(GOAL)
        await here.omar.sees(ASKED_SCOPE, seconds=PATIENT_S)
        assert stored(sqlite_url, draft)["goal"] == GOAL
        await here.sara.sees_nothing_of("Anna Ek")


async def test_a_draft_that_nobody_else_writes_stays_and_the_secretary_is_told_without_its_name(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with anna_writes(sqlite_url, tmp_path) as (here, draft):
        await here.anna.says(GOAL)
        await here.sandbox.do("person", person="U0ANNA", deleted=True)

        told = await here.sara.sees(
            "Anna Ek har inte längre något konto i Slack.", seconds=PATIENT_S
        )
        assert "• Ett utkast som inte är inskickat ligger kvar. Ingen annan kan se det." in told
        assert ASKS_GOAL["title"] not in told
        assert stored(sqlite_url, draft)["goal"] == GOAL
        assert not await listed(sqlite_url)

        await here.sandbox.do("person", person="U0ANNA", deleted=False)
        await here.anna.says("fortsätt")
        await here.anna.sees(ASKED_SCOPE, seconds=PATIENT_S)


async def test_a_case_that_waits_for_her_is_open_to_her_colleagues_and_the_secretary_is_told_of_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        case_id = await here.town.submitted(title="Lampor i parken")
        draft = await here.town.perform.read(lambda db: drafts.of_case(db, case_id))
        assert draft is not None
        await here.town.change(draft.id, values())
        gone = {"id": "U0ANNA", "team_id": "T0SANDBOX", "deleted": True, "profile": {}}
        for _ in range(2):  # Slack tells twice
            await commands.person_changed(gone, here.shell)

        (told,) = [text for text in await here.town.said(SARA) if "inte längre" in text]
        assert f"• *{case_id} · Trygghetsvärdar i centrum* är påbörjad hos Anna Ek." in told
        assert "En kollega vid förvaltningen kan öppna den under fliken Hem och gå vidare." in told
        assert "utkast" not in told


async def test_a_finance_officer_whose_account_is_closed_is_not_waited_for_in_silence(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {key: one for key, one in values().items() if key not in OF_FINANCE}
    async with town(sqlite_url, tmp_path, asleep=True) as here:
        write_draft(sqlite_url, here.programme, given)
        async with at_work(here):
            await here.anna.says("fortsätt")
            await here.anna.presses("Bjud in ekonomen")
            await here.eva.sees("ber dig om kalkylen", seconds=PATIENT_S)
            await here.sandbox.do("person", person="U0EVA", deleted=True)
            told = await here.anna.sees("har inte längre något konto i Slack", seconds=PATIENT_S)
            assert "Eva Lund, som skulle fylla i kalkylen" in told
            assert "Skriv *ändra* och välj en annan ekonom" in told


OF_FINANCE = {
    "calculation_by", "start", "end", "operating", "investments", "classification", "split",
    "capital_bearer", "capital_reason", "own_financing", "finance_confirmed", "attested",
}  # fmt: skip


async def stands(log: list[Any], event: str) -> bool:
    return any(line["event"] == event for line in log)


async def times(here: Town, text: str, number: int) -> bool:
    return sum(text in one["text"] for one in await here.sara.messages()) == number


async def both_refused(url: str, *numbers: int) -> bool:
    return {row.id for row in await listed(url)} == {*numbers}


async def nothing_given_up(url: str) -> bool:
    return not await listed(url)


async def outbox_rows(url: str) -> list[tuple[str, str | None]]:
    query = select(outbox.c.state, outbox.c.error)
    async with database(url, now=clock.now) as perform:
        return [(r.state, r.error) for r in await perform.read(lambda db: db.execute(query).all())]


async def write_post(url: str, channel: str, text: str) -> int:
    """A message owed, beside the bot."""
    async with database(url, now=clock.now) as perform:
        return await perform.unkeyed(lambda tx: tx.owe(Post(to=channel, text=text)))
