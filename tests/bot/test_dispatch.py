"""A decision reaches everybody it concerns, once each; who does not get it comes back by name."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.acts import decision, dispatch, dispatch_letters
from bot.acts.dispatch_letters import TOLD_AFTER, TRIES, retry_after
from bot.blocks.chief_executive import SHORT_HASH
from bot.ids import Value
from bot.jobs import when_failed
from bot.mail import Accepted
from bot.perform import Transaction
from flows.decided import Dispatched, Verdict
from flows.errors import NotAllowed, Stale
from flows.practice import ExtraRecipient, RecipientKind
from flows.programme import Committee, Programme, Recipients
from storage import cases, dispatches, papers
from storage.dispatches import Dispatch, State
from storage.tables import outbox
from tests.bot.decided import KJELL, gets, granted, waiting_for_chief_executive
from tests.bot.mailbox import Mailbox, attached, deliver, mailbox, text_of
from tests.bot.town import KARIN, LARS, SARA, Town, texts_of, town
from tests.flows.filled import example

DRIFT = (
    gets("socialnamnden", "operating", 2026, 400_000),
    gets("kultur-och-fritidsnamnden", "operating", 2026, 100_000),
)
INVESTS = (*DRIFT, gets("socialnamnden", "investment", 2026, 250_000))
REGISTRAR = "registrator.sf@exempelkommunen.se"
DIRECTOR = "mira.sandell@exempelkommunen.se"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


async def begun(here: Town, *amounts: Any, **more: Any) -> str:
    """A decided case whose expedition has begun."""
    case_id = await granted(here, *(amounts or DRIFT), **more)
    await begin(here, case_id)
    return case_id


async def begin(here: Town, case_id: str) -> None:
    case = await here.case(case_id)
    await here.act(partial(dispatch.begin, office=here.office, case_id=case_id, case=case))


async def rows(here: Town, case_id: str) -> dict[str, Dispatch]:
    decision = (await here.case(case_id)).decision
    assert decision is not None
    found = await here.perform.read(lambda db: dispatches.of(db, case_id, decision.number))
    return {row.recipient: row for row in found}


async def tries_again(here: Town, case_id: str, *, by: str = SARA) -> None:
    case = await here.case(case_id)
    assert case.decision is not None
    value = Value(case_id, case.stage, case.version, case.decision.number)
    await here.act(partial(dispatch.again, office=here.office, value=value, by=by))


def without(duty: str, programme: Programme | None = None) -> Programme:
    """Socialförvaltningen has nobody in that duty."""
    return at_social(programme or example(), **{duty: None})


def at_social(programme: Programme, **changed: str | None) -> Programme:
    def bare(committee: Committee) -> Committee:
        if committee.id != "socialnamnden":
            return committee
        (one,) = committee.administrations
        recipients = Recipients(**one.recipients.model_dump() | changed)
        return committee.model_copy(
            update={"administrations": (one.model_copy(update={"recipients": recipients}),)}
        )

    committees = tuple(map(bare, programme.committees))
    return programme.model_copy(update={"committees": committees})


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


@pytest.mark.requirement("R000-48")
async def test_a_missing_duty_is_a_task_and_holds_nobody_up(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    async with town(sqlite_url, tmp_path, programme=without("registrar")) as here:
        case_id = await begun(here)
        asked = (await here.said(SARA))[-1]
        assert "Ingen mottagare finns" in asked
        assert "registrator för socialförvaltningen" in asked

        await deliver(here, box)

        assert len(box.taken) == 7
        missing = (await rows(here, case_id))["registrar:socialforvaltningen"]
        assert missing.state is State.MISSING
        said = (await here.said(SARA))[-1]
        assert "7 av 8" in said
        assert "registrator för socialförvaltningen: saknas i programmet" in said
        waiting = texts_of(await here.home(SARA))
        assert "har inte nått: registrator för socialförvaltningen." in waiting


async def test_one_who_is_missing_gets_it_when_the_programme_names_her(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    async with town(sqlite_url, tmp_path, programme=without("registrar")) as here:
        case_id = await begun(here)
        await deliver(here, box)
    async with town(sqlite_url, tmp_path) as here:
        here.done = {row["id"] for kind in ("mail", "job") for row in await all_of(here, kind)}

        await tries_again(here, case_id)
        await deliver(here, box)

        assert len(box.taken) == 8
        assert len(box.letters(REGISTRAR)) == 1
        assert "8 av 8" in (await here.said(SARA))[-1]


async def all_of(here: Town, kind: str) -> list[dict[str, Any]]:
    query = select(outbox.c.id).where(outbox.c.kind == kind)
    found = await here.perform.read(lambda db: db.scalars(query).all())
    return [{"id": one} for one in found]


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


async def test_a_refused_address_comes_back_by_name_and_the_others_get_it(
    here: Town, box: Mailbox
) -> None:
    box.refuses[REGISTRAR] = "550 5.1.1 No such user"
    case_id = await begun(here)

    await deliver(here, box)

    assert len(box.taken) == 7
    refused = (await rows(here, case_id))["registrar:socialforvaltningen"]
    assert refused.state is State.REFUSED
    said = (await here.said(SARA))[-1]
    assert "7 av 8" in said
    assert REGISTRAR in said
    assert "No such user" in said
    assert await deliver(here, box) == 0


async def test_what_was_refused_is_sent_to_the_new_address(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    box.refuses[REGISTRAR] = "550 No such user"
    async with town(sqlite_url, tmp_path) as here:
        case_id = await begun(here)
        await deliver(here, box)
    moved = at_social(example(), registrar="ny@exempelkommunen.se")
    async with town(sqlite_url, tmp_path, programme=moved) as here:
        here.done = {row["id"] for kind in ("mail", "job") for row in await all_of(here, kind)}

        await tries_again(here, case_id)
        await tries_again(here, case_id)
        await deliver(here, box)

        assert len(box.letters("ny@exempelkommunen.se")) == 1
        assert len(box.taken) == 8


async def test_only_a_secretary_may_try_again_and_only_what_is_there(here: Town) -> None:
    case_id = await begun(here)

    for person in (KARIN, LARS):
        with pytest.raises(NotAllowed):
            await tries_again(here, case_id, by=person)
    with pytest.raises(Stale):
        await here.act(
            partial(
                dispatch.again,
                office=here.office,
                value=Value(case_id, "application", 1, "D 2026-9999"),
                by=SARA,
            )
        )


async def test_a_temporary_no_is_tried_again_later_and_then_sent_once(
    here: Town, box: Mailbox
) -> None:
    box.once = ["451 4.7.1 Greylisted"]
    case_id = await begun(here)

    await deliver(here, box)

    assert len(box.taken) == 7
    (waits,) = [row for row in (await rows(here, case_id)).values() if row.state is State.WAITING]
    assert "Greylisted" in (waits.error or "")
    await deliver(here, box)

    assert len(box.taken) == 8
    assert sum(row.doubtful for row in (await rows(here, case_id)).values()) == 0


def test_the_pauses_grow_to_an_hour_and_end_after_three_days() -> None:
    pauses = [retry_after(attempt) / 60 for attempt in range(1, TRIES + 1)]

    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert sum(pauses[:TOLD_AFTER]) == 63
    assert 70 < sum(pauses) / 60 < 74


async def test_a_server_that_is_away_is_told_of_after_an_hour_and_given_up_after_three_days(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here, mailbox() as closed:
        pass
    async with town(sqlite_url, tmp_path) as here:
        case_id = await begun(here, gets("socialnamnden", "operating", 2026, 400_000))
        before = len(await here.said(SARA))
        for _ in range(6):
            await deliver(here, closed)
        assert "försöker igen i upp till tre dygn" in (await here.said(SARA))[-1]
        told = len(await here.said(SARA))
        assert told > before
        for _ in range(80):
            await deliver(here, closed)

        assert {row.state for row in (await rows(here, case_id)).values()} == {State.REFUSED}
        assert "inte tagit emot det på tre dygn" in (await here.said(SARA))[-1]
        assert all(row.doubtful == 0 for row in (await rows(here, case_id)).values())


async def test_a_connection_lost_after_the_letter_is_doubtful_and_sent_with_the_same_id(
    here: Town, box: Mailbox
) -> None:
    box.hangs_up = 1
    case_id = await begun(here)

    await deliver(here, box)
    await deliver(here, box)

    twice = [address for address in box.to if box.to.count(address) == 2]
    assert len(box.taken) == 9
    first, second = box.letters(twice[0])
    assert first["Message-ID"] == second["Message-ID"]
    assert len({str(message["Message-ID"]) for _, message in box.taken}) == 8
    found = await rows(here, case_id)
    assert sum(row.doubtful for row in found.values()) == 1
    assert {row.state for row in found.values()} == {State.SENT}
    assert "1 försök slutade utan besked" in (await here.said(SARA))[-1]


async def test_without_a_server_everything_waits_and_is_sent_once_there_is_one(
    here: Town, box: Mailbox
) -> None:
    case_id = await begun(here)

    await deliver(here, None)

    said = (await here.said(SARA))[-1]
    assert "0 av 8" in said
    assert "Ingen e-postserver är angiven (SMTP_URL)" in said
    assert {row.error for row in (await rows(here, case_id)).values()} == {"not_configured"}

    await here.act(dispatch.resume)
    await here.act(dispatch.resume)
    await deliver(here, box)

    assert len(box.taken) == 8
    assert len(set(box.to)) == 8


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


async def test_a_letter_that_cannot_be_written_is_said(here: Town) -> None:
    case_id = await begun(here)
    await here.work()
    first = next(iter((await rows(here, case_id)).values()))

    await here.act(when_failed(here.office)["mail"]({"dispatch": first.id}))

    row = (await rows(here, case_id))[first.recipient]
    assert (row.state, row.error) == (State.REFUSED, "failed")


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
