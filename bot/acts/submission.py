"""Handing in: a version of the answers leaves the officers and becomes the case's."""

from bot.acts import (
    chair,
    documents,
    intake,
    refusals,
    reporting,
    summary,
    version,
    writing,
)
from bot.acts.writing import Writing
from bot.office import Office
from bot.perform import Transaction
from bot.words import part
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
    found = writing.problems(office, opened, today=intake.today(tx))
    if found:
        lines = tuple(_problem(office, opened, problem) for problem in found)
        title = opened.title
        said = office.texts("intake.said.not_complete", title=title, lines="")
        summary.show(tx, office, opened, to=person, problems=(said, *lines[:20]))
        return
    if opened.report is not None:
        reporting.hand_in(tx, office, opened, person=person)
        return
    stage = Stage(opened.draft.stage)
    case_id, case = _store(tx, opened, stage, person=person, office=office)
    drafts.change(
        tx.db,
        draft_id,
        state=drafts.SUBMITTED,
        case_id=case_id,
        reopened=None,
        changed_at=tx.now,
    )
    version.fold(tx, office, case.version, person=person)
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
    number = case.version + 1
    handed_in = version.with_appendices(tx, opened, by=person)
    changed: tuple[str, ...] = ()
    same_files = True
    if case.version:
        before = submissions.get(tx.db, case_id, case.version)
        changed = version.differing(before, handed_in)
        same_files = version.same_appendices(before, handed_in)
        if stage is case.stage and not changed and same_files:
            raise NotAllowed("refusals.intake.nothing_changed", version=case.version)
    submissions.add(tx.db, case_id, number, stage=stage, answers=handed_in)
    different = (*changed, *(() if same_files else (version.APPENDICES,)))
    material = any(office.programme.material.holds(key.split(".")[0]) for key in different)
    event = Submitted(
        at=tx.now,
        by=person,
        stage=stage,
        version=number,
        administrations=tuple(opened.known["administrations"]),
        authors=_authors(opened),
        changed=changed,
        voids=material or stage is not case.stage,
    )
    return case_id, cases.add(tx.db, case_id, [event], after=case)


def _authors(opened: Writing) -> tuple[str, ...]:
    """Who wrote it: the owner, the invited, and everybody who gave an answer that stands."""
    wrote_together = {drafts.OWNER, drafts.AUTHOR}
    members = [person for person, role in opened.members.items() if role in wrote_together]
    wrote = [item.answer.by for item in opened.items if item.answer is not None]
    return tuple(dict.fromkeys([*members, *wrote]))


def draft_pdf(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """Begin making the draft's full text as a PDF, for the person alone."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.report is not None:
        raise NotAllowed("refusals.intake.no_longer_asked")
    documents.order_draft(tx, draft_id=draft_id, person=person)
    writing.tell(tx, person, office.texts("intake.said.draft_pdf", title=opened.title))
