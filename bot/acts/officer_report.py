"""The secretary writes the free text of a tjänsteskrivelse; saving it orders the document.

It is a draft of hers, replaced each time she saves, until the case has been decided.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.acts import board, papers, standing, writing
from bot.blocks import board_record
from bot.blocks import officer_report as blocks
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.perform import Transaction
from flows import officer_report
from flows.asked import asked
from flows.case import Case
from flows.errors import Stale
from flows.events import PersonId
from flows.officer_report import TEXTS, WrittenReport
from storage import officer_reports


def ask(tx: Transaction, office: Office, *, value: Value, by: PersonId) -> Block:
    """The modal, with what was saved last, or else with what the case itself says."""
    case = _open(tx.db, office, value, by=by)
    saved = officer_reports.get(tx.db, value.case)
    written = saved.report if saved else _begun(tx.db, office, value.case, case)
    waits = case.route.reserved if case.route else ()
    return blocks.modal(
        office,
        board.about(tx.db, office, value.case, case),
        written,
        committees=tuple(dict.fromkeys(one.committee for one in waits if one.amount)),
    )


def save(
    tx: Transaction,
    office: Office,
    *,
    value: Value,
    by: PersonId,
    inputs: Mapping[str, str],
    goals: Sequence[str],
) -> None:
    """Keep what is written and order the document. Raises WrongInputs with all that is wrong.

    `goals` are places in the programme's list. The same text again orders nothing new.
    """
    case = _open(tx.db, office, value, by=by)
    all_goals = office.programme.direction.goals
    chosen = {all_goals[int(n)] for n in goals if n.isdecimal() and int(n) < len(all_goals)}
    report = officer_report.read(office.programme, inputs, goals=chosen)
    saved = officer_reports.get(tx.db, value.case)
    if saved is not None and saved.report == report:
        return
    number = saved.number + 1 if saved else 1
    officer_reports.put(tx.db, value.case, report, number=number, by=by, at=tx.now)
    key = value.case if number == 1 else f"{value.case}/{number}"
    papers.order(tx, office, "officer_report", key, case_id=value.case)
    empty = officer_report.warnings(office.programme, report)
    text = office.texts(
        "officer_report.said.saved",
        case_id=value.case,
        title=board.about(tx.db, office, value.case, case).title,
        number=number,
        empty=[blocks.label(office, section) for section in empty],
    )
    writing.tell(tx, by, text)


def _open(db: Connection, office: Office, value: Value, *, by: PersonId) -> Case:
    board.require(db, office, by)
    case = board.load(db, value.case)
    if case.state not in board.WITH_REPORT or case.version != value.version:
        raise Stale("refusals.board.report_over")
    return case


def _begun(db: Connection, office: Office, case_id: str, case: Case) -> WrittenReport:
    """What the answers already say, for the secretary to go on from.

    A question of the municipality's own fills the section that it has the heading of.
    """
    known = standing.answers(db, office, case_id, case)
    allocations = asked(office.programme, known)
    own = {
        (question.heading or "").casefold(): str(known.get(f"extra.{question.key}") or "")
        for question in office.programme.extra_questions
    }
    sections = {
        section.value: own.get(blocks.label(office, section).casefold(), "") for section in TEXTS
    }
    background = "\n\n".join(str(known.get(key, "")) for key in ("reinforces", "motivation"))
    finance = blocks.finance(
        office,
        allocations,
        analysis=str(known.get("analysis", "")),
        long_term=str(known.get("long_term_financing", "")),
    )
    sections["background"] = sections["background"] or background.strip()
    sections["finance"] = sections["finance"] or finance
    title = board.about(db, office, case_id, case).title
    points = board_record.proposal(office, title, allocations)
    return WrittenReport.model_validate({"points": points, **sections})
