"""What a person meant by what she typed or pressed, before it is read as an answer (flows/answers.py)."""

from typing import Any

from bot import words
from bot.acts import who
from bot.acts.writing import Writing
from bot.office import Office
from bot.perform import Transaction
from flows import reporting
from flows.errors import InvalidAnswer, NotAllowed
from flows.form import Ask, Kind
from flows.intake import NamedPerson


def meant(
    tx: Transaction, office: Office, opened: Writing, ask: Ask, raw: Any, *, typed: bool
) -> Any:
    """An option by its own words when they were typed; a colleague by her name; a table's one amount.

    `raw` is what was typed or pressed; somebody chosen in a list of people is {"user": "U1"}.
    """
    if isinstance(raw, dict):
        return _named(tx, office, raw)
    if opened.report is not None and ask.kind is Kind.ROWS:
        return reporting.typed(opened.report, ask.key, raw)
    return words.option_said(office, ask, raw) if typed and isinstance(raw, str) else raw


def _named(tx: Transaction, office: Office, chosen: dict[str, str]) -> NamedPerson:
    """Somebody chosen in Slack's list of people, by her user id."""
    person = f"{office.team}:{chosen['user']}"
    try:
        who.require_employee(tx.db, office, person)
    except NotAllowed:
        name = who.name_of(tx.db, office, person)
        raise InvalidAnswer("refusals.intake.not_a_colleague", name=name) from None
    return NamedPerson(name=who.name_of(tx.db, office, person), person=person)
