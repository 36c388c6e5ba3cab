"""Återrapport, delrapport, årsrapport, reconciliation and anmälningslista: what stands in them, and how."""

import pytest
from pydantic import BaseModel

from bot.documents.make import make
from flows.papers import PaperName
from tests.bot.documents import report_examples as examples
from tests.bot.documents.reading import word_text
from tests.templates.test_documents_of_decisions import headings


def says(name: PaperName, facts: BaseModel) -> str:
    return word_text(make(name, facts).docx)


@pytest.fixture(scope="module")
def annual() -> str:
    return says("annual_report", examples.annual_report())


@pytest.mark.requirement("R000-60")
def test_a_follow_up_has_effects_and_results_as_three_sections() -> None:
    text = says("follow_up", examples.follow_up())
    found = headings(text)
    at = found.index("Kortsiktiga effekter")
    assert found[at : at + 3] == ["Kortsiktiga effekter", "Långsiktiga effekter", "Resultat"]
    assert "Utgångsläge\t34 procent (2026)" in text
    assert "Mål\tHögst 25 procent, senast 31 oktober 2028" in text
    assert "Uppmätt värde\t31 procent" in text


@pytest.mark.requirement("R001-12", "R002-8")
def test_a_follow_up_states_the_sign_of_a_deviation_and_tells_rows_over_budget_in_words() -> None:
    text = says("follow_up", examples.follow_up())
    assert "Nämnd | Budget | Utfall | Avvikelse (budget – utfall) | Prognos helår" in text
    assert (
        "Kultur- och fritidsnämnden | 325 000,00 | 350 000,00 | −25 000,00 | 400 000,00"
        " | −75 000,00 | Över budget" in text
    )
    assert "Socialnämnden | 375 000,50 | 120 000,00 | 255 000,50" in text
    assert "Skäl till avvikelsen" in headings(text, 3)


def test_a_year_end_report_has_no_forecast() -> None:
    facts = examples.follow_up()
    year_end = facts.model_copy(update={"report": examples.report(forecast=False)})
    text = says("follow_up", year_end)
    assert "Prognos" not in text.replace("Prognos över budget", "")


def test_a_follow_up_with_nothing_more_than_it_must_have_is_whole() -> None:
    assert headings(says("follow_up", examples.bare_follow_up())) == [
        "Genomförande",
        "Ekonomi",
        "Kortsiktiga effekter",
        "Långsiktiga effekter",
        "Resultat",
    ]


@pytest.mark.requirement("R000-12")
def test_a_part_report_has_decisions_headroom_and_where_cases_stand() -> None:
    text = says("part_report", examples.part_report())
    assert "Kommundirektören har fattat 3 beslut. De ger 470 000 kr i driftmedel" in text
    assert "2026, driftmedel | 2 000 000 | 470 000 | 1 530 000" in text
    assert "Under bedömning | 1\nBeviljat, följs upp | 60\nSumma | 61" in text
    assert "Därutöver 10 ärenden i samma läge." in text
    assert "Återrapporterna är mottagna av KLG Trygghet och säkerhet." in text


def test_a_part_report_of_nothing_says_that_nothing_has_happened() -> None:
    text = says("part_report", examples.bare_part_report())
    assert "Inga beslut har fattats med delegation sedan förra delrapporten." in text
    assert "Inga ärenden pågår." in text


@pytest.mark.requirement("R002-3", "R002-4", "R002-5", "R002-6")
def test_nackas_table_comes_out_exactly(annual: str) -> None:
    assert "Åtgärd | Förslag 2027 | Utfall 2026 | Budget 2026 | Avvikelse" in annual
    assert "Övriga insatser | 100 000 | 90 000 | 600 000 | 510 000 | Inom budget" in annual
    assert "Trygghetsvärdar | 1 600 000 | 1 200 000 | 1 400 000 | 200 000 | Inom budget" in annual
    assert "Summa | 5 000 000 | 4 290 000 | 5 000 000 | 710 000 | Inom budget" in annual
    assert "Av budgeten är 85,8 procent använd." in annual


@pytest.mark.requirement("R002-7")
def test_rows_over_budget_are_told_in_words_although_the_total_is_under(annual: str) -> None:
    over = [line.split(" | ")[0] for line in annual.split("\n") if line.endswith("Över budget")]
    assert over == [
        "SSPF (skola, socialtjänst, polis, fritid)",
        "Insatser i samverkan med lokala aktörer",
    ]
    assert f"Över budget: {over[0]} och {over[1]}." in annual


@pytest.mark.requirement("R000-13", "R000-1")
def test_an_annual_report_has_the_accounts_and_each_committee(annual: str) -> None:
    assert "Beslutat av kommundirektören | 1 290 000,50 | 0,00" in annual
    assert "Kvar | 5 709 999,50 | 19 400 000,00" in annual
    assert "Barn- och utbildningsnämnden | 0 | 0 | 0,00 | 0,00 | 0,00" in annual
    assert "Summa | 4 | 1 | 4 290 000,50 | 2 500 000,00 | 400 000,00" in annual
    assert "Inga förslag under året från kommunstyrelsen, teknik- och fastighetsnämnden" in annual
    assert headings(annual)[-2:] == ["Beslut", "Effekter"]


@pytest.mark.requirement("R000-55")
def test_the_reconciliation_has_its_four_parts_also_when_they_are_empty() -> None:
    parts = ["Kapitalkostnader", "Fleråriga åtaganden", "Återlämnade medel", "Permanenta kostnader"]
    text = says("reconciliation", examples.reconciliation())
    assert headings(text) == parts
    assert headings(says("reconciliation", examples.bare_reconciliation())) == parts
    assert "0,00 | 126 750,00 | 251 112,50 | 244 000,00 | 621 862,50" in text
    assert "som ett undantag från huvudregeln" in text


def test_the_list_to_the_board_stands_by_delegation_with_number_day_who_what_and_sum() -> None:
    text = says("delegation_list", examples.delegation_list())
    assert headings(text) == [
        "Delegation: Rutin för den särskilda trygghetssatsningen, inledningen",
        "Delegation: Kommunstyrelsen 2026-06-09 § 101",
        "Förslag till beslut",
    ]
    assert "D 2026-0002\n2 dec. 2026\nBifall\nKjell Norén | Nattvandring i stadsdel 2" in text
    assert "Summa |  |  | 470 000 | 500 000" in text
