"""Answering: one question at a time, what does not fit is asked again, an old button does nothing."""

from pathlib import Path

import pytest

from flows.events import Stage
from flows.form import LONGEST
from tests.bot.desk import ANNA, Desk, desk
from tests.bot.town import TEAM
from tests.flows.filled import values, with_own_questions

POINT_1 = {"secrecy", "administrations", "title", "contact"}


def first(*keys: str) -> dict[str, object]:
    """The introduction, and these answers."""
    return {key: value for key, value in values().items() if key in POINT_1 | {*keys}}


@pytest.mark.requirement("R000-15")
async def test_questions_come_one_at_a_time_and_say_where_one_is(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.begins()
        assert "fråga 3 av 17 · ny ansökan" in await here.last(ANNA)
        before = len(await here.messages(ANNA))

        await here.says(ANNA, "Trygghetsvärdar i centrum")

        assert len(await here.messages(ANNA)) == before + 1
        assert "fråga 4 av 17 · Trygghetsvärdar i centrum" in await here.last(ANNA)


async def test_a_typed_question_folds_to_its_answer_with_a_button_to_change_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.begins()

        await here.says(ANNA, "Trygghetsvärdar i centrum")

        folded = (await here.told(ANNA))[-2]
        assert "✓ *Åtgärdens namn:* Trygghetsvärdar i centrum\nÄndra" in folded


@pytest.mark.requirement("R000-21", "R000-22", "R000-23")
@pytest.mark.parametrize("blank", [" . ", "\u200b\u200b", "\u2060\ufeff", "---", "…"])
@pytest.mark.parametrize("key", ["what", "reinforces", "goal"])
async def test_a_blank_answer_is_asked_again(
    sqlite_url: str, tmp_path: Path, key: str, blank: str
) -> None:
    order = ("what", "reinforces", "goal")
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first(*order[: order.index(key)]), stage=Stage.PROPOSAL)

        await here.says(ANNA, blank)

        assert "Jag behöver ett svar med text i." in await here.last(ANNA)
        assert key not in await here.stored(draft)


async def test_an_answer_holds_at_most_3000_characters(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first(), stage=Stage.PROPOSAL)

        await here.says(ANNA, "å" * (LONGEST + 1))
        assert "Svaret är 3001 tecken långt. Högst 3000 får plats." in await here.last(ANNA)
        await here.says(ANNA, "å" * LONGEST)

        assert len((await here.stored(draft))["what"]["value"]) == LONGEST


async def test_a_message_is_never_longer_than_slack_takes(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        given = {
            key: "&" * LONGEST if key in {"what", "goal"} else v for key, v in values().items()
        }
        await here.opens(given, stage=Stage.PROPOSAL)
        await here.says(ANNA, "visa")
        await here.presses(ANNA, "Ändra", nth=4)

        for message in await here.messages(ANNA):
            assert len(message["text"]) <= 3000
            assert all(len(b["text"]["text"]) <= 3000 for b in message["blocks"] if "text" in b)


@pytest.mark.parametrize("typed", ["ja", "Ja.", "JAPP", "j"])
async def test_yes_can_be_typed(sqlite_url: str, tmp_path: Path, typed: str) -> None:
    known = ("what", "reinforces", "goal", "scope", "added_value", "motivation")
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first(*known), stage=Stage.PROPOSAL)

        await here.says(ANNA, typed)

        assert (await here.stored(draft))["direction_linked"]["value"] is True


async def test_what_is_neither_yes_nor_no_is_asked_again(sqlite_url: str, tmp_path: Path) -> None:
    known = ("what", "reinforces", "goal", "scope", "added_value", "motivation")
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(first(*known), stage=Stage.PROPOSAL)

        await here.says(ANNA, "kanske")

        assert "Svara med *ja* eller *nej*" in await here.last(ANNA)


@pytest.mark.requirement("R000-23")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Tvärsektoriellt i kommunen", "cross_sector"),
        ("tvärsektoriellt", "cross_sector"),
        ("i flera", "several_operations"),
    ],
)
async def test_an_option_can_be_typed_by_its_words(
    sqlite_url: str, tmp_path: Path, typed: str, stored: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first("what", "reinforces", "goal"), stage=Stage.PROPOSAL)

        await here.says(ANNA, typed)

        assert (await here.stored(draft))["scope"]["value"] == stored


