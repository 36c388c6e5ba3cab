"""What a decision says wherever it is told: who, when, which number, how much of what was asked, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from bot import words
from bot.blocks import kit
from bot.office import Office
from bot.owed import Blocks
from flows.decided import Body, Decided
from flows.granted import Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision with what only the rows know: `name` decided, `reason` is her own words."""

    case_id: str
    title: str
    decided: Decided
    name: str
    reason: str
    rows: tuple[Compared, ...]  # none unless it was granted


def said(office: Office, told: Told) -> Markup:
    """The decision in a few lines, without its reason."""
    texts, decided = office.texts, told.decided
    asked = sum((row.asked for row in told.rows), Decimal(0))
    granted = sum((row.granted for row in told.rows), Decimal(0))
    return texts(
        "decision.said.decided",
        verdict=texts.plain(f"decision.said.verdicts.{decided.verdict}"),
        case_id=told.case_id,
        title=told.title,
        by=_by(office, told),
        instead_of=decided.instead_of,
        day=decided.day,
        number=decided.number,
        version=decided.version,
        rows=rows(office, told.rows),
        asked=asked,
        granted=granted,
        difference=asked - granted,
    ).strip()


def message(office: Office, told: Told, *, next_up: str = "") -> tuple[str, Blocks]:
    """The decision, its reason as it was typed, and what happens next."""
    body = said(office, told)
    parts = [*([next_up] if next_up else []), body]
    blocks = [kit.section(part) for part in parts]
    if told.reason:
        # What was typed stands in a plain_text object, where nothing of it is markup.
        blocks.append({"type": "section", "text": kit.plain(told.reason, limit=kit.SECTION)})
        parts.append(office.texts("decision.said.reason", reason=told.reason))
    return kit.cut("\n".join(parts), kit.TEXT), blocks


def rows(office: Office, found: Sequence[Compared]) -> list[dict[str, object]]:
    """The rows as a text shows them."""
    return [
        {
            "committee": words.committee(office, row.committee),
            "kind": office.texts.plain(f"decision.said.kinds.{row.kind}"),
            "year": row.year,
            "asked": row.asked,
            "granted": row.granted,
        }
        for row in found
    ]


def _by(office: Office, told: Told) -> str:
    if told.decided.body is Body.EXECUTIVE_BOARD:
        return office.texts.plain("decision.said.executive_board")
    key = "deputy" if told.decided.instead_of else "chief_executive"
    return office.texts.plain(f"decision.said.{key}", name=told.name)
