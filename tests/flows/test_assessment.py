"""KLG's assessment: who may say what when, how it is counted, and how it ends."""

from dataclasses import replace
from typing import Any

import pytest

from flows.assessment import (
    Request,
    Said,
    Seen,
    assess,
    close,
    disqualify,
    recount,
    requests,
    take_forward,
)
from flows.case import Case, State, replay
from flows.errors import FlowError, InvalidAnswer, NotAllowed, Stale
from flows.events import (
    OPINIONS,
    Assessed,
    Disqualified,
    Opinion,
    OutcomeReached,
    Stage,
    TakenForward,
    Withdrawn,
)
from flows.tally import tally
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
    after,
    before_klg,
    rule,
    says,
    seen,
    stored,
    submitted,
)

MAJORITY = rule()
PROPOSAL, APPLICATION = Stage.PROPOSAL, Stage.APPLICATION


def vote(case: Case, by: str, opinion: Opinion, *, panel=KLG, by_rule=MAJORITY, **more: Any):
    """The case after somebody has said something, and the events of it."""
    said = says(opinion, **more)
    events = assess(case, panel, by_rule, said=said, seen=seen(case), by=by, at=NOON)
    return after(case, events), events


def closing(case: Case, by: str, opinion: Opinion, *, said: Said | None = None, panel=KLG):
    return close(
        case, panel, MAJORITY, said=said or Said(opinion, 9), seen=seen(case), by=by, at=NOON
    )


def after_outcome(opinion: Opinion) -> Case:
    stage = next(stage for stage, known in OPINIONS.items() if opinion in known)
    case = before_klg(stage)
    for by in (KARIN, LARS, MIRA):
        case, _ = vote(case, by, opinion)
    return case


# --- what a member says ----------------------------------------------------------------------------


@pytest.mark.requirement("R000-17")
@pytest.mark.parametrize("stage", Stage)
def test_each_stage_has_three_answers_of_its_own(stage: Stage):
    case = before_klg(stage)
    taken = []
    for opinion in Opinion:
        try:
            taken.append(vote(case, LARS, opinion)[1][0].opinion)
        except NotAllowed as refusal:
            assert refusal.key == "refusals.assessment.other_stage"  # noqa: PT017

    assert tuple(taken) == OPINIONS[stage]


@pytest.mark.requirement("R000-17")
@pytest.mark.parametrize("opinion", Opinion)
def test_a_reason_is_required_of_all_but_the_first(opinion: Opinion):
    stage = next(stage for stage, known in OPINIONS.items() if opinion in known)
    case = before_klg(stage)

    if opinion is OPINIONS[stage][0]:
        assert vote(case, LARS, opinion, reason=None)[1][0].opinion is opinion
    else:
        with pytest.raises(InvalidAnswer, match="reason_missing"):
            vote(case, LARS, opinion, reason=None)


@pytest.mark.parametrize("opinion", [Opinion.UNCLEAR, Opinion.COMPLETE])
def test_who_asks_back_says_what_is_to_be_completed(opinion: Opinion):
    case = before_klg(PROPOSAL if opinion is Opinion.UNCLEAR else APPLICATION)

    with pytest.raises(InvalidAnswer, match="questions_missing"):
        assess(case, KLG, MAJORITY, said=Said(opinion, 1), seen=seen(case), by=LARS, at=NOON)


@pytest.mark.requirement("R000-18")
def test_the_record_says_what_who_when_and_of_which_version():
    _, [event] = vote(before_klg(), LARS, Opinion.IN_LINE)

    assert event == Assessed(by=LARS, at=NOON, stage=PROPOSAL, version=1, opinion=Opinion.IN_LINE)


def test_saying_the_same_again_changes_nothing():
    case, _ = vote(before_klg(), LARS, Opinion.IN_LINE)

    assert vote(case, LARS, Opinion.IN_LINE)[1] == []


def test_an_opinion_can_be_changed_until_the_outcome():
    case, _ = vote(before_klg(), LARS, Opinion.IN_LINE)
    case, _ = vote(case, LARS, Opinion.NOT_RELEVANT)

    assert [o.opinion for o in tally(case, KLG, MAJORITY).opinions] == [Opinion.NOT_RELEVANT]


def test_a_new_reason_for_the_same_opinion_is_a_change():
    case, _ = vote(before_klg(), LARS, Opinion.NOT_RELEVANT, reason=1)

    assert vote(case, LARS, Opinion.NOT_RELEVANT, reason=2)[1][0].reason == 2


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R000-4")
@pytest.mark.parametrize("by", [ANNA, SARA, BOT, "OTHER:LARS"])
def test_only_a_member_assesses_or_declares_jav(by: str):
    case = before_klg(authors=("T:SOMEBODY",))

    with pytest.raises(NotAllowed, match="not_klg"):
        vote(case, by, Opinion.IN_LINE)
    with pytest.raises(NotAllowed, match="not_klg"):
        disqualify(case, KLG, MAJORITY, seen=seen(case), by=by, at=NOON)


