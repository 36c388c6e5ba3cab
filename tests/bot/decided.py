"""Cases after KLG for tests: recommended, waiting for somebody's decision, granted.

Rows are written as the bot would have written them (draft, answers, submission, documents, events,
ledger), in one transaction each, and nobody is told anything. Amounts are whole kronor here; every
nämnd gets drift as a one-off cost and investment as a payment, so that nothing is permanent.

    case_id = await granted(here, gets("socialnamnden", "operating", 2026, 400_000))
    case_id = await granted(here, by_board=True, title="Belysning", amounts=[gets(...), gets(...)])

`here` is the town of tests/bot/town.py (`desk.town` of tests/bot/desk.py). A bot that runs behind its
front door (tests/people.py) is seeded through `beside(town.settings, …)`, before or while it runs.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.database import database
from bot.files import FileStore
from bot.office import Office
from bot.perform import Transaction
from bot.settings import Settings
from flows.case import Case, Event
from flows.dates import local_day
from flows.decided import (
    Allocation,
    BoardRecord,
    Body,
    Decided,
    Position,
    Proposed,
    Reason,
    Routed,
    RouteReason,
    Verdict,
)
from flows.events import Opinion, OutcomeReached, Stage
from flows.programme import Programme
from flows.rules import CostKind, in_force
from storage import cases, decisions, ledger, texts
from tests.bot.handed_in import PDF, WORD, costing, hand_in
from tests.bot.town import NOON, SARA, TEAM, Town, wording

KJELL = f"{TEAM}:U0DIR"  # the kommundirektör
IVAR, PETRA, JONAS, RUT = (f"{TEAM}:U0{name}" for name in ("INV", "PETRA", "JONAS", "REG"))
BOT = f"{TEAM}:U0BOT"


def gets(committee: str, kind: str, year: int, kronor: int | str) -> Allocation:
    """Kronor to a nämnd; the activity code is filled in from the programme when it is written."""
    return Allocation(
        committee=committee, kind=CostKind(kind), year=year, amount=Decimal(str(kronor))
    )


USUAL = (gets("socialnamnden", "operating", 2026, 400_000),)


async def pots(here: Town) -> None:
    """Enter the programme's money of every budget year, as the start does. Again changes nothing."""
    await here.act(lambda tx: _pots(tx, here.office.programme))


async def recommended(here: Town, *amounts: Allocation, **more: Any) -> str:
    """A case that KLG has just recommended and that nobody has routed yet; returns its id.

    `amounts` is what is applied for (default: 400 000 kr drift 2026 to socialnämnden); they may
    also be given as `amounts=[…]`. `title="…"`; any other name is an answer of the application, as
    in tests/flows/filled.values (`new_activity=True`, `direction_linked=False`,
    `own_financing=(…)`, `operating=(…)`). `outcome=Opinion.ADVISE_AGAINST`: KLG said no.
    The application's documents stand in the file store, its draft is handed in, Anna owns it.
    """
    return await _seed(here, amounts, more)


async def waiting_for_chief_executive(here: Town, *amounts: Allocation, **more: Any) -> str:
    """As `recommended`, and routed to the kommundirektör: the amounts are reserved. Nobody is told."""
    return await _seed(here, amounts, more, to=Body.CHIEF_EXECUTIVE)


async def waiting_for_drafting_committee(here: Town, *amounts: Allocation, **more: Any) -> str:
    """As `recommended`, and routed to Trygghetsberedningen (reason: over the cap)."""
    return await _seed(here, amounts, more, to=Body.DRAFTING_COMMITTEE)


async def waiting_for_council_review(here: Town, *amounts: Allocation, **more: Any) -> str:
    """As `recommended`, and routed to the review of whether kommunfullmäktige must decide first."""
    return await _seed(here, amounts, more, to=Body.COUNCIL)


async def waiting_for_board(here: Town, *amounts: Allocation, **more: Any) -> str:
    """As `waiting_for_drafting_committee`, and Trygghetsberedningen proposes it (2026-12-07)."""
    return await _seed(here, amounts, more, to=Body.EXECUTIVE_BOARD)


async def granted(
    here: Town,
    *amounts: Allocation,
    by_board: bool = False,
    decided: Sequence[Allocation] | None = None,
    verdict: Verdict = Verdict.GRANTED,
    day: date | None = None,
    **more: Any,
) -> str:
    """A decided case; returns its id. The kommundirektör decided, or `by_board` kommunstyrelsen.

    `decided` is what is granted, when it is less than (or other than) what was applied for.
    `verdict=Verdict.REJECTED` and `REMITTED` decide otherwise. `day`: of the decision (default: the
    town's day). The number is "D 2026-0001" or "KS 2026-12-15 § 22 (2026-0001)". Nothing has been
    ordered, dispatched, transferred or planned: only the events, the ledger's rows and the list of
    decisions are there.
    """
    case_id = await _seed(
        here, amounts, more, to=Body.EXECUTIVE_BOARD if by_board else Body.CHIEF_EXECUTIVE
    )

    def decide(tx: Transaction) -> None:
        case = cases.load(tx.db, case_id)
        assert case.route is not None
        gives = case.route.reserved
        if decided is not None:
            gives = _coded(here.office.programme, decided)
        make = _by_board if by_board else _by_chief_executive
        event = make(tx, case_id, case, gives, verdict, day or local_day(tx.now))
        cases.add(tx.db, case_id, [event], after=case)

    await here.act(decide)
    return case_id


