"""Digests that come with a document: before a meeting, the årsrapport, the autumn's reconciliation."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.acts import letters
from bot.render import kr
from flows.case import Case
from flows.decided import MoneyReturned
from flows.follow_up import DueState
from flows.ledger import EntryKind
from flows.practice import DigestKind
from flows.rules import CostKind
from storage import cases
from storage.tables import ledger
from tests.bot import digests, reports
from tests.bot.decided import PETRA, gets, granted, waiting_for_board
from tests.bot.digests import files_of, newest, posts, reach, sections
from tests.bot.mailbox import deliver, mailbox
from tests.bot.town import SARA, Town, town

MEETING = "2026-11-23T08:00:00+01:00"  # five working days before 30 November
NEXT_MEETING = "2027-01-25T08:00:00+01:00"
GUN = "gun.ahl@exempelkommunen.se"  # in the programme's `to`, and not in Slack
USER = SARA.partition(":")[2]


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as found:
        found.now = found.now.fromisoformat("2026-11-13T06:00:00+00:00")
        await reach(found, "2026-11-13T08:00:00+01:00")
        yield found


@pytest.mark.requirement("R000-12")
async def test_after_three_delegated_decisions_exactly_three_are_listed_with_sums_and_headroom(
    here: Town,
):
    for kronor in (400_000, 500_000, 600_000):
        drift = gets("socialnamnden", "operating", 2026, kronor)
        await granted(here, drift, gets("socialnamnden", "investment", 2026, 100_000))
    await granted(here, by_board=True)  # is not delegated

    await reach(here, MEETING)

    post = await newest(here, USER)
    said = sections(post)
    listed = said["Beslut på delegation sedan förra rapporten: 3"].splitlines()
    assert [line.split(",")[0] for line in listed] == [f"• D 2026-000{n}" for n in (1, 2, 3)]
    assert f"{kr(Decimal(400_000))} i drift och {kr(Decimal(100_000))} i investering" in listed[0]
    assert f"{kr(Decimal(1_500_000))} i drift och {kr(Decimal(300_000))}" in post["text"]
    assert said["Kvar att besluta på delegation"].splitlines() == [
        headroom("Drift", left=500_000, cap=2_000_000, used=1_500_000),
        headroom("Investering", left=2_200_000, cap=2_500_000, used=300_000),
    ]
    assert "Beviljat, följs upp: 4" in post["text"]  # the status list
    assert {file["name"] for file in await files_of(here, post)} == {
        "Delrapport 2026-11-30.pdf",
        "Delrapport 2026-11-30.docx",
    }


@pytest.mark.requirement("R000-12")
async def test_a_decision_stands_in_one_delrapport_and_none_falls_between(here: Town):
    first = await granted(here)
    await reach(here, MEETING)
    second = await granted(here)

    await reach(here, NEXT_MEETING)

    texts = [sections(p) for p in await posts(here, USER) if "Inför sammanträdet" in str(p)]
    listed = [said["Beslut på delegation sedan förra rapporten: 1"] for said in texts]
    assert [first in text for text in listed] == [True, False]
    assert [second in text for text in listed] == [False, True]


async def test_two_bodies_that_meet_on_one_day_get_one_delrapport(here: Town):
    programme = here.office.programme
    first = programme.meetings[0]
    both = (first, first.model_copy(update={"body": "drafting_committee"}))
    digest = next(one for one in programme.digests if one.kind is DigestKind.MEETING)
    wide = digest.model_copy(update={"bodies": tuple(one.body for one in both)})
    changed = programme.model_copy(update={"meetings": both, "digests": (wide,)})
    object.__setattr__(here.office, "programme", changed)
    await granted(here)

    await reach(here, MEETING)

    told = [post for post in await posts(here, USER) if "Inför sammanträdet" in post["text"]]
    assert len(told) == 1
    assert "Beslutat: 1, varav bifall 1" in told[0]["text"]


async def test_before_a_meeting_the_programmes_receivers_get_the_delrapport_by_e_mail(here: Town):
    await granted(here)

    await reach(here, MEETING)

    (letter,) = await digests.letters(here)
    assert letter["email"] == GUN
    assert letter["subject"] == "Delrapport inför sammanträdet 30 november 2026"
    assert "Beslutat: 1, varav bifall 1" in letter["body"]
    assert "*" not in letter["body"]
    assert [file["name"] for file in letter["files"]] == [
        "Delrapport 2026-11-30.pdf",
        "Delrapport 2026-11-30.docx",
    ]


@pytest.mark.requirement("R000-61")
async def test_only_reports_that_klg_has_received_go_into_the_delrapport(here: Town):
    received = await reports.planned(here)
    handed_in = await reports.planned(here)
    await reports.day(here, "2027-05-03")
    for case_id in (received, handed_in):
        await reports.hand_in(here, case_id, "2027-april")
    await here.work()
    await reports.receive(here, received, "2027-april")
    programme = here.office.programme
    meeting = programme.meetings[0].model_copy(update={"day": date(2027, 6, 7)})
    object.__setattr__(
        here.office, "programme", programme.model_copy(update={"meetings": (meeting,)})
    )

    await reach(here, "2027-05-31T08:00:00+02:00")

    assert await reports.state_of(here, received, "2027-april") is DueState.HANDED_ON
    assert await reports.state_of(here, handed_in, "2027-april") is DueState.REPORTED
    case = await here.case(received)
    assert [(one.key, one.part_report) for one in case.handed_on] == [("2027-april", "2027-06-07")]
    assert (await here.case(handed_in)).handed_on == ()
    told = "Uppföljningar som KLG har tagit emot sedan förra rapporten: 1."
    [meets] = [post for post in await posts(here, USER) if "Inför sammanträdet" in post["text"]]
    assert told in meets["text"]


@pytest.mark.requirement("R000-13")
async def test_the_annual_reports_totals_are_the_ledgers(here: Town):
    case_id = await granted(here, gets("socialnamnden", "investment", 2026, "250000.50"))
    await granted(here, gets("socialnamnden", "operating", 2026, 300_000), by_board=True)
    await here.act(lambda tx: returned(tx, case_id))

    await reach(here, "2027-01-25T08:00:00+01:00")

    said = (await newest(here, USER))["text"]
    for kind, name in ((CostKind.OPERATING, "Drift"), (CostKind.INVESTMENT, "Investering")):
        decided = await total(here, kind, EntryKind.DECIDED)
        pot = await total(here, kind, EntryKind.POT)
        back = await total(here, kind, EntryKind.RETURNED)
        assert f"• {name} 2026: årets pengar {kr(pot)}, beslutat {kr(decided)}," in said
        assert f"återlämnat {kr(back)}, kvar {kr(pot - decided + back)}." in said
    assert "250\u00a0000,50\u00a0kr" in said


async def test_the_annual_report_goes_to_the_secretary_and_klgs_channel_once(here: Town):
    await granted(here)

    await reach(here, "2027-01-25T08:00:00+01:00")
    await reach(here, "2027-01-26T08:00:00+01:00")

    for lane in (USER, "C0KLG"):
        (post,) = [p for p in await posts(here, lane) if "Årsrapporten 2026 är klar" in p["text"]]
        assert [file["name"] for file in await files_of(here, post)] == [
            "Årsrapport 2026.pdf",
            "Årsrapport 2026.docx",
        ]


@pytest.mark.requirement("R000-55")
async def test_in_the_autumn_both_units_get_the_list_on_its_day(here: Town):
    await waiting_for_board(here)

    await reach(here, "2027-08-31T23:00:00+02:00")
    assert not [p for p in await here.owed("post") if "Höstens avstämning" in p["text"]]
    await reach(here, "2027-09-01T08:00:00+02:00")

    for person in (SARA, PETRA):
        post = await newest(here, person.partition(":")[2])
        assert "Höstens avstämning inför Mål och budget 2028" in post["text"]
        pdf, word = await files_of(here, post)
        assert pdf["name"].endswith(".pdf")
        assert word["name"].endswith(".docx")


@pytest.mark.requirement("R000-55")
async def test_a_unit_that_is_not_in_slack_gets_the_list_by_e_mail(sqlite_url: str, tmp_path: Path):
    async with town(sqlite_url, tmp_path) as here:
        everybody = tuple(
            one.model_copy(update={"email": "petra.lind@ekonomi.exempelkommunen.se"})
            if one.name == "Petra Lind"
            else one
            for one in here.office.programme.people
        )
        elsewhere = here.office.programme.model_copy(update={"people": everybody})
        object.__setattr__(here.office, "programme", elsewhere)
        await reach(here, "2026-11-22T12:00:00+01:00")

        await reach(here, "2027-09-01T08:00:00+02:00")

        sent = [one for one in await digests.letters(here) if "Avstämning" in one["subject"]]
        assert [one["email"] for one in sent] == ["petra.lind@ekonomi.exempelkommunen.se"]
        assert len(sent[0]["files"]) == 2


async def test_the_delrapport_arrives_with_its_documents_when_the_server_takes_it(here: Town):
    await granted(here)
    async with mailbox() as box:
        box.once = ["452 Full"]
        await reach(here, MEETING)
        await deliver(here, box)
        assert box.to == []
        await deliver(here, box)

        assert box.to == [GUN]
        (message,) = box.letters(GUN)
    assert message["Subject"] == "Delrapport inför sammanträdet 30 november 2026"
    assert message["Message-ID"].startswith("<letter.")
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["Delrapport 2026-11-30.pdf", "Delrapport 2026-11-30.docx"]
    assert "Beslutat: 1, varav bifall 1" in message.get_body().get_content()


async def test_a_letter_that_is_tried_again_is_the_same_letter(here: Town):
    await granted(here)
    async with mailbox() as box:
        box.hangs_up = 1  # it has taken the letter, and we do not know
        await reach(here, MEETING)
        await deliver(here, box)
        await deliver(here, box)
        await deliver(here, box)

        first, again = box.letters(GUN)
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Date"] == again["Date"]


async def test_an_address_that_is_refused_comes_back_to_the_secretary_by_name(here: Town):
    await granted(here)
    async with mailbox() as box:
        box.refuses[GUN] = "550 5.1.1 No such user"
        await reach(here, MEETING)
        await deliver(here, box)
        await deliver(here, box)

    (told,) = [text for text in await here.said(SARA) if "gick inte att skicka" in text]
    assert GUN in told
    assert "550 5.1.1 No such user" in told


async def test_without_a_server_the_secretary_learns_who_did_not_get_it(here: Town):
    await granted(here)
    await reach(here, MEETING)

    await deliver(here, None)

    (told,) = [text for text in await here.said(SARA) if "gick inte att skicka" in text]
    assert GUN in told
    assert "SMTP_URL" in told


def test_an_e_mail_has_the_message_without_slacks_marks():
    text = (
        "*Läget*\n• <https://a.se/p1|2026-0001> · Värdar &lt;b&gt; &amp; `/trygghet digest` 3*4*5"
    )

    assert letters.plain(text) == (
        "Läget\n• 2026-0001 (https://a.se/p1) · Värdar <b> & /trygghet digest 3*4*5"
    )


def headroom(kind: str, *, left: int, cap: int, used: int) -> str:
    of, decided = kr(Decimal(cap)), kr(Decimal(used))
    return f"• {kind} 2026: {kr(Decimal(left))} kvar av {of}. Beslutat på delegation: {decided}."


def returned(tx, case_id: str) -> None:
    case: Case = cases.load(tx.db, case_id)
    back = case.granted[0].model_copy(update={"amount": Decimal(50_000)})
    cases.add(tx.db, case_id, [MoneyReturned(at=tx.now, by=SARA, returned=back)], after=case)


async def total(here: Town, kind: CostKind, entry: EntryKind) -> Decimal:
    """The sum of the year's rows, whatever the ledger's own sums say."""
    query = select(func.sum(ledger.c.amount)).where(
        ledger.c.year == 2026, ledger.c.kind == kind, ledger.c.entry == entry
    )
    found = await here.perform.read(lambda db: db.scalar(query))
    return Decimal(found or 0)
