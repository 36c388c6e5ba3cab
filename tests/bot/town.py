"""The example municipality with a database: people, drafts and cases, and what is owed them.

Nothing is sent: the outbox's rows are read instead, and its jobs are run by hand.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.acts import assessment, dnr, home, home_page, submission, who
from bot.database import database
from bot.files import FileStore
from bot.ids import Value
from bot.jobs import JOBS
from bot.jobs.tools import Tools
from bot.office import Office
from bot.perform import Act, Perform, Transaction
from bot.render import Texts
from flows import answers, form
from flows.case import Case, Event
from flows.events import Stage
from flows.form import Answer, Ask
from flows.intake import FORM_VERSION
from flows.programme import Programme
from sandbox.workspace import load
from storage import cases, documents, drafts
from storage.tables import outbox
from tests.flows.filled import ANNA, example, values

T = TypeVar("T")
TEAM = "T0SANDBOX"
KARIN, LARS, MIRA, NILS, SARA, OMAR, TOVE, GUEST, GONE = (
    f"{TEAM}:U0{name}"
    for name in ("KARIN", "LARS", "MIRA", "NILS", "SARA", "OMAR", "TOVE", "GUEST", "GONE")
)
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@dataclass
class Town:
    """`now` moves a minute with every act."""

    office: Office
    perform: Perform
    files: FileStore
    now: datetime = NOON
    done: set[int] = field(default_factory=set)

    async def act(self, act: Act[T]) -> T:
        return await self.perform.unkeyed(act)

    async def case(self, case_id: str) -> Case:
        return await self.perform.read(lambda db: cases.load(db, case_id))

    async def events(self, case_id: str) -> list[Event]:
        return await self.perform.read(lambda db: cases.history(db, case_id))

    async def draft(
        self, given: Mapping[str, Any], *, owner: str = ANNA, stage: Stage = Stage.APPLICATION
    ) -> int:
        """A draft with these answers, as if given one by one."""

        def write(tx: Transaction) -> int:
            draft_id = drafts.add(
                tx.db, owner=owner, stage=stage, form_version=FORM_VERSION, at=tx.now
            )
            answered(tx, self.office, draft_id, given, by=owner, stage=stage)
            return draft_id

        return await self.act(write)

    async def change(self, draft_id: int, given: Mapping[str, Any]) -> None:
        """Open the draft again and answer anew."""

        def write(tx: Transaction) -> None:
            drafts.forget(tx.db, draft_id)
            drafts.change(tx.db, draft_id, state=drafts.OPEN, stage=Stage.APPLICATION)
            answered(tx, self.office, draft_id, given, by=ANNA, stage=Stage.APPLICATION)

        await self.act(write)

    async def submit(self, draft_id: int, *, person: str = ANNA) -> str:
        """Hand in, and return the case's id."""
        await self.act(
            partial(submission.submit, office=self.office, person=person, draft_id=draft_id)
        )
        draft = await self.perform.read(lambda db: drafts.get(db, draft_id))
        assert draft is not None
        assert draft.case_id is not None, await self.said(person)
        return draft.case_id

    async def submitted(self, *, stage: Stage = Stage.APPLICATION, **changed: Any) -> str:
        """A case whose documents are stored."""
        case_id = await self.submit(await self.draft(values() | changed, stage=stage))
        await self.work()
        return case_id

    async def assess(self, case_id: str, opinion: str, *people: str, **more: Any) -> None:
        for person in people:
            case = await self.case(case_id)
            value = Value(case_id, case.stage, case.version, opinion)
            act = partial(assessment.assess, office=self.office, value=value, by=person, **more)
            await self.act(act)

    async def give_dnr(self, case_id: str, written: str, *, by: str = SARA) -> None:
        await self.act(
            partial(dnr.give, office=self.office, case_id=case_id, written=written, by=by)
        )

    async def home(self, person: str, **turned: Any) -> dict[str, Any]:
        """What the person's App Home says now."""
        await self.act(partial(home_page.publish, office=self.office, person=person, **turned))
        rows = await self.owed("publish")
        user = person.partition(":")[2]
        view: dict[str, Any] = [r["view"] for r in rows if r["lane"] == f"home:{user}"][-1]
        return view

    async def owed(self, kind: str) -> list[dict[str, Any]]:
        """Everything of a kind that was ever owed, in order: its payload, id and lane."""
        query = select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)
        rows = await self.perform.read(lambda db: db.execute(query).all())
        return [{"id": r.id, "lane": r.lane, "refers_to": r.refers_to, **r.payload} for r in rows]

    async def said(self, person: str) -> list[str]:
        user = person.partition(":")[2]
        return [row["text"] for row in await self.owed("post") if row["lane"] == user]

    async def jobs(self, name: str) -> list[dict[str, Any]]:
        return [row for row in await self.owed("job") if row["name"] == name]

    async def work(self, *, homes: bool = False) -> None:
        """Run every job that is owed, and those that they owe.

        A dozen App Homes follow each change of a case, as long as everything else takes together: they
        are shown when a test is about them.
        """
        while todo := [row for row in await self.owed("job") if self._is_due(row, homes=homes)]:
            for row in todo:
                self.done.add(row["id"])
                act = await JOBS[row["name"]](row["arguments"], self.tools)
                if act is not None:
                    await self.act(act)

    def _is_due(self, job: Mapping[str, Any], *, homes: bool) -> bool:
        return job["id"] not in self.done and (homes or job["name"] != home.JOB)

    @property
    def tools(self) -> Tools:
        # No job here talks to Slack itself.
        return Tools(perform=self.perform, office=self.office, files=self.files, slack=None)  # type: ignore[arg-type]

    async def stored(self, case_id: str) -> tuple[documents.Document, ...]:
        """The latest issue of the case's version."""
        version = (await self.case(case_id)).version
        return await self.perform.read(lambda db: documents.of(db, case_id, version))


