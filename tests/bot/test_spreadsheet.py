"""The calculation workbook: what is handed out is read back, and people may fill it in as they do."""

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.reader.excel import load_workbook

from bot.spreadsheet import Contents
from flows.calculation import (
    Calculation,
    CapitalCostBearer,
    Component,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
    TimeFrame,
    costs,
)
from flows.calculation_problems import problems
from flows.errors import InvalidAnswer
from flows.rules import CostKind
from flows.split import SplitRow, rest_on
from tests.bot.workbooks import (
    CAMERAS,
    FILLED,
    FRAME,
    SPLIT,
    WARDENS,
    edited,
    read,
    with_formula,
    workbook,
)
from tests.fuzzing import tries

EMPTY = Calculation(time_frame=FRAME)


def test_a_filled_workbook_is_read_back_as_it_was():
    assert read(workbook()) == Contents(FILLED, SPLIT)


def test_an_empty_workbook_is_filled_in_from_nothing():
    data = edited(
        {
            ("Drift", "A7"): "Trygghetsvärdar",
            ("Drift", "B7"): 720000,
            ("Drift", "C7"): date(2026, 9, 1),
            ("Drift", "D7"): "2027-06-30",
            ("Drift", "E7"): "Tillfällig",
            ("Drift", "F7"): "löpande",
        },
        workbook(EMPTY, ()),
    )

    assert read(data) == Contents(EMPTY.model_copy(update={"operating": (WARDENS,)}), ())


def test_what_the_workbook_does_not_ask_is_kept_from_the_draft():
    draft = Calculation(
        time_frame=FRAME,
        capital_costs_borne_by=CapitalCostBearer.PROGRAMME,
        capital_costs_reason="Ny verksamhet",
    )

    contents = read(workbook(), so_far=draft)

    assert contents.calculation.capital_costs_borne_by is CapitalCostBearer.PROGRAMME
    assert contents.calculation.capital_costs_reason == "Ny verksamhet"


@pytest.mark.parametrize(
    ("written", "kronor"),
    [
        (720000, "720000"),
        (720000.5, "720000.50"),
        (0.1 + 0.2, "0.30"),
        (719999.9999999, "720000"),
        ("720 tkr", "720000"),
        ("1,6 mkr", "1600000"),
        ("2\u00a0500\u00a0000 kr", "2500000"),
    ],
)
def test_an_amount_is_a_number_or_a_text_as_people_write_it(written, kronor):
    contents = read(edited({("Drift", "B7"): written}, workbook(split=())))

    assert contents.calculation.operating[0].amount == Decimal(kronor)


@pytest.mark.parametrize("written", [10, 10.0, "10", "10 år"])
def test_a_useful_life_is_whole_years_however_written(written):
    contents = read(edited({("Investering", "C7"): written}))

    assert contents.calculation.investments[0] == CAMERAS


@pytest.mark.parametrize(
    "written", [date(2026, 9, 1), "2026-09-01", "1/9 2026", "1 september 2026"]
)
def test_a_date_is_a_date_or_a_text_that_can_be_read_as_one(written):
    contents = read(edited({("Drift", "C7"): written}))

    assert contents.calculation.operating[0] == WARDENS


def test_a_formula_counts_as_the_value_it_was_computed_to():
    data = with_formula(
        workbook(), part="xl/worksheets/sheet2.xml", cell="B7", formula="60000*12", value="720000"
    )

    assert read(data) == Contents(FILLED, SPLIT)


def test_the_workbooks_own_sums_are_never_believed():
    data = with_formula(
        workbook(), part="xl/worksheets/sheet2.xml", cell="G7", formula="1+1", value="2"
    )

    assert read(data) == Contents(FILLED, SPLIT)


def test_rows_may_be_left_empty_between_others():
    moved = {("Drift", f"{column}9"): None for column in "ABCDEF"}
    data = edited({**moved, ("Drift", "A40"): "  "})

    assert read(data) == Contents(FILLED, SPLIT)


def test_a_text_that_looks_like_a_formula_stays_a_text():
    line = WARDENS.model_copy(update={"what": '=HYPERLINK("http://x";"klicka")'})
    data = workbook(EMPTY.model_copy(update={"operating": (line,)}), ())

    cell = load_workbook(io.BytesIO(data))["Drift"]["A7"]

    assert cell.data_type == "s"
    assert read(data).calculation.operating == (line,)


