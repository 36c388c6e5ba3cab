"""What is handed in as one version: the answers that apply and the appendices, and what differs from the last."""

from typing import Any

from bot.acts.writing import WORKING, Writing
from bot.blocks import kit
from bot.office import Office
from bot.owed import Update
from bot.perform import Transaction
from storage import drafts

APPENDICES = "appendices"  # beside the answers, by question


def snapshot(opened: Writing) -> dict[str, Any]:
    """The answers that apply, as they are handed in: value, by, at, by question."""
    return {
        item.ask.key: {
            "value": opened.stored[item.ask.key]["value"],
            "by": item.answer.by,
            "at": item.answer.at.isoformat(),
        }
        for item in opened.items
        if item.answer is not None and not item.ask.key.endswith(WORKING)
    }


def with_appendices(tx: Transaction, opened: Writing, *, by: str) -> dict[str, Any]:
    """The snapshot, and the files that belong to it."""
    files = [
        {"name": row.name, "size": row.size, "sha256": row.sha256, "type": row.type}
        for row in drafts.appendices_of(tx.db, opened.draft.id)
    ]
    attached = {"value": files, "by": by, "at": tx.now.isoformat()}
    return snapshot(opened) | {APPENDICES: attached}


def differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The questions whose answer is not the same in both; a confirmation given anew is no change."""
    confirmations = {"attested", "finance_confirmed", "classification", "investment_process"}
    keys = dict.fromkeys([*before, *after])
    return tuple(
        key
        for key in keys
        if key != APPENDICES
        and key not in confirmations
        and before.get(key, {}).get("value") != after.get(key, {}).get("value")
    )


def same_appendices(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return bool(before.get(APPENDICES, {}).get("value") == after[APPENDICES]["value"])


def fold(tx: Transaction, office: Office, number: int, *, person: str) -> None:
    """Leave a line where the summary with its buttons stood."""
    standing = drafts.position(tx.db, person)
    if standing is not None and standing.asked is None and standing.post is not None:
        text = office.texts("intake.summary.handed_in", version=number)
        tx.owe(Update(target=standing.post, text=text, blocks=[kit.context(text)]))
