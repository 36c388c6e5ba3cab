"""The free text of a tjänsteskrivelse: what is asked for, what is read, and what is worth a second look."""

import pytest

from flows import officer_report
from flows.inputs import WrongInputs
from flows.officer_report import Consultation, Mbl, Stance
from flows.practice import OfficerReport, Section
from tests.flows.filled import example

PROGRAMME = example()
INPUTS = {
    "points": "1. Kommunstyrelsen beviljar socialnämnden 400 000 kr.\n– Medlen tas ur satsningen.",
    "background": "Otryggheten har ökat.",
    "finance": "Inga ytterligare kostnader.",
    "children": "Barn får en tryggare väg hem.",
    "equality": "Både flickor och pojkar nås.",
    "group": "SMS-gruppen",
    "consultation": "recommends",
    "mbl": "information",
    "mbl_on": "2026-11-20",
    "documents": "KS 2021-08-24 § 241\nTjänsteskrivelse 2021-09-13",
}


def wrong(**changed: str) -> dict[str, str]:
    """The refusals of the inputs with these changes, by input."""
    with pytest.raises(WrongInputs) as refused:
        officer_report.read(PROGRAMME, INPUTS | changed)
    return {name: refusal.key for name, refusal in refused.value.by_input.items()}


def test_every_section_is_read():
    report = officer_report.read(PROGRAMME, INPUTS)

    assert report.background == "Otryggheten har ökat."
    assert report.consultation == Consultation(group="SMS-gruppen", stance=Stance.RECOMMENDS)
    assert report.mbl is Mbl.INFORMATION
    assert [one.paragraph for one in report.documents] == [241, None]


@pytest.mark.requirement("R003-11")
def test_each_namnd_has_its_purpose_in_the_programmes_order():
    """Linköping's distribution: kommunstyrelsen itself is one of the three that get something."""
    report = officer_report.read(
        PROGRAMME,
        INPUTS
        | {
            "purpose:kultur-och-fritidsnamnden": "Fritidsverksamhet som säkerställer skolgång.",
            "purpose:socialnamnden": "Förstärkt områdesarbete,\n inte minst med unga.",
            "purpose:kommunstyrelsen": "Ordningsvakter i nya områden.",
            "purpose:barn-och-utbildningsnamnden": "  ",
            "purpose:okand": "Ingen nämnd.",
        },
    )

    assert [(one.committee, one.text) for one in report.purposes] == [
        ("kommunstyrelsen", "Ordningsvakter i nya områden."),
        ("socialnämnden", "Förstärkt områdesarbete, inte minst med unga."),
        ("kultur- och fritidsnämnden", "Fritidsverksamhet som säkerställer skolgång."),
    ]


def test_a_purpose_is_a_sentence_or_two():
    assert wrong(**{"purpose:socialnamnden": "a" * 501}) == {
        "purpose:socialnamnden": "refusals.answers.too_long"
    }


@pytest.mark.requirement("R001-15")
def test_decision_points_keep_their_order_and_lose_their_own_numbers():
    report = officer_report.read(PROGRAMME, INPUTS)

    assert report.points == (
        "Kommunstyrelsen beviljar socialnämnden 400 000 kr.",
        "Medlen tas ur satsningen.",
    )


@pytest.mark.requirement("R001-15")
def test_haninges_four_points_stay_four_in_their_order():
    four = [
        "Kommunstyrelsen godkänner fördelningen.",
        "Kommundirektören får i uppdrag att fördela resterande belopp.",
        "Investeringsbudgeten utökas med 2,5 mnkr.",
        "Utökningen finansieras ur investeringsreserven med 2,5 mnkr.",
    ]
    written = "\n".join(f"{number}. {point}" for number, point in enumerate(four, start=1))

    assert officer_report.points(written) == tuple(four)


@pytest.mark.parametrize("point", ["2027 års medel tas i anspråk.", "1,6 mkr beviljas."])
def test_a_point_may_begin_with_a_figure(point: str):
    assert officer_report.points(point) == (point,)


@pytest.mark.requirement("R002-15")
def test_empty_consequences_for_children_warn_and_stop_nothing():
    report = officer_report.read(PROGRAMME, INPUTS | {"children": "  "})

    assert officer_report.warnings(PROGRAMME, report) == (Section.CHILDREN,)
    assert officer_report.warnings(PROGRAMME, officer_report.read(PROGRAMME, INPUTS)) == ()


def test_a_municipality_that_does_not_ask_for_a_section_is_not_warned_of_it():
    without = PROGRAMME.model_copy(
        update={"officer_report": OfficerReport(sections=(Section.BACKGROUND,))}
    )
    report = officer_report.read(without, {"points": "Bifall."})

    assert officer_report.warnings(without, report) == ()
    assert report.mbl is None


@pytest.mark.requirement("R003-9")
def test_mbl_is_stated_and_what_has_been_done_has_a_day():
    assert wrong(mbl="", mbl_on="") == {"mbl": "refusals.board.mbl_missing"}
    assert wrong(mbl_on="") == {"mbl_on": "refusals.board.mbl_day_missing"}
    report = officer_report.read(PROGRAMME, INPUTS | {"mbl": "not_required", "mbl_on": ""})
    assert report.mbl is Mbl.NOT_REQUIRED


@pytest.mark.requirement("R003-8")
def test_a_consultation_is_a_group_and_what_it_says():
    assert wrong(group="") == {"group": "refusals.board.group_missing"}
    assert wrong(consultation="") == {"consultation": "refusals.board.stance_missing"}
    report = officer_report.read(PROGRAMME, INPUTS | {"group": "", "consultation": ""})
    assert report.consultation is None


@pytest.mark.requirement("R003-7")
def test_goals_are_the_municipalitys_own():
    goals = PROGRAMME.direction.goals
    report = officer_report.read(PROGRAMME, INPUTS, goals=[*goals[:2], "Ett eget mål"])

    assert report.goals == goals[:2]


def test_everything_wrong_is_said_at_once_and_no_identity_number_is_taken_in():
    assert wrong(points="", equality="Gäller 850709-9805.", documents="KS 2021-02-30 § 1") == {
        "points": "refusals.board.points_missing",
        "equality": "refusals.answers.identity_number",
        "documents": "refusals.answers.date_impossible",
    }
