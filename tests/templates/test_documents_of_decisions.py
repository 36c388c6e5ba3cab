"""Tjänsteskrivelse, delegationsbeslut and beslutsexpediering: their sections, in the order of the seeds."""

from collections.abc import Iterable

import pytest
from pydantic import BaseModel

from bot.documents.make import make
from flows.decided import CouncilOutcome, Verdict
from flows.decision_papers import Recipient
from flows.officer_report import Mbl, WrittenReport
from flows.papers import PaperName
from flows.practice import Section
from flows.recipients import Duty
from flows.references import read
from tests.bot.documents import decision_examples as examples
from tests.bot.documents.reading import word_text


def says(name: PaperName, facts: BaseModel) -> str:
    return word_text(make(name, facts).docx)


def headings(text: str, level: int = 2) -> list[str]:
    mark = f"[Heading {level}] "
    return [line.removeprefix(mark) for line in text.split("\n") if line.startswith(mark)]


def listed(text: str, heading: str) -> list[str]:
    """The bullets under a heading of level 2."""
    part = text.split(f"[Heading 2] {heading}\n")[1].split("[Heading 2]", maxsplit=1)[0]
    return [line[14:] for line in part.split("\n") if line.startswith("[List Bullet] ")]


@pytest.fixture(scope="module")
def report() -> str:
    return says("officer_report", examples.officer_report())


@pytest.fixture(scope="module")
def decision() -> str:
    return says("delegated_decision", examples.delegated_decision())


@pytest.fixture(scope="module")
def dispatch() -> str:
    return says("dispatch", examples.dispatch())


# --- tjänsteskrivelse --------------------------------------------------------------------------


@pytest.mark.requirement("R002-1", "R002-15", "R003-6")
def test_an_officer_report_has_the_sections_of_the_seeds_in_order(report: str) -> None:
    assert headings(report) == [
        "Förslag till beslut",
        "Sammanfattning av ärendet",
        "Ärendet",
        "Ekonomiska konsekvenser",
        "Konsekvenser för barn",
        "Jämställdhet",
        "Kommunala mål",
        "Samråd",
        "Information eller förhandling enligt lag (1976:580) om medbestämmande i arbetslivet",
        "Handlingar i ärendet",
        "Beslutet skickas till",
    ]
    assert "Bakgrund" in headings(report, 3)
    head = report.split("[Heading 1] Tjänsteskrivelse", maxsplit=1)[0]
    assert "1 december 2026" in head
    assert "KS 2026/214" in head


@pytest.mark.parametrize("left_out", list(Section))
def test_a_section_that_the_programme_does_not_ask_for_is_not_printed(left_out: Section) -> None:
    facts = examples.officer_report()
    sections = tuple(section for section in Section if section is not left_out)

    text = says("officer_report", facts.model_copy(update={"sections": sections}))

    whole = says("officer_report", facts)
    gone = {*headings(whole), *headings(whole, 3)} - {*headings(text), *headings(text, 3)}
    assert len(gone - {"Kapitalkostnader"}) == 1


def test_a_section_that_nobody_wrote_is_left_out() -> None:
    bare = examples.officer_report().model_copy(
        update={"written": WrittenReport(points=("Medlen beviljas.",))}
    )

    text = says("officer_report", bare)

    assert not {"Konsekvenser för barn", "Jämställdhet", "Samråd"} & {*headings(text)}
    assert "[Points] 1.\tMedlen beviljas." in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (CouncilOutcome.DECIDED, "Kommunfullmäktige beslutade den 23 november 2026, § 118, att"),
        (CouncilOutcome.NOT_NEEDED, "Det har prövats om kommunfullmäktige behöver besluta först."),
        (CouncilOutcome.STOPPED, "Kommunfullmäktige ska besluta innan medel kan beviljas"),
    ],
)
def test_what_came_of_the_councils_review_is_said(outcome: CouncilOutcome, words: str) -> None:
    said = {"council": examples.council().model_copy(update={"outcome": outcome})}
    assert words in says("officer_report", examples.officer_report().model_copy(update=said))
    assert words in says("dispatch", examples.dispatch().model_copy(update=said))


def test_the_proposed_points_keep_their_order(report: str) -> None:
    points = [line for line in report.split("\n") if line.startswith("[Points]")]
    assert points[0].startswith("[Points] 1.\tKultur- och fritidsnämnden och socialnämnden")
    assert (
        points[2]
        == "[Points] 3.\t720 000 kr inarbetas i kultur- och fritidsnämndens budget för 2028."
    )


