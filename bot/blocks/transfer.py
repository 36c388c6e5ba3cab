"""The task of moving a decision's budget: what from where to whom, and the form that says it is done."""

from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot import words
from bot.blocks import kit
from bot.ids import RETURN, TRANSFER, TRANSFERRED, Value
from bot.office import Office
from bot.owed import Blocks
from flows.case import Case
from flows.rules import CostKind
from flows.transfer import LONGEST, Move

REFERENCE, PROJECT = "reference", "project"


def task(office: Office, case_id: str, case: Case, move: Move, *, title: str) -> tuple[str, Blocks]:
    """To whoever moves it: from kommunstyrelsen's pot to each nämnd, with the decision."""
    text = office.texts("transfer.task.text", **_facts(office, case_id, case, move, title))
    value = Value(case_id, case.stage, case.version, f"{move.kind}:{move.year}")
    done = kit.button(office.texts.plain("transfer.task.button"), TRANSFER, value, style="primary")
    return text, [kit.section(text), kit.actions([done])]


def form(
    office: Office, value: Value, move: Move, *, project: bool, decision: str
) -> dict[str, Any]:
    """The booking's reference, and the project's number when nobody has given it."""
    texts = office.texts
    about = texts("transfer.form.about", rows=_rows(office, move), decision=decision)
    inputs = [
        kit.field(
            name,
            texts.plain(f"transfer.form.{name}"),
            kit.text_input("value", longest=LONGEST),
            hint=texts.plain(f"transfer.form.{name}_hint"),
        )
        for name in (REFERENCE, *([PROJECT] if project else []))
    ]
    return kit.modal(
        TRANSFERRED,
        texts.plain("transfer.form.title"),
        [kit.section(about), *inputs],
        metadata=value,
        submit=texts.plain("transfer.form.save"),
        close=texts.plain("transfer.form.cancel"),
    )


def moved(
    office: Office,
    case_id: str,
    case: Case,
    move: Move,
    *,
    title: str,
    reference: str,
    name: str,
    at: datetime,
) -> tuple[str, Blocks]:
    """What stands in the task's place afterwards; investment money can be handed back from there."""
    facts = _facts(office, case_id, case, move, title)
    text = office.texts(
        "transfer.task.done", reference=reference, name=name, at=at, project=case.project, **facts
    )
    blocks = [kit.section(text)]
    if move.kind is CostKind.INVESTMENT:
        value = Value(case_id, case.stage, case.version)
        give_back = office.texts.plain("returning.form.button")
        blocks.append(kit.actions([kit.button(give_back, RETURN, value)]))
    return text, blocks


def _facts(office: Office, case_id: str, case: Case, move: Move, title: str) -> dict[str, object]:
    assert case.decision is not None
    return {
        "case_id": case_id,
        "title": title,
        "decision": case.decision.number,
        "kind": move.kind,
        "year": move.year,
        "amount": move.amount,
        "rows": _rows(office, move),
    }


def _rows(office: Office, move: Move) -> Markup:
    return Markup("\n").join(
        office.texts("transfer.task.row", row=row, committee=words.committee(office, row.committee))
        for row in move.rows
    )
