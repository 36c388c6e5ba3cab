"""What a person should read before answering some questions: suggestions, sums, what does not match."""

from collections.abc import Iterable
from decimal import Decimal

from bot import words
from bot.acts import report_details
from bot.acts.writing import Writing, known_before
from bot.office import Office
from flows import application, calculation, capital, classification
from flows.calculation import OperatingLine, Recurrence, Sums
from flows.errors import InvalidAnswer
from flows.form import Ask, Known
from flows.split import Difference, differences


def details(office: Office, writing: Writing, ask: Ask) -> tuple[str, ...]:
    """Texts for mrkdwn, already escaped; empty for most questions."""
    known = known_before(writing, ask.key)
    if writing.report is not None:
        return report_details.details(office, writing.report, ask, known)
    match ask.key:
        case "operating":
            return _part_years(office, writing.rows("operating"), known)
        case "classification":
            return _suggestions(office, known)
        case "finance_confirmed" | "own_financing":
            return sums(office, known)
        case "split":
            return _split(office, writing, known)
        case "capital_bearer":
            return _capital(office, known)
        case _:
            return ()


def _part_years(office: Office, rows: Iterable[OperatingLine], known: Known) -> tuple[str, ...]:
    """What each drift line costs in a full year and in each budget year (R000-32)."""
    of = application.calculation_of({**known, "operating": tuple(rows)})
    if of is None:
        return ()
    shown = calculation.years(of)
    return tuple(
        office.texts(
            "intake.details.part_years",
            line=line,
            one_off=line.recurrence is Recurrence.ONE_OFF,
            years={
                year: amount
                for year in shown
                if (amount := calculation.part_year_effect(line, year=year))
            },
        )
        for line in of.operating
    )


def _suggestions(office: Office, known: Known) -> tuple[str, ...]:
    """Each purchase against the municipality's threshold; recurring drift is never an investment."""
    start = known.get("start")
    threshold = office.programme.threshold(on=start) if start else None
    if start is None or threshold is None:
        return ()
    amounts = {one.year: one.amount for one in office.programme.price_base_amounts}
    lines = []
    for line in known.get("investments", ()):
        life = max((part.useful_life for part in line.parts), default=0)
        first = min(line.payments, default=start.year)
        found = classification.suggest(
            line.acquisition_value,
            useful_life=life,
            year=first,
            threshold=threshold,
            price_base_amounts=amounts,
        )
        lines.append(_suggested(office, line.what, line.acquisition_value, "investment", found))
    for cost in known.get("operating", ()):
        if cost.recurrence is Recurrence.ONE_OFF:
            found = classification.suggest(
                cost.amount,
                useful_life=threshold.minimum_life_years,
                year=cost.start.year,
                threshold=threshold,
                price_base_amounts=amounts,
            )
            lines.append(_suggested(office, cost.what, cost.amount, "operating", found))
    return tuple(lines) or (office.texts("intake.details.nothing_to_classify"),)


def _suggested(
    office: Office, what: str, amount: Decimal, entered: str, found: classification.Suggestion
) -> str:
    reason = office.texts(f"{found.key}", **found.facts)
    kind = found.kind.value if found.kind else ""
    return office.texts(
        "intake.details.suggestion",
        what=what,
        amount=amount,
        reason=reason,
        agrees=kind == entered,
        known=bool(kind),
        entered=office.texts.plain(f"questions.options.kind.{entered}"),
        suggested=office.texts.plain(f"questions.options.kind.{kind}") if kind else "",
    )


def sums(office: Office, known: Known) -> tuple[str, ...]:
    """What the measure costs and what is applied for, year by year; empty before there are figures."""
    of = application.calculation_of(known)
    if of is None:
        return ()
    try:
        asked = application.applied_for(office.programme, of)
    except InvalidAnswer:
        asked = None
    texts = [_by_year(office, "intake.details.costs", calculation.costs(of))]
    if of.is_permanent:
        after = calculation.thereafter(of)
        texts.append(office.texts("intake.details.thereafter", amount=after))
    texts += _capital(office, known)
    if asked is not None:
        texts.append(_by_year(office, "intake.details.applied", asked))
    return tuple(texts)


def _capital(office: Office, known: Known) -> tuple[str, ...]:
    of = application.calculation_of(known)
    if of is None or not of.investments:
        return ()
    try:
        years = application.capital_costs(office.programme, of)
    except InvalidAnswer as refusal:
        return (office.texts(refusal.key, **refusal.facts),)
    total = sum(capital.yearly_costs(years).values(), Decimal(0))
    return (
        office.texts(
            "intake.details.capital",
            years=years[:3],
            more=len(years) - 3,
            total=total,
            last=years[-1].year,
        ),
    )


def _by_year(office: Office, key: str, found: Sums) -> str:
    rows = [
        (office.texts.plain(f"questions.options.kind.{kind}"), by_year)
        for kind, by_year in found.items()
        if any(by_year.values())
    ]
    return office.texts(key, rows=rows)


def _split(office: Office, writing: Writing, known: Known) -> tuple[str, ...]:
    of = application.calculation_of(known)
    if of is None:
        return ()
    texts = [_by_year(office, "intake.details.to_split", calculation.costs(of))]
    rows = writing.rows("split")
    if rows:
        shown = "\n".join(words.row(office, row) for row in rows)
        texts.append(office.texts("intake.details.split_so_far", rows=shown))
        texts += difference_texts(office, differences(rows, calculation.costs(of)))
    return tuple(texts)


def difference_texts(office: Office, found: Iterable[Difference]) -> list[str]:
    """Where the split and point 3 differ, in kronor, one line each."""
    return [
        office.texts(
            "intake.details.difference",
            difference=one,
            kind=office.texts.plain(f"questions.options.kind.{one.kind}"),
        )
        for one in found
    ]
