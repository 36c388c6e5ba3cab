"""The calculation in a spreadsheet: handed out on request, read back whole or not at all."""

from collections.abc import Iterable

from markupsafe import Markup

from bot.acts import allowed, intake, writing
from bot.acts.writing import Writing
from bot.office import Office
from bot.owed import FileToSend, Job, Upload
from bot.perform import Transaction
from flows import answers, application
from flows.calculation import Calculation
from flows.errors import NotAllowed
from flows.form import Who
from storage import drafts

MAKE = "make_workbook"
MOST_LINES = 20  # problems that one message names


def order(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Begin making a workbook with what is filled in so far."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if application.calculation_of(opened.known) is None:
        raise NotAllowed("refusals.intake.time_frame_first")
    tx.owe(Job(name=MAKE, arguments={"draft": draft_id, "person": person}))


def contents(opened: Writing) -> Calculation | None:
    """The calculation as it is being filled in, the tables that are not done yet included."""
    working = {key: opened.rows(key) for key in ("operating", "investments", "own_financing")}
    return application.calculation_of({**opened.known, **working})


def hand_out(tx: Transaction, office: Office, *, person: str, draft_id: int, sha256: str) -> None:
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    name = office.texts.plain("intake.workbook.name", draft=draft_id)
    file = FileToSend(sha256=sha256, name=name, title=name)
    text = office.texts("intake.said.workbook", title=opened.title)
    tx.owe(Upload(to=opened.user(person), files=[file], text=text))


def take_in(
    tx: Transaction, office: Office, *, person: str, draft_id: int, read: Calculation, split: object
) -> None:
    """Everything the workbook says becomes answers, at once; then the next question."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    asked_of_finance = opened.item("operating").ask.who(opened.known) is Who.FINANCE
    if opened.who(person) is Who.FINANCE and not asked_of_finance:
        raise NotAllowed("refusals.intake.not_open")
    tables = {
        "operating": read.operating,
        "investments": read.investments,
        "own_financing": read.own_financing,
    }
    for key, rows in tables.items():
        if answers.to_json(rows) != opened.stored.get(key, {}).get("value"):
            allowed.require(office, opened, key, person=person)
            opened = writing.store(tx, office, opened, key, rows, by=person)
    asked = any(item.ask.key == "split" for item in opened.items)
    if split and asked and answers.to_json(split) != opened.stored.get("split", {}).get("value"):
        allowed.require(office, opened, "split", person=person)
        opened = writing.store(tx, office, opened, "split", split, by=person)
    note = office.texts(
        "intake.said.workbook_read",
        operating=len(read.operating),
        investments=len(read.investments),
    )
    intake.put_next(tx, office, opened, to=person, note=note)


def refuse(tx: Transaction, office: Office, *, person: str, lines: Iterable[str]) -> None:
    """Name every wrong cell; nothing was taken in."""
    found = list(lines)
    shown = "\n".join(f"• {line}" for line in found[:MOST_LINES])
    text = office.texts(
        "intake.said.workbook_problems",
        count=len(found),
        lines=Markup(shown),  # noqa: S704  each line was escaped when it was worded
        more=len(found) - MOST_LINES,
    )
    writing.tell(tx, person, text)
