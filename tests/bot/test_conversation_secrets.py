"""What must not stand in Slack: identity numbers are refused whole, a secret matter stops at once."""

import logging
from pathlib import Path

import pytest
import structlog

from flows.events import Stage
from storage import drafts
from tests.bot.desk import ANNA, OMAR, Desk, desk
from tests.flows.filled import values

# Official test numbers (Skatteverket): a personnummer, and a samordningsnummer (day + 60).
NUMBERS = ["19850709-9805", "850709-9805", "8507099805", "850709 9805", "701063-2391"]
INTRODUCTION = {k: values()[k] for k in ("secrecy", "administrations", "title", "contact")}


async def _nothing_of(here: Desk, digits: str, logged: str) -> None:
    """None of the number in any row of any table, nor in the log."""
    stored = await here.everything()
    for form in (digits, digits.replace("-", "").replace(" ", ""), digits[-4:]):
        assert form not in stored
        assert form not in logged


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("known", [(), ("title",), ("title", "contact")])
async def test_an_identity_number_is_refused_and_nothing_of_it_is_kept(
    sqlite_url: str,
    tmp_path: Path,
    known: tuple[str, ...],
    number: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = {k: INTRODUCTION[k] for k in ("secrecy", "administrations", *known)}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given, stage=Stage.PROPOSAL)
        asked = (await here.told(ANNA))[-1].splitlines()[-8:]
        with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
            await here.says(ANNA, f"Gäller {number} i centrum")

        said = await here.last(ANNA)
        assert "ser ut som ett personnummer eller samordningsnummer" in said
        assert "Skrev du det i ett meddelande, ta bort ditt meddelande." in said
        assert said.splitlines()[-8:] == asked  # the same question, asked again
        assert set(await here.stored(draft)) == set(given)
        await _nothing_of(here, number, f"{caplog.text}{logs}{capsys.readouterr()}")


async def test_a_phone_number_is_welcome_where_a_contact_is_asked_for(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in INTRODUCTION.items() if k != "contact"}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given, stage=Stage.PROPOSAL)

        await here.says(ANNA, "Anna Ek, 0701740605, +46 (0)70-174 06 05")

        assert (await here.stored(draft))["contact"]["value"].startswith("Anna Ek, 0701740605")


@pytest.mark.parametrize("kind", ["choice", "yes_no", "date", "nothing"])
async def test_a_number_is_found_whatever_was_asked(
    sqlite_url: str, tmp_path: Path, kind: str
) -> None:
    before = {
        "choice": "scope",
        "yes_no": "direction_linked",
        "date": "effect_when",
        "nothing": "secrecy",
    }
    order = list(values())
    given = {k: v for k, v in values().items() if order.index(k) < order.index(before[kind])}
    given |= {"effect_measure": "x", "effect_baseline": "x", "effect_goal": "x"}
    if kind != "date":
        given = {k: v for k, v in given.items() if not k.startswith("effect")}
    given = {k: v for k, v in given.items() if k != before[kind]}
    async with desk(sqlite_url, tmp_path) as here:
        if kind != "nothing":
            await here.opens(given, stage=Stage.PROPOSAL)

        await here.says(ANNA, "19850709-9805")

        assert "ta bort ditt meddelande" in await here.last(ANNA)
        await _nothing_of(here, "19850709-9805", "")


@pytest.mark.parametrize("field", ["what", "amount"])
async def test_a_number_in_a_modal_is_refused_at_its_input(
    sqlite_url: str, tmp_path: Path, field: str
) -> None:
    given = {k: v for k, v in values().items() if k not in {"operating", "calculation_by"}}
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(given | {"calculation_by": "officer"})
        row = {"what": "Värdar", "amount": "720 000", "start": "2027-09-01", "end": "2027-12-31"}

        errors = await here.row(ANNA, **(row | {field: "850709-9805"}))

        assert set(errors) == {field}
        assert "ser ut som ett personnummer" in errors[field]
        await _nothing_of(here, "850709-9805", str(errors))


@pytest.mark.parametrize(
    ("pressed", "says"),
    [
        ("Ja, säkerhetsskydd eller sekretess", "Uppgifter som är hemliga"),
        ("Ja, människor går att känna igen", "Uppgifter om människor som går att känna igen"),
    ],
)
async def test_a_secret_matter_stops_and_everything_is_deleted(
    sqlite_url: str, tmp_path: Path, pressed: str, says: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(INTRODUCTION | {"what": "Hemligt."}, stage=Stage.PROPOSAL)
        await here.town.act(
            lambda tx: (
                drafts.join(tx.db, draft, person=OMAR, role=drafts.AUTHOR, at=tx.now),
                drafts.add_appendix(
                    tx.db, draft, sha256="0", name="a.pdf", size=1, type="pdf", by=ANNA, at=tx.now
                ),
            )
        )
        button = {
            "action_id": "intake_change:secrecy",
            "block_id": "x",
            "type": "button",
            "value": f'[{draft},"secrecy",0,""]',
        }
        await here.press(ANNA, button)

        await here.presses(ANNA, pressed)

        said = await here.last(ANNA)
        assert says in said
        assert "säkerhetsskyddschefen, 08-465 004 10" in said
        assert await here.stored(draft) == {}
        read = here.town.perform.read
        assert await read(lambda db: drafts.appendices_of(db, draft)) == []
        assert "Anna Ek har avbrutit" in await here.last(OMAR)
        await here.says(ANNA, "Mer hemligt.")
        assert "Mer hemligt." not in await here.everything()