def test_who_wrote_it_does_not_assess_it():
    case = before_klg(authors=(ANNA, MIRA))

    with pytest.raises(NotAllowed, match="own_proposal"):
        vote(case, MIRA, Opinion.IN_LINE)
    with pytest.raises(NotAllowed, match="own_proposal"):
        disqualify(case, KLG, MAJORITY, seen=seen(case), by=MIRA, at=NOON)


def test_a_member_of_the_applying_administration_assesses():
    assert vote(before_klg(), MIRA, Opinion.IN_LINE)[1][0].by == MIRA


def test_who_is_disqualified_does_not_assess():
    case = before_klg().after(Disqualified(by=LARS, at=NOON))

    with pytest.raises(NotAllowed, match="disqualified"):
        vote(case, LARS, Opinion.IN_LINE)


# --- every verb in every state ---------------------------------------------------------------------

AFTER_KLG = (
    State.COUNCIL_REVIEW,
    State.CHIEF_EXECUTIVE,
    State.DRAFTING_COMMITTEE,
    State.EXECUTIVE_BOARD,
    State.REMITTED,
    State.REJECTED,
    State.FOLLOW_UP,
    State.CLOSED,
)


def on_its_way(state: State) -> Case:
    """A recommended case that has come so far after KLG."""
    return after_outcome(Opinion.RECOMMEND).model_copy(update={"state": state})


STATES: dict[State, Case] = {
    State.DOCUMENTS: replay([submitted(APPLICATION)]),
    State.ASSESSMENT: before_klg(APPLICATION),
    State.CLARIFICATION: after_outcome(Opinion.COMPLETE),
    State.SUPPLEMENT: after_outcome(Opinion.IN_LINE),
    State.NOT_RELEVANT: after_outcome(Opinion.NOT_RELEVANT),
    State.RECOMMENDED: after_outcome(Opinion.RECOMMEND),
    State.ADVISED_AGAINST: after_outcome(Opinion.ADVISE_AGAINST),
    State.FORWARDED: after_outcome(Opinion.ADVISE_AGAINST).after(TakenForward(by=SARA, at=NOON)),
    State.WITHDRAWN: before_klg(APPLICATION).after(Withdrawn(by=ANNA, at=NOON)),
    **{state: on_its_way(state) for state in AFTER_KLG},
}


def verbs(case: Case) -> dict[str, Any]:
    first = OPINIONS[case.stage][0]
    told = {"seen": seen(case), "at": NOON}
    return {
        "assess": lambda: assess(case, KLG, MAJORITY, said=says(first), by=NILS, **told),
        "disqualify": lambda: disqualify(case, KLG, MAJORITY, by=NILS, **told),
        "close": lambda: close(case, KLG, MAJORITY, said=Said(first, 9), by=KARIN, **told),
        "take_forward": lambda: take_forward(case, KLG, by=SARA, **told),
    }


ALLOWED = {
    **{(State.ASSESSMENT, verb): 1 for verb in ("assess", "disqualify", "close")},
    (State.ADVISED_AGAINST, "take_forward"): 1,
    (State.FORWARDED, "take_forward"): 0,  # done already: nothing happens
}


def test_the_table_has_every_state():
    assert {state: case.state for state, case in STATES.items()} == {s: s for s in State}


@pytest.mark.parametrize("verb", ["assess", "disqualify", "close", "take_forward"])
@pytest.mark.parametrize("state", State)
def test_every_verb_in_every_state(state: State, verb: str):
    act = verbs(STATES[state])[verb]
    if (state, verb) in ALLOWED:
        assert len(act()) == ALLOWED[state, verb]
    else:
        with pytest.raises(Stale):
            act()


# --- an old card -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old", [Seen(PROPOSAL, 1), Seen(PROPOSAL, 2), Seen(APPLICATION, 1), Seen(APPLICATION, 3)]
)
def test_a_press_counts_only_for_the_version_that_was_seen(old: Seen):
    case = replay([submitted(), submitted(APPLICATION, 2), stored(2)])
    told = {"seen": old, "at": NOON}
    said = says(Opinion.RECOMMEND)
    for act in (
        lambda: assess(case, KLG, MAJORITY, said=said, by=LARS, **told),
        lambda: disqualify(case, KLG, MAJORITY, by=LARS, **told),
        lambda: close(case, KLG, MAJORITY, said=Said(Opinion.RECOMMEND, 1), by=KARIN, **told),
    ):
        with pytest.raises(Stale) as refused:
            act()
        assert refused.value.facts["version"] == 2


def test_a_new_issue_of_the_same_version_is_no_new_version():
    case = before_klg().after(stored(issue=2))

    assert vote(case, LARS, Opinion.IN_LINE)[1]


# --- jäv -------------------------------------------------------------------------------------------