async def test_an_option_with_a_comma_can_be_typed(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.says(ANNA, "ny")
        await here.says(ANNA, "nej, inget av det")

        assert "Vilken eller vilka förvaltningar" in await here.last(ANNA)


@pytest.mark.requirement("R000-23")
async def test_what_is_no_option_is_asked_again_with_the_options_in_the_text(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first("what", "reinforces", "goal"), stage=Stage.PROPOSAL)

        await here.says(ANNA, "överallt")

        text = (await here.messages(ANNA))[-1]["text"]
        assert "Det finns inte bland alternativen" in text
        assert "I flera verksamheter" in text
        assert "scope" not in await here.stored(draft)


@pytest.mark.requirement("R000-20")
async def test_several_administrations_can_be_typed(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens({"secrecy": "nothing_secret"}, stage=Stage.PROPOSAL)

        await here.says(ANNA, "Socialförvaltningen, kultur")

        assert (await here.stored(draft))["administrations"]["value"] == [
            "socialforvaltningen",
            "kultur-och-fritidsforvaltningen",
        ]


@pytest.mark.parametrize("typed", ["2027-12-31", "31/12 2027", "31 december 2027"])
async def test_a_date_can_be_typed(sqlite_url: str, tmp_path: Path, typed: str) -> None:
    given = {k: v for k, v in values().items() if k not in {"effect_when", "dialogue"}}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given, stage=Stage.PROPOSAL)

        await here.says(ANNA, "snart")
        assert "Jag förstår inte datumet" in await here.last(ANNA)
        await here.says(ANNA, typed)

        assert (await here.stored(draft))["effect_when"]["value"] == "2027-12-31"


async def test_a_button_of_an_answered_question_changes_nothing_and_says_what_stands(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first("what", "reinforces", "goal"), stage=Stage.PROPOSAL)
        old = [c for c in await here.controls(ANNA) if "Tvärsektoriellt" in c["label"]][-1]
        await here.presses(ANNA, "I flera verksamheter")

        await here.press(ANNA, old)

        assert "hade redan ett svar: I flera verksamheter" in await here.last(ANNA)
        assert (await here.stored(draft))["scope"]["value"] == "several_operations"
        assert "Vilket mervärde" in await here.last(ANNA)


async def test_the_same_press_delivered_twice_counts_once(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(first("what", "reinforces", "goal"), stage=Stage.PROPOSAL)
        button = [c for c in await here.controls(ANNA) if "Tvärsektoriellt" in c["label"]][-1]
        await here.press(ANNA, button)
        told = len(await here.messages(ANNA))

        assert await here.press(ANNA, button, again=True) == "repeated"

        assert len(await here.messages(ANNA)) == told
        assert (await here.stored(draft))["scope"]["number"] == 1


@pytest.mark.requirement("R000-19")
async def test_points_2_to_4_are_locked_until_the_first_assessment(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values(), stage=Stage.PROPOSAL)
        open_elsewhere = await here.opens(first(), stage=Stage.APPLICATION)
        control = {"action_id": "intake_answer:no", "block_id": "x", "type": "button"}
        for locked in ("own_budget", f"included.{TEAM}"):
            value = f'[{draft},"{locked}",0,"no"]'
            refused = await here.press(ANNA, {**control, "value": value})

            assert refused == (
                "Punkt 2–4 öppnas när KLG Trygghet och säkerhet har bedömt att punkt 1 är i linje "
                "med den politiska viljan. Skicka in punkt 1 först."
            )
        assert "own_budget" not in await here.stored(draft)
        assert "own_budget" not in await here.stored(open_elsewhere)


async def test_a_question_that_no_longer_applies_is_not_asked_and_does_not_count(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values(), stage=Stage.PROPOSAL)
        assert "alla frågor är besvarade" in await here.last(ANNA)
        assert "Sida 1 av 2" in await here.last(ANNA)

        await _change(here, draft, "new_activity", "Nej")
        stored = await here.stored(draft)

        assert "new_activity_reason" in stored  # kept, should she change her mind
        assert "alla frågor är besvarade" in (await here.messages(ANNA))[-1]["text"]
        refused = await _change(here, draft, "new_activity_reason", "")
        assert refused is not None
        assert "gäller inte längre" in refused


async def _change(here: Desk, draft: int, key: str, label: str) -> str | None:
    """Press *Ändra* at a question, and a button of it."""
    button = {
        "action_id": f"intake_change:{key}",
        "block_id": "x",
        "type": "button",
        "value": f'[{draft},"{key}",0,""]',
    }
    refused: str | None = await here.press(ANNA, button)
    if refused is None and label:
        await here.presses(ANNA, label)
    return refused


@pytest.mark.requirement("R000-24", "R000-25")
async def test_what_the_own_budget_holds_must_be_explained_either_way(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in values().items() if k not in {"own_budget", "analysis"}}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given)
        await here.presses(ANNA, "Nej")
        assert "Vilken analys visar" in await here.last(ANNA)
        await here.says(ANNA, " ")
        await here.says(ANNA, "-")
        assert "Jag behöver ett svar" in await here.last(ANNA)

        await _change(here, draft, "own_budget", "Ja")

        assert "Varför söker ni ändå?" in await here.last(ANNA)
        assert "Dra tillbaka ansökan" in await here.last(ANNA)
        await here.presses(ANNA, "Dra tillbaka ansökan")
        assert "Vill du avbryta *Trygghetsvärdar i centrum*?" in await here.last(ANNA)


async def test_the_programmes_own_questions_are_asked_last_in_their_point(
    sqlite_url: str, tmp_path: Path
) -> None:
    programme = with_own_questions()
    optional, choice = programme.extra_questions[0], programme.extra_questions[1]
    own = (
        optional.model_copy(update={"required": False}),
        choice.model_copy(update={"kind": "choice", "choices": ("Ja, helt", "Delvis")}),
        *programme.extra_questions[2:],
    )
    programme = programme.model_copy(update={"extra_questions": own})
    given = {k: v for k, v in values().items() if not k.startswith("extra.")}
    async with desk(sqlite_url, tmp_path, programme=programme) as here:
        draft = await here.opens(given)
        assert "Egen fråga 1?" in await here.last(ANNA)
        await here.presses(ANNA, "Hoppa över")
        assert "Egen fråga 2?" in await here.last(ANNA)
        await here.says(ANNA, "nej")
        assert "Det finns inte bland alternativen" in await here.last(ANNA)
        await here.presses(ANNA, "Delvis")
        await here.says(ANNA, "Tre.")

        stored = await here.stored(draft)
        assert stored["extra.egen-1"]["value"] is None
        assert stored["extra.egen-2"]["value"] == "Delvis"
        assert stored["extra.egen-3"]["value"] == "Tre."


async def test_an_answer_of_an_older_form_is_asked_again_and_only_that(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = values() | {"scope": "what_it_was_called_then"}
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(given, stage=Stage.PROPOSAL)
        assert "Var får åtgärden effekt?" in await here.last(ANNA)

        await here.presses(ANNA, "Tvärsektoriellt")

        assert "Läs igenom och tryck på Skicka in" in await here.last(ANNA)
