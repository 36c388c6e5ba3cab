"""The words that steer, at any time and as buttons: back, show, change, pause, go on, help, leave."""

from pathlib import Path

import pytest

from flows.events import Stage
from storage import drafts
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.flows.filled import values

UP_TO_GOAL = {
    key: values()[key]
    for key in ("secrecy", "administrations", "title", "contact", "what", "reinforces")
}


async def _same_as_word(here: Desk, word: str, button: str) -> tuple[str, str]:
    """What the bot says to the word, and to the button."""
    await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
    await here.says(ANNA, word)
    said = await here.last(ANNA)
    await here.says(ANNA, "fortsätt")
    await here.presses(ANNA, button)
    return said, await here.last(ANNA)


@pytest.mark.parametrize(
    ("word", "button", "says"),
    [
        ("tillbaka", "Tillbaka", "Vad förstärker det som ni redan gör?"),
        ("Visa!", "Visa svaren", "6 av 17 frågor är besvarade"),
        ("pausa", "Pausa", "Pausat. Alla svar i *Trygghetsvärdar i centrum* är sparade."),
        ("hjälp", "Hjälp", "De här orden fungerar när som helst"),
    ],
)
async def test_a_word_and_its_button_do_the_same(
    sqlite_url: str, tmp_path: Path, word: str, button: str, says: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        by_word, by_button = await _same_as_word(here, word, button)

    assert says in by_word
    assert by_word == by_button


async def test_going_back_shows_the_answer_of_today_and_keeps_the_later_ones(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "tillbaka")
        await here.says(ANNA, "tillbaka")
        assert "Svaret i dag: Text om what." in await here.last(ANNA)

        await here.says(ANNA, "Något annat.")

        stored = await here.stored(draft)
        assert stored["what"]["value"] == "Något annat."
        assert stored["reinforces"]["value"] == "Text om reinforces."
        assert "Vad är målet" in await here.last(ANNA)


async def test_before_the_first_question_there_is_none(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.says(ANNA, "ny")
        await here.says(ANNA, "tillbaka")

        assert "Det här är första frågan." in await here.last(ANNA)


async def test_an_answer_can_be_kept_as_it_is(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "tillbaka")

        await here.presses(ANNA, "Behåll svaret")

        assert "Vad är målet" in await here.last(ANNA)
        assert (await here.stored(draft))["reinforces"]["number"] == 1


async def test_a_pause_asks_nothing_until_one_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "pausa")
        await here.says(ANNA, "Det här är inget svar.")
        assert "Jag väntar inte på något svar från dig just nu." in await here.last(ANNA)
        assert "goal" not in await here.stored(draft)

        await here.says(ANNA, "fortsätt")

        assert "Vad är målet" in await here.last(ANNA)


async def test_the_same_question_stands_once_with_its_buttons(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, ".")

        assert [c["label"] for c in await here.controls(ANNA)].count("Pausa") == 1
        assert "*Mål:* frågan står längre ned." in "\n".join(await here.told(ANNA))


async def test_change_shows_every_answer_with_a_button(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "ändra")

        labels = [c["label"] for c in await here.controls(ANNA)]
        assert labels.count("Ändra") == 14  # the first page
        assert "Skicka in" not in labels


async def test_a_second_application_pauses_the_first_and_names_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        first = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "ny")
        opened = await here.last(ANNA)
        assert "Jag har pausat *Trygghetsvärdar i centrum*. Alla svar är sparade.\nHej!" in opened
        await here.presses(ANNA, "Nej, inget av det")

        await here.says(ANNA, "socialförvaltningen")

        assert set(await here.stored(first)) == set(UP_TO_GOAL)


async def test_a_button_of_a_paused_application_opens_it_and_names_the_other(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(
            {k: v for k, v in values().items() if k in UP_TO_GOAL or k == "goal"},
            stage=Stage.PROPOSAL,
        )
        await here.says(ANNA, "ny")

        await here.presses(ANNA, "Tvärsektoriellt")

        assert "Jag har pausat *den andra ansökan*." in await here.last(ANNA)
        assert "Trygghetsvärdar i centrum" in await here.last(ANNA)


async def test_pausing_with_an_old_button_leaves_the_open_application_open(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        old = [c for c in await here.controls(ANNA) if c["label"] == "Pausa"][-1]
        await here.says(ANNA, "ny")
        await here.press(ANNA, old)

        await here.says(ANNA, "nej, inget av det")

        assert "Vilken eller vilka förvaltningar" in await here.last(ANNA)


async def test_text_sent_before_the_question_appeared_is_added_to_the_answer_before(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(
            {k: v for k, v in UP_TO_GOAL.items() if k != "reinforces"}, stage=Stage.PROPOSAL
        )
        await here.says(ANNA, "Fältgruppen finns.")

        await here.says(ANNA, "Den får hjälp.", early=True)

        stored = await here.stored(draft)
        assert stored["reinforces"]["value"] == "Fältgruppen finns.\nDen får hjälp."
        assert "goal" not in stored
        assert "har jag lagt till under *Vad förstärks*" in await here.last(ANNA)
        assert "Vad är målet" in await here.last(ANNA)


async def test_text_that_belongs_to_no_answer_is_asked_for_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL | {"goal": "Mål."}, stage=Stage.PROPOSAL)
        await here.presses(ANNA, "Tvärsektoriellt")

        await here.says(ANNA, "Och en sak till.", early=True)

        assert "så jag vet inte vad svaret hör till" in await here.last(ANNA)
        assert "added_value" not in await here.stored(draft)


async def test_leaving_deletes_what_was_never_submitted(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.says(ANNA, "avbryt")
        assert "Alla svar och bilagor tas bort." in await here.last(ANNA)
        assert await here.stored(draft) != {}

        await here.presses(ANNA, "Ja, det vill jag")

        assert await here.stored(draft) == {}
        assert "är avbruten och svaren är borttagna" in await here.last(ANNA)
        await here.says(ANNA, "fortsätt")
        assert "Jag väntar inte på något svar" in await here.last(ANNA)


async def test_a_colleague_who_leaves_takes_nothing_with_her(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(UP_TO_GOAL, stage=Stage.PROPOSAL)
        await here.town.act(
            lambda tx: drafts.join(tx.db, draft, person=OMAR, role=drafts.AUTHOR, at=tx.now)
        )
        await here.says(OMAR, "avbryt")
        assert "De andra skriver vidare, och dina svar finns kvar." in await here.last(OMAR)

        await here.presses(OMAR, "Ja, det vill jag")

        assert set(await here.stored(draft)) == set(UP_TO_GOAL)
        back = [c for c in await here.controls(ANNA) if c["label"] == "Tillbaka"][-1]
        assert "Du är inte med och skriver det här." in str(await here.press(OMAR, back))


@pytest.mark.parametrize("who", ["U0GUEST", "U0GONE"])
async def test_a_guest_and_a_closed_account_are_refused_in_words(
    sqlite_url: str, tmp_path: Path, who: str
) -> None:
    person = f"T0SANDBOX:{who}"
    async with desk(sqlite_url, tmp_path) as here:
        await here.says(person, "ny")

        assert "Ingenting har ändrats." in await here.last(person)
        mine = await here.town.perform.read(lambda db: drafts.of_person(db, person))
        assert mine == []
