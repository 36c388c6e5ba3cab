"""Somebody's account in Slack was closed: those who write with her, or the secretary, are told.

Nothing of hers is lost. Whoever writes with her goes on; a case that is handed in is open to every officer
of the förvaltning (R000-20); a draft of hers alone is nobody else's to see, and waits for her.
"""

from typing import Any

from sqlalchemy import Connection

from bot.acts import assessment, who, writing
from bot.acts.writing import Writing
from bot.blocks import kit
from bot.ids import OPEN_DRAFT, About
from bot.office import Office
from bot.perform import Transaction
from flows.programme import Role
from storage import drafts, people


def changed(tx: Transaction, office: Office, user: dict[str, Any]) -> None:
    """Store what Slack says about a user; tell of what is left with her when she is gone."""
    person = f"{user.get('team_id') or office.team}:{user['id']}"
    before = people.get(tx.db, person)
    assessment.remember(tx, office, user)
    if before is not None and not before.deleted and user.get("deleted"):
        _closed(tx, office, person)


def _closed(tx: Transaction, office: Office, person: str) -> None:
    name = who.name_of(tx.db, office, person)
    handed_in, alone = [], 0
    for draft in drafts.of_person(tx.db, person):
        opened = writing.load(tx.db, office, draft.id)
        others = _others(tx.db, office, opened, person)
        if draft.state != drafts.OPEN:
            continue
        if opened.members[person] == drafts.FINANCE:
            text = office.texts("intake.closed.finance", name=name, title=opened.title)
            for other in others:
                writing.tell(tx, other, text)
            continue
        for other in others:
            text = office.texts("intake.closed.writes_with", name=name, title=opened.title)
            go_on = kit.button(
                office.texts.plain("intake.words.button.begin"), OPEN_DRAFT, About(draft.id)
            )
            writing.tell(tx, other, text, [kit.section(text), kit.actions([go_on])])
        if not others and draft.case_id is not None:
            handed_in.append(f"{draft.case_id} · {opened.title}")
        elif not others:
            alone += 1
    if handed_in or alone:
        facts = {"name": name, "cases": tuple(handed_in), "alone": alone}
        for secretary in who.with_role(tx.db, office, Role.SECRETARY):
            writing.tell(tx, secretary, office.texts("intake.closed.left", **facts))


def _others(db: Connection, office: Office, opened: Writing, person: str) -> list[str]:
    """Those who can go on with it: they write it too, and may."""
    return [
        other
        for other, role in opened.members.items()
        if other != person and role != drafts.FINANCE and who.is_employee(db, office, other)
    ]
