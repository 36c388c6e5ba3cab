"""The export: register, ledger and follow-ups, as a workbook and as CSV, for those who answer for the programme."""

import csv
import io
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from openpyxl.reader.excel import load_workbook

from bot.acts import export
from bot.render import Texts
from bot.spreadsheet.export import Table, as_csv, workbook
from flows.errors import NotAllowed
from storage.personal import Held
from tests.bot.town import OMAR, SARA, Town, town
from tests.flows.filled import example


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path) as made:
        yield made


async def test_the_secretary_gets_every_case_in_the_workbook_and_in_csv(here: Town) -> None:
    case_id = await here.submitted(title="=HYPERLINK(0)")
    await here.act(partial(export.order, office=here.office, person=SARA))

    await here.work()

    (upload,) = [row for row in await here.owed("upload") if len(row["files"]) > 2]
    files = {file["name"]: await here.files.get(file["sha256"]) for file in upload["files"]}
    assert list(files) == [
        "Särskild trygghetssatsning.xlsx", "Register.csv", "Huvudbok.csv", "Uppföljningar.csv",
    ]  # fmt: skip
    sheet = load_workbook(io.BytesIO(files["Särskild trygghetssatsning.xlsx"]))["Register"]
    row = [cell.value for cell in sheet[2]]
    assert row[0] == case_id
    assert row[2] == "=HYPERLINK(0)"
    assert sheet["C2"].data_type == "s"
    lines = list(csv.reader(io.StringIO(files["Register.csv"].decode("utf-8-sig")), delimiter=";"))
    assert lines[1][2] == "'=HYPERLINK(0)"


async def test_the_workbook_is_called_what_the_municipality_calls_its_programme(
    sqlite_url: str, tmp_path: Path
) -> None:
    names = example().names.model_copy(update={"programme": "trygga/lugna kvällar"})
    async with town(sqlite_url, tmp_path) as here:
        object.__setattr__(here.office, "texts", Texts(names=names))
        await here.act(partial(export.order, office=here.office, person=SARA))
        await here.work()

        files = [file["name"] for row in await here.owed("upload") for file in row["files"]]
        assert "Trygga-lugna kvällar.xlsx" in files


def test_what_is_held_about_a_person_names_the_group_as_the_municipality_does() -> None:
    names = example().names.model_copy(update={"klg_short": "LG"})

    said = Texts(names=names).plain("cli.personal.substitutes", one=Held("substitutes", 2))

    assert said == "Ersättare i LG: 2 uppdrag."


async def test_an_officer_gets_no_export(here: Town) -> None:
    with pytest.raises(NotAllowed) as refused:
        await here.act(partial(export.order, office=here.office, person=OMAR))

    assert refused.value.key == "refusals.home.no_export"


@pytest.mark.parametrize("begins", ["=1+1", "+46", "-1", "@SUM(A1)", "\t=1"])
def test_what_begins_like_a_formula_is_text_everywhere(begins: str) -> None:
    table = Table(name="Ett", headings=["Namn"], rows=[[begins]])

    cell = load_workbook(io.BytesIO(workbook([table])))["Ett"]["A2"]

    assert cell.data_type == "s"
    assert as_csv(table).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
