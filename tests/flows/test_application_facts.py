"""The application's facts: names for ids, the sums of point 3, what changed and who confirmed."""

from datetime import date
from decimal import Decimal

import pytest

from bot.documents.template import rendered
from flows import intake
from flows.application_facts import changed_since
from flows.calculation import CapitalCostBearer
from flows.case import Event
from flows.documents import Attachment
from flows.events import ChairConfirmed, DnrGiven, Opinion, OutcomeReached, Stage, Submitted
from flows.intake import NamedPerson
from flows.programme import Stages
from tests.flows.editions import TFF_CALLS_SOCIAL, facts
from tests.flows.filled import (
    ANNA,
    AT,
    BIRGITTA,
    EVA,
    LIGHTING,
    NAMES,
    SF,
    example,
    values,
    with_own_questions,
)


def submitted(version: int, stage: Stage, *changed: str) -> Submitted:
    return Submitted(
        at=AT,
        by=ANNA,
        stage=stage,
        version=version,
        administrations=(SF,),
        authors=(ANNA,),
        changed=changed,
    )


def outcome(opinion: Opinion, stage: Stage) -> OutcomeReached:
    return OutcomeReached(
        at=AT,
        by=ANNA,
        stage=stage,
        version=1,
        outcome=opinion,
        rule="majority",
        votes=3,
        eligible=4,
    )


def test_a_proposal_holds_point_one_and_the_anchoring_only() -> None:
    document = facts(values(), stage=Stage.PROPOSAL)

    assert document.proposal.what == "Text om what."
    assert document.anchoring is not None
    assert document.anchoring.conversations[0].committee == "Socialnämnden"
    assert document.anchoring.attested is None
    assert (document.own_budget, document.calculations, document.concerned) == (None, None, None)


@pytest.mark.requirement("R000-31")
def test_permanent_costs_show_three_years_and_go_on_thereafter() -> None:
    points = facts(values()).calculations

    assert points is not None
    assert points.budget_years == (2027, 2028)
    assert points.operating is not None
    assert points.operating.per_year.years == (2027, 2028, 2029)
    assert points.operating.per_year.totals == (325_000, 720_000, 720_000)
    assert points.operating.per_year.thereafter == 720_000


@pytest.mark.requirement("R000-32")
def test_drift_shows_part_year_and_full_year_effect() -> None:
    points = facts(values()).calculations

    assert points is not None
    assert points.operating is not None
    wardens, training = points.operating.lines
    assert wardens.full_year == 720_000
    assert points.operating.per_year.rows[0].amounts[0] == 240_000
    assert training.full_year is None
    assert points.operating.full_year == 720_000


@pytest.mark.requirement("R000-29")
def test_the_capital_cost_is_printed_per_year_with_rate_and_what_is_preliminary() -> None:
    points = facts(values()).calculations

    assert points is not None
    assert points.capital_costs is not None
    first, *_, last = points.capital_costs.years
    assert (first.year, first.depreciation, first.interest) == (2028, 175_000, 62_500)
    assert (first.rate_percent, first.preliminary) == (Decimal("2.5"), True)
    assert last.year == 2047
    assert points.capital_costs.depreciation == 2_500_000
    assert "2025: SKR" in (points.capital_costs.rate_source or "")


@pytest.mark.requirement("R000-53")
def test_capital_costs_are_not_applied_for_by_the_main_rule() -> None:
    given = values() | {"capital_bearer": CapitalCostBearer.COMMITTEE, "own_financing": ()}
    points = facts(given).calculations

    assert points is not None
    assert points.applied is not None
    assert points.capital_costs is not None
    assert not points.capital_costs.compensated
    assert [(row.kind, row.amounts) for row in points.applied.rows] == [
        ("operating", (325_000, 720_000, 720_000)),
        ("investment", (1_000_000, 1_500_000, 0)),
    ]


@pytest.mark.requirement("R000-54")
def test_the_exception_shows_its_reason_and_the_capital_costs_apart() -> None:
    points = facts(values()).calculations

    assert points is not None
    assert points.applied is not None
    assert points.capital_costs is not None
    assert points.capital_costs.compensated
    assert points.capital_costs.exception_reason == "Text om capital_reason."
    operating, investment, capital = points.applied.rows
    assert operating.amounts == (275_000, 720_000, 720_000)
    assert operating.thereafter == 720_000
    assert investment.total == 2_500_000
    assert capital.amounts == (0, Decimal("237500.00"), Decimal("233125.00"))


@pytest.mark.requirement("R000-38")
def test_the_split_has_a_row_per_committee_and_the_sums_of_point_three() -> None:
    document = facts(values())

    assert document.concerned is not None
    assert document.calculations is not None
    drift, investment = document.concerned.operating_split, document.concerned.investment_split
    assert drift is not None
    assert investment is not None
    assert [row.label for row in drift.rows] == ["Socialnämnden", "Kultur- och fritidsnämnden"]
    assert document.calculations.operating is not None
    assert drift.totals == document.calculations.operating.per_year.totals
    assert investment.totals == (1_000_000, 1_500_000, 0)