def test_the_economic_consequences_are_per_committee_kind_and_year(report: str) -> None:
    assert "Kultur- och fritidsnämnden | 325 000,00 | 720 000,00 | 1 045 000,00" in report
    assert "Socialnämnden | 375 000,50 | 0,00 | 375 000,50" in report
    assert "Teknik- och fastighetsnämnden | 1 000 000 | 1 500 000 | 2 500 000" in report
    assert "Från och med år 2029 beräknas den till 720 000 kr per år." in report
    assert "Nämnden bär kapitalkostnaderna inom sin egen ram" in report
    assert "2027, driftmedel | 10 000 000 | 1 200 000 | 250 000 | 700 000 | 7 850 000" in report


@pytest.mark.requirement("R003-11")
def test_each_namnds_money_has_its_purpose(report: str) -> None:
    assert listed(report, "Ärendet")[-3:] == [
        "Socialnämnden: Fältarbetarna når unga som vill lämna kriminalitet.",
        "Kultur- och fritidsnämnden: Trygghetsvärdarna är ute varje kväll.",
        "Teknik- och fastighetsnämnden: Stråken till centrum lyses upp.",
    ]


@pytest.mark.requirement("R003-4", "R003-5")
def test_the_documents_stand_with_body_date_and_paragraph(report: str) -> None:
    assert listed(report, "Handlingar i ärendet") == [
        "Tjänsteskrivelse, 2026-12-01",
        "Ansökan om särskilda medel, ärende 2026-0012, version 2, 2026-11-20",
        "Kommunfullmäktige 2019-12-09, § 197",
        "Lägesbild Centrum, 2026-09-13",
    ]
    linkoping = WrittenReport(
        points=("Ramen fördelas.",), documents=(read("KS 2021-08-24 § 241 Utökat trygghetsarbete"),)
    )
    text = says(
        "officer_report", examples.officer_report().model_copy(update={"written": linkoping})
    )
    assert "Kommunstyrelsen 2021-08-24, § 241, Utökat trygghetsarbete" in text


@pytest.mark.parametrize(
    ("mbl", "words"),
    [
        (Mbl.NOT_REQUIRED, "MBL-information eller förhandling är inte påkallad."),
        (Mbl.INFORMATION, "MBL-information har lämnats den 24 november 2026."),
        (Mbl.NEGOTIATION, "MBL-förhandling har hållits den 24 november 2026."),
    ],
)
@pytest.mark.requirement("R003-9")
def test_mbl_is_said_in_words(mbl: Mbl, words: str) -> None:
    facts = examples.officer_report()
    assert facts.written
    written = facts.written.model_copy(update={"mbl": mbl})
    assert words in says("officer_report", facts.model_copy(update={"written": written}))


@pytest.mark.requirement("R002-16")
def test_two_signatories_stand_with_title_and_unit(report: str) -> None:
    signed = report.split("[Signature] ")[1:]
    assert [one.strip().split("\n") for one in signed] == [
        ["Karin Holm", "Säkerhetschef", "Avdelningen Trygghet och säkerhet"],
        ["Sara Wik", "Utredare", "Avdelningen Trygghet och säkerhet"],
    ]


@pytest.mark.requirement("R003-10")
def test_recipients_stand_one_a_line_also_when_a_name_is_long() -> None:
    name = "Karin\u00a0Olanders, kultur- och fritidsdirektör samt tillförordnad social- och omsorgsdirektör"
    one = Recipient(duty=Duty.DIRECTOR, of="kultur- och fritidsförvaltningen", name=name)
    facts = examples.officer_report().model_copy(
        update={"recipients": (one, *examples.recipients())}
    )

    found = listed(says("officer_report", facts), "Beslutet skickas till")

    assert len(found) == 1 + len(examples.recipients())
    assert found[0].startswith("Direktör, kultur- och fritidsförvaltningen: Karin Olanders")
    assert found[-1] == "Brottsförebyggande rådet (för kännedom)"


# --- delegationsbeslut -------------------------------------------------------------------------


def test_a_delegated_decision_says_who_by_what_right_and_why(decision: str) -> None:
    assert "D 2026-0001" in decision.split("[Heading 1]", maxsplit=1)[0]
    assert "Bo Bergman beslutar i stället för kommundirektören Kjell Norén" in decision
    assert "med stöd av Kommunstyrelsen 2026-06-09 § 101" in decision
    assert "Delegationens källa: Rutin för den särskilda trygghetssatsningen" in decision
    assert "1 500 000 kr av 2 000 000 kr beslutade sedan tidigare" in decision
    assert "Jäv har anmälts av Mira Sandell" in decision
    assert "stod bakom bedömningen. Bedömningen är en beredning och inte ett beslut." in decision
    assert examples.HASH in decision
    assert "2026, driftmedel | 2 000 000 | 1 850 000 | 150 000" in decision


def test_a_press_is_never_called_a_signature(decision: str) -> None:
    assert "genom att trycka på Bifall i Slack" in decision
    assert "Den är ingen underskrift." in decision
    assert "[Signature] Bo Bergman" in decision


