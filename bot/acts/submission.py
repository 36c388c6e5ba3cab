"""Handing in: a version of the answers leaves the officers and becomes the case's."""

from typing import Any

from bot.acts import chair, documents, intake, refusals, summary, writing
from bot.acts.writing import WORKING, Writing
from bot.blocks import kit
from bot.office import Office
from bot.owed import Update
from bot.perform import Transaction
from bot.words import part
from flows import checks
from flows.case import MAY_BE_REVISED, Case
from flows.errors import FlowError, NotAllowed
from flows.events import Stage, Submitted
from flows.form import Who
from storage import cases, drafts, submissions


def submit(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Hand in what is written as a new version, or say everything that is missing."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.who(person) is not Who.OFFICER:
        raise NotAllowed("refusals.intake.only_finance_questions")
    if opened.draft.state != drafts.OPEN:
        raise NotAllowed("refusals.intake.not_open")
    stage = Stage(opened.draft.stage)
    found = checks.problems(office.programme, opened.items, stage=stage, today=intake.today(tx))
    if found:
        lines = tuple(_problem(office, opened, problem) for problem in found)
        title = opened.title
        said = office.texts("intake.said.not_complete", title=title, lines="")
        summary.show(tx, office, opened, to=person, problems=(said, *lines[:20]))
        return
    case_id, case = _store(tx, opened, stage, person=person, office=office)
    drafts.change(
        tx.db,
        draft_id,
        state=drafts.SUBMITTED,
        case_id=case_id,
        reopened=None,
        changed_at=tx.now,
    )
    _fold(tx, office, case, person=person)
    drafts.stand_nowhere(tx.db, draft_id=draft_id)
    documents.order(tx, office, case_id, case)
    chair.ask(tx, office, opened, case_id=case_id, case=case, by=person)
    for member, role in opened.members.items():
        if role != drafts.FINANCE:
            text = office.texts(
                "intake.said.sent",
                title=opened.title,
                case_id=case_id,
                version=case.version,
                klg=office.programme.names.klg,
            )
            writing.tell(tx, member, text)


def _fold(tx: Transaction, office: Office, case: Case, *, person: str) -> None:
    """Leave a line where the summary with its buttons stood."""
    standing = drafts.position(tx.db, person)
    if standing is not None and standing.asked is None and standing.post is not None:
        text = office.texts("intake.summary.handed_in", version=case.version)
        tx.owe(Update(target=standing.post, text=text, blocks=[kit.context(text)]))


def _problem(office: Office, opened: Writing, problem: FlowError) -> str:
    if problem.key == "refusals.answers.missing":
        ask = opened.item(str(problem.facts["question"])).ask
        return office.texts("intake.said.missing_one", label=part(office, ask, "label"))
    return f"• {refusals.text(office, problem)}"


def _store(
    tx: Transaction, opened: Writing, stage: Stage, *, person: str, office: Office
) -> tuple[str, Case]:
    """Store the version and its event; returns the case's id and the case as it then is."""
    case_id = opened.draft.case_id or cases.new_id(tx.db, intake.today(tx).year)
    case = cases.load(tx.db, case_id)
    if case.version and case.state not in MAY_BE_REVISED:
        raise NotAllowed("refusals.intake.not_open")
    version = case.version + 1
    handed_in = snapshot(opened)
    files = [_file(row) for row in drafts.appendices_of(tx.db, opened.draft.id)]
    handed_in["appendices"] = {"value": files, "by": person, "at": tx.now.isoformat()}
    changed: tuple[str, ...] = ()
    same_files = True
    if case.version:
        before = submissions.get(tx.db, case_id, case.version)
        changed = differing(before, handed_in)
        same_files = before.get("appendices", {}).get("value") == files
        if stage is case.stage and not changed and same_files:
            raise NotAllowed("refusals.intake.nothing_changed", version=case.version)
    submissions.add(tx.db, case_id, version, stage=stage, answers=handed_in)
    different = (*changed, *(() if same_files else ("appendices",)))
    material = any(office.programme.material.holds(key.split(".")[0]) for key in different)
    event = Submitted(
        at=tx.now,
        by=person,
        stage=stage,
        version=version,
        administrations=tuple(opened.known["administrations"]),
        authors=_authors(opened),
        changed=changed,
        voids=material or stage is not case.stage,
    )
    return case_id, cases.add(tx.db, case_id, [event], after=case)


def snapshot(opened: Writing) -> dict[str, Any]:
    """The answers that apply, as they are handed in: value, by, at, by question."""
    return {
        item.ask.key: {
            "value": opened.stored[item.ask.key]["value"],
            "by": item.answer.by,
            "at": item.answer.at.isoformat(),
        }
        for item in opened.items
        if item.answer is not None and not item.ask.key.endswith(WORKING)
    }


def differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The questions whose answer is not the same in both; a confirmation given anew is no change."""
    confirmations = {"attested", "finance_confirmed", "classification", "investment_process"}
    keys = dict.fromkeys([*before, *after])
    return tuple(
        key
        for key in keys
        if key != "appendices"
        and key not in confirmations
        and before.get(key, {}).get("value") != after.get(key, {}).get("value")
    )


def _file(row: Any) -> dict[str, Any]:
    return {"name": row.name, "size": row.size, "sha256": row.sha256, "type": row.type}


def _authors(opened: Writing) -> tuple[str, ...]:
    """Who wrote it: the owner, the invited, and everybody who gave an answer that stands."""
    wrote_together = {drafts.OWNER, drafts.AUTHOR}
    members = [person for person, role in opened.members.items() if role in wrote_together]
    wrote = [item.answer.by for item in opened.items if item.answer is not None]
    return tuple(dict.fromkeys([*members, *wrote]))


def draft_pdf(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Begin making the draft's full text as a PDF, for the person alone."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    documents.order_draft(tx, draft_id=draft_id, person=person)
    writing.tell(tx, person, office.texts("intake.said.draft_pdf", title=opened.title))