def test_one_committee_alone_gets_it_all() -> None:
    document = facts(values() | {"others_concerned": False})

    assert document.concerned is not None
    assert document.concerned.operating_split is not None
    assert [row.label for row in document.concerned.operating_split.rows] == ["Socialnämnden"]


@pytest.mark.requirement("R000-57", "R000-59")
def test_a_property_investment_names_tff_and_who_was_contacted() -> None:
    points = facts(values()).calculations

    assert points is not None
    building = points.property_investment
    assert building is not None
    assert building.implementer == "Teknik- och fastighetsförvaltningen"
    assert (building.contacted, building.day) == ("Text om tff_contact.", date(2026, 9, 30))
    assert building.internal_rent == "Text om internal_rent."
    assert not building.proposed_by_implementer


@pytest.mark.requirement("R000-58")
def test_when_tff_proposes_it_says_whom_it_has_contacted() -> None:
    points = facts(TFF_CALLS_SOCIAL).calculations

    assert points is not None
    building = points.property_investment
    assert building is not None
    assert building.proposed_by_implementer
    assert building.contacted == "Socialförvaltningen"
    assert building.how == "Text om tff_contacted_how."


@pytest.mark.requirement("R000-27")
def test_it_says_whether_the_finance_officer_confirmed_herself() -> None:
    herself = facts(values()).calculations
    another_one = facts(values() | {"finance_officer": NamedPerson(name="Siv Sten")}).calculations

    assert herself is not None
    assert herself.finance_officer is not None
    assert herself.finance_officer.attested_by is None
    assert herself.finance_officer.confirmed_at == AT
    assert another_one is not None
    assert another_one.finance_officer is not None
    assert another_one.finance_officer.attested_by == NAMES[EVA]


@pytest.mark.requirement("R000-39", "R000-40")
def test_the_officer_attests_and_the_chairs_button_adds_to_it() -> None:
    confirmed = ChairConfirmed(at=AT, by=BIRGITTA, committee="socialnamnden")

    silent = facts(values()).anchoring
    asked_one = facts(values(), asked=frozenset({"socialnamnden"})).anchoring
    said = facts(values(), events=(submitted(1, Stage.PROPOSAL), confirmed)).anchoring

    assert silent is not None
    assert asked_one is not None
    assert said is not None
    assert said.attested is not None
    assert (said.attested.name, said.attested.at) == ("Anna Ek", AT)
    assert [(c.name, c.asked, c.confirmed_at) for c in silent.chairs] == [
        ("Birgitta Dahl", False, None)
    ]
    assert asked_one.chairs[0].asked
    assert said.chairs[0].confirmed_at == AT


@pytest.mark.requirement("R000-18")
def test_the_first_assessment_is_printed_in_two_stages_and_not_in_one() -> None:
    events: tuple[Event, ...] = (
        submitted(1, Stage.PROPOSAL),
        outcome(Opinion.IN_LINE, Stage.PROPOSAL),
        submitted(2, Stage.APPLICATION),
    )
    single = with_own_questions().model_copy(update={"stages": Stages.SINGLE})

    two = facts(values(), events=events, version=2)

    assert two.first_assessment is not None
    assert two.first_assessment.forum == "KLG Trygghet och säkerhet"
    assert two.first_assessment.day == date(2026, 11, 20)
    assert facts(values(), programme=single, events=events).first_assessment is None
    assert facts(values(), events=events[:1]).first_assessment is None


def test_the_dnr_and_the_attachments_stand_in_the_document() -> None:
    events = (submitted(1, Stage.APPLICATION), DnrGiven(at=AT, by=ANNA, dnr="KS 2026/214"))
    document = facts(
        values(), events=events, attachments=(Attachment(name="Blankett.pdf", size=9),)
    )

    assert document.registry_number == "KS 2026/214"
    assert document.attachments[0].name == "Blankett.pdf"
    assert facts(values()).registry_number is None


def test_a_new_version_names_what_changed_but_not_what_is_new() -> None:
    form = intake.form(example())
    events = (
        submitted(1, Stage.PROPOSAL),
        submitted(2, Stage.APPLICATION, "goal", "operating"),
        submitted(3, Stage.APPLICATION, "operating"),
    )

    assert changed_since(events, form, version=1) == ()
    assert changed_since(events, form, version=2) == ("goal",)
    assert changed_since(events, form, version=3) == ("operating",)


def test_what_changed_is_printed_since_the_version_before() -> None:
    document = facts(values(), version=3, changes=("Mål",))

    assert document.changes is not None
    assert document.changes.since_version == 2
    assert "Ändrat sedan version 2" in rendered("application", document)


def test_a_draft_leaves_out_figures_that_cannot_be_computed_yet() -> None:
    early = LIGHTING.model_copy(update={"in_use_from": date(2005, 1, 1)})
    document = facts(values() | {"investments": (early,)}, draft=True)

    assert document.calculations is not None
    assert document.calculations.capital_costs is None
    assert document.calculations.investment is not None


def test_a_one_off_cost_has_its_day_and_does_not_go_on() -> None:
    text = rendered("application", facts(values()))

    row = next(line for line in text.splitlines() if "<td>Utbildning</td>" in line)
    assert "okt. 2027" in row.replace("\u00a0", " ")
    assert "tills vidare" not in row
