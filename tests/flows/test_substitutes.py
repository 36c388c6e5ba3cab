"""A substitute on a member's seat: one seat has one vote, whoever sits there."""

from dataclasses import replace

import pytest

from flows import assessment
from flows.errors import NotAllowed
from flows.events import Disqualified, Opinion
from flows.panel import Member, Part, eligible, part_of
from flows.tally import tally
from tests.flows.klg import KLG, LARS, NILS, NOON, after, before_klg, rule, says, seen

TOVE = "T:TOVE"
FOR_NILS = Member(TOVE, "Tove Nyström", "kultur-och-fritidsforvaltningen", NILS, "Nils Åkerman")
AWAY = replace(KLG, members=(*KLG.members[:3], FOR_NILS), replaced={NILS: "Tove Nyström"})


def pressed(case, panel, by, opinion=Opinion.IN_LINE):
    events = assessment.assess(
        case, panel, rule(), said=says(opinion), seen=seen(case), by=by, at=NOON
    )
    return after(case, events)


def test_she_speaks_for_the_seat_and_both_names_stand():
    said = pressed(before_klg(), AWAY, TOVE).opinions[NILS]

    assert (said.by, said.seat) == (TOVE, NILS)


def test_the_member_does_not_speak_while_somebody_sits_for_her():
    with pytest.raises(NotAllowed, match="replaced") as refused:
        pressed(before_klg(), AWAY, NILS)

    assert refused.value.facts["name"] == "Tove Nyström"


def test_what_she_said_stays_the_seats_when_the_member_is_back():
    case = pressed(before_klg(), AWAY, TOVE)

    count = tally(case, KLG, rule())
    assert (count.of, len(count.opinions)) == (4, 1)
    assert NILS not in count.awaited


def test_the_member_who_is_back_can_change_it_and_there_is_still_one():
    case = pressed(pressed(before_klg(), AWAY, TOVE), KLG, NILS, Opinion.NOT_RELEVANT)

    assert [*case.opinions] == [NILS]
    assert case.opinions[NILS].by == NILS
    assert case.opinions[NILS].seat is None


def test_the_same_again_by_the_member_changes_nothing():
    case = pressed(before_klg(), AWAY, TOVE)

    assert pressed(case, KLG, NILS) == case


def test_jav_is_the_persons_own_and_not_the_seats():
    member_is = before_klg().after(Disqualified(by=NILS, at=NOON))
    substitute_is = before_klg().after(Disqualified(by=TOVE, at=NOON, seat=NILS))

    assert part_of(member_is, FOR_NILS) is Part.ELIGIBLE
    assert part_of(member_is, KLG.members[3]) is Part.DISQUALIFIED
    assert part_of(substitute_is, FOR_NILS) is Part.DISQUALIFIED
    assert part_of(substitute_is, KLG.members[3]) is Part.ELIGIBLE


def test_what_a_disqualified_substitute_had_said_falls_and_nobody_elses():
    case = pressed(pressed(before_klg(), AWAY, TOVE), AWAY, LARS)
    events = assessment.disqualify(case, AWAY, rule(), seen=seen(case), by=TOVE, at=NOON)

    assert [*after(case, events).opinions] == [LARS]


def test_the_seats_opinion_counts_though_the_member_who_is_back_wrote_the_proposal():
    case = pressed(before_klg(authors=(NILS,)), AWAY, TOVE)

    assert NILS in [member.seat for member in eligible(case, KLG)]


def test_a_substitute_who_wrote_the_proposal_does_not_assess_it():
    case = before_klg(authors=(TOVE,))

    with pytest.raises(NotAllowed, match="own_proposal"):
        pressed(case, AWAY, TOVE)
    assert tally(case, AWAY, rule()).of == 3


def test_one_person_does_not_speak_from_two_seats_in_one_case():
    case = pressed(before_klg(), AWAY, TOVE)
    for_lars = replace(FOR_NILS, sits_for=LARS, instead_of="Lars Berg")
    elsewhere = replace(KLG, members=(KLG.members[0], for_lars, *KLG.members[2:]))

    with pytest.raises(NotAllowed, match="spoke_elsewhere"):
        pressed(case, elsewhere, TOVE)


def test_her_vote_can_be_the_one_that_decides_the_outcome():
    case = before_klg()
    for person in (KLG.members[0].person, LARS, TOVE):
        case = pressed(case, AWAY, person)

    assert case.outcome is not None
    assert (case.outcome.votes, case.outcome.eligible) == (3, 4)
