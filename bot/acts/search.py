"""Looking a case up by number, dnr, words of its name, nämnd and state."""

from sqlalchemy import Connection

from bot.acts import sight, who
from bot.blocks import search as blocks
from bot.blocks.kit import Block
from bot.blocks.search import Asked
from bot.ids import NotOurs
from bot.office import Office
from bot.owed import Blocks
from flows.case import State
from flows.events import PersonId
from storage import cases, search
from storage.cases import Listed

MOST = 20  # shown; one more tells that there are more
CANDIDATES = 200


def form(db: Connection, office: Office, *, person: PersonId) -> Block:
    """The empty form. Raises NotAllowed for guests and strangers."""
    who.require_employee(db, office, person)
    return blocks.form(office, Asked())


def results(db: Connection, office: Office, asked: Asked, *, person: PersonId) -> Block:
    """The form with what was found, of what the person may see."""
    who.require_employee(db, office, person)
    found = find(db, office, asked, person=person, limit=MOST + 1)
    return blocks.form(office, asked, found=found[:MOST], more=len(found) > MOST)


def said(db: Connection, office: Office, *, words: str, person: PersonId) -> tuple[str, Blocks]:
    """What was found, as a message: `/trygghet sök trygghetsvärd`."""
    who.require_employee(db, office, person)
    if not words:
        return office.texts("intake.command.which_words"), []
    found = find(db, office, Asked(words=words), person=person, limit=MOST + 1)
    return blocks.message(office, found[:MOST], more=len(found) > MOST)


def find(
    db: Connection, office: Office, asked: Asked, *, person: PersonId, limit: int
) -> list[Listed]:
    """The newest cases that fit everything that was asked for."""
    fitting = [
        row
        for row in _candidates(db, office, asked)
        if (not asked.state or row.state == asked.state)
        and (not asked.committee or _is_of(office, row, asked.committee))
    ]
    if not sight.sees_all(db, office, person):
        theirs = cases.among(db, [row.id for row in fitting], sight.parties(db, office, person))
        fitting = [row for row in fitting if row.id in theirs]
    return fitting[:limit]


def _candidates(db: Connection, office: Office, asked: Asked) -> list[Listed]:
    """By what narrows most: the words, then the nämnd, then the state. Each is bounded."""
    if asked.words:
        return cases.several(db, search.find(db, asked.words)[:CANDIDATES])
    if asked.committee:
        return cases.of(db, _administrations(office, asked.committee), limit=CANDIDATES)
    if asked.state:
        return cases.waiting(db, _state(asked.state), limit=CANDIDATES)
    return cases.latest(db, limit=CANDIDATES)


def _state(said: str) -> State:
    """Raises NotOurs for a state that the form does not have."""
    try:
        return State(said)
    except ValueError:
        raise NotOurs(said) from None


def _is_of(office: Office, row: Listed, committee_id: str) -> bool:
    return not set(row.administrations).isdisjoint(_administrations(office, committee_id))


def _administrations(office: Office, committee_id: str) -> list[str]:
    committee = office.programme.committee(committee_id)
    return [one.id for one in committee.administrations] if committee else []
