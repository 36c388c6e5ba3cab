"""Workbooks for tests: a filled one, and what a person may do to it before handing it in."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from openpyxl.reader.excel import load_workbook

from bot.render import Texts
from bot.spreadsheet import make_workbook, read_workbook
from flows.calculation import (
    Calculation,
    Component,
    Duration,
    InvestmentLine,
    OperatingLine,
    OwnFinancingRow,
    Recurrence,
    TimeFrame,
    costs,
)
from flows.rules import CostKind
from flows.split import SplitRow

TEXTS = Texts()
COMMITTEES = {"ks": "kommunstyrelsen", "son": "socialnämnden"}
FRAME = TimeFrame(start=date(2026, 3, 1), end=date(2027, 12, 31))
WARDENS = OperatingLine(
    what="Trygghetsvärdar",
    amount=Decimal(720_000),
    start=date(2026, 9, 1),
    end=date(2027, 6, 30),
    duration=Duration.TEMPORARY,
    recurrence=Recurrence.RECURRING,
)
TRAINING = OperatingLine(
    what="Utbildning",
    amount=Decimal("100000.50"),
    start=date(2026, 10, 1),
    duration=Duration.TEMPORARY,
    recurrence=Recurrence.ONE_OFF,
)
CAMERAS = InvestmentLine(
    what="Kameror",
    payments={2026: Decimal(2_000_000), 2027: Decimal(500_000)},
    in_use_from=date(2027, 2, 1),
    useful_life=10,
    residual_value=Decimal(50_000),
)
LIGHTS = InvestmentLine(
    what="Belysning",
    payments={2026: Decimal(300)},
    in_use_from=date(2026, 12, 1),
    components=(
        Component(what="Stolpar", amount=Decimal(200), useful_life=20),
        Component(what="Armaturer", amount=Decimal(100), useful_life=5, residual_value=Decimal(1)),
    ),
)
FILLED = Calculation(
    time_frame=FRAME,
    operating=(WARDENS, TRAINING),
    investments=(CAMERAS, LIGHTS),
    own_financing=(
        OwnFinancingRow(kind=CostKind.OPERATING, year=2026, amount=Decimal(40_000)),
        OwnFinancingRow(kind=CostKind.INVESTMENT, year=2027, amount=Decimal("0.01")),
    ),
)
SPLIT = tuple(
    SplitRow(committee="ks", kind=kind, year=year, amount=amount)
    for kind, by_year in costs(FILLED).items()
    for year, amount in by_year.items()
    if amount
)


def workbook(calculation=FILLED, split=SPLIT):
    return make_workbook(calculation, split, committees=COMMITTEES, texts=TEXTS)


def read(data, *, so_far=None, capital_costs=lambda _: {}):
    return read_workbook(
        data,
        so_far=so_far or Calculation(time_frame=FRAME),
        committees=COMMITTEES,
        capital_costs=capital_costs,
        texts=TEXTS,
    )


def edited(changes, data=None):
    """Return the workbook with cells changed: {("Drift", "B7"): value}."""
    book = load_workbook(io.BytesIO(data or workbook()))
    for (sheet, cell), value in changes.items():
        book[sheet][cell].value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(
    data, replace: Mapping[str, bytes] | None = None, add: Mapping[str, bytes] | None = None
):
    """Return the archive with parts replaced or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, (replace or {}).get(part.filename, old.read(part)))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return file.getvalue()


def with_formula(data, *, part: str, cell: str, formula: str, value: str, kind: str = "n"):
    """Return the workbook with a formula whose computed value is stored, as Excel saves it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read(part).decode()
    style = re.search(rf'<c r="{cell}"( s="[0-9]+")', sheet)[1]
    changed, count = re.subn(
        rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)',
        f'<c r="{cell}"{style} t="{kind}"><f>{formula}</f><v>{value}</v></c>',
        sheet,
    )
    assert count == 1
    return repacked(data, replace={part: changed.encode()})
