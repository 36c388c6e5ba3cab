"""Reads what the autumn's reconciliation says: what the decided measures mean for the budgets to come (R000-55)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from bot.acts import documents
from bot.acts.paper_facts.lines import sender
from bot.acts.paper_facts.matter import Order
from bot.office import Office
from flows.answered import committee_name
from flows.case import Case, State
from flows.document_figures import AmountRow, AmountTable, CapitalCosts
from flows.documents import Application
from flows.ledger import own_year
from flows.money import ZERO
from flows.report_papers import Permanent, Reconciliation, Returned
from storage import cases, paper_lists
from storage.cases import Listed

PLAN_YEARS = 4  # the budget year, and the years of the plan after it that fit the page
Found = Sequence[tuple[Listed, Case, Application]]


def reconciliation(db: Connection, office: Office, order: Order) -> Reconciliation:
    """For the budget year that the key begins with, and the years of the plan after it."""
    year = int(order.key.partition("/")[0])
    years = tuple(range(year, year + PLAN_YEARS))
    found = [
        (row, case, documents.facts(db, office, row.id, version=case.decision.version))
        for row in paper_lists.granted(db)
        if (case := cases.load(db, row.id)).state in {State.FOLLOW_UP, State.CLOSED}
        and case.decision is not None
    ]
    capital = [(row, costs) for row, _, applied in found if (costs := _capital(applied))]
    return Reconciliation(
        about=sender(office, order),
        year=year,
        capital_costs=_capital_table(capital, years),
        compensated=tuple(_label(row) for row, costs in capital if costs.compensated),
        capital_costs_until=max((c.years[-1].year for _, c in capital), default=None),
        commitments=_commitments(found, years),
        returned=tuple(_returned(office, found)),
        permanent=tuple(_permanent(found)),
    )


def _label(row: Listed) -> str:
    return f"{row.title} ({row.id})"


def _capital(applied: Application) -> CapitalCosts | None:
    costs = applied.calculations.capital_costs if applied.calculations else None
    return costs if costs and costs.years else None


def _capital_table(
    found: Iterable[tuple[Listed, CapitalCosts]], years: tuple[int, ...]
) -> AmountTable | None:
    rows = []
    for row, costs in found:
        by_year = {one.year: one.total for one in costs.years}
        rows.append((row, tuple(by_year.get(year, ZERO) for year in years)))
    return _table(rows, years)


def _commitments(found: Found, years: tuple[int, ...]) -> AmountTable | None:
    """What decisions of earlier years have bound of these (R000-47)."""
    rows = []
    for row, case, _ in found:
        own = own_year(case.granted)
        later = [one for one in case.granted if one.year != own]
        amounts = (sum((one.amount for one in later if one.year == y), ZERO) for y in years)
        rows.append((row, tuple(amounts)))
    return _table(rows, years)


def _table(
    rows: Iterable[tuple[Listed, tuple[Decimal, ...]]], years: tuple[int, ...]
) -> AmountTable | None:
    """A row per case with something in any of the years; None when there is none."""
    some = tuple(
        AmountRow(label=_label(row), amounts=amounts) for row, amounts in rows if any(amounts)
    )
    return AmountTable(years=years, rows=some) if some else None


def _returned(office: Office, found: Found) -> Iterable[Returned]:
    for row, case, _ in found:
        for event in case.returned:
            one = event.returned
            yield Returned(
                measure=row.title,
                case_number=row.id,
                committee=committee_name(office.programme, one.committee),
                kind=one.kind,
                year=one.year,
                amount=one.amount,
            )


def _permanent(found: Found) -> Iterable[Permanent]:
    for row, _, applied in found:
        asked = applied.calculations.applied if applied.calculations else None
        yearly = sum((one.thereafter or ZERO for one in asked.rows), ZERO) if asked else ZERO
        if yearly:
            budget = applied.own_budget
            financing = (budget.long_term_financing or "") if budget else ""
            yield Permanent(
                measure=row.title, case_number=row.id, amount=yearly, financing=financing
            )
