"""Facts and a template give the text of a document: jinja2, sandboxed, escaped, nothing undefined."""

from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from bot.documents.formats import FILTERS
from bot.documents.legible import legible_facts

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "documents"


def rendered(name: str, facts: BaseModel, *, templates: Path = FOLDER) -> str:
    """Render `<templates>/<name>/document.html` with the facts as `facts`."""
    template = _environment(templates).get_template(f"{name}/document.html")
    return template.render(facts=legible_facts(facts))


@cache
def _environment(folder: Path) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment
