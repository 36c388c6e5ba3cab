"""A draft written straight into the database, for the stories that begin in the middle."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flows import answers, form, intake
from flows.events import Stage
from flows.form import Answer, Ask
from flows.programme import Programme
from storage import drafts
from storage.engine import open_writer
from tests.flows.filled import ANNA

AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


def write_draft(
    sqlite_url: str,
    programme: Programme,
    given: Mapping[str, Any],
    *,
    owner: str = ANNA,
    stage: Stage = Stage.APPLICATION,
) -> int:
    """Store these answers as if given one by one; whoever says *fortsätt* goes on with them."""
    engine = open_writer(sqlite_url)
    with engine.connect() as db:
        db.exec_driver_sql("BEGIN IMMEDIATE")
        draft_id = drafts.add(db, owner=owner, stage=stage, form_version=intake.FORM_VERSION, at=AT)
        known: dict[str, Any] = {}

        def answer_to(ask: Ask) -> Answer | None:
            if ask.key not in given:
                return None
            basis = form.fingerprint(ask, known)
            known[ask.key] = given[ask.key]
            answer = Answer(value=given[ask.key], by=owner, at=AT, basis=basis)
            row = answer.model_dump() | {"value": answers.to_json(answer.value)}
            drafts.put(db, draft_id, ask.key, row)
            return answer

        list(form.items(intake.form(programme), answer_to, stage=stage))
        db.exec_driver_sql("COMMIT")
    engine.dispose()
    return draft_id


def stored(sqlite_url: str, draft_id: int) -> dict[str, Any]:
    """The answers as they stand, by question."""
    engine = open_writer(sqlite_url)
    with engine.connect() as db:
        found = {key: row["value"] for key, row in drafts.answers_of(db, draft_id).items()}
    engine.dispose()
    return found
