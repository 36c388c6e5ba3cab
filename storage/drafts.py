"""Drafts: the answers of an application or a report that is being written, who writes it, where each stands.

An answer is a row that can be replaced and deleted. `number` grows with each replacement, so that
the slower of two who answer the same question can be told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from storage.prepared import Prepared
from storage.tables import answers, appendices, draft_members, drafts, positions

OPEN, SUBMITTED, ENDED = "open", "submitted", "ended"
APPLICATION, REPORT = "application", "report"  # the form that is filled in
OWNER, AUTHOR, FINANCE = "owner", "author", "finance"
COLLEAGUE = "colleague"  # an officer of a submitting förvaltning who opened it uninvited


@dataclass(frozen=True, slots=True)
class Draft:
    id: int
    case_id: str | None
    state: str
    stage: str
    form_version: int
    reopened: tuple[str, ...] | None
    changed_at: datetime
    form: str = APPLICATION
    report: str = ""  # its key in the case's plan, of a report


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person stands: her active draft and the question she was asked last."""

    draft_id: int
    asked: str | None = None
    saw: int = 0
    post: int | None = None
    answered: str | None = None


_ANSWER = ("value", "by", "at", "basis", "number")
_VALUES: dict[str, Any] = {name: bindparam(name) for name in _ANSWER}
_COLUMNS = (  # of a Draft, in its order
    drafts.c.id,
    drafts.c.case_id,
    drafts.c.state,
    drafts.c.stage,
    drafts.c.form_version,
    drafts.c.reopened,
    drafts.c.changed_at,
    drafts.c.form,
    drafts.c.report,
)
_DRAFT_AND_MEMBERS = Prepared(
    select(*_COLUMNS, draft_members.c.person, draft_members.c.role)
    .outerjoin(draft_members, draft_members.c.draft_id == drafts.c.id)
    .where(drafts.c.id == bindparam("b_id"))
    .order_by(draft_members.c.added_at, draft_members.c.person)
)
_DRAFT = select(*_COLUMNS).where(drafts.c.id == bindparam("b_id"))
_ANSWERS = Prepared(
    select(answers.c.key, *(answers.c[name] for name in _ANSWER)).where(
        answers.c.draft_id == bindparam("b_id")
    )
)
_POSITION = select(positions).where(positions.c.person == bindparam("b_person"))
_ROLE = select(draft_members.c.role).where(
    draft_members.c.draft_id == bindparam("b_id"), draft_members.c.person == bindparam("b_person")
)
_MEMBERS = (
    select(draft_members.c.person, draft_members.c.role)
    .where(draft_members.c.draft_id == bindparam("b_id"))
    .order_by(draft_members.c.added_at, draft_members.c.person)
)
_REPLACE = Prepared(
    update(answers)
    .where(answers.c.draft_id == bindparam("b_id"), answers.c.key == bindparam("b_key"))
    .values(_VALUES)
)
_INSERT = Prepared(
    insert(answers).values(_VALUES | {"draft_id": bindparam("b_id"), "key": bindparam("b_key")})
)
_TOUCH = Prepared(
    update(drafts)
    .where(drafts.c.id == bindparam("b_id"))
    .values(changed_at=bindparam("changed_at"))
)
_MOVE = Prepared(
    update(positions)
    .where(positions.c.person == bindparam("b_person"))
    .values(
        draft_id=bindparam("draft_id"),
        asked=bindparam("asked"),
        saw=bindparam("saw"),
        post=bindparam("post"),
        answered=bindparam("answered"),
    )
)


def add(
    db: Connection,
    *,
    owner: str,
    stage: str,
    form_version: int,
    at: datetime,
    case_id: str | None = None,
    report: str = "",
) -> int:
    """Begin an application, or the report with the key `report` about the case."""
    row = {
        "form": REPORT if report else APPLICATION,
        "case_id": case_id,
        "report": report,
        "state": OPEN,
        "stage": stage,
        "form_version": form_version,
        "added_at": at,
        "changed_at": at,
    }
    draft_id = db.execute(insert(drafts).returning(drafts.c.id), row).scalar_one()
    join(db, draft_id, person=owner, role=OWNER, at=at)
    return int(draft_id)


def get(db: Connection, draft_id: int) -> Draft | None:
    return _draft(db.execute(_DRAFT, {"b_id": draft_id}).first())


def with_members(db: Connection, draft_id: int) -> tuple[Draft | None, dict[str, str]]:
    """The draft and who takes part in it, as `get` and `members` say, in one question."""
    rows = _DRAFT_AND_MEMBERS.rows(db, {"b_id": draft_id})
    members = {person: role for *_, person, role in rows if person is not None}
    return _draft(rows[0][:-2] if rows else None), members


def of_case(db: Connection, case_id: str) -> Draft | None:
    """The case's application."""
    return _of_case(db, case_id, form=APPLICATION, report="")


def of_report(db: Connection, case_id: str, key: str) -> Draft | None:
    """The case's report; None before it is asked for."""
    return _of_case(db, case_id, form=REPORT, report=key)


