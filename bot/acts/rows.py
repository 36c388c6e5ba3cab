"""Tables in the conversation: add, change and remove a row, and say that the table is done.

While it is filled in, a table is kept beside the question's answer; *Klar* makes it the answer, so
that an answer never stands half.
"""

from typing import Any

from pydantic import BaseModel

from bot.acts import intake, writing
from bot.acts.details import details
from bot.acts.writing import WORKING, Writing
from bot.office import Office
from bot.perform import Transaction
from flows import answers, checks
from flows.errors import InvalidAnswer
from storage import drafts

MOST = 15  # rows that one message can show with their buttons


def put(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    key: str,
    saw: int,
    index: int | None,
    row: BaseModel,
) -> None:
    """Add the row, or put it in place of the one at `index`, and show the table again."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.number(key) != saw:
        intake.another(tx, office, opened, key, to=person)
        return
    rows = list(opened.rows(key))
    if index is not None and index < len(rows):
        rows[index] = row
    else:
        rows.append(row)
    if len(rows) > MOST:
        raise InvalidAnswer("refusals.intake.too_many_rows", most=MOST)
    # A row that cannot stand is refused at once, in the modal it was written in.
    if key in {"operating", "own_financing"}:
        known = writing.known_before(opened, key)
        checks.check(office.programme, key, tuple(rows), known, today=intake.today(tx))
    _keep(tx, office, opened, key, rows, person=person)


def remove(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int, index: int
) -> None:
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.number(key) != saw:
        intake.another(tx, office, opened, key, to=person)
        return
    rows = [row for number, row in enumerate(opened.rows(key)) if number != index]
    _keep(tx, office, opened, key, rows, person=person)


def done(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int
) -> None:
    """The table as it stands becomes the answer."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    raw = answers.to_json(opened.rows(key))
    intake.answer(tx, office, person=person, draft_id=draft_id, key=key, saw=saw, raw=raw)


def _keep(
    tx: Transaction,
    office: Office,
    opened: Writing,
    key: str,
    rows: list[Any],
    *,
    person: str,
) -> None:
    working = {
        "value": answers.to_json(rows),
        "by": person,
        "at": tx.now,
        "basis": "",
        "number": opened.number(key + WORKING) + 1,
    }
    drafts.put(tx.db, opened.draft.id, key + WORKING, working)
    after = writing.load(tx.db, office, opened.draft.id)
    ask = after.item(key).ask
    writing.put(tx, office, after, ask, to=person, details=details(office, after, ask))