def test_jav_counts_the_vote_anew():
    case = before_klg()
    for by in (KARIN, LARS):
        case, _ = vote(case, by, Opinion.IN_LINE)
    assert case.state is State.ASSESSMENT

    events = disqualify(case, KLG, MAJORITY, seen=seen(case), by=NILS, at=NOON)

    assert [event.kind for event in events] == ["disqualified", "outcome_reached"]
    outcome = events[1]
    assert isinstance(outcome, OutcomeReached)
    assert (outcome.votes, outcome.eligible) == (2, 3)


def test_jav_twice_is_jav_once():
    case = before_klg().after(Disqualified(by=LARS, at=NOON))

    assert disqualify(case, KLG, MAJORITY, seen=seen(case), by=LARS, at=NOON) == []


def test_when_nobody_is_left_nothing_is_decided_by_itself():
    case = before_klg()
    for member in KLG.members:
        [event, *more] = disqualify(case, KLG, MAJORITY, seen=seen(case), by=member.person, at=NOON)
        assert more == []
        case = case.after(event)

    count = tally(case, KLG, MAJORITY)
    assert count.nobody_left
    assert count.outcome is None
    assert closing(case, SARA, Opinion.NOT_RELEVANT)


# --- the convener ----------------------------------------------------------------------------------


@pytest.mark.requirement("R000-4")
@pytest.mark.parametrize("by", [LARS, SARA, ANNA, BOT])
def test_nobody_but_the_convener_ends_an_assessment(by: str):
    with pytest.raises(NotAllowed, match="not_closer"):
        closing(before_klg(), by, Opinion.IN_LINE)


@pytest.mark.parametrize("opinion", Opinion)
def test_the_convener_ends_it_with_a_reason_also_in_favour(opinion: Opinion):
    stage = next(stage for stage, known in OPINIONS.items() if opinion in known)
    case = before_klg(stage)
    with pytest.raises(InvalidAnswer, match="reason_missing"):
        closing(case, KARIN, opinion, said=Said(opinion))

    [event] = closing(case, KARIN, opinion, said=Said(opinion, 9, ("goal",)))

    assert isinstance(event, OutcomeReached)
    assert (event.rule, event.reason, event.by) == ("convener", 9, KARIN)


def test_the_convener_cannot_ask_back_for_nothing():
    with pytest.raises(InvalidAnswer, match="questions_missing"):
        closing(before_klg(), KARIN, Opinion.UNCLEAR)


def test_the_convener_need_not_repeat_what_a_member_asked_for():
    case, _ = vote(before_klg(), LARS, Opinion.UNCLEAR)

    assert closing(case, KARIN, Opinion.UNCLEAR)


def test_what_is_reopened_is_what_was_asked_for_and_nothing_else():
    case, _ = vote(before_klg(), LARS, Opinion.UNCLEAR)
    case, _ = vote(case, MIRA, Opinion.NOT_RELEVANT)
    case = after(
        case, closing(case, KARIN, Opinion.UNCLEAR, said=Said(Opinion.UNCLEAR, 9, ("what",)))
    )

    assert requests(case) == (Request(LARS, ("goal",), 1), Request(KARIN, ("what",), 9))


# --- the secretary ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [KARIN, LARS, ANNA])
def test_nobody_but_the_secretary_takes_a_case_further(by: str):
    case = after_outcome(Opinion.ADVISE_AGAINST)

    with pytest.raises(NotAllowed, match="not_secretary"):
        take_forward(case, KLG, seen=seen(case), by=by, at=NOON)


def test_what_is_revised_after_avstyrk_is_not_taken_forward_from_an_old_button():
    case = after_outcome(Opinion.ADVISE_AGAINST)
    old = seen(case)
    case = after(case, [submitted(APPLICATION, 2), stored(2)])

    with pytest.raises(Stale):
        take_forward(case, KLG, seen=old, by=SARA, at=NOON)


# --- counting again --------------------------------------------------------------------------------


def test_opinions_that_stand_can_be_enough_when_a_member_has_left():
    case = before_klg()
    for by in (KARIN, LARS):
        case, _ = vote(case, by, Opinion.IN_LINE)
    smaller = replace(KLG, members=KLG.members[:3])

    [event] = recount(case, smaller, MAJORITY, by=BOT, at=NOON)

    assert isinstance(event, OutcomeReached)
    assert (event.votes, event.eligible) == (2, 3)


def test_counting_again_after_the_end_does_nothing():
    case = after_outcome(Opinion.IN_LINE)

    assert recount(case, KLG, MAJORITY, by=BOT, at=NOON) == []


def test_an_opinion_of_somebody_who_has_left_no_longer_counts():
    case = before_klg()
    for by in (KARIN, NILS):
        case, _ = vote(case, by, Opinion.IN_LINE)
    smaller = replace(KLG, members=KLG.members[:3])

    assert [o.by for o in tally(case, smaller, MAJORITY).opinions] == [KARIN]


def test_every_refusal_has_a_key_that_templates_can_word():
    case = before_klg()
    with pytest.raises(FlowError) as refused:
        vote(case, ANNA, Opinion.IN_LINE)
    assert refused.value.key.startswith("refusals.assessment.")
