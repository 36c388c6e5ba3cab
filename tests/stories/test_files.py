"""Files dropped in the conversation: appendices by their content, and the calculation as a workbook."""

import io
import logging
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from flows.events import Stage
from storage import drafts
from storage.engine import open_writer
from storage.tables import metadata
from tests.drafts import stored, write_draft
from tests.flows.filled import example, values
from tests.people import Person, Town, town

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 400
POINT_1 = {k: v for k, v in values().items() if k in {"secrecy", "administrations", "title"}}


def appendices(url: str, draft: int) -> list[str]:
    engine = open_writer(url)
    with engine.connect() as db:
        names = [row.name for row in drafts.appendices_of(db, draft)]
    engine.dispose()
    return names


def everything(url: str) -> str:
    """Every row of every table."""
    engine = open_writer(url)
    with engine.connect() as db:
        rows = [str(row) for table in metadata.sorted_tables for row in db.execute(table.select())]
    engine.dispose()
    return "\n".join(rows)


async def test_a_file_without_text_becomes_an_appendix_that_can_be_removed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, values())
        await here.anna.says("fortsätt")
        await here.anna.says("", files={"Karta över centrum.pdf": PDF})
        await here.anna.sees("Karta över centrum.pdf är nu en bilaga (1 kB).")
        assert appendices(sqlite_url, draft) == ["Karta över centrum.pdf"]

        await here.anna.says("visa")
        for _ in range(3):
            await here.anna.presses("Nästa")
        await here.anna.sees("*Bilagor:* 1")
        await here.anna.sees("Karta över centrum.pdf (1 kB)")
        await here.anna.presses("Ta bort")

        await here.anna.sees("Karta över centrum.pdf är inte längre en bilaga.")
        assert appendices(sqlite_url, draft) == []


async def test_what_a_file_holds_decides_and_not_what_it_is_called(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, POINT_1, stage=Stage.PROPOSAL)
        await here.anna.says("fortsätt")
        await here.anna.says("", files={"rapport.pdf": EXE, "verktyg.exe": EXE, "karta.pdf": PDF})

        await here.anna.sees("rapport.pdf kan inte vara en bilaga.")
        await here.anna.sees("verktyg.exe kan inte vara en bilaga.")
        await here.anna.sees("karta.pdf är nu en bilaga")
        assert appendices(sqlite_url, draft) == ["karta.pdf"]


async def test_a_file_that_is_too_large_is_refused_with_both_sizes(
    sqlite_url: str, tmp_path: Path
) -> None:
    small = example().files.model_copy(update={"max_bytes": 300_000})
    programme = example().model_copy(update={"files": small})
    async with town(sqlite_url, tmp_path, programme=programme) as here:
        draft = write_draft(sqlite_url, programme, POINT_1, stage=Stage.PROPOSAL)
        await here.anna.says("fortsätt")
        await here.anna.says("", files={"film.pdf": PDF + b"0" * 640_000})

        await here.anna.sees("film.pdf är 640 kB. En bilaga får vara högst 300 kB.")
        assert appendices(sqlite_url, draft) == []


async def test_an_identity_number_in_a_file_name_is_refused_and_not_kept(
    sqlite_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, POINT_1, stage=Stage.PROPOSAL)
        await here.anna.says("fortsätt")
        with caplog.at_level(logging.DEBUG, logger="bot"):
            await here.anna.says("", files={"intyg 850709-9805.pdf": PDF})
            await here.anna.sees("Filnamnet innehåller något som ser ut som ett personnummer.")

        assert appendices(sqlite_url, draft) == []
        logged = caplog.text + str(capsys.readouterr())
    for part in ("850709", "9805"):
        assert part not in everything(sqlite_url)
        assert part not in logged


async def test_a_text_with_a_file_answers_the_question(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, POINT_1, stage=Stage.PROPOSAL)
        await here.anna.says("fortsätt")
        await here.anna.says("Anna Ek, 070-123 45 67", files={"karta.pdf": PDF})
        await here.anna.sees("karta.pdf är nu en bilaga")

        assert stored(sqlite_url, draft)["contact"] == "Anna Ek, 070-123 45 67"


@pytest.mark.requirement("R000-30")
async def test_the_investment_form_is_dropped_where_it_is_asked_for(
    sqlite_url: str, tmp_path: Path
) -> None:
    given = {k: v for k, v in values().items() if k not in {"investment_form", "attested"}}
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, given)
        await here.anna.says("fortsätt")
        await here.anna.sees("Var finns blanketten")
        await here.anna.says("", files={"Blankett.pdf": PDF})
        await here.anna.sees("Har dialogen med ordföranden omfattat")

        assert stored(sqlite_url, draft)["investment_form"] == "Bifogas: Blankett.pdf"
        assert appendices(sqlite_url, draft) == ["Blankett.pdf"]


async def hands_out(here: Town, anna: Person) -> openpyxl.Workbook:
    """Ask for the workbook, and open what the bot uploads."""
    await anna.presses("Hämta kalkylblad")
    await anna.sees("Här är kalkylbladet för *Trygghetsvärdar i centrum*.")
    shared = [file for m in await anna.messages() for file in m.get("files") or []][-1]
    return openpyxl.load_workbook(io.BytesIO(await download(here, shared)))


async def download(here: Town, file: dict[str, str]) -> bytes:
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    async with here.sandbox._session.get(file["url_private"], headers=headers) as answer:
        return await answer.read()


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.requirement("R000-26")
async def test_the_calculation_is_filled_in_as_a_workbook_whole_or_not_at_all(
    sqlite_url: str, tmp_path: Path
) -> None:
    later = {
        "operating", "investments", "classification", "capital_bearer", "capital_reason", "property",
        "own_financing", "finance_confirmed", "split", "attested", "long_term_financing",
    }  # fmt: skip
    given = {k: v for k, v in values().items() if k not in later} | {"calculation_by": "officer"}
    async with town(sqlite_url, tmp_path) as here:
        draft = write_draft(sqlite_url, here.programme, given)
        await here.anna.says("fortsätt")
        book = await hands_out(here, here.anna)
        drift = book["Drift"]
        cost = ("Värdar", "mycket", date(2027, 9, 1), date(2028, 12, 31), "tillfällig", "löpande")
        for column, value in enumerate(cost, start=1):
            drift.cell(7, column, value)
        await here.anna.says("", files={"Kalkyl.xlsx": saved(book)})

        told = await here.anna.sees("tog inte in något, eftersom 1 cell behöver rättas")
        assert "Drift" in told
        assert "B7" in told
        assert "operating" not in stored(sqlite_url, draft)

        drift["B7"] = 720_000
        await here.anna.says("", files={"Kalkyl rättad.xlsx": saved(book)})
        await here.anna.sees("Kalkylbladet är inläst: 1 driftrad och inga investeringar.")

        read = stored(sqlite_url, draft)
        assert [row["what"] for row in read["operating"]] == ["Värdar"]
        assert read["investments"] == []
        await here.anna.sees("Stämmer fördelningen mellan drift och investering?")
