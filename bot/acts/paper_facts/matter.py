"""What every document of a case reads: the case as it was at a decision, and the application it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.acts import documents, who
from bot.office import Office
from flows.answered import begin
from flows.assessment import BY_A_PERSON
from flows.case import Case, Event, replay
from flows.dates import local_day
from flows.decided import decision_in
from flows.decision_papers import About, Asked, Council
from flows.documents import Application
from flows.events import Submitted, TextId
from flows.papers import Klg
from storage import cases, texts


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: the document's key, its case if it has one, and the day it is dated."""

    key: str
    case_id: str | None
    day: date


@dataclass(frozen=True, slots=True)
class Matter:
    """A case and its application. `case` is as it was at the decision, `now` as it is."""

    id: str
    case: Case
    now: Case
    events: tuple[Event, ...]
    applied: Application


def matter(db: Connection, office: Office, order: Order, *, decision: str = "") -> Matter:
    """Read the case, until the decision with this number when it is named.

    Raises LookupError when the case has no such decision: a job that is owed for nothing.
    """
    assert order.case_id is not None
    events = tuple(cases.history(db, order.case_id))
    until = _until(events, decision) if decision else len(events)
    case = replay(events[:until])
    applied = documents.facts(db, office, order.case_id, version=case.version)
    return Matter(order.case_id, case, replay(events), events, applied)


def _until(events: Sequence[Event], number: str) -> int:
    for at, event in enumerate(events, start=1):
        decided = decision_in(event)
        if decided is not None and decided.number == number:
            return at
    raise LookupError(number)


def about(office: Office, of: Matter, *, day: date) -> About:
    submitted = (e for e in of.events if isinstance(e, Submitted) and e.version == of.case.version)
    return About(
        municipality=office.programme.municipality,
        department=begin(office.programme.names.safety_department),
        programme=office.programme.names.programme,
        drafting_committee=office.programme.names.drafting_committee,
        day=day,
        registry_number=of.now.dnr,
        case_number=of.id,
        measure=of.applied.measure,
        submitters=of.applied.submitters,
        version=of.case.version,
        pdf_sha256=of.case.pdf_sha256,
        submitted=next((local_day(event.at) for event in submitted), None),
    )


def asked(of: Matter) -> Asked:
    proposal, figures = of.applied.proposal, of.applied.calculations
    applied = figures.applied if figures else None
    later = [row.thereafter for row in applied.rows if row.thereafter] if applied else []
    return Asked(
        what=proposal.what or "",
        goal=proposal.goal or "",
        start=figures.start if figures else None,
        end=figures.end if figures else None,
        permanent=bool(later),
        thereafter=sum(later) if later else None,
        capital_costs=figures.capital_costs if figures else None,
    )


def klg(db: Connection, office: Office, of: Matter) -> Klg | None:
    """How KLG assessed the version; None when it has not."""
    reached = of.case.outcome
    if reached is None:
        return None
    said = [opinion.reason for opinion in of.case.opinions.values()]
    return Klg(
        forum=begin(office.programme.names.klg),
        outcome=reached.outcome,
        day=local_day(reached.at),
        votes=reached.votes,
        eligible=reached.eligible,
        closed_by=who.name_of(db, office, reached.by) if reached.rule == BY_A_PERSON else "",
        reasons=several(db, [reached.reason, *said]),
    )


def council(db: Connection, of: Matter) -> Council | None:
    reviewed = of.case.council
    if reviewed is None:
        return None
    return Council(
        outcome=reviewed.outcome,
        day=reviewed.day,
        paragraph=reviewed.paragraph,
        reason=text(db, reviewed.reason),
    )


def disqualified(db: Connection, office: Office, of: Matter) -> tuple[str, ...]:
    """Who has declared jäv in the case: members of KLG, and the chief executive."""
    return tuple(who.name_of(db, office, person) for person in of.case.disqualified)


def several(db: Connection, ids: Iterable[TextId | None]) -> tuple[str, ...]:
    """The texts that there are and that nobody has removed, in order."""
    wanted = [text_id for text_id in ids if text_id is not None]
    found = texts.several(db, wanted)
    return tuple(found[text_id] for text_id in wanted if text_id in found)


def text(db: Connection, text_id: TextId | None) -> str:
    return next(iter(several(db, [text_id])), "")


def lines(db: Connection, text_id: TextId | None) -> tuple[str, ...]:
    """A text that has one thing a line."""
    written = text(db, text_id).splitlines()
    return tuple(line.strip() for line in written if line.strip())
