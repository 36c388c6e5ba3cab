"""What the application document says: every section when it applies, and none when it does not."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.documents.make import make
from flows.document_figures import AmountTable, CapitalCosts, PropertyInvestment
from flows.documents import Anchoring, Application, Attachment, Chair, Contact, Proposal, Submitter
from tests.bot.documents.example import facts_example, kronor, row
from tests.bot.documents.reading import pdf_text, word_text

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture(scope="module")
def said() -> str:
    """The example as its Word file says it: one line per paragraph or table row."""
    return word_text(make("application", facts_example()).docx)


def says(facts: Application) -> str:
    return word_text(make("application", facts).docx)


def with_calculations(**changes: object) -> Application:
    facts = facts_example()
    assert facts.calculations
    calculations = facts.calculations.model_copy(update=changes)
    return facts.model_copy(update={"calculations": calculations})


def proposal_only() -> Application:
    return Application(
        municipality="Falkviks kommun",
        stage="proposal",
        measure="Trygghetsvärdar",
        submitters=(Submitter(committee="Socialnämnden"),),
        day=date(2026, 9, 1),
        case_number="TS-2026-001",
        version=1,
        contact=Contact(name="Anna Lindqvist"),
        proposal=Proposal(what="Fyra värdar anställs.", scope="own_operations"),
    )


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_the_example_reads_as_it_did(format_: str) -> None:
    """Compared with the stored text, which a wanted change is written over."""
    made = make("application", facts_example())
    text = word_text(made.docx) if format_ == "docx" else pdf_text(made.pdf)
    stored = SNAPSHOTS / f"application.{format_}.txt"
    assert text == stored.read_text(encoding="utf-8").removesuffix("\n")


def test_both_formats_say_the_same_words(said: str) -> None:
    printed = set(pdf_text(make("application", facts_example()).pdf).split())
    # Hyphenation and page feet are the PDF's own; nothing of Word's text may be missing in it.
    words = {word for line in said.split("\n") for word in line.split("] ")[-1].split()}
    missing = {word for word in words - printed if word != "|"}
    assert not missing


def test_the_head_says_whose_it_is_and_which(said: str) -> None:
    head = said.split("[Heading 1]", maxsplit=1)[0]
    for part in ("Falkviks kommun", "Kultur- och fritidsnämnden", "Socialförvaltningen"):
        assert part in head
    for part in ("22 november 2026", "KS 2026/214", "TS-2026-012", "Version\t2"):
        assert part in head


@pytest.mark.requirement("R000-20")
def test_every_submitting_committee_stands_in_the_head(said: str) -> None:
    head = said.split("[Heading 1]", maxsplit=1)[0]
    assert "Kultur- och fritidsförvaltningen" in head
    assert "Socialförvaltningen" in head


def test_without_a_registry_number_one_is_to_be_given() -> None:
    assert "Dnr\ttilldelas" in says(proposal_only())


def test_a_proposal_is_only_point_1() -> None:
    text = says(proposal_only())
    assert "[Heading 1] Förslag till trygghetsskapande åtgärd" in text
    headings = [line for line in text.split("\n") if line.startswith("[Heading 2]")]
    assert headings == ["[Heading 2] I korthet", "[Heading 2] 1. Beskrivning av förslaget"]


def test_the_points_stand_in_the_order_of_the_rutin(said: str) -> None:
    headings = [line[12:] for line in said.split("\n") if line.startswith("[Heading 2]")]
    assert headings == [
        "I korthet",
        "Ändrat sedan version 1",
        "1. Beskrivning av förslaget",
        "2. Finansiering inom egen budgetram",
        "3. Kalkyler",
        "4. Berörda nämnder och förvaltningar",
        "Förankring",
        "Bilagor",
    ]


def test_a_new_version_says_what_changed(said: str) -> None:
    assert "[List Bullet] Punkt 4, Socialnämnden: hur nämnden har inkluderats" in said


def test_what_to_notice_is_said_first(said: str) -> None:
    noticed = next(line for line in said.split("\n") if "Att uppmärksamma" in line)
    for mark in ("Permanent kostnad", "flera budgetår", "fastighetsinvestering", "preliminär"):
        assert mark in noticed
    assert "tvärsektoriell" not in noticed
    assert "Inte tvärsektoriell" in says(proposal_only())


@pytest.mark.requirement("R000-21", "R000-22", "R000-23")
def test_point_1_says_what_why_and_where_it_has_effect(said: str) -> None:
    assert "Fyra trygghetsvärdar arbetar kvällar" in said
    assert "Fritidsgårdarnas öppethållande" in said
    assert "Fler unga och äldre ska känna sig trygga" in said
    assert "Åtgärden är tvärsektoriell" in said
    assert "inom nämndens egna verksamheter" in says(proposal_only())


def test_a_new_activity_is_marked_for_the_council(said: str) -> None:
    assert "[Flag] Ja. Ärendet är markerat: kommunfullmäktige kan behöva ta ställning" in said


def test_the_effect_contract_stands_with_its_date(said: str) -> None:
    assert "[Terms] Utgångsläge\t34 procent (2026)" in said
    assert "[Terms] Mäts senast\t31 oktober 2028" in said


@pytest.mark.requirement("R000-25", "R000-34")
def test_point_2_gives_the_analysis_and_the_long_term_financing(said: str) -> None:
    assert "Nämnden har prövat att omfördela inom fritidsgårdarnas ram." in said
    assert "Långsiktig finansiering av den permanenta kostnaden" in said


@pytest.mark.requirement("R000-31")
def test_the_time_frame_names_its_budget_years(said: str) -> None:
    assert "berör 3 budgetår: 2027, 2028 och 2029." in said
    facts = with_calculations(
        start=date(2026, 10, 1), end=date(2027, 3, 31), budget_years=(2026, 2027)
    )
    assert "från 1 oktober 2026 till 31 mars 2027 och berör 2 budgetår: 2026 och 2027." in says(
        facts
    )


@pytest.mark.requirement("R000-27")
def test_the_finance_officer_is_named_with_her_confirmation(said: str) -> None:
    assert "tillsammans med Eva Ek, Kultur- och fritidsförvaltningen." in said
    assert "Eva Ek bekräftade dem själv 18 november 2026 kl. 14.05." in said


@pytest.mark.requirement("R000-32", "R000-33")
def test_a_drift_line_shows_full_year_and_part_year_and_whether_it_stays(said: str) -> None:
    line = "Trygghetsvärdar, fyra tjänster på deltid"
    assert f"{line} | 1 sep. 2027 – tills vidare | Permanent, löpande | 720 000" in said
    assert f"{line} | 240 000 | 720 000 | 720 000 | 1 680 000 | 720 000" in said
    assert "Tillfällig, engångskostnad | –" in said
    assert "Summa | 700 000 | 1 170 000 | 945 000 | 2 815 000 | 720 000" in said
    assert "Därefter per år" in said


@pytest.mark.requirement("R000-29")
def test_the_capital_cost_is_shown_every_year_to_the_end_of_life(said: str) -> None:
    assert "2028 | 2,50 % | 95 500,00 | 31 250,00 | 126 750,00" in said
    assert "2048 (preliminär ränta) | 2,50 % | 37 500,00 | 468,75 | 37 968,75" in said
    assert "Summa |  | 2 480 000,00 | 518 556,25 | 2 998 556,25" in said
    assert "Internräntans källa: kommunfullmäktige, Mål och budget 2026." in said


@pytest.mark.requirement("R000-53")
def test_the_committee_bears_the_capital_costs_unless_there_is_an_exception(said: str) -> None:
    assert "Nämnden bär kapitalkostnaderna inom sin egen ram" in said
    assert "Investering | 1 000 000 | 1 500 000 | 0 | 2 500 000 | 0" in said  # applied for
    facts = facts_example()
    assert facts.calculations
    assert isinstance(facts.calculations.capital_costs, CapitalCosts)
    exception = facts.calculations.capital_costs.model_copy(
        update={"compensated": True, "exception_reason": "Nämnden har ingen ram för belysning."}
    )
    text = says(with_calculations(capital_costs=exception))
    assert "[Flag] Undantag från huvudregeln." in text
    assert "Särskilda skäl: Nämnden har ingen ram för belysning." in text


@pytest.mark.requirement("R000-30", "R000-52")
def test_an_investment_names_its_form_and_follows_the_process(said: str) -> None:
    assert "Blankett för investeringsprojekt: bilaga 1, Blankett" in said
    assert "Kommunens beslutade investeringsprocess följs." in said


def test_components_stand_with_their_own_useful_life(said: str) -> None:
    assert "Styrsystem | 5 år | 20 000 | 200 000" in said


@pytest.mark.requirement("R000-57", "R000-59")
def test_a_property_investment_is_carried_out_by_the_property_administration(said: str) -> None:
    assert "Genomförare: Teknik- och fastighetsförvaltningen" in said
    assert "Inlämnande förvaltning har kontaktat Nils Norberg" in said
    assert "den 30 september 2026." in said
    assert "Internhyra: Internhyran för fritidsgården påverkas inte." in said


@pytest.mark.requirement("R000-58")
def test_a_proposal_by_the_property_administration_says_whom_it_contacted() -> None:
    building = PropertyInvestment(
        implementer="Teknik- och fastighetsförvaltningen",
        proposed_by_implementer=True,
        contacted="Socialförvaltningen",
        day=date(2026, 9, 1),
    )
    text = says(with_calculations(property_investment=building))
    assert (
        "Teknik- och fastighetsförvaltningen har kontaktat Socialförvaltningen den 1 september 2026."
        in text
    )


@pytest.mark.requirement("R000-35", "R000-36", "R000-37")
def test_each_concerned_committee_says_how_it_was_included(said: str) -> None:
    assert "[Heading 3] Socialnämnden, Socialförvaltningen" in said
    assert "Enhetschefen för fältarbetet har skrivit förslaget" in said
    assert "Elen för belysningen ryms i nämndens ram och ingår inte." in said


@pytest.mark.requirement("R000-38")
def test_the_split_per_committee_adds_up_to_the_calculation(said: str) -> None:
    assert "Kultur- och fritidsnämnden | 325 000 | 720 000 | 720 000 | 1 765 000 | 720 000" in said
    # The sum row is the same one as under point 3, drift and investment alike.
    assert said.count("Summa | 700 000 | 1 170 000 | 945 000 | 2 815 000 | 720 000") == 2
    assert said.count("Summa | 1 000 000 | 1 500 000 | 0 | 2 500 000") == 2


@pytest.mark.requirement("R000-39", "R000-40")
def test_the_dialogue_stands_with_date_role_and_whose_statement_it_is(said: str) -> None:
    assert "[Heading 2] Förankring" in said
    assert "24 sep. 2026 | Ordförande | Kultur- och fritidsnämnden | Idén presenterades." in said
    assert "Anna Lindqvist har 20 november 2026 kl. 09.15 intygat" in said
    assert "gemensam ambition som ligger i linje med nämndens målsättning" in said
    assert "inte ett beslut av ordföranden" in said
    assert "Karin Berg, ordförande i kultur- och fritidsnämnden, har också själv bekräftat" in said


@pytest.mark.parametrize(
    ("asked", "words"), [(True, "hade inte svarat när"), (False, "har inte fått frågan i Slack")]
)
def test_a_chair_who_has_not_confirmed_is_said_to_have_not(asked: bool, words: str) -> None:
    chair = Chair(name="Karin Berg", committee="socialnämnden", asked=asked)
    facts = facts_example().model_copy(update={"anchoring": Anchoring(chairs=(chair,))})
    text = says(facts)
    assert words in text
    assert "själv bekräftat" not in text


def test_attachments_are_listed_with_name_and_size(said: str) -> None:
    assert "1 | Blankett för investeringsprojekt.pdf | 184 kB" in said
    assert "3 | Lägesbild Centrum och Norrmalm 2026.pdf | 2,4 MB" in said


def test_a_draft_says_that_it_is_one_on_every_page() -> None:
    made = make("application", facts_example().model_copy(update={"draft": True}))
    assert "[Flag] Utkast. Dokumentet är inte inlämnat" in word_text(made.docx)
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]
    assert all("Utkast" in page for page in pages)


def test_a_draft_with_nothing_answered_is_still_a_document() -> None:
    facts = proposal_only().model_copy(update={"draft": True, "proposal": Proposal()})
    assert "1. Beskrivning av förslaget" in says(facts)


def test_more_years_than_fit_go_on_in_a_further_table() -> None:
    years = tuple(range(2027, 2035))
    table = AmountTable(
        years=years,
        rows=(row("Lång", *(["1 000 000,00".replace(",00", "")] * 8), thereafter="500"),),
    )
    facts = facts_example()
    assert facts.concerned
    concerned = facts.concerned.model_copy(update={"operating_split": table})
    text = says(facts.model_copy(update={"concerned": concerned}))
    assert "per nämnd, kronor (2027–2031)" in text
    assert "per nämnd, kronor (2032–2034)" in text
    assert "Nämnd | 2032 | 2033 | 2034 | Summa\n2027–2034 | Därefter per år" in text
    assert "Lång | 1 000 000 | 1 000 000 | 1 000 000 | 8 000 000 | 500" in text


def test_one_amount_with_oere_gives_its_whole_table_oere() -> None:
    table = AmountTable(years=(2027, 2028), rows=(row("A", "10", "20.50"), row("B", "1000", "0")))
    facts = facts_example()
    assert facts.concerned
    concerned = facts.concerned.model_copy(update={"operating_split": table})
    text = says(facts.model_copy(update={"concerned": concerned}))
    assert "A | 10,00 | 20,50 | 30,50" in text
    assert "Summa | 1 010,00 | 20,50 | 1 030,50" in text


def test_a_table_refuses_a_row_with_an_amount_too_few() -> None:
    with pytest.raises(ValueError, match="one amount per year"):
        AmountTable(years=(2027, 2028), rows=(row("A", "10"),))


def test_amounts_are_exact_in_the_sum() -> None:
    table = AmountTable(years=(2027,), rows=(row("A", "0.10"), row("B", "0.20")))
    assert table.total == Decimal("0.30")
    assert table.totals == kronor("0.30")


def test_an_attachment_may_have_any_name() -> None:
    facts = proposal_only().model_copy(
        update={"attachments": (Attachment(name="<b>&.pdf", size=10),)}
    )
    assert "1 | <b>&.pdf | 1 kB" in says(facts)