def _of_case(db: Connection, case_id: str, *, form: str, report: str) -> Draft | None:
    of = drafts.c
    rows = select(*_COLUMNS).where(of.case_id == case_id, of.form == form, of.report == report)
    return _draft(db.execute(rows).first())


def change(db: Connection, draft_id: int, **values: Any) -> None:
    """Set columns of the draft, e.g. `state`, `stage`, `case_id`, `reopened`, `changed_at`."""
    db.execute(update(drafts).where(drafts.c.id == draft_id).values(**values))


def _draft(row: Any) -> Draft | None:
    if row is None:
        return None
    draft_id, case_id, state, stage, version, reopened, changed_at, form, report = row
    reopened = None if reopened is None else tuple(reopened)
    return Draft(draft_id, case_id, state, stage, version, reopened, changed_at, form, report)


def join(db: Connection, draft_id: int, *, person: str, role: str, at: datetime) -> bool:
    """Let the person take part; False when she already does."""
    if role_of(db, draft_id, person=person) is not None:
        return False
    db.execute(
        insert(draft_members),
        {"draft_id": draft_id, "person": person, "role": role, "added_at": at},
    )
    return True


def leave(db: Connection, draft_id: int, *, person: str) -> None:
    db.execute(
        delete(draft_members).where(
            draft_members.c.draft_id == draft_id, draft_members.c.person == person
        )
    )
    db.execute(
        delete(positions).where(positions.c.draft_id == draft_id, positions.c.person == person)
    )


def role_of(db: Connection, draft_id: int, *, person: str) -> str | None:
    return db.scalar(_ROLE, {"b_id": draft_id, "b_person": person})


def members(db: Connection, draft_id: int) -> dict[str, str]:
    """Role by person, in the order they came."""
    return {row.person: row.role for row in db.execute(_MEMBERS, {"b_id": draft_id})}


def of_person(db: Connection, person: str, *, limit: int = 50) -> list[Draft]:
    """The drafts that the person takes part in, the latest changed first."""
    rows = db.execute(
        select(*_COLUMNS)
        .join(draft_members, draft_members.c.draft_id == drafts.c.id)
        .where(draft_members.c.person == person, drafts.c.state != ENDED)
        .order_by(drafts.c.changed_at.desc())
        .limit(limit)
    )
    return [draft for row in rows if (draft := _draft(row)) is not None]


def answers_of(db: Connection, draft_id: int) -> dict[str, dict[str, Any]]:
    """The stored answers by question: value (JSON), by, at, basis, number."""
    return {
        key: {"value": value, "by": by, "at": at, "basis": basis, "number": number}
        for key, value, by, at, basis, number in _ANSWERS.rows(db, {"b_id": draft_id})
    }


def put(db: Connection, draft_id: int, key: str, answer: Mapping[str, Any]) -> None:
    """Store an answer: value (JSON), by, at, basis and number; 1 when the question had none before."""
    row = {**answer, "b_id": draft_id, "b_key": key}
    if answer["number"] == 1 or _REPLACE.run(db, row) == 0:
        _INSERT.run(db, row)
    _TOUCH.run(db, {"b_id": draft_id, "changed_at": answer["at"]})


def forget(db: Connection, draft_id: int, *, keys: Iterable[str] | None = None) -> None:
    """Delete answers: the named ones, or all."""
    rows = delete(answers).where(answers.c.draft_id == draft_id)
    db.execute(rows if keys is None else rows.where(answers.c.key.in_(list(keys))))


def position(db: Connection, person: str) -> Position | None:
    row = db.execute(_POSITION, {"b_person": person}).first()
    if row is None:
        return None
    return Position(
        draft_id=row.draft_id, asked=row.asked, saw=row.saw, post=row.post, answered=row.answered
    )


def place(db: Connection, person: str, at: Position, *, new: bool) -> None:
    """Store where the person stands now; `new` when nothing is stored for her yet."""
    row = {
        "draft_id": at.draft_id,
        "asked": at.asked,
        "saw": at.saw,
        "post": at.post,
        "answered": at.answered,
    }
    if new:
        db.execute(insert(positions), {**row, "person": person})
    else:
        _MOVE.run(db, {**row, "b_person": person})


def stand_nowhere(
    db: Connection, *, person: str | None = None, draft_id: int | None = None
) -> None:
    """Nothing is asked of the person any more, or of anybody in the draft."""
    rows = delete(positions)
    if person is not None:
        rows = rows.where(positions.c.person == person)
    if draft_id is not None:
        rows = rows.where(positions.c.draft_id == draft_id)
    db.execute(rows)


def add_appendix(db: Connection, draft_id: int, **row: Any) -> int:
    """Store an appendix: sha256, name, size (bytes), type, by, at."""
    added = insert(appendices).returning(appendices.c.id)
    return int(db.execute(added, {"draft_id": draft_id, **row}).scalar_one())


def appendices_of(db: Connection, draft_id: int) -> list[Row[Any]]:
    rows = select(appendices).where(appendices.c.draft_id == draft_id).order_by(appendices.c.id)
    return list(db.execute(rows))


def remove_appendix(db: Connection, draft_id: int, appendix_id: int) -> None:
    db.execute(
        delete(appendices).where(appendices.c.draft_id == draft_id, appendices.c.id == appendix_id)
    )
