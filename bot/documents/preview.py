"""Makes a document from a file of facts, for whoever edits its template and wants to see the result.

The facts are those that are stored beside every document (bot/documents/facts_json.py), or the
`example.json` that stands beside each template. No settings and no database are needed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import jinja2
import typst
from pydantic import BaseModel, ValidationError

from bot.documents.blocks import TemplateError
from bot.documents.make import make
from bot.documents.pdf import LayoutError
from bot.documents.template import FOLDER
from flows import decision_papers, report_papers
from flows.documents import Application

# The facts that each template is written for, by its name.
MODELS: Mapping[str, type[BaseModel]] = {
    "application": Application,
    "officer_report": decision_papers.OfficerReport,
    "delegated_decision": decision_papers.DelegatedDecision,
    "dispatch": decision_papers.Dispatch,
    "follow_up": report_papers.FollowUp,
    "part_report": report_papers.PartReport,
    "annual_report": report_papers.AnnualReport,
    "reconciliation": report_papers.Reconciliation,
    "delegation_list": report_papers.DelegationList,
}


class NoFacts(Exception):  # noqa: N818  it is an outcome, said to the person
    """The file holds no facts of a document that we know."""


class WrongTemplate(Exception):  # noqa: N818
    """The template cannot be used; str(error) says where and why, in jinja's or our own words."""


def preview(file: Path, folder: Path, *, templates: Path = FOLDER) -> tuple[Path, Path]:
    """Write the PDF and the Word file of the facts to the folder, and return where they are.

    Raises NoFacts, WrongTemplate, and OSError when the file cannot be read.
    """
    name, facts = _read(file.read_bytes())
    try:
        made = make(name, facts, templates=templates)
    except jinja2.TemplateError as error:
        where = getattr(error, "name", None) or name
        line = getattr(error, "lineno", None)
        raise WrongTemplate(f"{where}{f':{line}' if line else ''}: {error}") from error
    except (TemplateError, LayoutError, ET.ParseError, typst.TypstError) as error:
        raise WrongTemplate(f"{name}: {error}") from error
    folder.mkdir(parents=True, exist_ok=True)
    pdf, docx = folder / f"{name}.pdf", folder / f"{name}.docx"
    pdf.write_bytes(made.pdf)
    docx.write_bytes(made.docx)
    return pdf, docx


def _read(content: bytes) -> tuple[str, BaseModel]:
    try:
        said = json.loads(content)
        return said["document"], MODELS[said["document"]].model_validate(said["facts"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise NoFacts from error
