"""What is asked for and what is left, for the tests of who decides: the example municipality's money."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from flows.calculation import CapitalCostBearer, Duration, OperatingLine, Recurrence
from flows.decided import Allocation, Reason
from flows.intake import Scope
from flows.ledger import Account
from flows.programme import Programme
from flows.route import Matter, Route, route
from flows.rules import CostKind
from tests.flows.filled import example, values

DAY = date(2026, 11, 23)
DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
EXAMPLE = example()
KRONOR = st.decimals(min_value=0, max_value=3_000_000, places=2)


def gets(
    amount: Decimal | int,
    kind: CostKind = DRIFT,
    year: int = 2026,
    committee: str = "socialnamnden",
) -> Allocation:
    return Allocation(committee=committee, kind=kind, year=year, amount=Decimal(amount))


def money(
    *,
    drift: Mapping[str, Any] | None = None,
    investment: Mapping[str, Any] | None = None,
    year: int = 2026,
) -> dict[int, dict[CostKind, Account]]:
    """The example municipality's pot of the year, with what has happened to it."""
    pots = {DRIFT: Decimal(10_000_000), INVESTMENT: Decimal(20_000_000)}
    changed = {DRIFT: drift or {}, INVESTMENT: investment or {}}
    return {
        year: {
            kind: Account(year=year, kind=kind, **({"pot": pots[kind]} | dict(changed[kind])))
            for kind in CostKind
        }
    }


def delegated(amount: Decimal | int) -> dict[str, Decimal]:
    return {"decided_by_chief_executive": Decimal(amount)}


def goes(
    *asked_for: Allocation,
    accounts: Mapping[int, Mapping[CostKind, Account]] | None = None,
    programme: Programme = EXAMPLE,
    on: date = DAY,
    disqualified: bool = False,
    advised_against: bool = False,
    **about: Any,
) -> Route:
    of = Matter(asked_for, **about)
    known = money() if accounts is None else accounts
    told = {"disqualified": disqualified, "advised_against": advised_against}
    return route(programme, of, known, on=on, **told)


def codes(found: Route) -> set[Reason]:
    return {reason.code for reason in found.reasons}


def one_line(
    amount: int,
    *,
    start: date = date(2026, 3, 1),
    end: date | None = None,
    duration: Duration = Duration.TEMPORARY,
) -> dict[str, Any]:
    """An application for one drift cost to socialnämnden, and nothing that speaks against it."""
    recurring = end is not None or duration is Duration.PERMANENT
    line = OperatingLine(
        what="Kostnad",
        amount=Decimal(amount),
        start=start,
        end=end,
        duration=duration,
        recurrence=Recurrence.RECURRING if recurring else Recurrence.ONE_OFF,
    )
    return {
        "administrations": ("socialforvaltningen",),
        "scope": Scope.CROSS_SECTOR,
        "direction_linked": True,
        "new_activity": False,
        "start": start,
        "end": end or start,
        "operating": (line,),
    }


def purchase(bearer: CapitalCostBearer, amount: Decimal = Decimal(500_000)) -> dict[str, Any]:
    """An investment of that sum in 2026, in use the same year for ten years."""
    line = values()["investments"][0].model_copy(
        update={
            "payments": {2026: amount},
            "in_use_from": date(2026, 10, 1),
            "components": (),
            "useful_life": 10,
        }
    )
    none = {"operating": (), "investments": (line,), "capital_bearer": bearer}
    return one_line(1, end=date(2027, 12, 31)) | none
