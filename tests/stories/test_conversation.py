"""The conversation as Slack carries it: what is posted, folded, repeated, lost and resumed."""

from pathlib import Path

import pytest

from flows.events import Stage
from tests.drafts import stored, write_draft
from tests.flows.filled import values
from tests.people import BOT, KLG, Person, Town, at_work, said, town

UP_TO_WHAT = {k: values()[k] for k in ("secrecy", "administrations", "title", "contact")}
ASKS_GOAL = UP_TO_WHAT | {k: values()[k] for k in ("what", "reinforces")}
ASKS_SCOPE = ASKS_GOAL | {"goal": "Fler ska känna sig trygga."}


async def goes_on(here: Town, url: str, given: dict[str, object], person: Person) -> int:
    draft = write_draft(url, here.programme, given, stage=Stage.PROPOSAL)
    await person.says("fortsätt")
    return draft


async def test_an_answer_costs_one_post_and_folds_its_question(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        anna = here.anna
        await goes_on(here, sqlite_url, ASKS_GOAL, anna)
        before = len(await here.sandbox.calls("chat.postMessage"))
        await anna.says("Fler ska känna sig trygga.")  # typed
        await anna.presses("Tvärsektoriellt")  # pressed
        await anna.sees("✓ *Mål:* Fler ska känna sig trygga.")  # when there is time for it

        posts = await here.sandbox.calls("chat.postMessage")
        assert len(posts) == before + 2
        told = await anna.told(last=3)
        assert "✓ *Mål:* Fler ska känna sig trygga." in told[0]
        assert "✓ *Var effekten märks:* Tvärsektoriellt i kommunen" in told[1]
        assert "Vilket mervärde ger åtgärden" in told[2]
        # The typed question folds by an update; the pressed one through its own address.
        assert len(await here.sandbox.calls("chat.update")) == 1


async def test_what_slack_escapes_and_links_is_stored_as_it_was_typed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        contactless = {k: v for k, v in UP_TO_WHAT.items() if k != "contact"}
        draft = await goes_on(here, sqlite_url, contactless, here.anna)
        await here.sandbox.say(
            "U0ANNA",
            "Ek &amp; Co &lt;Anna&gt;, <tel:0701234567|070-123 45 67>, <mailto:a@b.se|a@b.se>",
            raw=True,
        )
        await here.quiet()

        assert stored(sqlite_url, draft)["contact"] == "Ek & Co <Anna>, 070-123 45 67, a@b.se"


async def test_an_edited_message_changes_no_answer(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = await goes_on(here, sqlite_url, ASKS_GOAL, here.anna)
        ts = await here.anna.says("Fler ska känna sig trygga.")
        await here.sandbox.edit("U0ANNA", ts, "Något annat.")

        await here.anna.sees("Det ändrar inget svar som jag redan har sparat. Tryck på *Ändra*")
        assert stored(sqlite_url, draft)["goal"] == "Fler ska känna sig trygga."


async def test_an_event_delivered_twice_counts_once(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = await goes_on(here, sqlite_url, ASKS_GOAL, here.anna)
        await here.sandbox.faults(deliver_twice=2)
        await here.anna.says("Fler ska känna sig trygga.")
        await here.anna.presses("Tvärsektoriellt")

        assert stored(sqlite_url, draft)["goal"] == "Fler ska känna sig trygga."
        told = await here.anna.told()
        assert sum("Vilket mervärde ger åtgärden" in one for one in told) == 1


async def test_an_answer_to_a_question_that_may_have_been_lost_is_taken(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, ASKS_GOAL, stage=Stage.PROPOSAL)
        await here.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
        await here.sandbox.say("U0ANNA", "fortsätt")
        await here.anna.sees("Vad är målet")  # it stands there, and the bot does not know
        await here.sandbox.say("U0ANNA", "Fler ska känna sig trygga.")
        await here.anna.sees("Var får åtgärden effekt?")

        assert stored(sqlite_url, draft)["goal"] == "Fler ska känna sig trygga."
        assert sum("*Vad är målet" in one for one in await here.anna.told()) <= 1


async def test_a_reply_in_a_thread_is_an_answer_too(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = await goes_on(here, sqlite_url, ASKS_GOAL, here.anna)
        asked = [m for m in await here.anna.messages() if m["user"] == BOT][-1]
        await here.sandbox.say("U0ANNA", "Ett mål i en tråd.", thread_ts=asked["ts"])
        await here.anna.sees("Var får åtgärden effekt?")

        assert stored(sqlite_url, draft)["goal"] == "Ett mål i en tråd."


@pytest.mark.requirement("R000-15")
async def test_a_bot_that_was_restarted_goes_on_where_it_was(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path, asleep=True) as here:
        async with at_work(here):
            draft = await goes_on(here, sqlite_url, ASKS_GOAL, here.anna)
        await here.sandbox.say("U0ANNA", "Sagt medan boten var borta.")

        async with at_work(here):
            await here.anna.sees("Var får åtgärden effekt?")
            await here.anna.presses("Tvärsektoriellt")

        kept = stored(sqlite_url, draft)
        assert kept["goal"] == "Sagt medan boten var borta."
        assert kept["scope"] == "cross_sector"


async def test_the_conversation_runs_over_http_as_well(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path, mode="http") as here:
        await here.anna.says("ny")
        await here.anna.presses("Nej, inget av det")
        await here.anna.chooses("socialforvaltningen")
        await here.anna.presses("Svara")
        await here.anna.says("Trygghetsvärdar i centrum")
        await here.anna.sees("fråga om förslaget?")


async def test_the_command_answers_for_the_persons_eyes_only(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        for text, answer in (
            ("mina", "Du har inga ansökningar."),
            ("hjälp", "*/trygghet ny* startar en ansökan."),
            ("  HJÄLP ", "*/trygghet ny* startar en ansökan."),
            ("budgte 2027", "Jag kan inget som heter ”budgte”. Så här kan du skriva:"),
            ("ärende", "Skriv ärendets nummer efter ärende"),
            ("sök", "Skriv vad du letar efter"),
            ("ärende 2026-9999", "Jag hittar inget ärende 2026-9999 som du får se."),
            ("ny", "Jag har skrivit till dig i ett direktmeddelande."),
        ):
            await here.sandbox.command("U0KARIN", "/trygghet", text, channel=KLG)
            await here.karin.sees(answer, channel=KLG)
        await here.karin.sees("Rör förslaget något som är hemligt")
        await here.sandbox.shortcut("U0OMAR", "start_case")
        await here.omar.sees("Rör förslaget något som är hemligt")
        write_draft(sqlite_url, here.programme, ASKS_GOAL)
        await here.sandbox.command("U0ANNA", "/trygghet", "mina")
        await here.anna.sees("• Trygghetsvärdar i centrum: du skriver på den")

        assert await here.lars.told(channel=KLG) == []


async def test_a_guest_is_refused_in_words_wherever_she_begins(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        await here.guest.says("ny")
        await here.guest.sees("Du är gäst i Slack")
        await here.sandbox.command("U0GUEST", "/trygghet", "ny", channel=KLG)
        await here.guest.sees("Du är gäst i Slack", channel=KLG)
        await here.sandbox.shortcut("U0GUEST", "start_case")
        await here.quiet()
        modal = await here.guest.modal()
        assert modal is not None
        assert "Du är gäst i Slack" in said({"text": "", **modal})


async def test_an_account_that_is_closed_meanwhile_takes_part_no_more(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = await goes_on(here, sqlite_url, ASKS_SCOPE, here.anna)
        await here.sandbox.do("person", person="U0ANNA", is_restricted=True)
        await here.quiet()
        await here.anna.presses("Tvärsektoriellt")

        assert "scope" not in stored(sqlite_url, draft)
        await here.anna.sees("Du är gäst i Slack, så du kan inte göra det här.")
