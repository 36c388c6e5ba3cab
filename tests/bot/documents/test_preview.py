"""Whoever edits a template can look at the result, with an example that follows the code."""

import base64
import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pdfua
import pytest
from pydantic import BaseModel

from bot.documents.facts_json import canonical
from bot.documents.make import make
from bot.documents.preview import MODELS, NoFacts, WrongTemplate, preview
from bot.documents.template import FOLDER
from flows.papers import PAPERS
from tests.bot.documents import decision_examples, report_examples
from tests.bot.documents.example import facts_example
from tests.bot.documents.reading import structure

PNG = (  # one dark blue pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mOQsY0CAAEsALSO/Q8DAAAAAElFTkSuQmCC"
)


def example_of(name: str) -> BaseModel:
    if name == "application":
        return facts_example()
    module = decision_examples if hasattr(decision_examples, name) else report_examples
    found: BaseModel = getattr(module, name)()
    return found


def test_every_document_can_be_looked_at() -> None:
    assert set(MODELS) == {"application", *PAPERS}


@pytest.mark.parametrize("name", MODELS)
def test_the_example_beside_a_template_is_the_one_that_is_tested(name: str) -> None:
    """When the facts change, write it anew: python -m tests.bot.documents.test_preview."""
    stored = (FOLDER / name / "example.json").read_bytes()
    assert stored == canonical(name, "example", example_of(name)) + b"\n"


@pytest.mark.parametrize("name", ["application", "dispatch", "annual_report"])
def test_the_facts_as_json_give_the_document_back_to_the_byte(name: str, tmp_path: Path) -> None:
    pdf, docx = preview(FOLDER / name / "example.json", tmp_path)
    made = make(name, example_of(name))
    assert (pdf.read_bytes(), docx.read_bytes()) == (made.pdf, made.docx)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"document": "x"}', '{"document": "dispatch", "facts": {"a": 1}}']
)
def test_a_file_without_facts_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(content, "utf-8")
    with pytest.raises(NoFacts):
        preview(file, tmp_path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<h1>{{ facts.nope }}</h1>", "nope"),
        ("<h1>{% if %}</h1>", "document.html:2"),
        ("<h1>x</h2>", "mismatched tag"),
        ("<div>x</div>", "<div> is not part of the subset"),
        ("<h3>x</h3>", "first heading"),
    ],
)
def test_a_template_that_cannot_be_used_is_explained(
    content: str, why: str, tmp_path: Path
) -> None:
    shutil.copytree(FOLDER, tmp_path / "documents")
    template = tmp_path / "documents" / "dispatch" / "document.html"
    template.write_text(
        '{% extends "_base/layout.html" %}\n{% block content %}' + content + "{% endblock %}",
        "utf-8",
    )
    with pytest.raises(WrongTemplate, match=re.escape(why)):
        preview(template.with_name("example.json"), tmp_path, templates=tmp_path / "documents")


def test_a_logotype_stands_first_in_both_with_the_municipalitys_name(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "documents")
    (tmp_path / "documents/_base/logotype.png").write_bytes(base64.b64decode(PNG))

    made = make("dispatch", example_of("dispatch"), templates=tmp_path / "documents")

    assert structure(made.pdf)[:3].count("Figure") == 1
    assert not pdfua.validate(BytesIO(made.pdf)).findings
    pictured = zipfile.ZipFile(BytesIO(made.docx))
    assert b'descr="Exempelkommunen"' in pictured.read("word/document.xml")
    assert [name for name in pictured.namelist() if name.startswith("word/media/")]
    assert make("dispatch", example_of("dispatch")).pdf != made.pdf


if __name__ == "__main__":
    for each in MODELS:
        (FOLDER / each / "example.json").write_bytes(
            canonical(each, "example", example_of(each)) + b"\n"
        )
