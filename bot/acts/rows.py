"""Tables in the conversation: add, change and remove a row, and say that the table is done.

While it is filled in, a table is kept beside the question's answer; *Klar* makes it the answer, so
that an answer never stands half.
"""

from typing import Any

from bot.acts import allowed, intake, modals, writing
from bot.acts.details import details
from bot.acts.writing import WORKING, Writing
from bot.blocks.question import MOST_ROWS
from bot.office import Office
from bot.perform import Transaction
from flows import answers, application, calculation, reporting, row_inputs
from flows.errors import InvalidAnswer, Stale
from flows.inputs import Inputs, WrongInputs
from flows.split import SplitRow, differences, rest_on
from storage import drafts


def put(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    key: str,
    saw: int,
    index: int | None,
    inputs: Inputs,
) -> None:
    """Add the row, or put it in place of the one at `index`, and show the table again.

    A new row fits beside whatever somebody else has added meanwhile; one that is changed must be the
    one that was opened. Raises WrongInputs with every input of the modal that does not fit.
    """
    opened = allowed.question(tx, office, draft_id, key, person=person)
    if index is not None and opened.number(key) != saw:
        raise Stale("refusals.intake.table_changed")
    row = row_inputs.read(key, inputs, modals.frame_of(opened))
    rows = list(opened.rows(key))
    if index is not None and index < len(rows):
        rows[index] = row
    else:
        rows.append(row)
    if len(rows) > MOST_ROWS:
        raise InvalidAnswer("refusals.intake.too_many_rows", most=MOST_ROWS)
    if key == "own_financing":
        try:
            writing.check(office, opened, key, tuple(rows), today=intake.today(tx))
        except InvalidAnswer as refusal:
            raise WrongInputs({"amount": refusal}) from None
    _keep(tx, office, opened, key, rows, person=person)


def put_split(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    saw: int,
    split: tuple[SplitRow, ...],
    rest: str,
) -> None:
    """Take in the split; with `rest` that committee gets what is left.

    A split that adds up is the answer. Another is kept, and shown with what differs and where.
    """
    opened = allowed.question(tx, office, draft_id, "split", person=person)
    if opened.number("split") != saw:
        raise Stale("refusals.intake.table_changed")
    of = application.calculation_of(opened.known)
    if of is None:
        raise InvalidAnswer("refusals.intake.no_longer_asked")
    costs = calculation.costs(of)
    if rest:
        split = rest_on(rest, split, costs)
    if differences(split, costs):
        _keep(tx, office, opened, "split", list(split), person=person)
        return
    raw = answers.to_json(split)
    intake.answer(
        tx,
        office,
        person=person,
        draft_id=draft_id,
        key="split",
        saw=saw,
        raw=raw,
        fold_later=True,
    )


def put_amounts(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    draft_id: int,
    key: str,
    saw: int,
    amounts: tuple[SplitRow, ...],
) -> None:
    """Take in the amounts of a report's table; when a line still has none, show which."""
    opened = allowed.question(tx, office, draft_id, key, person=person)
    if opened.report is None or opened.number(key) != saw:
        raise Stale("refusals.intake.table_changed")
    asked = reporting.places(opened.report, key)
    found = {(row.committee, row.kind, row.year): row for row in (*opened.rows(key), *amounts)}
    whole = [found[place] for place in asked if place in found]
    if len(whole) < len(asked):
        _keep(tx, office, opened, key, whole, person=person)
        return
    raw = answers.to_json(whole)
    intake.answer(
        tx,
        office,
        person=person,
        draft_id=draft_id,
        key=key,
        saw=saw,
        raw=raw,
        fold_later=True,
    )


def remove(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int, index: int
) -> None:
    opened = allowed.question(tx, office, draft_id, key, person=person)
    if opened.number(key) != saw:
        intake.another(tx, office, opened, key, to=person)
        return
    rows = [row for number, row in enumerate(opened.rows(key)) if number != index]
    _keep(tx, office, opened, key, rows, person=person)


def done(
    tx: Transaction, office: Office, *, person: str, draft_id: int, key: str, saw: int
) -> intake.Folded | None:
    """The table as it stands becomes the answer; returns it folded."""
    opened = allowed.question(tx, office, draft_id, key, person=person)
    raw = answers.to_json(opened.rows(key))
    return intake.answer(tx, office, person=person, draft_id=draft_id, key=key, saw=saw, raw=raw)


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
        "number": opened.number(key) + 1,
    }
    drafts.put(tx.db, opened.draft.id, key + WORKING, working)
    after = writing.load(tx.db, office, opened.draft.id)
    ask = after.item(key).ask
    writing.put(tx, office, after, ask, to=person, details=details(office, after, ask))
