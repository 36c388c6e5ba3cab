"""Reads what återrapport, delrapport, årsrapport and anmälningslista say."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from bot.acts import report_facts
from bot.acts.paper_facts.lines import decision_line, decision_lines, sender
from bot.acts.paper_facts.matter import Order, about, matter
from bot.office import Office
from flows import papers, report_papers
from flows.case import Case, State
from flows.dates import local_day
from flows.digest import OPEN, activity
from flows.papers import CapLeft, PotLeft
from flows.report_facts import ReportFacts
from flows.report_papers import (
    AnnualReport,
    CommitteeYear,
    Comparison,
    DelegationList,
    FollowUp,
    PartReport,
    StatusGroup,
    StatusLine,
)
from flows.rules import CostKind
from storage import cases, decisions, digests, ledger, paper_lists, proposals

MOST_OF_A_STATE = 50  # lines; the document says how many there are besides


def follow_up(db: Connection, office: Office, order: Order) -> FollowUp:
    """One version of a report; the key is flows.papers.report_key's."""
    assert order.case_id is not None
    key, _, version = order.key.removeprefix(f"{order.case_id}/").partition("/")
    of = matter(db, office, order)
    decided = of.now.decision
    return FollowUp(
        about=about(office, of, day=order.day),
        report=report_facts.facts(db, office, of.id, key, version=int(version or 1)),
        decision=decision_line(db, office, of.id, decided) if decided else None,
    )


def part_report(db: Connection, office: Office, order: Order) -> PartReport:
    """What has been marked with the delrapport's key, and where everything else stands (R000-12)."""
    found = decisions.listed_in(db, column="part_report", key=order.key)
    years = sorted({order.day.year, *(one.year for one in found)})
    return PartReport(
        about=sender(office, order),
        meeting=date.fromisoformat(order.key[:10]),
        decisions=decision_lines(db, office, found),
        caps=_caps(db, office, years, on=order.day),
        pots=_pots(db, years),
        groups=tuple(_group(db, waits) for waits in digests.waiting(db, OPEN)),
        reports=tuple(
            report_facts.facts(db, office, case_id, key, version=version)
            for case_id, key, version in _handed_on(db, order.key)
        ),
    )


def _group(db: Connection, waits: digests.Waits) -> StatusGroup:
    """The cases that have waited longest in a state, and how many there are."""
    return StatusGroup(
        state=waits.state,
        count=waits.count,
        lines=tuple(
            StatusLine(
                case_number=row.id,
                registry_number=row.dnr,
                measure=row.title,
                since=local_day(row.since),
            )
            for row in cases.waiting(db, waits.state, limit=MOST_OF_A_STATE)
        ),
    )


def annual_report(db: Connection, office: Office, order: Order) -> AnnualReport:
    """The budget year, with the ledger's own totals (R000-13)."""
    year = int(order.key.partition("/")[0])
    found = [(row, cases.load(db, row.id)) for row in paper_lists.with_money(db, year)]
    return AnnualReport(
        about=sender(office, order),
        year=year,
        accounts=tuple(ledger.accounts(db, year).values()),
        committees=_committees(db, office, year),
        comparisons=tuple(
            Comparison(kind=kind, rows=rows)
            for kind in CostKind
            if (
                rows := tuple(
                    line
                    for row, case in found
                    if (line := report_papers.compared(case, kind, year=year, label=row.title))
                )
            )
        ),
        decisions=decision_lines(db, office, decisions.of_year(db, year)),
        effects=tuple(
            facts for row, case in found for facts in _effects(db, office, row.id, case, year)
        ),
    )


def delegation_list(db: Connection, office: Office, order: Order) -> DelegationList:
    """The delegated decisions that have been marked with the list's key."""
    return DelegationList(
        about=sender(office, order),
        meeting=date.fromisoformat(order.key[:10]),
        decisions=decision_lines(
            db, office, decisions.listed_in(db, column="announced_in", key=order.key)
        ),
    )


def _caps(db: Connection, office: Office, years: Iterable[int], *, on: date) -> tuple[CapLeft, ...]:
    rule = office.programme.delegation_rule(on=on)
    return tuple(cap for year in years for cap in papers.caps_left(rule, ledger.accounts(db, year)))


def _pots(db: Connection, years: Iterable[int]) -> tuple[PotLeft, ...]:
    return tuple(papers.pot_left(one) for y in years for one in ledger.accounts(db, y).values())


def _handed_on(db: Connection, key: str) -> Iterable[tuple[str, str, int]]:
    """Case, report and the version that KLG has received, of everything in the delrapport."""
    for case_id in paper_lists.handed_on(db):
        case = cases.load(db, case_id)
        for one in case.handed_on:
            if one.part_report == key:
                received = [r.version for r in case.received if r.key == one.key]
                yield case_id, one.key, max(received)


def _committees(db: Connection, office: Office, year: int) -> tuple[CommitteeYear, ...]:
    """Every nämnd of the programme, those with nothing too (R000-1), then those it has no more."""
    money = ledger.by_committee(db, year)
    known = {one.id: one.administrations for one in office.programme.committees}
    rows = []
    for committee_id in dict.fromkeys([*known, *(one for one, _ in money)]):
        units = [unit.id for unit in known.get(committee_id, ())]
        counted = activity("", proposals.count(db, year=year, administrations=units))
        rows.append(
            report_papers.committee_year(
                office.programme,
                committee_id,
                [kinds for (one, _), kinds in money.items() if one == committee_id],
                proposals=counted.proposals,
                municipal=counted.municipal,
            )
        )
    return tuple(rows)


def _effects(
    db: Connection, office: Office, case_id: str, case: Case, year: int
) -> Iterable[ReportFacts]:
    """The year's last report of the case that KLG has received: it says the most."""
    if case.state not in {State.FOLLOW_UP, State.CLOSED}:
        return
    received = [
        report_facts.facts(db, office, case_id, one.key, version=one.version)
        for one in case.received
    ]
    of_year = [facts for facts in received if facts.day.year == year]
    if of_year:
        yield max(of_year, key=lambda facts: (facts.day, facts.version))
