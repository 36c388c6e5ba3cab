"""Whatever a person types: the document is made, says it, and keeps its structure."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.documents.legible import glyphs, legible
from bot.documents.make import make
from flows.documents import Application, Attachment, Contact, Extra, Proposal, Submitter
from tests.bot.documents.reading import pdf_text, structure, word_file, word_text
from tests.fuzzing import FUZZ, tries

HOSTILE = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" = Rubrik\n== En till $x^2$ *fet* `kod` <etikett> @ref',
    "</p></body></html><h1>Ny rubrik</h1><script>alert(1)</script> &nbsp; &lt; &#0; <!-- <![CDATA[ ]]>",
    "{{ 7 * 7 }} {% for x in range(9) %} {{ facts.__class__ }} {# bort #}",
    "<w:t>x</w:t></w:p><w:p> ]]> <?xml version='1.0'?> <!ENTITY a 'b'> \" '",
    "\x00\x01\x08\x0b= Rubrik\x0c= Rubrik\x1b[31m\x7f\x85= Rubrik\u2028= Rubrik\u2029= Rubrik",
    "\u202ebakvänt\u202c \u2066isolat\u2069 \u200f\u200e\ufeff \u0627\u0644\u0633 \u05d0\u05d1",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f \u4e2d\u6587 \ue000 \uffff \ud800",
    "\u0338\u0338< > = \u0301\u0301 Z\u0351\u036b\u0343\u036a\u0302 \u037e",
    "x" * 3000,
    "ord " * 700,
    "\n\n\n \n\n",
    "https://exempel.example/" + "a/" * 200 + "?x=" + "ö" * 300,
    "- punkt\n+ punkt\n1. punkt\n/ term: sak\n\\ ~ -- --- ... 'citat' \"citat\" [länk](x) _u_",
)
ASSERTED = "Harmlös text före"


def facts_with(text: str) -> Application:
    return Application(
        municipality=f"Kommun {text[:60]}",
        stage="proposal",
        measure=f"{ASSERTED} {text}",
        submitters=(Submitter(committee=text, administration=text),),
        day=date(2026, 11, 22),
        case_number=f"TS-1 {text[:40]}",
        version=1,
        contact=Contact(name=text, email=text),
        proposal=Proposal(
            what=f"{text}\n{ASSERTED}", extra=(Extra(question="Fråga", answer=text),)
        ),
        attachments=(Attachment(name=text, size=1),),
    )


PLAIN = make("application", facts_with("vanlig text"))
HEADINGS = [each for each in structure(PLAIN.pdf) if each.startswith("H")]


def assert_made_and_unmoved(text: str) -> None:
    made = make("application", facts_with(text))
    headings = [each for each in structure(made.pdf) if each.startswith("H") and each != "H3"]
    assert headings == [each for each in HEADINGS if each != "H3"]
    assert structure(made.pdf).count("Table") == structure(PLAIN.pdf).count("Table")
    # Only a blank text leaves its own question out; nothing adds one.
    assert structure(made.pdf).count("H3") <= HEADINGS.count("H3")
    assert ASSERTED in " ".join(pdf_text(made.pdf).split())
    assert "root:" not in pdf_text(made.pdf)
    file = word_file(made.docx)
    styles = [each.style.name for each in file.paragraphs if each.style.name.startswith("Heading")]
    assert [each for each in styles if each != "Heading 3"] == ["Heading 1"] + ["Heading 2"] * 3
    assert ASSERTED in word_text(made.docx)
    with pikepdf.open(BytesIO(made.pdf)) as opened:
        assert "/Lang" in opened.Root


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printed_and_does_nothing(text: str) -> None:
    assert_made_and_unmoved(text)


@settings(max_examples=tries(25), derandomize=not FUZZ)
@given(st.text(max_size=200))
@example("a\u0301 \u1e9b\u0323 \u212b \ufb01 \u3000 \u00ad")
def test_any_text_at_all_is_printed_and_does_nothing(text: str) -> None:
    assert_made_and_unmoved(text)


@settings(max_examples=tries(300), derandomize=not FUZZ)
@given(st.text(st.characters(exclude_categories=[])))
def test_legible_text_holds_only_what_every_shipped_font_can_draw(text: str) -> None:
    made = legible(text)
    assert all(ord(character) in glyphs() for character in made if character != "\n")
    assert legible(made) == made


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Åsa, Örjan & Łukasz: 5 ≥ 3 – “ja”, €", "Åsa, Örjan & Łukasz: 5 ≥ 3 – “ja”, €"),
        ("A\u030ah", "Åh"),
        ("Bra \U0001f600!", "Bra [grinning face]!"),
        ("\u2764\ufe0f", "\u2764"),
        ("\u4e2d", "[cjk unified ideograph-4e2d]"),
        ("rad\u2028rad\x0brad\r\nrad\ttabb", "rad\nrad\nrad\nrad tabb"),
        ("dolt\x00\x1b\u202e\u200b\u00ad\ufeff", "dolt"),
        ("\ue123\ud800", "[U+E123][U+D800]"),
        ("tio\u3000meter 1\u00a0000", "tio meter 1\u00a0000"),
    ],
)
def test_a_character_is_printed_or_replaced_by_its_name(written: str, printed: str) -> None:
    assert legible(written) == printed
