"""Writing together: colleagues, the finance officer with point 3, and who was first."""

from pathlib import Path

import pytest

from flows.events import Stage
from storage import drafts
from tests.bot.desk import ANNA, EVA, OMAR, Desk, desk
from tests.bot.point_3 import HOSTS, POINT_3, changes, nbsp
from tests.flows.filled import values

UP_TO_SCOPE = {
    key: values()[key]
    for key in ("secrecy", "administrations", "title", "contact", "what", "reinforces", "goal")
}
BEFORE_FINANCE = {
    k: v
    for k, v in values().items()
    if k not in {*POINT_3, "finance_officer", "calculation_by", "start", "end", "split", "attested"}
}
TOVE = "T0SANDBOX:U0TOVE"


async def _together(here: Desk) -> int:
    """Anna has invited Omar, and both are asked the same."""
    draft = await here.opens(UP_TO_SCOPE, stage=Stage.PROPOSAL)
    await here.says(ANNA, "bjud in")
    await here.presses(ANNA, "Bjud in en kollega")
    assert await here.fills(ANNA, {"people": ["U0OMAR"]}) == {}  # type: ignore[dict-item]
    await here.presses(OMAR, "Börja")
    return draft


@pytest.mark.requirement("R000-20")
async def test_an_invited_colleague_sees_and_changes_the_same_answers(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await _together(here)
        assert "Jag har bjudit in Omar Haddad till *Trygghetsvärdar i centrum*." in await here.last(
            ANNA
        )
        assert "bjuder in dig att skriva *Trygghetsvärdar i centrum* tillsammans" in (
            "\n".join(await here.told(OMAR))
        )

        await changes(here, draft, "goal", person=OMAR)
        await here.says(OMAR, "Omars mål.")
        await here.says(ANNA, "visa")

        assert "*Mål* · <@U0OMAR>\nOmars mål." in await here.last(ANNA)


@pytest.mark.parametrize("answers", ["press", "text"])
async def test_the_slower_of_two_is_told_who_said_what(
    sqlite_url: str, tmp_path: Path, answers: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await _together(here)
        await here.says(ANNA, "fortsätt")
        await here.presses(OMAR, "Tvärsektoriellt")

        if answers == "press":
            await here.presses(ANNA, "I flera verksamheter")
        else:
            await here.says(ANNA, "i flera")

        said = await here.last(ANNA)
        assert (
            "<@U0OMAR> hann svara på *Var effekten märks* före dig: Tvärsektoriellt i kommunen. "
            "Ditt svar är inte sparat." in said
        )
        assert (await here.stored(draft))["scope"]["value"] == "cross_sector"


async def test_whoever_is_already_in_is_not_invited_again(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await _together(here)
        told = len(await here.messages(OMAR))
        await here.says(ANNA, "bjud in")
        await here.presses(ANNA, "Bjud in en kollega")
        await here.fills(ANNA, {"people": ["U0OMAR"]})  # type: ignore[dict-item]

        assert "Omar Haddad är redan med i *Trygghetsvärdar i centrum*." in await here.last(ANNA)
        assert len(await here.messages(OMAR)) == told


@pytest.mark.parametrize("user", ["U0GUEST", "U0GONE"])
async def test_guests_and_closed_accounts_cannot_be_invited(
    sqlite_url: str, tmp_path: Path, user: str
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(UP_TO_SCOPE, stage=Stage.PROPOSAL)
        await here.says(ANNA, "bjud in")
        await here.presses(ANNA, "Bjud in en kollega")

        errors = await here.fills(ANNA, {"people": [user]})  # type: ignore[dict-item]

        assert "kan inte bjudas in" in errors["people"]


@pytest.mark.requirement("R000-27")
async def test_a_finance_officer_must_be_named(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(BEFORE_FINANCE)
        assert "Vem i er ekonomifunktion" in await here.last(ANNA)

        await here.says(ANNA, "123")

        assert "Skriv ett namn, eller välj personen i listan." in await here.last(ANNA)
        assert "finance_officer" not in await here.stored(draft)


async def test_the_finance_officer_fills_in_point_3_and_the_officer_goes_on(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in BEFORE_FINANCE.items() if not k.startswith(("included", "costs"))}
    given |= {"others_concerned": False}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given)
        await here.chooses(ANNA, "U0EVA")
        await here.presses(ANNA, "Bjud in ekonomen")
        assert "väntar på att Eva Lund fyller i kalkylen" in await here.last(ANNA)
        assert "ber dig om kalkylen till *Trygghetsvärdar i centrum*" in await here.last(EVA)
        await here.presses(EVA, "Börja")
        await here.says(EVA, "2027-03-01")
        await here.says(EVA, "31 december 2028")
        assert await here.row(EVA, **HOSTS) == {}
        await here.presses(EVA, "Klar")
        await here.presses(EVA, "Det finns inga")
        await here.presses(EVA, "Ja, det stämmer")
        await here.presses(EVA, "Det finns inga")
        assert "Be ekonomen bekräfta" not in await here.last(EVA)
        await here.presses(EVA, "Ja, kalkylen stämmer")

        assert "Tack! Kalkylen för *Trygghetsvärdar i centrum* är klar." in await here.last(EVA)
        said = await here.last(ANNA)
        assert "<@U0EVA> har fyllt i och bekräftat kalkylen" in said
        assert "Har dialogen med ordföranden omfattat" in said
        assert (await here.stored(draft))["finance_confirmed"]["by"] == EVA


async def test_the_finance_officer_changes_point_3_only(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values())
        await here.town.act(
            lambda tx: drafts.join(tx.db, draft, person=EVA, role=drafts.FINANCE, at=tx.now)
        )

        refused = await changes(here, draft, "goal", person=EVA)
        assert refused is not None
        assert "Du är inbjuden till punkt 3." in refused
        assert await changes(here, draft, "operating", person=EVA) is None


async def test_the_officer_can_have_the_calculation_confirmed_by_finance(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in values().items() if k not in {"finance_confirmed", "attested"}}
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(given | {"calculation_by": "officer"})
        assert "Är kalkylen gjord tillsammans med ekonomifunktionen" in await here.last(ANNA)
        await here.presses(ANNA, "Be ekonomen bekräfta")
        assert "Jag har bett Eva Lund att bekräfta kalkylen." in await here.last(ANNA)

        await here.presses(EVA, "Börja")
        assert "Är kalkylen gjord tillsammans med ekonomifunktionen" in await here.last(EVA)
        await here.presses(EVA, "Ja, kalkylen stämmer")

        assert (await here.stored(draft))["finance_confirmed"]["by"] == EVA
        assert "Har dialogen med ordföranden omfattat" in await here.last(ANNA)


async def test_an_officer_confirms_when_finance_is_not_in_slack(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(BEFORE_FINANCE)
        await here.says(ANNA, "Ek Onom")
        assert "När börjar arbetet med åtgärden?" in await here.last(ANNA)
        await here.says(ANNA, "2027-03-01")
        await here.says(ANNA, "2028-12-31")
        await here.row(ANNA, **HOSTS)
        await here.presses(ANNA, "Klar")
        await here.presses(ANNA, "Det finns inga")
        await here.presses(ANNA, "Ja, det stämmer")
        await here.presses(ANNA, "Det finns inga")

        asked = await here.last(ANNA)
        assert "Ja, kalkylen stämmer" in asked
        assert "Be ekonomen bekräfta" not in asked


async def test_who_is_her_own_finance_officer_is_not_left_waiting_for_herself(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        await here.opens(BEFORE_FINANCE)
        await here.chooses(ANNA, "U0ANNA")
        await here.presses(ANNA, "Bjud in ekonomen")

        assert "När börjar arbetet med åtgärden?" in await here.last(ANNA)


async def test_another_finance_officer_is_asked_instead(sqlite_url: str, tmp_path: Path) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(BEFORE_FINANCE)
        await here.chooses(ANNA, "U0EVA")
        await here.presses(ANNA, "Bjud in ekonomen")
        await changes(here, draft, "finance_officer")
        await here.chooses(ANNA, "U0TOVE")
        assert "Vem fyller i kalkylen?" in await here.last(ANNA)
        await here.presses(ANNA, "Bjud in ekonomen")

        assert "ber dig om kalkylen" in await here.last(TOVE)
        refused = await changes(here, draft, "start", person=EVA)
        assert "Du är inte med och skriver det här." in str(refused)


async def test_a_change_to_what_finance_confirmed_is_asked_of_finance_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with desk(sqlite_url, tmp_path) as here:
        draft = await here.opens(values())
        await here.town.act(
            lambda tx: drafts.join(tx.db, draft, person=EVA, role=drafts.FINANCE, at=tx.now)
        )
        await here.says(EVA, "fortsätt")
        assert "väntar inte på något från dig just nu" in nbsp(await here.last(EVA))
        assert "har fyllt i" not in await here.last(ANNA)

        await changes(here, draft, "capital_bearer")
        await here.presses(ANNA, "Nämnden")

        assert "har ändrats sedan du bekräftade den" in "\n".join((await here.told(EVA))[-2:])
