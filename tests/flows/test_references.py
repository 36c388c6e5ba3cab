"""What a decision rests on, as people write it in a list of documents."""

from datetime import date

import pytest

from flows import references
from flows.errors import InvalidAnswer
from flows.references import Reference


@pytest.mark.requirement("R001-22")
def test_an_extract_of_kommunfullmaktige_is_read_as_body_day_and_paragraph():
    found = references.read("KF 2019-12-09 § 197")

    assert found == Reference(body="KF", day=date(2019, 12, 9), paragraph=197)


@pytest.mark.requirement("R003-4")
@pytest.mark.parametrize(
    "written",
    [
        "KS 2021-08-24 § 241",
        "KS/2021-08-24/241",
        "Kommunstyrelsen den 24 augusti 2021, § 241",
        "  kommunstyrelsen 2021-08-24 §241 ",
    ],
)
def test_the_decision_that_a_case_rests_on_is_read_however_it_is_written(written: str):
    assert references.read(written) == Reference(body="KS", day=date(2021, 8, 24), paragraph=241)


@pytest.mark.requirement("R003-5")
@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tjänsteskrivelse 2021-09-13", "Tjänsteskrivelse"),
        ("Tjänsteskrivelse daterad den 25 mars 2024", "Tjänsteskrivelse"),
        ("Överenskommelse om samverkan, 2020-01-31", "Överenskommelse om samverkan"),
    ],
)
def test_a_paper_has_a_title_and_its_date(written: str, title: str):
    found = references.read(written)

    assert (found.title, found.paragraph) == (title, None)
    assert found.day is not None


def test_a_decision_may_have_a_title():
    found = references.read("KF 2019-12-09 § 197, Mål och budget 2020")

    assert (found.paragraph, found.title) == (197, "Mål och budget 2020")


def test_a_day_without_a_paragraph_is_not_cut_into_one():
    assert references.read("KF 2026-06-15").paragraph is None
    assert references.read("KF 15 juni 2026").paragraph is None


def test_what_has_no_date_is_a_title():
    assert references.read("Lägesbild 2026") == Reference(title="Lägesbild 2026")


def test_a_list_is_one_reference_a_line():
    found = references.read_lines("KS 2021-08-24 § 241\n\n  Tjänsteskrivelse 2021-09-13  \n")

    assert [one.paragraph for one in found] == [241, None]


@pytest.mark.parametrize("written", ["KS 2021-02-30 § 241", "Tjänsteskrivelse 2021-13-01", "–"])
def test_a_date_that_no_calendar_has_is_refused(written: str):
    with pytest.raises(InvalidAnswer):
        references.read(written)


@pytest.mark.parametrize(
    "line", ["KF 2019-12-09 § 197 Mål och budget", "Tjänsteskrivelse 2021-09-13", "Lägesbild"]
)
def test_what_is_shown_is_read_back_the_same(line: str):
    assert references.written(references.read(line)) == line
