"""A draft opened for one gesture: its answers, its questions, and putting the next one to a person.

A draft is of an application, or of a report: which form it fills in is settled here, once.

The next question is computed from the answers every time, so that stopping, going back, changing
an answer and being two at it are all the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from bot.acts import report_about, who
from bot.blocks import kit, question
from bot.blocks.question import Put
from bot.office import Office
from bot.owed import Post, Update
from bot.perform import Transaction
from bot.words import part
from flows import answers, checks, form, reporting
from flows.errors import FlowError, NotAllowed
from flows.events import Stage
from flows.form import Answer, Ask, Item, Kind, Who
from flows.intake import NamedPerson
from flows.reporting import Report
from storage import cases, drafts
from storage import standing as standings
from storage.drafts import Draft, Position
from storage.standing import Standing

WORKING = "~"  # the key of a table that is being filled in, beside its answer


@dataclass(frozen=True)
class Writing:
    """A draft with everything that bears on it. Made anew after each change."""

    draft: Draft
    stored: dict[str, dict[str, Any]]
    items: tuple[Item, ...]
    members: dict[str, str]  # role by person
    report: Report | None = None  # what it is about, of a report
    opened_by: str = ""  # the person whose gesture this is,
    found: Standing | None = None  # and where she stood when it began

    @cached_property
    def known(self) -> dict[str, Any]:
        return form.known(self.items)

    @property
    def title(self) -> str:
        if self.report is not None:
            return f"{self.report.title}, {self.report.period}"
        return str(self.known.get("title", ""))

    def who(self, person: str) -> Who:
        return Who.FINANCE if self.members.get(person) == drafts.FINANCE else Who.OFFICER

    def item(self, key: str) -> Item:
        """Raises NotAllowed when the question does not apply any more."""
        found = form.find(self.items, key)
        if found is None:
            raise NotAllowed("refusals.intake.no_longer_asked")
        return found

    def number(self, key: str) -> int:
        """Grows each time the question is answered, or its table filled in: an old button is known as old."""
        return max(int(self.stored.get(k, {}).get("number", 0)) for k in (key, key + WORKING))

    def asked(self, person: str) -> Who | None:
        """Whose questions are put to the person; None when an officer is her own finance officer."""
        finance = self.known.get("finance_officer")
        own = isinstance(finance, NamedPerson) and finance.person == person
        return None if own and self.who(person) is Who.OFFICER else self.who(person)

    def rows(self, key: str) -> tuple[Any, ...]:
        """The rows of a table as they are being filled in; at first those of its answer."""
        found = self.stored.get(key + WORKING) or self.stored.get(key)
        if found is None:
            return ()
        ask = replace(self.item(key).ask, least=0)
        answer = answers.from_json(ask, found)
        return tuple(answer.value) if answer else ()

    def user(self, person: str) -> str:
        return person.split(":")[1]


def load(
    db: Connection,
    office: Office,
    draft_id: int,
    *,
    opened_by: str = "",
    found: Standing | None = None,
) -> Writing:
    draft, members = drafts.with_members(db, draft_id)
    if draft is None or draft.state == drafts.ENDED:
        raise NotAllowed("refusals.intake.no_draft")
    report = None
    if draft.form == drafts.REPORT:
        assert draft.case_id is not None  # a report is about a case
        report = report_about.about(db, office, draft.case_id, draft.report)
    stored = drafts.answers_of(db, draft_id)
    items = _items(office, draft, stored, report)
    return Writing(draft, stored, items, members, report, opened_by, found)


def _items(
    office: Office,
    draft: Draft,
    stored: dict[str, dict[str, Any]],
    report: Report | None,
    known: Mapping[str, Answer] = MappingProxyType({}),
) -> tuple[Item, ...]:
    """What is asked now. `known`: the stored answers that have been read already."""
    asked = office.form if report is None else reporting.form(report)
    return tuple(form.items(asked, answers.reader(stored, known), stage=Stage(draft.stage)))


def open_for(
    db: Connection, office: Office, draft_id: int, *, person: str, found: Standing | None = None
) -> Writing:
    """Load the draft for somebody who takes part in it. Raises NotAllowed for everybody else.

    An officer of a förvaltning that has submitted takes part without being invited (R000-20). A
    member whose account was closed or made a guest's takes part no more. `found` is where she stands,
    where that has been read already.
    """
    if found is None:
        who.require_employee(db, office, person)
    else:
        who.require_open_account(office, person, found.account)
    writing = load(db, office, draft_id, opened_by=person, found=found)
    if person in writing.members:
        return writing
    theirs = who.administration_of(db, office, person)
    if theirs is None or theirs not in _submitting(db, writing):
        raise NotAllowed("refusals.intake.not_yours")
    if writing.draft.case_id is None or not who.is_officer(db, office, person):
        raise NotAllowed("refusals.intake.not_yours")
    drafts.join(db, draft_id, person=person, role=drafts.COLLEAGUE, at=writing.draft.changed_at)
    return load(db, office, draft_id)


def _submitting(db: Connection, writing: Writing) -> tuple[str, ...]:
    """The förvaltningar whose application it is, or whose measure a report is about."""
    if writing.report is not None:
        return cases.load(db, writing.report.case_id).administrations
    return tuple(writing.known.get("administrations", ()))


def store(
    tx: Transaction, office: Office, writing: Writing, key: str, value: Any, *, by: str
) -> Writing:
    """Store the answer and return the draft as it then is."""
    item = writing.item(key)
    before = {other.ask.key: other.answer.value for other in _before(writing, key) if other.answer}
    row = {
        "value": answers.to_json(value),
        "by": by,
        "at": tx.now,
        "basis": form.fingerprint(item.ask, before),
        "number": writing.number(key) + 1,
    }
    drafts.put(tx.db, writing.draft.id, key, row)
    if item.ask.kind is Kind.ROWS and key + WORKING in writing.stored:
        drafts.forget(tx.db, writing.draft.id, keys=[key + WORKING])
        return load(tx.db, office, writing.draft.id)
    draft = replace(writing.draft, changed_at=tx.now)
    stored = writing.stored | {key: row}
    known = {i.ask.key: said for i in writing.items if (said := i.answer or i.stale)}
    known.pop(key, None)
    items = _items(office, draft, stored, writing.report, known)
    return replace(writing, draft=draft, stored=stored, items=items)


def _before(writing: Writing, key: str) -> list[Item]:
    found: list[Item] = []
    for item in writing.items:
        if item.ask.key == key:
            break
        found.append(item)
    return found


def known_before(writing: Writing, key: str) -> dict[str, Any]:
    return form.known(_before(writing, key))


def check(office: Office, writing: Writing, key: str, value: Any, *, today: date) -> None:
    """Refuse an answer that does not fit the others, or what the report is about (`InvalidAnswer`)."""
    if writing.report is not None:
        reporting.check(writing.report, key, value)
    else:
        checks.check(office.programme, key, value, known_before(writing, key), today=today)


def problems(office: Office, writing: Writing, *, today: date) -> list[FlowError]:
    """Everything that stands in the way of handing in; empty when nothing does."""
    if writing.report is not None:
        return reporting.problems(writing.report, writing.items)
    stage = Stage(writing.draft.stage)
    return checks.problems(office.programme, writing.items, stage=stage, today=today)


def put(
    tx: Transaction,
    office: Office,
    writing: Writing,
    ask: Ask,
    *,
    to: str,
    note: str = "",
    details: tuple[str, ...] = (),
    answered: str | None = None,
) -> None:
    """Put the question to the person, and remember that it is the one she answers now.

    An application that she was writing is paused, and named; the same question further up folds.
    """
    found = writing.found if writing.opened_by == to else None
    found = found or standings.of(tx.db, to)
    standing = found.position
    left = leaving(tx, office, standing, opening=writing.draft.id)
    _fold_asked_again(tx, office, standing, ask, draft_id=writing.draft.id)
    item = writing.item(ask.key)
    value: Any = item.answer.value if item.answer else None
    if ask.kind is Kind.ROWS:
        value = writing.rows(ask.key)
    text, blocks = question.message(
        office,
        Put(
            item=item,
            draft=writing.draft.id,
            progress=form.progress(writing.items, ask.key),
            title=writing.title,
            saw=writing.number(ask.key),
            note=joined(left, note),
            value=value,
            details=details,
            may_ask_finance=_may_ask_finance(writing, to),
        ),
    )
    post = tx.owe(Post(to=found.channel or writing.user(to), text=text, blocks=blocks))
    at = Position(writing.draft.id, ask.key, writing.number(ask.key), post, answered=answered)
    drafts.place(tx.db, to, at, new=standing is None)


def leaving(tx: Transaction, office: Office, standing: Position | None, *, opening: int) -> str:
    """What to say about the application that the person leaves for another; "" when there is none."""
    if standing is None or standing.draft_id == opening:
        return ""
    left = load(tx.db, office, standing.draft_id)
    if left.draft.state != drafts.OPEN:
        return ""
    return office.texts("intake.said.paused_other", title=left.title)


def joined(*said: str) -> str:
    """What there is to say, a line each. Each is escaped already."""
    return Markup("\n").join(Markup(one) for one in said if one)  # noqa: S704  worded before


def _fold_asked_again(
    tx: Transaction, office: Office, standing: Position | None, ask: Ask, *, draft_id: int
) -> None:
    """The question as it stood further up gives way, with its buttons, to the one that is put now."""
    if standing is None or standing.post is None:
        return
    if (standing.draft_id, standing.asked) == (draft_id, ask.key):
        text = office.texts("intake.question.moved", label=part(office, ask, "label"))
        tx.owe(Update(target=standing.post, text=text, blocks=[kit.context(text)]))


def _may_ask_finance(writing: Writing, person: str) -> bool:
    finance = writing.known.get("finance_officer")
    named = finance.person if isinstance(finance, NamedPerson) else None
    return named not in {None, person} and writing.who(person) is Who.OFFICER


def stand(tx: Transaction, person: str, at: Position) -> None:
    drafts.place(tx.db, person, at, new=drafts.position(tx.db, person) is None)


def tell(
    tx: Transaction, person: str, text: str, blocks: list[dict[str, Any]] | None = None
) -> int:
    """Owe the person a message in her direct message with the bot."""
    return tx.owe(Post(to=person.split(":")[1], text=text, blocks=blocks or []))
