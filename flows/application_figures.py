"""Punkt 3 and the split of punkt 4 as the document's tables, computed where all other sums are.

Amounts are Decimal kronor with whole öre, one per year shown: the budget years of the time frame,
and three for each permanent cost, which then goes on *därefter per år*.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from flows import application, calculation, capital, documents
from flows import document_figures as figures
from flows.answered import Answered, administration_name, committee_name, extra
from flows.calculation import Calculation, CapitalCostBearer, Duration, Recurrence
from flows.document_figures import AmountRow, AmountsByKind, AmountTable, KindRow
from flows.errors import InvalidAnswer
from flows.money import ZERO
from flows.rules import CostKind

ByYear = Mapping[int, Decimal]


def calculations(answered: Answered) -> documents.Calculations:
    """Punkt 3 as far as it is answered."""
    values = answered.values
    of = application.calculation_of(values)
    return documents.Calculations(
        start=values.get("start"),
        end=values.get("end"),
        budget_years=of.time_frame.budget_years if of else (),
        finance_officer=_finance_officer(answered),
        operating=_operating(of) if of and of.operating else None,
        investment=_investment(answered, of) if of and of.investments else None,
        capital_costs=_capital_costs(answered, of) if of and of.investments else None,
        own_financing=_own_financing(of) if of and of.own_financing else None,
        applied=_applied(answered, of) if of else None,
        property_investment=_property(answered) if values.get("property") else None,
        extra=extra(answered, point=3),
    )


def split_table(answered: Answered, kind: CostKind) -> AmountTable | None:
    """What each nämnd gets of one kind; None when there is nothing to split (R000-38)."""
    of = application.calculation_of(answered.values)
    rows = [
        row
        for row in application.split_of(answered.programme, answered.values)
        if row.kind is kind and row.amount
    ]
    if of is None or not rows:
        return None
    shown = sorted({*calculation.years(of), *(row.year for row in rows)})
    amounts: dict[str, dict[int, Decimal]] = {}
    for row in rows:
        by_year = amounts.setdefault(row.committee, {})
        by_year[row.year] = by_year.get(row.year, ZERO) + row.amount
    return _table(
        shown,
        ((committee_name(answered.programme, one), of_one) for one, of_one in amounts.items()),
    )


def _finance_officer(answered: Answered) -> figures.FinanceOfficer | None:
    """Who confirmed: herself with her own button, or the officer who states that she has."""
    named = answered.values.get("finance_officer")
    if named is None:
        return None
    confirmed = answered.answers.get("finance_confirmed")
    if confirmed is None:
        return figures.FinanceOfficer(name=named.name)
    herself = confirmed.by == named.person
    return figures.FinanceOfficer(
        name=named.name,
        confirmed_at=confirmed.at,
        attested_by=None if herself else answered.name(confirmed.by),
    )


def _operating(of: Calculation) -> figures.Operating:
    shown = calculation.years(of)
    return figures.Operating(
        lines=tuple(
            figures.OperatingLine(
                what=line.what,
                start=line.start,
                end=line.end,
                permanent=line.duration is Duration.PERMANENT,
                one_off=line.recurrence is Recurrence.ONE_OFF,
                full_year=None if line.recurrence is Recurrence.ONE_OFF else line.full_year_effect,
            )
            for line in of.operating
        ),
        per_year=AmountTable(
            years=shown,
            rows=tuple(
                AmountRow(
                    label=line.what,
                    amounts=tuple(calculation.part_year_effect(line, year=year) for year in shown),
                    thereafter=line.full_year_effect
                    if line.duration is Duration.PERMANENT
                    else None,
                )
                for line in of.operating
            ),
        ),
    )


def _investment(answered: Answered, of: Calculation) -> figures.Investment:
    paid = {year for line in of.investments for year in line.payments}
    form = answered.values.get("investment_form")
    return figures.Investment(
        lines=tuple(_investment_line(line) for line in of.investments),
        payments=_table(
            sorted({*calculation.years(of), *paid}),
            ((line.what, line.payments) for line in of.investments),
        ),
        forms=(form,) if form else (),
        process_followed=answered.values.get("investment_process") is True,
    )


def _investment_line(line: calculation.InvestmentLine) -> figures.InvestmentLine:
    components = tuple(
        figures.Component(
            what=part.what,
            amount=part.amount,
            useful_life_years=part.useful_life,
            residual_value=part.residual_value,
        )
        for part in line.components
    )
    residuals = (part.residual_value for part in line.components)
    return figures.InvestmentLine(
        what=line.what,
        amount=line.acquisition_value,
        in_use_from=line.in_use_from,
        useful_life_years=line.useful_life,
        residual_value=sum(residuals, ZERO) if components else line.residual_value,
        components=components,
    )


def _capital_costs(answered: Answered, of: Calculation) -> figures.CapitalCosts | None:
    """Capital cost per year until the end of life (R000-29), and who bears it (R000-53, R000-54)."""
    programme, method = answered.programme, answered.programme.capital_cost
    rates = {rate.year: rate.percent for rate in programme.interest_rates}
    try:
        years = application.capital_costs(programme, of)
        full_year = sum(
            (
                capital.full_year_effect(
                    line, rates, interest=method.interest_on, start=method.start
                )
                for line in of.investments
            ),
            ZERO,
        )
    except InvalidAnswer:
        if answered.draft:
            return None
        raise
    used = (programme.interest_rate(year.year) for year in years)
    sources = dict.fromkeys(f"{rate.year}: {rate.source}" for rate in used if rate is not None)
    return figures.CapitalCosts(
        years=tuple(
            figures.CapitalCostYear(
                year=year.year,
                depreciation=year.depreciation,
                interest=year.interest,
                rate_percent=year.rate,
                preliminary=year.preliminary,
            )
            for year in years
        ),
        full_year=full_year,
        rate_source="; ".join(sources) or None,
        compensated=of.capital_costs_borne_by is CapitalCostBearer.PROGRAMME,
        exception_reason=of.capital_costs_reason or None,
    )


def _own_financing(of: Calculation) -> AmountsByKind:
    own = calculation.own_financing(of)
    shown = sorted({*calculation.years(of), *(year for _, year in own)})
    return AmountsByKind(
        years=tuple(shown),
        rows=tuple(
            KindRow(kind=kind.value, amounts=tuple(own.get((kind, year), ZERO) for year in shown))
            for kind in CostKind
            if any(of_kind is kind for of_kind, _ in own)
        ),
    )


def _applied(answered: Answered, of: Calculation) -> AmountsByKind | None:
    """What is applied for by kind; compensated capital costs are shown apart from drift."""
    try:
        sums = application.applied_for(answered.programme, of)
        yearly = capital.yearly_costs(application.capital_costs(answered.programme, of))
    except InvalidAnswer:
        if answered.draft:
            return None
        raise
    shown = calculation.years(of)
    compensated = of.capital_costs_borne_by is CapitalCostBearer.PROGRAMME
    # Own financing lowers drift first: what is left of both is at most the capital cost.
    of_capital = {
        year: min(yearly.get(year, ZERO), sums[CostKind.OPERATING][year]) if compensated else ZERO
        for year in shown
    }
    rows: list[KindRow] = []
    if of.operating:
        drift = tuple(sums[CostKind.OPERATING][year] - of_capital[year] for year in shown)
        later = calculation.thereafter(of) if of.is_permanent else None
        rows.append(KindRow(kind="operating", amounts=drift, thereafter=later))
    if of.investments:
        paid = tuple(sums[CostKind.INVESTMENT][year] for year in shown)
        rows.append(KindRow(kind="investment", amounts=paid))
    if compensated:
        rows.append(KindRow(kind="capital_cost", amounts=tuple(of_capital.values())))
    return AmountsByKind(years=shown, rows=tuple(rows)) if rows else None


def _property(answered: Answered) -> figures.PropertyInvestment | None:
    """TFF carries a property investment out, whoever proposes it (R000-57, R000-58, R000-59)."""
    programme, values = answered.programme, answered.values
    implementer = next((one for one in programme.administrations if one.property), None)
    if implementer is None:
        return None
    proposes = implementer.id in values.get("administrations", ())
    contacted = ", ".join(
        administration_name(programme, one) for one in values.get("tff_contacted", ())
    )
    return figures.PropertyInvestment(
        implementer=administration_name(programme, implementer.id),
        proposed_by_implementer=proposes,
        contacted=(contacted if proposes else values.get("tff_contact")) or None,
        day=values.get("tff_contact_on"),
        how=values.get("tff_contacted_how"),
        internal_rent=values.get("internal_rent"),
    )


def _table(years: Iterable[int], rows: Iterable[tuple[str, ByYear]]) -> AmountTable:
    shown = tuple(years)
    return AmountTable(
        years=shown,
        rows=tuple(
            AmountRow(label=label, amounts=tuple(by_year.get(year, ZERO) for year in shown))
            for label, by_year in rows
        ),
    )
