"""A decision reaches everybody it concerns, once each, and says everything by itself."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.acts import decision, dispatch_letters
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import Value
from bot.mail import Accepted
from bot.perform import Transaction
from flows.decided import Dispatched, Verdict
from flows.errors import Stale
from flows.practice import ExtraRecipient, RecipientKind
from storage import cases, dispatches, papers
from storage.dispatches import State
from tests.bot.decided import KJELL, gets, waiting_for_chief_executive
from tests.bot.dispatched import (
    DIRECTOR,
    DRIFT,
    REGISTRAR,
    begin,
    begun,
    box,
    here,
    rows,
    tries_again,
)
from tests.bot.mailbox import Mailbox, attached, deliver, text_of
from tests.bot.town import SARA, Town, town
from tests.flows.filled import example

__all__ = ["box", "here"]  # fixtures

INVESTS = (*DRIFT, gets("socialnamnden", "investment", 2026, 250_000))


@pytest.mark.requirement("R000-48")
async def test_two_administrations_and_drift_are_eight_e_mails(here: Town, box: Mailbox) -> None:
    case_id = await begun(here)

    await deliver(here, box)

    assert len(box.taken) == 8
    assert {row.state for row in (await rows(here, case_id)).values()} == {State.SENT}
    logged = [e for e in await here.events(case_id) if isinstance(e, Dispatched)]
    assert sorted(e.recipient for e in logged) == sorted(await rows(here, case_id))
    assert "8 av 8 mottagare har fått det" in (await here.said(SARA))[-1]


@pytest.mark.requirement("R000-49")
async def test_with_investment_the_strategist_gets_the_ninth(here: Town, box: Mailbox) -> None:
    await begun(here, *INVESTS)

    await deliver(here, box)

    assert len(box.taken) == 9
    (letter,) = box.letters("ivar.strand@exempelkommunen.se")
    assert "kvittera i Slack" in text_of(letter)


@pytest.mark.requirement("R001-10")
async def test_the_e_mail_says_everything_by_itself(here: Town, box: Mailbox) -> None:
    case_id = await begun(here, title="Fältare i centrum")

    await deliver(here, box)

    (letter,) = box.letters(DIRECTOR)
    text = text_of(letter).replace("\xa0", " ")
    assert str(letter["Subject"]) == "Bifall D 2026-0001, Fältare i centrum"
    assert str(letter["To"]) == f"Mira Sandell <{DIRECTOR}>"
    assert str(letter["Reply-To"]) == "sara.wik@exempelkommunen.se"
    assert f"Ärende: {case_id} Fältare i centrum" in text
    assert "socialnämnden: drift 2026, 400 000 kr, aktivitetskod TR200" in text
    assert "Summa: 500 000 kr" in text
    assert "Du får beslutet som direktör för socialförvaltningen." in text
    assert "Insatsen stärker tryggheten i hela kommunen." in text
    files = attached(letter)
    assert sorted(name.rpartition(".")[2] for name in files) == ["docx", "docx", "pdf", "pdf"]
    for name, content in files.items():
        assert content.startswith(b"%PDF" if name.endswith(".pdf") else b"PK")
        assert name in text


async def test_the_registrator_gets_the_packages_too(here: Town, box: Mailbox) -> None:
    await begun(here)

    await deliver(here, box)

    (letter,) = box.letters(REGISTRAR)
    zips = [name for name in attached(letter) if name.endswith(".zip")]
    assert len(zips) == 2
    assert "Loggens sista kontrollsumma: " in text_of(letter)


async def test_a_board_decision_is_sent_without_a_delegated_one(here: Town, box: Mailbox) -> None:
    await begun(here, by_board=True)

    await deliver(here, box)

    assert len(box.taken) == 8
    (letter,) = box.letters(DIRECTOR)
    assert "Kommunstyrelsen beviljar medel enligt förslaget." in text_of(letter)
    assert len(attached(letter)) == 2


async def test_a_rejection_goes_to_those_that_submitted(here: Town, box: Mailbox) -> None:
    await begun(here, verdict=Verdict.REJECTED)

    await deliver(here, box)

    assert len(box.taken) == 4
    assert "Inga medel har beviljats." in text_of(box.letters(DIRECTOR)[0])


async def test_a_remitted_case_is_not_over_but_the_decision_is_written(
    here: Town, box: Mailbox
) -> None:
    await begun(here, verdict=Verdict.REMITTED)

    await deliver(here, box)

    assert not box.taken
    stored = await here.perform.read(lambda db: papers.of(db, "delegated_decision", "D 2026-0001"))
    assert len(stored) == 3


async def test_the_press_that_decides_is_what_sends_it(here: Town, box: Mailbox) -> None:
    case_id = await waiting_for_chief_executive(here, *DRIFT)
    case = await here.case(case_id)
    seen = f"granted:{case.pdf_sha256[:SHORT_HASH]}"
    value = Value(case_id, case.stage, case.version, seen)

    await here.act(
        partial(
            decision.decide, office=here.office, value=value, by=KJELL, reason="Bra.", amounts=()
        )
    )
    await deliver(here, box)

    assert len(box.taken) == 8
    assert len({str(message["Message-ID"]) for _, message in box.taken}) == 8


async def test_begun_twice_is_begun_once(here: Town, box: Mailbox) -> None:
    case_id = await begun(here)
    await begin(here, case_id)
    await deliver(here, box)
    await begin(here, case_id)
    await deliver(here, box)

    assert len(box.taken) == 8


async def test_those_in_slack_get_it_there_too_once_each(here: Town, box: Mailbox) -> None:
    await begun(here, decided=(gets("socialnamnden", "operating", 2026, 400_000),))

    await deliver(here, box)

    sent = [row for row in await here.owed("upload") if "Du får det som" in row["text"]]
    uploads = {row["lane"]: row for row in sent}
    assert len(uploads) == len(sent)
    assert "direktör för socialförvaltningen" in uploads["U0MIRA"]["text"]
    assert "handläggare vid socialförvaltningen" in uploads["U0ANNA"]["text"]
    assert {file["name"][-4:] for file in uploads["U0MIRA"]["files"]} == {".pdf", "docx"}


@pytest.mark.requirement("R001-10")
async def test_a_missing_activity_code_is_said_when_the_decision_is_sent(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    committees = tuple(
        c.model_copy(update={"activity_code": ""}) if c.id == "socialnamnden" else c
        for c in example().committees
    )
    programme = example().model_copy(update={"committees": committees})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        await begun(here)

        assert "Aktivitetskod saknas för socialnämnden" in (await here.said(SARA))[-1]
        await deliver(here, box)
        assert "drift 2026, 400" in text_of(box.letters(DIRECTOR)[0])
        assert "aktivitetskod saknas" in text_of(box.letters(DIRECTOR)[0])


@pytest.mark.requirement("R001-20", "R001-21")
async def test_the_programmes_own_recipients_are_told_which_they_are(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    extras = (
        ExtraRecipient(name="Akt", email="akt@x.se", kind=RecipientKind.DISPATCH),
        ExtraRecipient(name="social- och\näldreförvaltningen", email="soc@x.se"),
    )
    programme = example().model_copy(update={"dispatch": extras})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        await begun(here)
        await deliver(here, box)

    assert len(box.taken) == 10
    assert str(box.letters("akt@x.se")[0]["Subject"]).startswith("Bifall")
    (information,) = box.letters("soc@x.se")
    assert str(information["Subject"]).startswith("För kännedom: ")
    assert "social- och äldreförvaltningen, för kännedom" in text_of(information)


async def test_the_last_two_at_the_same_time_are_still_told_of_once(here: Town) -> None:
    case_id = await begun(here, gets("socialnamnden", "operating", 2026, 400_000))
    await here.work()
    ids = [row.id for row in (await rows(here, case_id)).values()]
    for one in ids:
        await here.act(partial(_attempt, dispatch_id=one))
    before = len(await here.said(SARA))

    await asyncio.gather(*(here.act(partial(_taken, here=here, dispatch_id=one)) for one in ids))

    (said,) = (await here.said(SARA))[before:]
    assert "4 av 4" in said


def _attempt(tx: Transaction, *, dispatch_id: int) -> None:
    dispatches.attempt(tx.db, dispatch_id)


def _taken(tx: Transaction, *, here: Town, dispatch_id: int) -> None:
    dispatch_letters.settle(tx, here.office, dispatch_id, Accepted())


async def test_what_was_sent_is_not_sent_again_whoever_asks(here: Town, box: Mailbox) -> None:
    case_id = await begun(here)
    await deliver(here, box)
    here.done -= {row["id"] for row in await here.owed("mail")}

    await deliver(here, box)
    await tries_again(here, case_id)
    await deliver(here, box)

    assert len(box.taken) == 8


async def test_a_case_that_changes_meanwhile_costs_no_second_e_mail(
    here: Town, box: Mailbox
) -> None:
    case_id = await begun(here)
    await deliver(here, box)
    case = await here.case(case_id)

    with pytest.raises(Stale):
        await here.act(
            lambda tx: cases.add(
                tx.db,
                case_id,
                [Dispatched(at=tx.now, by="x", decision="D", recipient="r")],
                after=case.model_copy(update={"length": case.length - 1}),
            )
        )

    assert len(box.taken) == 8


async def test_hostile_words_stay_out_of_the_headers(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    hostile = "Bot\r\nBcc: alla@exempelkommunen.se\r\n\r\n<script>\x00\x1b[31m"
    extras = (ExtraRecipient(name=hostile, email="akt@x.se"),)
    programme = example().model_copy(update={"dispatch": extras})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        await begun(here, title=f"Lampor{hostile}")
        await deliver(here, box)

    assert len(box.taken) == 9
    for _, message in box.taken:
        assert message["Bcc"] is None
        assert "\n" not in str(message["Subject"])
        assert "\x1b" not in str(message["Subject"])
    assert "alla@exempelkommunen.se" not in box.to


async def test_nothing_of_the_addresses_stands_in_the_cases_log(here: Town, box: Mailbox) -> None:
    case_id = await begun(here)
    await deliver(here, box)

    bodies = [body for body, _ in await here.perform.read(lambda db: cases.chain(db, case_id))]
    assert not any("@" in body for body in bodies)
