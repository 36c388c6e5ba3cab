"""A decision as a line of a list, with who made it and what it gives to whom."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection

from bot.acts import who
from bot.acts.paper_facts.matter import Order
from bot.office import Office
from flows.answered import begin, committee_name
from flows.decided import Body, Decided, decision_in, recorded_as
from flows.money import ZERO
from flows.papers import DecisionLine
from flows.report_papers import Sender
from flows.rules import CostKind
from storage import cases
from storage.decisions import Listed


def sender(office: Office, order: Order) -> Sender:
    names = office.programme.names
    return Sender(
        municipality=office.programme.municipality,
        department=begin(names.safety_department),
        programme=names.programme,
        klg=begin(names.klg),
        drafting_committee=names.drafting_committee,
        day=order.day,
    )


def decision_lines(
    db: Connection, office: Office, listed: Iterable[Listed]
) -> tuple[DecisionLine, ...]:
    return tuple(_line(db, office, one) for one in listed)


def decision_line(db: Connection, office: Office, case_id: str, decided: Decided) -> DecisionLine:
    """What a list says of a decision: number, measure, and kronor of each kind over all its years."""
    row = cases.listed(db, case_id)
    assert row is not None
    given = [one for one in decided.allocations if one.amount]

    def amount(kind: CostKind) -> Decimal:
        return sum((one.amount for one in given if one.kind is kind), ZERO)

    delegated = decided.body is Body.CHIEF_EXECUTIVE
    names = (committee_name(office.programme, one.committee) for one in given)
    return DecisionLine(
        number=decided.number,
        case_number=case_id,
        registry_number=row.dnr,
        measure=row.title,
        body=decided.body,
        verdict=decided.verdict,
        day=decided.day,
        decided_by=who.name_of(db, office, decided.by) if delegated else "",
        committees=tuple(dict.fromkeys(names)),
        operating=amount(CostKind.OPERATING),
        investment=amount(CostKind.INVESTMENT),
        source=decided.rule,
    )


def _line(db: Connection, office: Office, listed: Listed) -> DecisionLine:
    history = cases.history(db, listed.case_id)
    # The record that holds: the last one of it.
    *_, decided = (
        one
        for event in history
        if (one := decision_in(event)) and recorded_as(one.number) == listed.number
    )
    return decision_line(db, office, listed.case_id, decided)
