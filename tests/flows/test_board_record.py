"""Kommunstyrelsen's decision as the secretary writes it: what it must state, and what must add up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import board_inputs
from flows.board_record import Heading, Minutes, Texts, Wanted, cells, decided, number
from flows.case import Case, replay
from flows.decided import Allocation, Body, Routed, Verdict
from flows.inputs import WrongInputs
from flows.rules import CostKind
from tests.bot.decided import gets
from tests.flows.filled import example
from tests.flows.test_board import FACT, NOON, OUTCOME, PROPOSED, SARA, STORED, SUBMITTED

PROGRAMME = example()
SN, KFN, TFN = "socialnamnden", "kultur-och-fritidsnamnden", "teknik-och-fastighetsnamnden"
DRIFT, INVESTMENT = CostKind.OPERATING, CostKind.INVESTMENT
LAMPS = Wanted(
    allocations=(
        gets(TFN, "investment", 2026, 4_000_000),
        gets(TFN, "investment", 2027, 2_000_000),
    ),
    paid_in=(2026, 2027),
)
HOSTS = Wanted(allocations=(gets(SN, "operating", 2026, 400_000),))
LONG = Wanted(
    allocations=(gets(SN, "operating", 2026, 240_000), gets(SN, "operating", 2027, 720_000))
)


def heading(wanted: Wanted, **changed: Any) -> Heading:
    """The meeting of 15 December, about what is asked for."""
    usual: dict[str, Any] = {
        "verdict": Verdict.GRANTED,
        "day": date(2026, 12, 15),
        "paragraph": "§ 22",
        "dnr": "KS 2026/66",
        "committees": wanted.committees,
        "kinds": wanted.kinds,
        "years": wanted.years,
    }
    return Heading(**(usual | changed))


def inputs(wanted: Wanted, **changed: str) -> dict[str, str]:
    """The form as it is filled in from the case, with these inputs written otherwise; ":" is "__"."""
    found = {"points": "Kommunstyrelsen beviljar medlen."}
    for one in wanted.allocations:
        found[f"amount:{one.committee}:{one.kind}:{one.year}"] = str(one.amount)
        pot = f"pot:{one.kind}:{one.year}"
        found[pot] = str(Decimal(found.get(pot, "0")) + one.amount)
        if one.kind is INVESTMENT:
            found[f"payment:{one.year}"] = str(one.amount)
            total = Decimal(found.get("total_estimate", "0"))
            found["total_estimate"] = str(total + one.amount)
    return found | {name.replace("__", ":"): value for name, value in changed.items()}


def read(wanted: Wanted, of: Heading | None = None, **changed: str) -> Minutes:
    of = of or heading(wanted)
    pots = {(kind, year): f"satsningen {kind} {year}" for kind in CostKind for year in of.years}
    return board_inputs.minutes(PROGRAMME, of, wanted, inputs(wanted, **changed), pots=pots)


def wrong(wanted: Wanted, of: Heading | None = None, **changed: str) -> dict[str, str]:
    """The refusals, by input and the last word of their keys."""
    with pytest.raises(WrongInputs) as refused:
        read(wanted, of, **changed)
    found = refused.value.by_input
    return {name: refusal.key.rpartition(".")[2] for name, refusal in found.items()}


def case(wanted: Wanted) -> Case:
    route = Routed(
        to=Body.DRAFTING_COMMITTEE, reasons=(), reserved=wanted.allocations, rule="", **FACT
    )
    return replay([SUBMITTED, STORED, OUTCOME, route, PROPOSED])


@pytest.mark.requirement("R000-42", "R000-43", "R000-44", "R000-46")
def test_a_decision_that_lacks_anything_is_refused_with_all_that_is_missing():
    empty = dict.fromkeys(inputs(LAMPS), "")
    with pytest.raises(WrongInputs) as refused:
        board_inputs.minutes(PROGRAMME, heading(LAMPS), LAMPS, empty, pots={})

    assert {n: r.key.rpartition(".")[2] for n, r in refused.value.by_input.items()} == {
        "points": "points_missing",
        f"amount:{TFN}:investment:2026": "amounts_missing",
    }


@pytest.mark.requirement("R000-42", "R000-45", "R001-17")
def test_with_amounts_but_nothing_else_the_rest_is_listed():
    blank = {name: "" for name in inputs(LAMPS) if not name.startswith("amount")}
    written = inputs(LAMPS) | blank
    with pytest.raises(WrongInputs) as refused:
        board_inputs.minutes(PROGRAMME, heading(LAMPS), LAMPS, written, pots={})

    assert {n: r.key.rpartition(".")[2] for n, r in refused.value.by_input.items()} == {
        "points": "points_missing",
        "total_estimate": "total_missing",
        "pot:investment:2026": "financing_missing",
        "pot:investment:2027": "financing_missing",
    }


@pytest.mark.requirement("R000-45")
def test_six_million_is_four_this_year_and_two_the_next():
    record = decided(case(LAMPS), "2026-0001", read(LAMPS), Texts(), by=SARA, at=NOON).board

    assert record is not None
    assert record.total_estimate == Decimal(6_000_000)
    assert record.payments == {2026: Decimal(4_000_000), 2027: Decimal(2_000_000)}


@pytest.mark.requirement("R000-45")
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"payment__2026": "", "payment__2027": ""}, "payments_missing"),
        ({"payment__2027": "1 999 999"}, "payments_differ"),
        ({"payment__2026": "4 mkr", "payment__2027": "2,5 mkr"}, "payments_differ"),
    ],
)
def test_a_project_of_two_years_is_split_on_both(changed: dict[str, str], why: str):
    assert wrong(LAMPS, **changed) == {"payment:2026": why}


def test_an_investment_of_one_year_is_paid_in_it():
    lamps = Wanted(allocations=(gets(TFN, "investment", 2026, 800_000),), paid_in=(2026,))
    event = decided(case(lamps), "1", read(lamps, payment__2026=""), Texts(), by=SARA, at=NOON)

    assert event.board is not None
    assert event.board.payments == {2026: Decimal(800_000)}


def test_no_more_is_granted_than_the_investment_costs():
    assert wrong(LAMPS, total_estimate="5 mkr")["total_estimate"] == "total_too_small"


@pytest.mark.requirement("R000-47", "R003-2")
def test_each_later_year_has_an_amount_or_is_said_to_get_nothing():
    assert wrong(LONG, **{f"amount__{SN}__operating__2027": "", "pot__operating__2027": ""}) == {
        f"amount:{SN}:operating:2027": "later_year_missing"
    }
    assert list(wrong(LONG, **{f"amount__{SN}__operating__2027": ""})) == [
        f"amount:{SN}:operating:2027"  # and not that the financing of it differs too
    ]
    minutes = read(LONG, **{f"amount__{SN}__operating__2027": "0", "pot__operating__2027": ""})

    assert [(one.year, one.amount) for one in minutes.granted] == [
        (2026, Decimal(240_000)),
        (2027, Decimal(0)),
    ]


@pytest.mark.requirement("R001-17")
@pytest.mark.parametrize("financed", ["399 999,99", "400 000,01", "0"])
def test_each_increase_is_financed_to_the_ore(financed: str):
    assert list(wrong(HOSTS, pot__operating__2026=financed)) == ["pot:operating:2026"]


@pytest.mark.requirement("R001-17", "R001-8")
def test_an_investment_of_two_and_a_half_million_is_financed_by_the_reserve():
    cameras = Wanted(allocations=(gets(KFN, "investment", 2026, 2_500_000),), paid_in=(2026,))
    other = {"other_financing": "Investering 2026; investeringsreserven; 2,5 mkr"}
    minutes = read(cameras, pot__investment__2026="", **other)

    (line,) = minutes.financing
    assert (line.source, line.amount, line.from_pot) == (
        "investeringsreserven",
        Decimal(2_500_000),
        False,
    )
    assert wrong(cameras, **other) == {"pot:investment:2026": "financing_differs"}


@pytest.mark.parametrize("line", ["investeringsreserven; 2,5 mkr", "drift; reserven; 1 kr", "x"])
def test_other_financing_says_kind_year_source_and_amount(line: str):
    assert wrong(HOSTS, other_financing=line) == {"other_financing": "financing_line"}


@given(
    amounts=st.lists(st.integers(0, 10**9), min_size=1, max_size=5),
    off=st.sampled_from([-1, 0, 1]),
)
def test_a_record_is_taken_exactly_when_the_lines_are_equal_to_the_increase(
    amounts: list[int], off: int
):
    """In öre, so that nothing is lost in rounding."""
    keys = [one.id for one in PROGRAMME.committees][: len(amounts)]
    asked = tuple(
        Allocation(committee=key, kind=DRIFT, year=2026, amount=Decimal(ore) / 100)
        for key, ore in zip(keys, amounts, strict=True)
    )
    total = Decimal(sum(amounts)) / 100
    financed = total + Decimal(off) / 100
    wanted = Wanted(allocations=asked)
    pot = str(max(financed, Decimal(0)))
    if total and off == 0:
        minutes = read(wanted, pot__operating__2026=pot)
        assert sum(one.amount for one in minutes.granted) == total
    elif total:
        assert set(wrong(wanted, pot__operating__2026=pot)) == {"pot:operating:2026"}
    else:
        assert f"amount:{keys[0]}:operating:2026" in wrong(wanted, pot__operating__2026=pot)


@pytest.mark.requirement("R000-43", "R000-46")
def test_a_committee_that_gets_nothing_is_none_of_those_that_get_funds():
    two = Wanted(
        allocations=(gets(SN, "operating", 2026, 200_000), gets(KFN, "operating", 2026, 100_000))
    )
    minutes = read(
        two, **{f"amount__{KFN}__operating__2026": "0", "pot__operating__2026": "200 tkr"}
    )

    assert [one.committee for one in minutes.granted] == [SN]


def test_amounts_may_differ_from_what_was_asked_and_a_another_committee_may_get_some():
    of = heading(HOSTS, committees=(SN, KFN))
    minutes = read(
        HOSTS,
        of,
        **{
            f"amount__{SN}__operating__2026": "0,3 mkr",
            f"amount__{KFN}__operating__2026": "150 tkr",
            "pot__operating__2026": "450 000",
        },
    )

    assert [(one.committee, one.amount, one.activity_code) for one in minutes.granted] == [
        (SN, Decimal(300_000), "TR200"),
        (KFN, Decimal(150_000), "TR300"),
    ]


def test_only_what_was_asked_for_is_shown_until_the_meeting_gave_something_else():
    two = Wanted(allocations=(*HOSTS.allocations, gets(TFN, "investment", 2027, 1_000)))
    alone, other = ((DRIFT, 2026), (SN,)), ((INVESTMENT, 2027), (TFN,))

    assert list(cells(heading(two), two).items()) == [alone, other]
    more = cells(heading(two, committees=(SN, KFN, TFN)), two)
    assert more[DRIFT, 2026] == (SN, KFN)
    assert more[DRIFT, 2027] == (KFN,)
    without = cells(heading(two, committees=(TFN,)), two)
    assert without[DRIFT, 2026] == (TFN,)  # instead of the one that asked
    every = cells(heading(two, every=True), two)
    assert len(every) == 4
    assert set(every.values()) == {(SN, TFN)}


@pytest.mark.requirement("R001-18")
def test_four_who_do_not_take_part_are_no_reservations():
    party = "Alva Ek (M)\nBo Alm (M)\nCia Ost (M)\nDan Ask (M)"
    names = read(HOSTS, not_participating=party, reservations="Ingen").names

    assert (len(names.not_participating), names.reservations, names.disqualified) == (4, (), ())


@pytest.mark.requirement("R001-18")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reservations": "Bo Alm (M)", "not_participating": "bo  alm"}, "not_participating"),
        ({"reservations": "Bo Alm", "disqualified": "Bo Alm (M)"}, "disqualified"),
        ({"not_participating": "Bo Alm", "disqualified": "Bo Alm"}, "disqualified"),
    ],
)
def test_nobody_stands_in_two_of_the_lists(changed: dict[str, str], field: str):
    assert wrong(HOSTS, **changed) == {field: "name_twice"}


@pytest.mark.requirement("R000-54")
def test_compensation_is_chosen_only_when_it_was_asked_for():
    asks = HOSTS.model_copy(update={"compensation": True})

    assert wrong(asks) == {"compensates": "compensation_missing"}
    assert read(asks, compensates="yes").compensates is True
    no = decided(case(asks), "1", read(asks, compensates="no"), Texts(), by=SARA, at=NOON)
    assert no.board is not None
    assert no.board.compensates_capital_costs is False
    assert read(HOSTS).compensates is None


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.REMITTED])
def test_a_refusal_needs_a_reason_and_gives_nothing(verdict: Verdict):
    of = heading(HOSTS, verdict=verdict)

    assert wrong(HOSTS, of) == {"reason": "reason_missing"}
    minutes = read(HOSTS, of, reason="Utredningen räcker inte.")
    event = decided(case(HOSTS), "2026-0001", minutes, Texts(reason=7), by=SARA, at=NOON)
    assert (event.allocations, event.reason, event.verdict) == ((), 7, verdict)


def test_an_amount_that_cannot_be_read_is_named_and_what_follows_from_it_is_not():
    found = wrong(HOSTS, **{f"amount__{SN}__operating__2026": "ca 400 tkr", "points": ""})

    assert found == {f"amount:{SN}:operating:2026": "approximate", "points": "points_missing"}


def test_no_identity_number_is_taken_in():
    assert wrong(HOSTS, proposals="Gäller 850709-9805.") == {"proposals": "identity_number"}


@pytest.mark.requirement("R001-1")
def test_the_number_of_a_decision_has_meeting_paragraph_and_case():
    assert number(heading(HOSTS), "2026-0001") == "KS 2026-12-15 § 22 (2026-0001)"


MEETING = {
    "verdict": "granted",
    "day": "2026-12-15",
    "paragraph": "22",
    "dnr": " KS 2026/66 ",
}


def first(**changed: str) -> Any:
    written = MEETING | changed
    chosen = {"committees": (SN,), "kinds": ("operating",), "years": ()}
    at = datetime(2026, 12, 16, 11, tzinfo=UTC)
    return board_inputs.heading(case(LONG), PROGRAMME, LONG, written, chosen, at=at)


@pytest.mark.requirement("R000-47", "R001-1")
def test_the_years_that_were_asked_for_are_always_answered():
    found = first()

    assert (found.paragraph, found.dnr, found.years) == ("§ 22", "KS 2026/66", (2026, 2027))


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"day": "2026-12-06"}, {"day"}),  # before Trygghetsberedningen met
        ({"day": "2026-12-17"}, {"day"}),
        ({"paragraph": "", "dnr": "", "day": ""}, {"paragraph", "dnr", "day"}),
        ({"verdict": "approved"}, {"verdict"}),
    ],
)
def test_everything_wrong_about_the_meeting_is_said_at_once(
    changed: dict[str, str], wrong: set[str]
):
    with pytest.raises(WrongInputs) as refused:
        first(**changed)

    assert refused.value.by_input.keys() == wrong


def test_a_grant_says_to_whom_of_what_and_when():
    nothing = Wanted(allocations=())
    with pytest.raises(WrongInputs) as refused:
        board_inputs.heading(case(nothing), PROGRAMME, nothing, MEETING, {}, at=NOON)

    assert refused.value.by_input.keys() == {"committees", "kinds", "years"}
    remitted = MEETING | {"verdict": "remitted"}
    assert board_inputs.heading(case(nothing), PROGRAMME, nothing, remitted, {}, at=NOON)
