"""Who in KLG takes part in a case, and who may end its assessment."""

from dataclasses import replace

import pytest

from flows.events import Disqualified
from flows.panel import Panel, Part, closers, eligible, from_applicant, part
from tests.flows.klg import KARIN, KLG, LARS, MIRA, NOON, SARA, before_klg


def test_everybody_takes_part_until_something_speaks_against_it():
    assert [m.person for m in eligible(before_klg(), KLG)] == [m.person for m in KLG.members]


def test_who_wrote_a_proposal_takes_no_part_in_assessing_it():
    case = before_klg(authors=("T:ANNA", MIRA))

    assert part(case, MIRA) is Part.OWN_PROPOSAL
    assert MIRA not in [m.person for m in eligible(case, KLG)]


def test_who_is_disqualified_takes_no_part():
    case = before_klg().after(Disqualified(by=LARS, at=NOON))

    assert part(case, LARS) is Part.DISQUALIFIED
    assert LARS not in [m.person for m in eligible(case, KLG)]


def test_a_member_of_the_applying_administration_is_marked_and_not_excluded():
    case = before_klg()
    marked = [m.person for m in KLG.members if from_applicant(case, m)]

    assert marked == [MIRA]
    assert MIRA in [m.person for m in eligible(case, KLG)]


def test_the_convener_ends_an_assessment():
    assert closers(before_klg(), KLG) == (KARIN,)


@pytest.mark.parametrize(
    ("case", "panel"),
    [
        (before_klg().after(Disqualified(by=KARIN, at=NOON)), KLG),
        (before_klg(authors=(KARIN,)), KLG),
        (before_klg(), replace(KLG, convener=None)),
    ],
    ids=["jävig", "author", "not in Slack"],
)
def test_the_secretary_ends_it_when_the_convener_may_not(case, panel):
    assert closers(case, panel) == (SARA,)


def test_a_secretary_who_wrote_the_proposal_does_not_end_it_either():
    assert closers(before_klg(authors=(KARIN, SARA)), KLG) == ()


def test_nobody_is_a_member_of_an_empty_panel():
    assert Panel((), None).member(KARIN) is None
