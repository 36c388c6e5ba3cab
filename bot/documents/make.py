"""One template and its facts give a PDF and a Word file: the same facts, the same bytes.

Knows neither time nor people: the document is dated by its facts. It takes some tens of
milliseconds and may run in any thread; callers use `asyncio.to_thread`.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel

from bot.documents.blocks import parse
from bot.documents.pdf import pdf
from bot.documents.template import FOLDER, rendered
from bot.documents.word import word


@dataclass(frozen=True, slots=True)
class Documents:
    """A finished document in both formats; the PDF's SHA-256 is what an assessment refers to."""

    title: str
    pdf: bytes
    docx: bytes
    pdf_sha256: str
    docx_sha256: str


def make(name: str, facts: BaseModel, *, templates: Path = FOLDER) -> Documents:
    """Make the document `templates/documents/<name>/`, for example `make("application", facts)`.

    `facts` is the model that the template is written for (flows.documents). Raises only for a bug
    in a template: whatever characters the facts hold, there is a document.
    """
    document = parse(rendered(name, facts, templates=templates))
    drawn, written = pdf(document, templates=templates), word(document, templates=templates)
    return Documents(
        title=document.title,
        pdf=drawn,
        docx=written,
        pdf_sha256=sha256(drawn).hexdigest(),
        docx_sha256=sha256(written).hexdigest(),
    )
