"""Where the person's applications and cases are, in a few lines."""

from collections.abc import Iterator

from markupsafe import Markup

from bot import links
from bot.acts import report_about, sight, standing, who
from bot.blocks import decided
from bot.blocks.inbox import holder
from bot.office import Office
from bot.perform import Transaction
from flows import transfer
from flows.case import Case
from storage import cards, cases, drafts, reports

MOST = 20


def mine(tx: Transaction, office: Office, *, person: str) -> Markup:
    """The person's drafts and cases, and who holds each."""
    who.require_employee(tx.db, office, person)
    lines = []
    for draft in drafts.of_person(tx.db, person, limit=MOST):
        if draft.form == drafts.REPORT:
            continue  # /trygghet rapport lists them
        title = drafts.answers_of(tx.db, draft.id).get("title", {}).get("value", "")
        open_here = draft.state == drafts.OPEN
        listed = cases.listed(tx.db, draft.case_id) if draft.case_id else None
        state = (
            office.texts("intake.command.writing")
            if open_here or listed is None
            else holder(office, listed)
        )
        lines.append(
            office.texts("intake.command.draft", title=title, case_id=draft.case_id, state=state)
        )
    if not lines:
        return office.texts("intake.command.none")
    return office.texts("intake.command.mine", lines=Markup("\n").join(lines))


def of_case(tx: Transaction, office: Office, *, person: str, case_id: str) -> Markup:
    """One case, for those who may see it; for everybody else it is as if it were not there."""
    who.require_employee(tx.db, office, person)
    if not case_id:
        return office.texts("intake.command.which_case")
    listed = cases.listed(tx.db, case_id)
    if listed is None or not sight.may_see(tx.db, office, person, case_id):
        return office.texts("intake.command.unknown_case", case_id=case_id)
    case = cases.load(tx.db, case_id)
    return office.texts(
        "intake.command.case",
        title=listed.title,
        case_id=case_id,
        dnr=listed.dnr,
        holder=holder(office, listed),
        since=listed.since,
        card=links.to(tx.db, office, cards.get(tx.db, case_id, case.stage)),
        lines=Markup("\n").join(_after_klg(tx, office, case_id, case, title=listed.title)),
    )


def _after_klg(
    tx: Transaction, office: Office, case_id: str, case: Case, *, title: str
) -> Iterator[Markup]:
    """The decision, what is moved of its money and what came back, and the reports that it owes."""
    told = standing.told(tx.db, office, case_id, case, title=title)
    if told is None:
        return
    yield decided.said(office, told)
    for move in transfer.moves(case):
        moved = move not in transfer.waiting(case)
        yield office.texts("intake.command.move", move=move, moved=moved)
    for one in case.returned:
        yield office.texts("intake.command.returned", one=one.returned)
    for due in reports.of_case(tx.db, case_id):
        yield office.texts(
            "intake.command.report", due=due, period=report_about.name(office, due.key)
        )
