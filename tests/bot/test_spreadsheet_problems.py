"""Every wrong cell of a workbook is named with sheet, cell and reason, and nothing of it is taken."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl.comments import Comment
from openpyxl.reader.excel import load_workbook

from bot.spreadsheet import Contents, worded
from flows.calculation import Calculation
from tests.bot.workbooks import (
    FILLED,
    SPLIT,
    TEXTS,
    edited,
    read,
    with_formula,
    workbook,
)

NUMBER = "850709-9805"  # the number of public test suites; nobody's
DRIFT = "xl/worksheets/sheet2.xml"
NUMBER_AS_AMOUNT = 8507099805


def found(data):
    result = read(data)
    assert not isinstance(result, Contents)
    for problem in result:
        sentence = worded(problem, TEXTS)
        assert problem.sheet in sentence
        assert problem.cell in sentence
    return [
        (problem.sheet, problem.cell, problem.refusal.key.rpartition(".")[2]) for problem in result
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "reason"),
    [
        ("Drift", "A7", None, "missing"),
        ("Drift", "A7", 1.5, "not_text"),
        ("Drift", "A7", "x" * 201, "text_too_long"),
        ("Drift", "B7", None, "missing"),
        ("Drift", "B7", "1.100 kr", "ambiguous"),
        ("Drift", "B7", "5-6 mnkr", "range"),
        ("Drift", "B7", "mycket", "not_an_amount"),
        ("Drift", "B7", 0.001, "too_precise"),
        ("Drift", "B7", 33333.3333, "too_precise"),
        ("Drift", "B7", -5, "negative"),
        ("Drift", "B7", "-5 tkr", "negative"),
        ("Drift", "B7", 0, "no_amount"),
        ("Drift", "B7", True, "not_an_amount"),
        ("Drift", "B7", date(2026, 1, 1), "not_an_amount"),
        ("Drift", "B7", 10**13, "too_large"),
        ("Drift", "B7", "=1+1", "no_value"),
        ("Drift", "B7", "#REF!", "formula_error"),
        ("Drift", "C7", None, "missing"),
        ("Drift", "C7", "i höst", "date_unreadable"),
        ("Drift", "C7", 2026, "not_a_date"),
        ("Drift", "C7", date(1926, 9, 1), "not_a_date"),
        ("Drift", "C7", date(2025, 9, 1), "outside_time_frame"),
        ("Drift", "D7", None, "no_end"),
        ("Drift", "D7", date(2026, 8, 1), "end_before_start"),
        ("Drift", "E7", "kanske", "not_a_choice"),
        ("Drift", "E7", "permanent", None),
        ("Drift", "F7", None, "missing"),
        ("Drift", "D8", date(2027, 1, 1), "one_off_with_end"),
        ("Investering", "B7", None, "missing"),
        ("Investering", "B7", date(2025, 1, 1), "in_use_before_start"),
        ("Investering", "C7", None, "no_useful_life"),
        ("Investering", "C7", 7.5, "not_years"),
        ("Investering", "C7", 0, "not_years"),
        ("Investering", "C7", "länge", "not_years"),
        ("Investering", "C8", 5, "useful_life_twice"),
        ("Investering", "D7", 2_500_001, "residual_too_large"),
        ("Investering", "D8", 1, "residual_value_twice"),
        ("Investering", "E7", "5 eller 6", "range"),
        ("Investering", "G7", 5, "outside_time_frame"),
        ("Investering", "A8", "kameror", None),
        ("Komponenter", "A7", "Okänd", None),
        ("Komponenter", "C7", 201, "components_differ"),
        ("Komponenter", "D7", None, "missing"),
        ("Komponenter", "E8", 101, "residual_too_large"),
        ("Egen finansiering", "A7", None, "missing"),
        ("Egen finansiering", "B7", 400_000, "own_operating_too_large"),
        ("Egen finansiering", "E7", 1, "own_operating_too_large"),
        ("Fördelning", "A7", "okänd nämnd", "not_a_choice"),
        ("Fördelning", "B7", None, "missing"),
        ("Fördelning", "C7", "sex", "not_an_amount"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(sheet, cell, value, reason):
    expected = {
        ("E7", "permanent"): [("Drift", "D7", "permanent_with_end")],
        ("A8", "kameror"): [
            ("Investering", "A8", "investment_twice"),
            ("Investering", "C8", "no_useful_life"),
            ("Komponenter", "A7", "investment_unknown"),
        ],
        ("A7", "Okänd"): [
            ("Komponenter", "A7", "investment_unknown"),
            ("Komponenter", "C8", "components_differ"),
        ],
    }.get((cell, value), [(sheet, cell, reason)])

    assert sorted(found(edited({(sheet, cell): value}))) == expected


def test_every_wrong_cell_is_told_at_once():
    data = edited(
        {
            ("Drift", "B7"): "mycket",
            ("Drift", "C7"): None,
            ("Drift", "E8"): "aldrig",
            ("Investering", "C7"): None,
            ("Fördelning", "A7"): "okänd",
        }
    )

    assert found(data) == [
        ("Drift", "B7", "not_an_amount"),
        ("Drift", "C7", "missing"),
        ("Drift", "E8", "not_a_choice"),
        ("Investering", "C7", "no_useful_life"),
        ("Fördelning", "A7", "not_a_choice"),
    ]


def test_a_formula_that_gives_an_error_is_named():
    data = with_formula(workbook(), part=DRIFT, cell="B7", formula="1/0", value="#DIV/0!", kind="e")

    assert found(data) == [("Drift", "B7", "formula_error")]


def test_a_formula_that_nobody_has_computed_is_named():
    data = with_formula(workbook(), part=DRIFT, cell="B7", formula="60000*12", value="720000")

    assert found(edited({}, data)) == [
        ("Drift", "B7", "no_value")
    ]  # saved by no spreadsheet program


@pytest.mark.requirement("R000-38")
def test_a_split_that_differs_is_shown_in_kronor_where_the_sheet_shows_what_is_left():
    short = SPLIT[0].model_copy(update={"amount": SPLIT[0].amount - Decimal("0.01")})

    (problem,) = read(workbook(split=(short, *SPLIT[1:])))

    assert (problem.sheet, problem.cell) == ("Fördelning", "C3")
    assert problem.refusal.facts["difference"] == Decimal("0.01")
    assert "0,01\u00a0kr" in worded(problem, TEXTS)


@pytest.mark.requirement("R000-26")
def test_a_workbook_without_any_cost_is_refused():
    empty = Calculation(time_frame=FILLED.time_frame)

    assert found(workbook(empty, ())) == [("Drift", "A7", "no_costs")]


@pytest.mark.parametrize(
    "changes",
    [
        {("Drift", "A7"): f"Lön {NUMBER}"},
        {("Drift", "B7"): NUMBER_AS_AMOUNT},
        {("Drift", "B7"): float(NUMBER_AS_AMOUNT)},
        {("Drift", "A300"): NUMBER},
        {("Drift", "AZ1"): "850709\u20119805"},
        {("Läs mig", "C30"): NUMBER},
        {("Listor", "Z9"): NUMBER},
        {("Drift", "C60"): f'="{NUMBER}"'},
    ],
)
def test_an_identity_number_in_any_cell_is_named_and_never_repeated(changes):
    ((place, _),) = changes.items()

    (problem,) = read(edited(changes))

    assert (problem.sheet, problem.cell) == place
    assert problem.refusal.key == "spreadsheet.problems.identity_number"
    assert "9805" not in repr(problem) + worded(problem, TEXTS)


def test_an_identity_number_in_a_comment_or_a_sheet_of_ones_own_is_named():
    book = load_workbook(io.BytesIO(workbook()))
    book["Drift"]["A7"].comment = Comment(NUMBER, "Anna")
    book.create_sheet("Mina underlag")["D4"] = NUMBER
    file = io.BytesIO()
    book.save(file)

    assert found(file.getvalue()) == [
        ("Drift", "A7", "identity_number"),
        ("Mina underlag", "D4", "identity_number"),
    ]


def test_a_sheet_of_ones_own_is_otherwise_left_alone():
    book = load_workbook(io.BytesIO(workbook()))
    book.create_sheet("Mina underlag")["D4"] = "Mina egna siffror"
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue()) == Contents(FILLED, SPLIT)


def test_a_moved_column_is_told_and_nothing_below_it_is_read():
    book = load_workbook(io.BytesIO(workbook()))
    book["Drift"].delete_cols(2)
    book["Drift"]["A7"] = None
    file = io.BytesIO()
    book.save(file)

    assert {(sheet, reason) for sheet, _, reason in found(file.getvalue())} == {
        ("Drift", "heading")
    }


@pytest.mark.parametrize("value", [2026, "nästa år", 1999])
def test_a_year_heading_that_is_no_year_of_its_own_is_told(value):
    assert found(edited({("Investering", "F6"): value})) == [("Investering", "F6", "year_heading")]


def test_more_rows_than_anyone_fills_in_are_refused():
    rows = {("Drift", f"A{row}"): "x" for row in range(7, 520)}

    assert ("Drift", "A507", "too_many_rows") in found(edited(rows))
