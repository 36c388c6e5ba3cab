"""What the answers of points 3 and 4 amount to: the calculation, what is applied for, the split.

One place where answers become figures, so that the card, the document, the summary and the
checks can never show different sums.
"""

from flows import calculation, capital
from flows.calculation import Calculation, CapitalCostBearer, Sums, TimeFrame
from flows.capital import CapitalYear
from flows.form import Known
from flows.intake import receivers
from flows.programme import Programme
from flows.split import SplitRow


def calculation_of(known: Known) -> Calculation | None:
    """The calculation as far as it is filled in; None before there is a time frame."""
    if "start" not in known or "end" not in known:
        return None
    return Calculation(
        time_frame=TimeFrame(start=known["start"], end=known["end"]),
        operating=known.get("operating", ()),
        investments=known.get("investments", ()),
        own_financing=known.get("own_financing", ()),
        capital_costs_borne_by=known.get("capital_bearer", CapitalCostBearer.COMMITTEE),
        capital_costs_reason=known.get("capital_reason", ""),
    )


def capital_costs(programme: Programme, of: Calculation) -> tuple[CapitalYear, ...]:
    """The capital cost of all investments together, year by year, by the programme's method."""
    rates = {rate.year: rate.percent for rate in programme.interest_rates}
    method = programme.capital_cost
    return capital.total_schedule(
        of.investments, rates, interest=method.interest_on, start=method.start
    )


def applied_for(programme: Programme, of: Calculation) -> Sums:
    """Kronor applied for by kind and budget year. Raises InvalidAnswer as calculation.applied_for."""
    yearly = capital.yearly_costs(capital_costs(programme, of))
    return calculation.applied_for(of, capital_costs=yearly)


def split_of(programme: Programme, known: Known) -> tuple[SplitRow, ...]:
    """The split per nämnd; when one nämnd alone is concerned, all of it is that one's."""
    if "split" in known:
        return tuple(known["split"])
    of = calculation_of(known)
    alone = receivers(programme, known)
    if of is None or len(alone) != 1:
        return ()
    return tuple(
        SplitRow(committee=alone[0], kind=kind, year=year, amount=amount)
        for kind, by_year in calculation.costs(of).items()
        for year, amount in by_year.items()
        if amount
    )
