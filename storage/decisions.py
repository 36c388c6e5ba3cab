"""Decisions as lists show them, and the numbers of the delegated ones; the events say everything."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, insert, select, text, update

from flows.decided import Body, Decided, DecisionCorrected, Verdict, recorded_as
from flows.ledger import own_year
from storage.tables import decisions

_NEXT_NUMBER = text(
    "INSERT INTO decision_numbers (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = decision_numbers.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A decision as lists show it; `year` is its own budget year."""

    number: str
    case_id: str
    body: Body
    verdict: Verdict
    day: date
    year: int
    at: datetime
    announced_in: str | None
    part_report: str | None


def new_number(db: Connection, year: int) -> str:
    """The number of the next delegated decision made that year: "D 2026-0001"."""
    return f"D {year}-{db.execute(_NEXT_NUMBER, {'year': year}).scalar_one():04}"


def add(db: Connection, case_id: str, decided: Decided) -> None:
    row = {
        "number": recorded_as(decided.number),
        "case_id": case_id,
        "body": decided.body,
        "verdict": decided.verdict,
        "day": decided.day,
        "year": own_year(decided.allocations) or decided.day.year,
        "at": decided.at,
    }
    db.execute(insert(decisions), row)


def correct(db: Connection, event: DecisionCorrected) -> None:
    """Let the decision's row say what its record says now. It was made when it was made."""
    decided = event.decided
    values = {
        "number": recorded_as(decided.number),
        "day": decided.day,
        "year": own_year(decided.allocations) or decided.day.year,
    }
    its = decisions.c.number == recorded_as(event.corrects)
    db.execute(update(decisions).where(its).values(values))


def exists(db: Connection, number: str) -> bool:
    """Whether there is a decision with that number."""
    return db.scalar(select(decisions.c.number).where(decisions.c.number == number)) is not None


def of_year(db: Connection, year: int) -> list[Listed]:
    """The decisions of a budget year, in the order of their numbers."""
    query = select(decisions).where(decisions.c.year == year).order_by(decisions.c.number)
    return [_listed(row) for row in db.execute(query)]


def between(db: Connection, *, since: datetime, until: datetime) -> list[Listed]:
    """The decisions of those hours, `since` included and `until` not, the oldest first."""
    query = select(decisions).where(decisions.c.at >= since, decisions.c.at < until)
    return [_listed(row) for row in db.execute(query.order_by(decisions.c.at))]


def unlisted(db: Connection, *, column: str) -> list[Listed]:
    """Delegated decisions that no list has yet: column "announced_in" or "part_report"."""
    query = select(decisions).where(
        decisions.c.body == Body.CHIEF_EXECUTIVE, decisions.c[column].is_(None)
    )
    return [_listed(row) for row in db.execute(query.order_by(decisions.c.at))]


def listed_in(db: Connection, *, column: str, key: str) -> list[Listed]:
    """What stands in the list or delrapport `key`, in the order of their numbers."""
    query = select(decisions).where(
        decisions.c.body == Body.CHIEF_EXECUTIVE, decisions.c[column] == key
    )
    return [_listed(row) for row in db.execute(query.order_by(decisions.c.number))]


def list_in(db: Connection, numbers: list[str], *, column: str, key: str) -> None:
    """Remember that the decisions stand in the list or delrapport `key`."""
    db.execute(update(decisions).where(decisions.c.number.in_(numbers)).values({column: key}))


def _listed(row: Row[tuple[object, ...]]) -> Listed:
    return Listed(
        number=row.number,
        case_id=row.case_id,
        body=Body(row.body),
        verdict=Verdict(row.verdict),
        day=row.day,
        year=row.year,
        at=row.at,
        announced_in=row.announced_in,
        part_report=row.part_report,
    )
