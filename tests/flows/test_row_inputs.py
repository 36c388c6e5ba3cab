"""A row as written in a modal: every wrong input is named at once, and nothing wrong becomes a row."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import row_inputs
from flows.calculation import Duration, InvestmentLine, OperatingLine, TimeFrame
from flows.inputs import WrongInputs
from tests.flows.filled import split

FRAME = TimeFrame(start=date(2027, 3, 1), end=date(2028, 12, 31))
HOSTS = {
    "what": "Trygghetsvärdar", "amount": "1,6 mkr", "start": "2027-09-01", "end": "2028-12-31",
    "duration": "temporary", "recurrence": "recurring",
}  # fmt: skip
LIGHT = {
    "what": "Belysning", "payment:2027": "1 mkr", "payment:2028": "", "in_use_from": "2028-01-01",
    "useful_life": "20 år", "residual_value": "", "components": "",
}  # fmt: skip


def wrong(table: str, inputs: dict[str, str]) -> dict[str, str]:
    """The key of what is wrong, by input."""
    with pytest.raises(WrongInputs) as refused:
        row_inputs.read(table, inputs, FRAME)
    return {name: one.key.removeprefix("refusals.") for name, one in refused.value.by_input.items()}


@pytest.mark.requirement("R000-26")
def test_a_drift_line_is_read():
    line = row_inputs.read("operating", HOSTS, FRAME)

    assert isinstance(line, OperatingLine)
    assert (line.amount, line.end) == (Decimal(1_600_000), date(2028, 12, 31))


@pytest.mark.requirement("R000-33")
def test_a_drift_line_says_whether_it_is_permanent():
    assert wrong("operating", HOSTS | {"duration": ""}) == {"duration": "answers.choose_one"}
    line = row_inputs.read("operating", HOSTS | {"duration": "permanent", "end": ""}, FRAME)
    assert isinstance(line, OperatingLine)
    assert line.duration is Duration.PERMANENT


def test_every_wrong_input_is_named_at_once():
    found = wrong("operating", HOSTS | {"what": " ", "amount": "mycket", "start": "snart"})

    assert (
        found.items()
        >= {
            "what": "answers.blank",
            "amount": "money.not_an_amount",
            "start": "answers.date_unreadable",
        }.items()
    )


@pytest.mark.parametrize("name", ["what", "amount", "start", "end"])
def test_an_identity_number_is_refused_in_any_input(name: str):
    assert wrong("operating", HOSTS | {name: "850709-9805"})[name] == "answers.identity_number"


@pytest.mark.requirement("R000-29")
def test_an_investment_with_a_useful_life_is_read():
    line = row_inputs.read("investments", LIGHT, FRAME)

    assert isinstance(line, InvestmentLine)
    assert (line.payments, line.useful_life) == ({2027: Decimal(1_000_000)}, 20)


@pytest.mark.requirement("R000-29")
@pytest.mark.parametrize(
    ("changed", "name", "why"),
    [
        ({"useful_life": ""}, "useful_life", "calculation.no_useful_life"),
        ({"useful_life": "länge"}, "useful_life", "rows.useful_life"),
        ({"useful_life": "0"}, "useful_life", "rows.useful_life"),
        ({"payment:2027": ""}, "payment:2027", "calculation.no_payments"),
        ({"payment:2028": "-1"}, "payment:2028", "money.negative"),
        ({"residual_value": "2 mkr"}, "residual_value", "calculation.residual_too_large"),
        ({"in_use_from": ""}, "in_use_from", "answers.date_unreadable"),
        ({"useful_life": "", "components": "Stolpar"}, "components", "rows.component"),
        ({"useful_life": "", "components": "Stolpar; 1 mkr; "}, "components", "rows.component"),
        ({"useful_life": "", "components": "Stolpar; 1; 5"}, "components", "calculation.components_differ"),
        ({"components": "Stolpar; 1 mkr; 20"}, "useful_life", "calculation.useful_life_twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_investment_is_said_where_it_stands(
    changed: dict[str, str], name: str, why: str
):
    assert wrong("investments", LIGHT | changed)[name] == why


def test_components_are_written_one_on_a_line():
    parts = "Stolpar; 600 tkr; 20\n\n Armaturer ;400 000; 10 år; 50 tkr"
    line = row_inputs.read("investments", LIGHT | {"useful_life": "", "components": parts}, FRAME)

    assert isinstance(line, InvestmentLine)
    assert [(c.what, c.amount, c.useful_life, c.residual_value) for c in line.components] == [
        ("Stolpar", Decimal(600_000), 20, Decimal(0)),
        ("Armaturer", Decimal(400_000), 10, Decimal(50_000)),
    ]


def test_a_note_has_its_limit_and_may_be_empty():
    talk = {"on": "2026-09-24", "talked_with": "chair", "committee": "socialnamnden", "note": ""}

    assert row_inputs.read("dialogue", talk, None) is not None
    assert wrong("dialogue", talk | {"note": "a" * 1001}) == {"note": "answers.too_long"}


def test_the_split_is_an_amount_for_each_cell_that_has_one():
    rows = row_inputs.split(
        {"socialnamnden:operating:2027": "200 tkr", "socialnamnden:investment:2027": " "}
    )

    assert rows == (split("socialnamnden", "operating", 2027, 200_000),)
    with pytest.raises(WrongInputs) as refused:
        row_inputs.split({"socialnamnden:operating:2027": "mycket"})
    assert set(refused.value.by_input) == {"socialnamnden:operating:2027"}


inputs = st.dictionaries(
    st.sampled_from([*HOSTS, *LIGHT, "kind", "year", "on", "talked_with", "committee", "note"]),
    st.text(max_size=20) | st.sampled_from(["", "1 mkr", "2027-09-01", "temporary", "2027"]),
)


@given(st.sampled_from(["operating", "investments", "own_financing", "dialogue"]), inputs)
def test_whatever_is_typed_is_a_row_or_refused(table: str, written: dict[str, str]):
    # Choices come from lists of ours; what is typed freely is anything.
    ours = {"duration": "temporary", "recurrence": "one_off", "kind": "operating", "year": "2027",
            "talked_with": "chair", "committee": "socialnamnden"}  # fmt: skip
    refused = None
    try:
        row = row_inputs.read(table, written | ours, FRAME)
    except WrongInputs as found:
        refused = found.by_input

    assert (refused is None and row is not None) or refused
