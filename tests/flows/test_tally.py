"""Counting: the programme's rule gives the outcome, and nothing else does."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme import load
from flows.assessment import Said, assess, close, disqualify, recount
from flows.case import Case, State, replay
from flows.errors import FlowError
from flows.events import ASKS_BACK, FAVOURABLE, OPINIONS, Opinion, OutcomeReached, Stage
from flows.panel import eligible
from flows.rules import AssessmentRule, Majority, in_force
from flows.tally import rule_for, tally
from tests.flows.klg import (
    ANNA,
    BOT,
    KARIN,
    KLG,
    LARS,
    MIRA,
    NILS,
    NOON,
    SARA,
    before_klg,
    rule,
    seen,
    stored,
    submitted,
)
from tests.fuzzing import tries

PEOPLE = (KARIN, LARS, MIRA, NILS)
PROGRAMME = Path(__file__).parents[2] / "templates" / "programme" / "exempelkommunen.toml"
RULES = (rule(), rule(Majority.ALL), rule(Majority.COUNT, 1), rule(Majority.COUNT, 3))


def voted(*opinions: Opinion | None, by: AssessmentRule, authors: tuple[str, ...] = ()) -> Case:
    """A case in which the members have said these things, in order; None has not answered."""
    case = before_klg(authors=(ANNA, *authors))
    for person, opinion in zip(PEOPLE, opinions, strict=False):
        if opinion is not None and case.state is State.ASSESSMENT:
            questions = ("goal",) if opinion in ASKS_BACK else ()
            said = Said(opinion, None if opinion in FAVOURABLE else 1, questions)
            for event in assess(case, KLG, by, said=said, seen=seen(case), by=person, at=NOON):
                case = case.after(event)
    return case


YES, ASK, NO = OPINIONS[Stage.PROPOSAL]


@pytest.mark.parametrize(
    ("by", "opinions", "outcome"),
    [
        (rule(), (YES, YES), None),  # half is not more than half
        (rule(), (YES, YES, YES), YES),
        (rule(), (YES, NO, NO, NO), NO),
        (rule(), (YES, YES, NO, NO), None),
        (rule(), (ASK, YES, ASK, ASK), ASK),
        (rule(Majority.ALL), (YES, YES, YES), None),
        (rule(Majority.ALL), (YES, YES, YES, YES), YES),
        (rule(Majority.ALL), (YES, YES, YES, NO), None),
        (rule(Majority.COUNT, 1), (NO,), NO),
        (rule(Majority.COUNT, 2), (YES, NO, None, NO), NO),
        (rule(Majority.COUNT, 4), (YES, YES, YES), None),
    ],
)
def test_the_rule_decides_what_is_enough(by, opinions, outcome):
    case = voted(*opinions, by=by)

    assert (case.outcome.outcome if case.outcome else None) is outcome


def test_the_first_to_be_enough_ends_it():
    case = voted(NO, NO, YES, YES, by=rule(Majority.COUNT, 2))

    assert case.outcome is not None
    assert (case.outcome.outcome, case.outcome.rule) == (NO, "count:2")


def test_a_majority_is_counted_of_those_who_may_take_part():
    case = voted(YES, YES, by=rule(), authors=(NILS,))

    assert case.outcome is not None
    assert (case.outcome.votes, case.outcome.eligible) == (2, 3)


def test_a_member_who_is_not_found_in_slack_makes_no_majority_smaller():
    panel = replace(KLG, members=KLG.members[:2], absent=("Mira Sandell", "Nils Åkerman"))
    case = voted(YES, YES, by=rule(Majority.ALL))
    count = tally(case, panel, rule())

    assert (count.of, count.needed, count.outcome) == (4, 3, None)
    assert not count.everybody_answered


def test_a_count_that_too_few_are_left_to_reach_waits_for_the_convener():
    case = before_klg(authors=(NILS, MIRA))
    count = tally(case, KLG, rule(Majority.COUNT, 3))

    assert (count.of, count.needed) == (2, 3)


def test_those_who_have_not_answered_are_named():
    case = voted(YES, None, NO, by=rule())

    assert tally(case, KLG, rule()).awaited == (LARS, NILS)


@pytest.mark.parametrize("stage", Stage)
def test_an_old_case_is_counted_by_the_rule_of_its_day(stage: Stage):
    programme, _ = load(PROGRAMME)
    since = min(
        r.since for r in (*programme.assessment.proposal, *programme.assessment.application)
    )
    day = since.replace(year=since.year + 1)
    old = rule().model_copy(update={"since": since, "until": day})
    new = rule(Majority.ALL).model_copy(update={"since": date(day.year, day.month, day.day + 1)})
    rules = programme.assessment.model_copy(
        update={"proposal": (old, new), "application": (old, new)}
    )
    changed = programme.model_copy(update={"assessment": rules})

    assert in_force((old, new), on=day) is old
    assert rule_for(changed, before_klg(stage), on=day) is old
    assert rule_for(changed, before_klg(stage), on=new.since) is new


# --- any order of anything that may happen ---------------------------------------------------------

_ACTS = st.one_of(
    st.tuples(st.just("assess"), st.sampled_from((*PEOPLE, ANNA, SARA)), st.sampled_from(Opinion)),
    st.tuples(st.just("disqualify"), st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.just("close"), st.sampled_from((KARIN, SARA)), st.sampled_from(Opinion)),
    st.tuples(st.just("submit"), st.just(ANNA), st.booleans()),
    st.tuples(st.just("recount"), st.just(BOT), st.none()),
)


def _act(case: Case, by_rule: AssessmentRule, what: str, by: str, detail: object) -> list[object]:
    told = {"seen": seen(case), "by": by, "at": NOON}
    match what:
        case "assess" | "close":
            assert isinstance(detail, Opinion)
            said = Said(detail, 1, ("goal",) if detail in ASKS_BACK else ())
            act = assess if what == "assess" else close
            return [*act(case, KLG, by_rule, said=said, **told)]
        case "disqualify":
            return [*disqualify(case, KLG, by_rule, **told)]
        case "recount":
            return [*recount(case, KLG, by_rule, by=by, at=NOON)]
        case _:
            version = case.version + 1
            return [submitted(case.stage, version, voids=detail), stored(version)]


@settings(max_examples=tries(200))
@given(
    acts=st.lists(_ACTS, max_size=25), by_rule=st.sampled_from(RULES), stage=st.sampled_from(Stage)
)
def test_whatever_happens_the_record_replays_and_only_the_rule_gives_an_outcome(
    acts, by_rule, stage
):
    history = [submitted(stage), stored()]
    case = replay(history)
    for what, by, detail in acts:
        before = case
        try:
            events = _act(case, by_rule, what, by, detail)
        except FlowError:
            continue
        for event in events:
            case = case.after(event)
            if isinstance(event, OutcomeReached):
                _is_right(event, before if event.rule == "convener" else case, by_rule)
        history += events
    assert replay(history) == case
    assert case.length == len(history)
    assert all(o.stage is case.stage for o in case.opinions.values())


def _is_right(outcome: OutcomeReached, case: Case, by_rule: AssessmentRule) -> None:
    who = {member.person for member in eligible(case, KLG)}
    agreeing = [o for o in case.opinions.values() if o.by in who and o.opinion is outcome.outcome]
    assert outcome.votes == len(agreeing)
    assert outcome.eligible == len(who)
    if outcome.rule == "convener":
        assert outcome.reason is not None
        return
    assert agreeing
    match by_rule.rule:
        case Majority.MAJORITY:
            assert len(agreeing) * 2 > len(who)
        case Majority.ALL:
            assert len(agreeing) == len(who)
        case Majority.COUNT:
            assert len(agreeing) >= (by_rule.count or 0)


def test_a_case_goes_on_when_its_rule_was_taken_out_of_the_programme():
    programme, _ = load(PROGRAMME)
    later = rule().model_copy(update={"since": date(2030, 1, 1), "until": date(2030, 12, 31)})
    latest = rule(Majority.ALL).model_copy(update={"since": date(2032, 1, 1)})
    rules = programme.assessment.model_copy(update={"proposal": (), "application": (latest, later)})
    changed = programme.model_copy(update={"assessment": rules})

    for stage in Stage:
        assert rule_for(changed, before_klg(stage), on=date(2026, 1, 1)) is later
        assert rule_for(changed, before_klg(stage), on=date(2031, 1, 1)) is later
        assert rule_for(changed, before_klg(stage), on=date(2040, 1, 1)) is latest
