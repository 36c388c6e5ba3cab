"""Every document after the application: PDF/A-2a and PDF/UA-1, one text in both formats, no way in for markup."""

from io import BytesIO
from typing import Any

import pdfua
import pikepdf
import pytest
from pydantic import BaseModel

from bot.documents.blocks import parse
from bot.documents.make import make
from bot.documents.template import rendered
from flows.papers import PAPERS, PaperName
from tests.bot.documents import decision_examples, report_examples
from tests.bot.documents.reading import pdf_text, structure, word_text

HOSTILE = (
    "<b>fet</b> & </p><h1>Rubrik</h1> {{ facts }} {% include 'x' %} *stark* _lutar_ <!channel> "
    '<@U1> #include("/etc/passwd") $x^2$ = rubrik \u2028 rad \f sida \x00 \u202eomvänt 😀👩‍👩‍👧 '
    + "Ö"
    * 300
)


def examples(name: PaperName) -> list[BaseModel]:
    """With everything in it, and with as little as there can be."""
    module = decision_examples if hasattr(decision_examples, name) else report_examples
    return [getattr(module, name)(), getattr(module, f"bare_{name}")()]


every = pytest.mark.parametrize("name", PAPERS)


@every
def test_a_document_is_pdf_a_and_pdf_ua_and_says_what_it_is_called(name: PaperName) -> None:
    for facts in examples(name):
        made = make(name, facts)
        with pikepdf.open(BytesIO(made.pdf)) as file:
            said = file.open_metadata()
            assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "A")
            assert said["pdfuaid:part"] == "1"
            assert said["dc:title"] == made.title
            assert str(file.Root.Lang).startswith("sv")
        assert structure(made.pdf).count("H1") == 1
        assert not pdfua.validate(BytesIO(made.pdf)).findings


@every
def test_the_same_facts_are_the_same_bytes(name: PaperName) -> None:
    first, again = (make(name, examples(name)[0]) for _ in range(2))
    assert (first.pdf, first.docx) == (again.pdf, again.docx)


@every
def test_word_and_pdf_say_the_same_words(name: PaperName) -> None:
    made = make(name, examples(name)[0])
    printed = set(pdf_text(made.pdf).split())
    words = {
        word for line in word_text(made.docx).split("\n") for word in line.split("] ")[-1].split()
    }
    # A word that the PDF hyphenates is in two parts there; everything else is there whole.
    assert {word for word in words - printed if word != "|" and word.isdecimal()} == set()
    assert len(words - printed) < 0.1 * len(words)


@every
def test_hostile_text_changes_no_structure(name: PaperName) -> None:
    facts = examples(name)[0]
    hostile = type(facts).model_validate(with_text(facts.model_dump()))

    plain, changed = (parse(rendered(name, one)).blocks for one in (facts, hostile))

    assert headings(plain) == headings(changed)
    made = make(name, hostile)
    assert structure(made.pdf).count("H1") == 1
    assert "[grinning face]" in pdf_text(made.pdf)
    assert "<h1>Rubrik</h1>" in word_text(made.docx)


def headings(blocks: Any) -> list[int]:
    return [block.level for block in blocks if block.kind == "heading"]


def with_text(value: Any, *, key: str = "") -> Any:
    """The facts with hostile words in place of what people wrote."""
    written = {
        *("measure", "what", "goal", "motivation", "background", "children", "equality", "points"),
        *("view", "proposals", "done", "short_term", "long_term", "results", "measured", "name"),
        *("reservations", "financing", "deviation_reason", "decided_by", "label", "finance"),
    }
    match value:
        case dict():
            return {k: with_text(item, key=k) for k, item in value.items()}
        case list() | tuple():
            return [with_text(item, key=key) for item in value]
        case str() if key in written:
            return HOSTILE
        case _:
            return value
