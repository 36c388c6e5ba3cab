"""What waits for a person to do, beside KLG's assessments: decisions, records, budget moves, reports, letters.

Each is read from the state of things when the page is made, with the button that its message has.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import Connection

from bot import links
from bot.acts import (
    board,
    chief_executive,
    dispatch_told,
    report_about,
    reporting,
    transfer,
    who,
)
from bot.blocks import board as board_blocks
from bot.blocks import dispatch as dispatch_blocks
from bot.blocks import kit
from bot.blocks import tasks as blocks
from bot.blocks import transfer as transfer_blocks
from bot.blocks.tasks import Task
from bot.ids import About
from bot.office import Office
from flows import transfer as flow
from flows.case import State
from flows.dates import local_day
from flows.events import PersonId
from flows.programme import Role
from flows.rules import CostKind
from storage import cards, cases, dispatches, ledger

MOST = 30


def of(db: Connection, office: Office, person: PersonId, *, at: datetime, limit: int) -> list[Task]:
    """The person's tasks, what others wait for first."""
    found = (
        task
        for kind in (_decisions, _records, _reports, _moves, _letters)
        for task in kind(db, office, person, at)
    )
    return list(islice(found, limit))


def _decisions(db: Connection, office: Office, person: PersonId, at: datetime) -> Iterator[Task]:
    """What the chief executive, or her deputy, is to decide: the basis stands in her message."""
    deciders = (
        *chief_executive.herself(db, office),
        *chief_executive.deputies(db, office, on=local_day(at)),
    )
    if person not in deciders:
        return
    for row in cases.waiting(db, State.CHIEF_EXECUTIVE, limit=MOST):
        post = cards.get(db, row.id, f"chief_executive:{row.version}:{person}")
        yield blocks.decide(office, row, link=links.to(db, office, post))


def _records(db: Connection, office: Office, person: PersonId, _at: datetime) -> Iterator[Task]:
    """What the secretary is to record of a political body."""
    if not who.has_role(db, office, person, Role.SECRETARY):
        return
    for state in (State.COUNCIL_REVIEW, State.DRAFTING_COMMITTEE, State.EXECUTIVE_BOARD):
        for row in cases.waiting(db, state, limit=MOST):
            about = board.about(db, office, row.id, cases.load(db, row.id))
            _, content = board_blocks.arrived(office, about, report=state in board.WITH_REPORT)
            yield Task(text=blocks.line(office, row), buttons=_buttons(content))


def _reports(db: Connection, office: Office, person: PersonId, _at: datetime) -> Iterator[Task]:
    for draft_id, due in reporting.to_write(db, person):
        row = cases.listed(db, due.case_id)
        assert row is not None
        yield blocks.report(
            office,
            row,
            About(draft_id),
            period=report_about.name(office, due.key),
            late_on=due.late_on,
        )


def _moves(db: Connection, office: Office, person: PersonId, at: datetime) -> Iterator[Task]:
    """The budget that is to be moved, for whoever moves it."""
    kinds = [kind for kind in CostKind if person in transfer.movers(db, office, kind)]
    if not kinds:
        return
    year = local_day(at).year
    years = [one for one in ledger.years(db) if one <= year]
    ids = dict.fromkeys(case_id for one in years for case_id in ledger.not_transferred(db, one))
    for case_id in islice(ids, MOST):
        case, row = cases.load(db, case_id), cases.listed(db, case_id)
        assert row is not None
        for move in flow.due(case, year=year):
            if move.kind in kinds:
                _, content = transfer_blocks.task(office, case_id, case, move, title=row.title)
                yield Task(text=blocks.move(office, row, move), buttons=_buttons(content))


def _letters(db: Connection, office: Office, person: PersonId, _at: datetime) -> Iterator[Task]:
    """Decisions that somebody has not got, for the secretary to see to."""
    if not who.has_role(db, office, person, Role.SECRETARY):
        return
    stuck = [one for one in dispatches.unsent(db, limit=MOST) if not one.is_under_way]
    for (case_id, number), some in groupby(stuck, key=lambda one: (one.case_id, one.decision)):
        row, case = cases.listed(db, case_id), cases.load(db, case_id)
        assert row is not None
        about = blocks.Letter(case_id, number, case)
        content = dispatch_blocks.told(office, "", about, may_try=True)
        names = sorted({one.name or dispatch_told.duty(office, one) for one in some})
        yield Task(text=blocks.letter(office, row, number, names), buttons=_buttons(content))


def _buttons(content: Sequence[kit.Block]) -> tuple[kit.Block, ...]:
    """The buttons that the message about the task has."""
    rows = [block["elements"] for block in content if block["type"] == "actions"]
    return tuple(rows[-1]) if rows else ()