def answered(
    tx: Transaction,
    office: Office,
    draft_id: int,
    given: Mapping[str, Any],
    *,
    by: str,
    stage: Stage,
) -> None:
    known: dict[str, Any] = {}

    def answer_to(ask: Ask) -> Answer | None:
        if ask.key not in given:
            return None
        basis = form.fingerprint(ask, known)
        known[ask.key] = given[ask.key]
        answer = Answer(value=given[ask.key], by=by, at=tx.now, basis=basis)
        row = answer.model_dump() | {"value": answers.to_json(answer.value)}
        drafts.put(tx.db, draft_id, ask.key, row)
        return answer

    list(form.items(office.form, answer_to, stage=stage))


@asynccontextmanager
async def town(
    database_url: str,
    folder: Path,
    *,
    programme: Programme | None = None,
    real: Callable[[], datetime] | None = None,
) -> AsyncIterator[Town]:
    """`real`: the machine's clock, for a bot that is to deliver what is owed here by it."""
    office = Office(programme or example(), wording(), TEAM, "U0BOT", "C0KLG")
    clock: list[Town] = []

    def tick() -> datetime:
        clock[0].now += timedelta(minutes=1)
        return clock[0].now

    async with database(database_url, now=tick, real=real) as perform:
        made = Town(office, perform, FileStore((folder / "files").as_uri()))
        clock.append(made)
        await made.act(partial(_meet_everybody, office=office))
        made.now = NOON + len(load().people) * timedelta(minutes=1)
        yield made


@cache
def wording() -> Texts:
    """One for all towns: they change nothing in it, and compile each text once."""
    return Texts()


def _meet_everybody(tx: Transaction, office: Office) -> None:
    for user in load().people:
        who.remember(tx, office, _as_slack_says(user))


def _as_slack_says(user: Any) -> dict[str, Any]:
    return {
        "id": user.id,
        "team_id": user.team,
        "profile": {"email": user.email, "real_name": user.name},
        "deleted": user.deleted,
        "is_restricted": user.is_restricted,
    }


def texts_of(view: Any) -> str:
    """Every text in a view or message, as one."""
    return "\n".join(_texts(json.loads(json.dumps(view))))


def _texts(found: Any) -> list[str]:
    match found:
        case {"type": "mrkdwn" | "plain_text", "text": str(text)}:
            return [text]
        case dict():
            return [text for value in found.values() for text in _texts(value)]
        case list():
            return [text for value in found for text in _texts(value)]
    return []


def buttons(view: Any) -> list[dict[str, Any]]:
    """Every button in a view or message."""
    match view:
        case {"type": "button"}:
            return [view]
        case dict():
            return [button for value in view.values() for button in buttons(value)]
        case list():
            return [button for value in view for button in buttons(value)]
    return []