def test_what_no_spreadsheet_can_hold_is_replaced_visibly():
    line = WARDENS.model_copy(update={"what": "Värd\x07ar"})

    contents = read(workbook(EMPTY.model_copy(update={"operating": (line,)}), ()))

    assert contents.calculation.operating[0].what == "Värd\ufffdar"


def test_only_the_cells_to_fill_in_can_be_changed():
    page = load_workbook(io.BytesIO(workbook()))["Drift"]

    assert page.protection.sheet
    assert not page["B7"].protection.locked
    assert page["A6"].protection.locked
    assert page["G7"].protection.locked


def test_choices_are_offered_as_lists():
    book = load_workbook(io.BytesIO(workbook()))

    lists = {
        str(validation.sqref).split(":")[0]: validation.formula1
        for page in book.worksheets
        for validation in page.data_validations.dataValidation
    }
    named = {
        [cell.value for cell in row if cell.value]
        and tuple(cell.value for cell in row if cell.value)
        for row in book["Listor"].iter_cols()
    }
    assert set(lists) == {"E7", "F7", "A7", "B7"}
    assert {("tillfällig", "permanent"), ("kommunstyrelsen", "socialnämnden")} <= named
    assert book["Listor"].sheet_state == "hidden"


@pytest.mark.requirement("R000-29")
def test_an_investment_for_years_without_any_rate_is_named():
    def no_rate(_):
        raise InvalidAnswer("refusals.calculation.no_interest_rate", year=2027)

    (problem,) = read(workbook(), capital_costs=no_rate)

    assert (problem.sheet, problem.cell) == ("Investering", "B7")


words = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Nd")), min_size=1, max_size=40
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
kronor = st.decimals(Decimal("0.01"), 10**9, places=2)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@st.composite
def operating_lines(draw):
    kind = draw(st.sampled_from(["one_off", "temporary", "permanent"]))
    start, end = sorted([draw(days), draw(days)])
    return OperatingLine(
        what=draw(words),
        amount=draw(kronor),
        start=start,
        end=end if kind == "temporary" else None,
        duration=Duration.PERMANENT if kind == "permanent" else Duration.TEMPORARY,
        recurrence=Recurrence.ONE_OFF if kind == "one_off" else Recurrence.RECURRING,
    )


@st.composite
def investment_lines(draw):
    payments = draw(st.dictionaries(st.integers(2026, 2028), kronor, min_size=1))
    line = InvestmentLine(
        what=draw(words),
        payments=payments,
        in_use_from=draw(days),
        useful_life=draw(st.integers(1, 100)),
    )
    if draw(st.booleans()):
        return line.model_copy(update={"residual_value": min(draw(kronor), line.acquisition_value)})
    parts = tuple(
        Component(what=draw(words), amount=amount, useful_life=draw(st.integers(1, 50)))
        for amount in payments.values()
    )
    return line.model_copy(update={"useful_life": None, "components": parts})


@st.composite
def filled_in(draw):
    calculation = Calculation(
        time_frame=TimeFrame(start=date(2026, 1, 1), end=date(2028, 12, 31)),
        operating=tuple(draw(st.lists(operating_lines(), min_size=1, max_size=4))),
        investments=tuple(
            draw(st.lists(investment_lines(), max_size=3, unique_by=lambda i: i.what.casefold()))
        ),
    )
    sums = costs(calculation)
    own = tuple(
        OwnFinancingRow(kind=kind, year=year, amount=draw(st.decimals("0.01", cost, places=2)))
        for kind in CostKind
        for year, cost in sums[kind].items()
        if cost and draw(st.booleans())
    )
    shares = [
        SplitRow(
            committee="son", kind=kind, year=year, amount=draw(st.decimals("0.01", cost, places=2))
        )
        for kind in CostKind
        for year, cost in sums[kind].items()
        if cost and draw(st.booleans())
    ]
    return calculation.model_copy(update={"own_financing": own}), rest_on("ks", shares, sums)


def by_place(split):
    return sorted((row.committee, row.kind, row.year, row.amount) for row in split)


@given(filled_in())
@settings(max_examples=tries(15))
def test_whatever_is_handed_out_is_read_back_the_same(filled):
    calculation, split = filled
    assert problems(calculation, capital_costs={}) == ()

    contents = read(
        workbook(calculation, split), so_far=Calculation(time_frame=calculation.time_frame)
    )

    assert isinstance(contents, Contents), contents
    assert contents.calculation == calculation
    assert by_place(contents.split) == by_place(split)