def test_how_to_appeal_is_said_for_both_kinds_of_decision(decision: str, dispatch: str) -> None:
    for text in (decision, dispatch):
        assert "laglighetsprövning enligt 13 kap. kommunallagen (2017:725)" in text
        assert "inom tre veckor från den dag då det tillkännagavs" in text
    assert "från det sammanträde där beslutet anmäldes" in decision
    assert "från det sammanträde där beslutet anmäldes" not in dispatch


def test_a_rejection_without_a_motivation_has_no_empty_sections() -> None:
    text = says("delegated_decision", examples.bare_delegated_decision())
    assert headings(text) == [
        "Beslut",
        "Beslutanderätt",
        "Underlag",
        "Underskrift",
        "Hur beslutet överklagas",
    ]
    assert "Dnr\ttilldelas" in text


# --- beslutsexpediering ------------------------------------------------------------------------


@pytest.mark.requirement("R001-1", "R001-2")
def test_a_dispatch_has_the_sections_of_seed_001_in_order(dispatch: str) -> None:
    assert headings(dispatch) == [
        "Sammanfattning",
        "Förvaltningens synpunkter",
        "Underlag för beslut",
        "Förslag till beslut",
        "Överläggningar",
        "Beslut",
        "Reservation",
        "Ej deltagande",
        "Jäv",
        "Expedieras",
        "För kännedom",
        "Hur beslutet överklagas",
    ]
    head = dispatch.split("[Heading 2]", maxsplit=1)[0]
    for part in ("§ 22", "KS 2020/66", "15 december 2026"):
        assert part in head


def test_what_is_empty_is_left_out_but_for_decision_and_recipients() -> None:
    text = says("dispatch", examples.bare_dispatch())
    assert headings(text) == [
        "Sammanfattning",
        "Underlag för beslut",
        "Beslut",
        "Expedieras",
        "Hur beslutet överklagas",
    ]
    assert "Kommundirektören beslutade den 1 december 2026: återremiss." in text


@pytest.mark.requirement("R001-10", "R001-17")
def test_a_dispatch_has_codes_payments_later_years_and_financing(dispatch: str) -> None:
    assert "aktivitetskod: kultur- och fritidsnämnden TR300, socialnämnden TR200." in dispatch
    assert "Aktivitetskod saknas för teknik- och fastighetsnämnden." in dispatch
    assert "2027 | 1 000 000\n2028 | 1 500 000\nSumma | 2 500 000" in dispatch
    assert "2028 | Kultur- och fritidsnämnden | Driftmedel | 720 000" in dispatch
    assert "2027 | Investeringsmedel | Kommunstyrelsens investeringsreserv | 2 500 000" in dispatch


def test_another_sum_than_was_asked_for_is_said_in_words(dispatch: str) -> None:
    assert "[Flag] Beviljat belopp är ett annat än det sökta. Sökt: 5 000 000 kr" in dispatch
    same = examples.dispatch().model_copy(update={"asked_sums": examples.several_years()})
    assert "Beviljat belopp är ett annat" not in says("dispatch", same)


@pytest.mark.requirement("R001-18", "R001-19")
def test_reservation_not_taking_part_and_disqualification_are_told_apart(dispatch: str) -> None:
    assert listed(dispatch, "Reservation") == ["Sven Gustafsson (M)"]
    assert listed(dispatch, "Ej deltagande") == [
        "Linus Björkman (M)",
        "Michael Fridebäck (M)",
        "Alexandra Anstrell (M)",
    ]
    assert listed(dispatch, "Jäv") == ["Bo Ek (C)"]
    assert "det endast finns ett förslag till beslut" in dispatch


@pytest.mark.requirement("R001-20", "R001-21")
def test_dispatched_to_and_for_information_are_two_lists() -> None:
    def extra(names: Iterable[str], *, information: bool) -> tuple[Recipient, ...]:
        return tuple(Recipient(duty=Duty.EXTRA, of=n, information=information) for n in names)

    haninge = (
        *extra(("akt", "Trygghetskommissionen", "ekonomiavdelningen"), information=False),
        *extra(
            ("kultur- och fritidsförvaltningen", "social- och äldreförvaltningen"),
            information=True,
        ),
    )
    text = says("dispatch", examples.dispatch().model_copy(update={"recipients": haninge}))

    assert listed(text, "Expedieras") == ["Akt", "Trygghetskommissionen", "Ekonomiavdelningen"]
    assert listed(text, "För kännedom") == [
        "Kultur- och fritidsförvaltningen",
        "Social- och äldreförvaltningen",
    ]


def test_a_rejection_is_dispatched_without_sums() -> None:
    facts = examples.bare_dispatch().model_copy(update={"verdict": Verdict.REJECTED})
    text = says("dispatch", facts)
    assert ": avslag." in text
    assert "kronor" not in text
