"""Reads what the tjänsteskrivelse, a delegationsbeslut and a beslutsexpediering say of a case."""

from sqlalchemy import Connection

from bot.acts import who
from bot.acts.dispatch_told import correction
from bot.acts.paper_facts.matter import (
    Matter,
    Order,
    about,
    asked,
    council,
    disqualified,
    klg,
    lines,
    matter,
    text,
)
from bot.acts.paper_facts.recipients import proposed_recipients, recipients
from bot.office import Office
from flows import papers
from flows.answered import committee_name
from flows.decided import BoardRecord, Body, Decided, Position
from flows.decision_papers import (
    DelegatedDecision,
    Dispatch,
    Investment,
    Later,
    Minutes,
    OfficerReport,
)
from flows.document_figures import AmountRow
from flows.ledger import own_year
from flows.rules import CostKind
from storage import ledger, ledger_reports, officer_reports


def officer_report(db: Connection, office: Office, order: Order) -> OfficerReport:
    """The tjänsteskrivelse as it is written now, with the amounts that the case waits for."""
    of = matter(db, office, order)
    saved = officer_reports.get(db, of.id)
    rules = office.programme.officer_report
    waits = of.case.route.reserved if of.case.route else ()
    sums = papers.sums(office.programme, waits)
    return OfficerReport(
        about=about(office, of, day=order.day),
        asked=asked(of),
        number=saved.number if saved else 1,
        written=saved.report if saved else None,
        sections=rules.sections,
        sums=sums,
        reasons=of.case.route.reasons if of.case.route else (),
        klg=klg(db, office, of),
        council=council(db, of),
        pots=tuple(
            papers.pot_left(account)
            for year in sums.years
            for account in ledger.accounts(db, year).values()
        ),
        recipients=proposed_recipients(db, office, of, waits),
        signatories=rules.signatories,
    )


def delegated_decision(db: Connection, office: Office, order: Order) -> DelegatedDecision:
    """The chief executive's decision, with the money as her decision left it."""
    of = matter(db, office, order, decision=order.key)
    decided = _decided(of)
    years = {one.year for one in decided.allocations} or {decided.day.year}
    left = ledger_reports.after(db, of.id, decided.at, years)
    first = own_year(decided.allocations) or decided.day.year
    rule = office.programme.delegation_rule(on=decided.day)
    return DelegatedDecision(
        about=about(office, of, day=decided.day),
        asked=asked(of),
        number=decided.number,
        verdict=decided.verdict,
        decided_at=decided.at,
        decided_by=who.name_of(db, office, decided.by),
        instead_of=decided.instead_of,
        deputy_source=_deputy_source(db, office, decided),
        source=decided.rule,
        sums=papers.sums(office.programme, decided.allocations),
        motivation=text(db, decided.reason),
        reasons=of.case.route.reasons if of.case.route else (),
        caps=papers.caps_left(rule, {one.kind: one for one in left if one.year == first}),
        pots=tuple(map(papers.pot_left, left)),
        disqualified=disqualified(db, office, of),
        klg=klg(db, office, of),
        recipients=recipients(db, office, of, decided),
    )


def dispatch(db: Connection, office: Office, order: Order) -> Dispatch:
    """What is sent of a decision, the board's or the chief executive's."""
    of = matter(db, office, order, decision=order.key)
    decided, proposed = _decided(of), of.case.proposed
    saved = officer_reports.get(db, of.id)
    sums = papers.sums(office.programme, decided.allocations)
    asked_for = papers.sums(office.programme, of.case.route.reserved if of.case.route else ())
    proposes = proposed is not None and proposed.position is Position.PROPOSES
    delegated = decided.body is Body.CHIEF_EXECUTIVE
    return Dispatch(
        about=about(office, of, day=order.day),
        asked=asked(of),
        number=decided.number,
        body=decided.body,
        verdict=decided.verdict,
        decided_on=decided.day,
        decided_by=who.name_of(db, office, decided.by) if delegated else "",
        instead_of=decided.instead_of,
        source=decided.rule,
        proposed_points=saved.report.points if saved else (),
        proposed_by="drafting_committee" if proposes else "",
        proposed_on=proposed.day if proposed and proposes else None,
        view=saved.report.background if saved else "",
        klg=klg(db, office, of),
        council=council(db, of),
        basis=saved.report.documents if saved else (),
        minutes=_minutes(db, of, decided.board) if decided.board else None,
        motivation=text(db, decided.reason),
        sums=sums,
        asked_sums=asked_for if asked_for != sums else papers.Sums(),
        investment=_investment(decided.board) if decided.board else None,
        later=_later(office, decided),
        financing=decided.board.financing if decided.board else (),
        disqualified=disqualified(db, office, of) if delegated else (),
        recipients=recipients(db, office, of, decided),
        correction=correction(db, of.id, decided.number),
    )


def _decided(of: Matter) -> Decided:
    assert of.case.decision is not None
    return of.case.decision


def _deputy_source(db: Connection, office: Office, decided: Decided) -> str:
    """Kommunstyrelsen's decision that names the deputy (KL 7 kap. 5 §)."""
    if not decided.instead_of:
        return ""
    for deputy in office.programme.chief_executive_deputies:
        known = decided.by in who.accounts(db, office, deputy.email)
        if known and deputy.holds(on=decided.day):
            return deputy.source
    return ""


def _minutes(db: Connection, of: Matter, board: BoardRecord) -> Minutes:
    announced = of.now.announced
    return Minutes(
        paragraph=board.paragraph,
        dnr=board.dnr,
        points=lines(db, board.points),
        proposals=text(db, board.proposals),
        reservations=lines(db, board.reservations),
        not_participating=lines(db, board.not_participating),
        disqualified=lines(db, board.disqualified),
        compensates_capital_costs=board.compensates_capital_costs,
        verified=announced.verified if announced else None,
        announced=announced.announced if announced else None,
    )


def _investment(board: BoardRecord) -> Investment | None:
    if board.total_estimate is None:
        return None
    years = tuple(sorted(board.payments))
    amounts = tuple(board.payments[year] for year in years)
    payments = AmountRow(label="", amounts=amounts) if years else None
    return Investment(total=board.total_estimate, years=years, payments=payments)


def _later(office: Office, decided: Decided) -> tuple[Later, ...]:
    """What is to be budgeted in the years after the decision's own (R000-47)."""
    first = own_year(decided.allocations)
    return tuple(
        Later(
            year=one.year,
            committee=committee_name(office.programme, one.committee),
            kind="operating" if one.kind is CostKind.OPERATING else "investment",
            amount=one.amount,
        )
        for one in sorted(decided.allocations, key=lambda one: (one.year, one.committee))
        if one.amount and one.year != first
    )
