"""A case is its events added up: what each of them changes, and what it leaves."""

import pytest

from flows.case import AFTER_OUTCOME, Case, State, replay
from flows.events import (
    OPINIONS,
    Assessed,
    ChairConfirmed,
    Disqualified,
    DnrGiven,
    Opinion,
    OutcomeReached,
    Stage,
    TakenForward,
    Withdrawn,
)
from tests.flows.klg import (
    ANNA,
    BOT,
    KARIN,
    LARS,
    MIRA,
    NOON,
    SARA,
    before_klg,
    later,
    stored,
    submitted,
)


def said(by: str, opinion: Opinion, **changes: object) -> Assessed:
    stage = next(stage for stage, known in OPINIONS.items() if opinion in known)
    values = {"by": by, "at": NOON, "stage": stage, "version": 1, "opinion": opinion, **changes}
    return Assessed.model_validate(values)


def reached(opinion: Opinion, **changes: object) -> OutcomeReached:
    stage = next(stage for stage, known in OPINIONS.items() if opinion in known)
    values = {"by": KARIN, "at": later(5), "stage": stage, "version": 1, "outcome": opinion}
    return OutcomeReached.model_validate(
        {"rule": "majority", "votes": 3, "eligible": 4, **values, **changes}
    )


def test_a_case_without_events_has_happened_to_nobody():
    assert replay([]) == Case()


@pytest.mark.requirement("R000-16")
def test_a_submission_is_received_at_a_moment_that_is_kept():
    case = replay([submitted(), stored(), submitted(version=2, at=later(60))])

    assert case.first_submitted_at == NOON
    assert case.submitted_at == later(60)


def test_klg_assesses_when_both_documents_are_stored():
    waiting = replay([submitted()])

    assert waiting.state is State.DOCUMENTS
    assert waiting.after(stored()).state is State.ASSESSMENT


def test_a_dnr_given_later_reissues_the_documents_and_the_votes_stand():
    case = before_klg().after(said(LARS, Opinion.IN_LINE))
    reissued = case.after(DnrGiven(by=SARA, at=NOON, dnr="KS 2026/12")).after(stored(issue=2))

    assert (reissued.dnr, reissued.issue, reissued.version) == ("KS 2026/12", 2, 1)
    assert reissued.state is State.ASSESSMENT
    assert reissued.opinions == case.opinions


def test_a_later_opinion_replaces_the_earlier():
    case = before_klg().after(said(LARS, Opinion.IN_LINE))
    case = case.after(said(LARS, Opinion.UNCLEAR, reason=7, questions=("goal",)))

    assert [o.opinion for o in case.opinions.values()] == [Opinion.UNCLEAR]


def test_jav_takes_away_what_was_said():
    case = before_klg().after(said(LARS, Opinion.IN_LINE)).after(Disqualified(by=LARS, at=NOON))

    assert case.opinions == {}
    assert case.disqualified == (LARS,)


@pytest.mark.parametrize("outcome", Opinion)
def test_every_outcome_says_what_is_awaited_then(outcome: Opinion):
    stage = next(stage for stage, known in OPINIONS.items() if outcome in known)
    case = before_klg(stage).after(reached(outcome))

    assert case.state is AFTER_OUTCOME[outcome]
    assert case.since == later(5)


@pytest.mark.requirement("R000-19")
def test_points_2_to_4_open_only_when_the_proposal_is_in_line():
    opening = {outcome for outcome, state in AFTER_OUTCOME.items() if state is State.SUPPLEMENT}

    assert opening == {Opinion.IN_LINE}


@pytest.mark.requirement("R000-5")
def test_no_outcome_of_klg_is_a_decision():
    decided = {"approved", "rejected", "decided", "granted"}

    assert decided.isdisjoint({state.value for state in AFTER_OUTCOME.values()})
    assert AFTER_OUTCOME[Opinion.RECOMMEND] is State.RECOMMENDED


def test_a_request_passes_on_the_words_of_those_who_asked():
    case = before_klg()
    for who, key in ((LARS, "goal"), (MIRA, "what")):
        case = case.after(said(who, Opinion.UNCLEAR, reason=1, questions=(key,)))
    case = case.after(said(KARIN, Opinion.IN_LINE)).after(reached(Opinion.UNCLEAR))

    assert [(asked.by, asked.questions) for asked in case.asked_back] == [
        (LARS, ("goal",)),
        (MIRA, ("what",)),
    ]


def test_a_material_change_voids_the_votes():
    case = before_klg().after(said(LARS, Opinion.IN_LINE)).after(said(MIRA, Opinion.IN_LINE))

    assert case.after(submitted(version=2, voids=True)).opinions == {}


def test_an_immaterial_change_lets_the_votes_stand_but_not_what_it_answers():
    case = before_klg().after(said(LARS, Opinion.IN_LINE))
    case = case.after(said(MIRA, Opinion.UNCLEAR, reason=1, questions=("contact",)))
    case = case.after(submitted(version=2, voids=False, changed=("contact",)))

    assert list(case.opinions) == [LARS]
    assert case.changed == ("contact",)


def test_the_application_begins_a_round_of_its_own():
    case = before_klg().after(said(LARS, Opinion.IN_LINE)).after(reached(Opinion.IN_LINE))
    case = case.after(submitted(Stage.APPLICATION, 2, voids=False))

    assert (case.opinions, case.outcome) == ({}, None)


def test_jav_lasts_through_versions_and_stages():
    case = before_klg().after(Disqualified(by=LARS, at=NOON)).after(reached(Opinion.IN_LINE))

    assert case.after(submitted(Stage.APPLICATION, 2)).disqualified == (LARS,)


def test_the_chair_adds_to_the_record_and_changes_nothing_else():
    case = before_klg()
    confirmed = case.after(ChairConfirmed(by=ANNA, at=NOON, committee="socialnamnden"))

    assert [one.committee for one in confirmed.chairs] == ["socialnamnden"]
    assert confirmed.state is case.state


def test_the_end_of_a_case_is_an_event_too():
    advised_against = before_klg(Stage.APPLICATION).after(reached(Opinion.ADVISE_AGAINST))

    assert advised_against.after(TakenForward(by=SARA, at=NOON)).state is State.FORWARDED
    assert advised_against.after(Withdrawn(by=ANNA, at=NOON)).state is State.WITHDRAWN
    assert BOT not in advised_against.authors
