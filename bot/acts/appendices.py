"""Files dropped in the conversation become appendices, or fill in the calculation."""

from collections.abc import Sequence
from typing import Any

from bot.acts import intake, summary, writing
from bot.office import Office
from bot.owed import Job
from bot.perform import Transaction
from flows import identity
from flows.errors import NotAllowed
from storage import drafts
from storage.drafts import Position

FETCH = "fetch_file"


def receive(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    standing: Position | None,
    files: Sequence[Any],
) -> None:
    """Begin fetching the files; what cannot be an appendix is refused by name at once."""
    names = ", ".join(str(file.get("name", "")) for file in files)
    if standing is None:
        safe = "" if identity.contains(names) else names
        writing.tell(tx, person, office.texts("intake.said.appendix_no_draft", names=safe))
        return
    opened = writing.open_for(tx.db, office, standing.draft_id, person=person)
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    fetched = []
    for file in files:
        refusal = _refused(office, file)
        if refusal is not None:
            writing.tell(tx, person, refusal)
            continue
        fetched.append(str(file["name"]))
        arguments = {
            "draft": opened.draft.id,
            "person": person,
            "asked": standing.asked or "",
            "saw": standing.saw,
            "file": str(file["id"]),
            "name": str(file["name"]),
        }
        tx.owe(Job(name=FETCH, arguments=arguments))
    if fetched:
        said = office.texts("intake.said.appendix_fetching", names=", ".join(fetched))
        writing.tell(tx, person, said)


def _refused(office: Office, file: Any) -> str | None:
    name, most = str(file.get("name") or ""), office.programme.files.max_bytes
    if identity.contains(name):
        return office.texts("intake.said.appendix_identity")
    if int(file.get("size") or 0) > most:
        return too_large(office, name, int(file["size"]))
    return None


def too_large(office: Office, name: str, size: int) -> str:
    return office.texts(
        "intake.said.appendix_too_large",
        name=name,
        size=summary.size(size),
        most=summary.size(office.programme.files.max_bytes),
    )


def wrong_type(office: Office, name: str) -> str:
    types = ", ".join(office.programme.files.types)
    return office.texts("intake.said.appendix_type", name=name, types=types)


def add(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    asked: str,
    saw: int,
    name: str,
    size: int,
    sha256: str,
    kind: str,
) -> None:
    """The file is stored: list it, and let it answer the question about the investment form."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.draft.state != drafts.OPEN:
        writing.tell(tx, person, office.texts("intake.said.appendix_too_late", name=name))
        return
    drafts.add_appendix(
        tx.db, draft_id, sha256=sha256, name=name, size=size, type=kind, by=person, at=tx.now
    )
    added = office.texts("intake.said.appendix_added", name=name, size=summary.size(size))
    if asked == "investment_form" and opened.number(asked) == saw:
        raw = office.texts.plain("intake.said.appendix_as_answer", name=name)
        writing.tell(tx, person, added)
        intake.answer(
            tx,
            office,
            person=person,
            draft_id=draft_id,
            key=asked,
            saw=saw,
            raw=raw,
            fold_later=True,
        )
        return
    writing.tell(tx, person, added)


def remove(tx: Transaction, office: Office, *, person: str, draft_id: int, appendix: int) -> None:
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    rows = {row.id: row.name for row in drafts.appendices_of(tx.db, draft_id)}
    if appendix in rows:
        drafts.remove_appendix(tx.db, draft_id, appendix)
        said = office.texts("intake.said.appendix_removed", name=rows[appendix])
        writing.tell(tx, person, said)
