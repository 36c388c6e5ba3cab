"""What in a programme does not fit together: every problem at once, each with its place.

The types in `flows/programme.py` have checked each value by itself; this checks them against each
other. A problem that `stops` keeps the bot from starting; the others are worth knowing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, pairwise

from flows.programme import Programme, Role, Stages
from flows.rules import AssessmentRule, Dated, Majority

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` is the way into the file, list numbers from 0; `key` and `facts` word the problem."""

    place: Place
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    stops: bool = True


def problems(programme: Programme) -> list[Problem]:
    """Return everything that does not fit together, in the order of the file's parts."""
    return list(
        chain(
            _committees(programme),
            _people(programme),
            _klg(programme),
            _assessment(programme),
            _years(programme),
            _rules_over_time(programme),
            _threshold(programme),
            _extra_questions(programme),
        )
    )


def _problem(what: str, *place: str | int, stops: bool = True, **facts: object) -> Problem:
    return Problem(place, f"programme.problems.{what}", facts, stops)


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def _committees(programme: Programme) -> Iterator[Problem]:
    for twice in _twice(committee.id for committee in programme.committees):
        yield _problem("id_twice", "committees", id=twice)
    for twice in _twice(administration.id for administration in programme.administrations):
        yield _problem("id_twice", "committees", "administrations", id=twice)
    carriers = sum(administration.property for administration in programme.administrations)
    if carriers != 1:
        yield _problem("property", "committees", "administrations", count=carriers)
    for number, committee in enumerate(programme.committees):
        if not programme.chairs_of(committee.id):
            yield _problem("no_chair", "committees", number, stops=False, name=committee.name)


def _people(programme: Programme) -> Iterator[Problem]:
    for twice in _twice(person.email for person in programme.people):
        yield _problem("email_twice", "people", email=twice)
    for number, person in enumerate(programme.people):
        place = ("people", number)
        if person.administration and not programme.administration(person.administration):
            yield _problem(
                "unknown_administration",
                *place,
                "administration",
                name=person.name,
                id=person.administration,
            )
        for committee in person.chair_of:
            if not programme.committee(committee):
                yield _problem(
                    "unknown_committee", *place, "chair_of", name=person.name, id=committee
                )
        if not person.roles and not person.chair_of:
            yield _problem("no_role", *place, stops=False, name=person.name)
        if Role.CONVENER in person.roles and Role.KLG not in person.roles:
            yield _problem("convener_outside", *place, "roles", name=person.name)


def _klg(programme: Programme) -> Iterator[Problem]:
    if not programme.with_role(Role.KLG):
        yield _problem("no_klg", "people", name=programme.names.klg)
    conveners = programme.with_role(Role.CONVENER)
    if len(conveners) != 1:
        yield _problem("convener", "people", count=len(conveners))
    if not programme.with_role(Role.SECRETARY):
        yield _problem("no_secretary", "people", name=programme.names.safety_department)


def _assessment(programme: Programme) -> Iterator[Problem]:
    members = len(programme.with_role(Role.KLG))
    if programme.stages is Stages.TWO and not programme.assessment.proposal:
        yield _problem("no_rule", "assessment", "proposal")
    if not programme.assessment.application:
        yield _problem("no_rule", "assessment", "application")
    stages = (
        ("proposal", programme.assessment.proposal),
        ("application", programme.assessment.application),
    )
    for name, rules in stages:
        for number, rule in enumerate(rules):
            yield from _count(rule, members, ("assessment", name, number, "count"))


def _count(rule: AssessmentRule, members: int, place: Place) -> Iterator[Problem]:
    if (rule.rule is Majority.COUNT) != (rule.count is not None):
        yield _problem("count_and_rule", *place, rule=rule.rule.value)
    elif rule.count is not None and rule.count > members:
        yield _problem("count_too_high", *place, count=rule.count, members=members)


def _years(programme: Programme) -> Iterator[Problem]:
    listed = {
        "money": [money.year for money in programme.money],
        "interest_rates": [rate.year for rate in programme.interest_rates],
        "price_base_amounts": [amount.year for amount in programme.price_base_amounts],
    }
    for part, years in listed.items():
        for twice in _twice(years):
            yield _problem("year_twice", part, year=twice)
        if years:
            missing = sorted(set(range(min(years), max(years))) - set(years))
            for year in missing:
                if part == "money":  # a year may be without money: nothing is granted in it
                    yield _problem("year_without_money", part, stops=False, year=year)
                else:
                    yield _problem("year_missing", part, year=year)
    first_year = min(listed["money"])
    if min(listed["interest_rates"]) > first_year:
        yield _problem("no_rate_yet", "interest_rates", year=first_year)


def _rules_over_time(programme: Programme) -> Iterator[Problem]:
    yield from _succession(programme.assessment.proposal, ("assessment", "proposal"))
    yield from _succession(programme.assessment.application, ("assessment", "application"))
    yield from _succession(programme.delegation, ("delegation",))
    yield from _succession(programme.investment_threshold, ("investment_threshold",))


def _succession(rules: Sequence[Dated], place: Place) -> Iterator[Problem]:
    """Rules of one kind follow each other without a gap and without two at once."""
    for number, rule in enumerate(rules):
        if rule.until is not None and rule.until < rule.since:
            yield _problem("ends_first", *place, number, since=rule.since, until=rule.until)
    for earlier, later in pairwise(sorted(rules, key=lambda rule: rule.since)):
        if earlier.until is None or earlier.until >= later.since:
            yield _problem("two_at_once", *place, date=later.since)
        elif earlier.until + timedelta(days=1) < later.since:
            yield _problem("gap", *place, until=earlier.until, since=later.since)


def _threshold(programme: Programme) -> Iterator[Problem]:
    for number, threshold in enumerate(programme.investment_threshold):
        place = ("investment_threshold", number)
        if (threshold.factor is None) == (threshold.fixed is None):
            yield _problem("factor_or_fixed", *place)
        elif threshold.factor is not None and not programme.price_base_amounts:
            yield _problem("no_price_base_amount", *place, "factor")


def _extra_questions(programme: Programme) -> Iterator[Problem]:
    for twice in _twice(question.key for question in programme.extra_questions):
        yield _problem("id_twice", "extra_questions", id=twice)
    for number, question in enumerate(programme.extra_questions):
        if (question.kind == "choice") != (len(question.choices) > 1):
            yield _problem("choices", "extra_questions", number, "choices", key=question.key)
        for twice in _twice(question.choices):
            yield _problem("id_twice", "extra_questions", number, "choices", id=twice)