@asynccontextmanager
async def beside(
    settings: Settings, programme: Programme, *, now: datetime = NOON
) -> AsyncIterator[Town]:
    """A town on the database of a bot that runs on these settings, to seed cases for it."""
    clock: list[Town] = []

    def tick() -> datetime:
        clock[0].now += timedelta(minutes=1)
        return clock[0].now

    office = Office(programme, wording(), TEAM, "U0BOT", "C0KLG")
    async with database(settings.database_url, now=tick) as perform:
        clock.append(Town(office, perform, FileStore(settings.files_url), now=now))
        yield clock[0]


async def _seed(
    here: Town, amounts: Sequence[Allocation], more: dict[str, Any], *, to: Body | None = None
) -> str:
    given = _coded(here.office.programme, amounts or more.pop("amounts", None) or USUAL)
    outcome = more.pop("outcome", Opinion.RECOMMEND)
    pdf, word = await here.files.put(PDF), await here.files.put(WORD)

    def write(tx: Transaction) -> str:
        _pots(tx, here.office.programme)
        answers = costing(here.office.programme, given) | more
        case_id, case = hand_in(tx, here.office, answers, (pdf, word))
        events: list[Event] = [_outcome(tx.now, outcome)]
        if to is not None:
            events += _routed(here.office.programme, tx.now, given, to)
        cases.add(tx.db, case_id, events, after=case)
        return case_id

    return await here.act(write)


def _pots(tx: Transaction, programme: Programme) -> None:
    for money in programme.money:
        for kind in CostKind:
            ledger.set_pot(
                tx.db,
                year=money.year,
                kind=kind,
                pot=money.of(kind),
                source=money.source,
                by=BOT,
                at=tx.now,
            )


def _coded(programme: Programme, amounts: Sequence[Allocation]) -> tuple[Allocation, ...]:
    def code(committee: str) -> str:
        found = programme.committee(committee)
        assert found is not None, committee
        return found.activity_code

    return tuple(a.model_copy(update={"activity_code": code(a.committee)}) for a in amounts)


def _outcome(at: datetime, outcome: Opinion) -> OutcomeReached:
    return OutcomeReached(
        at=at,
        by=BOT,
        stage=Stage.APPLICATION,
        version=1,
        outcome=outcome,
        rule="majority",
        votes=3,
        eligible=4,
    )


def _routed(
    programme: Programme, at: datetime, amounts: tuple[Allocation, ...], to: Body
) -> list[Event]:
    rule = in_force(programme.delegation, on=local_day(at))
    source = rule.source if rule else ""
    reasons = {
        Body.CHIEF_EXECUTIVE: RouteReason(code=Reason.WITHIN_DELEGATION),
        Body.COUNCIL: RouteReason(code=Reason.NEW_ACTIVITY),
    }
    over = RouteReason(
        code=Reason.CAP,
        kind=amounts[0].kind,
        year=amounts[0].year,
        amount=amounts[0].amount,
        limit=rule.cap(amounts[0].kind) if rule else Decimal(0),
        used=Decimal(0),
    )
    board = to is Body.EXECUTIVE_BOARD
    route = Routed(
        at=at,
        by=BOT,
        to=Body.DRAFTING_COMMITTEE if board else to,
        reasons=(reasons.get(to, over),),
        reserved=amounts,
        rule=source,
    )
    if not board:
        return [route]
    return [route, Proposed(at=at, by=SARA, position=Position.PROPOSES, day=date(2026, 12, 7))]


def _by_chief_executive(
    tx: Transaction,
    case_id: str,
    case: Case,
    gives: tuple[Allocation, ...],
    verdict: Verdict,
    day: date,
) -> Decided:
    assert case.route is not None
    return Decided(
        at=tx.now,
        by=KJELL,
        body=Body.CHIEF_EXECUTIVE,
        verdict=verdict,
        number=decisions.new_number(tx.db, day.year),
        day=day,
        version=case.version,
        pdf_sha256=case.pdf_sha256,
        rule=case.route.rule,
        allocations=gives if verdict is Verdict.GRANTED else (),
        reason=texts.add(tx.db, case_id, "Insatsen stärker tryggheten i hela kommunen."),
    )


def _by_board(
    tx: Transaction,
    case_id: str,
    case: Case,
    gives: tuple[Allocation, ...],
    verdict: Verdict,
    day: date,
) -> Decided:
    """A point, and for an investment its estimate and payments; all of it taken from the pot."""
    payments: dict[int, Decimal] = {}
    for one in gives:
        if one.kind is CostKind.INVESTMENT:
            payments[one.year] = payments.get(one.year, Decimal(0)) + one.amount
    granted_ = verdict is Verdict.GRANTED
    record = BoardRecord(
        paragraph="§ 22",
        dnr="KS 2026/66",
        points=texts.add(tx.db, case_id, "Kommunstyrelsen beviljar medel enligt förslaget."),
        total_estimate=sum(payments.values(), Decimal(0)) if granted_ and payments else None,
        payments=payments if granted_ else {},
    )
    return Decided(
        at=tx.now,
        by=SARA,
        body=Body.EXECUTIVE_BOARD,
        verdict=verdict,
        number=f"KS {day} § 22 ({case_id})",
        day=day,
        version=case.version,
        pdf_sha256=case.pdf_sha256,
        rule="",
        allocations=gives if granted_ else (),
        board=record,
    )
