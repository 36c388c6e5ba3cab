"""What goes into the registrator's package of each document: read here, packed by bot/jobs/package.py.

The log ends with the last of the decision's documents, so that it is the same whenever it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from bot import words
from bot.acts import dispatch, dispatch_told, who
from bot.acts.dispatch_told import About
from bot.office import Office
from bot.perform import Transaction
from flows.case import Event
from flows.decided import PapersStored
from flows.papers import PaperName
from storage import cases, papers, people
from storage.papers import Paper

_FORMATS = ("pdf", "docx", "json")
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A package to be made: the stored files, and everything else in it."""

    title: str
    papers: tuple[Paper, ...]
    metadata: dict[str, Any]
    readme: str
    log: tuple[tuple[str, str], ...]


def plans(db: Connection, office: Office, case_id: str, number: str) -> list[Plan]:
    """One for each document of the decision."""
    here = dispatch.about(db, case_id, number)
    log = tuple(_log(db, here))
    return [_plan(db, office, here, name, log) for name in dispatch.papers_of(here.decision)]


def seal(db: Connection, here: About) -> str:
    """The last hash of the log in the packages."""
    return _log(db, here)[-1][1]


def failed(tx: Transaction, office: Office, case_id: str, number: str) -> None:
    """Tell the secretaries, who would wait in vain."""
    dispatch_told.stuck(tx, office, dispatch.about(tx.db, case_id, number))


def _log(db: Connection, here: About) -> list[tuple[str, str]]:
    chain = cases.chain(db, here.case_id)
    last = 0
    for count, (body, _) in enumerate(chain, start=1):
        event = _EVENT.validate_json(body)
        if isinstance(event, PapersStored) and event.key == here.number:
            last = count
    return chain[:last]


def _plan(
    db: Connection, office: Office, here: About, name: PaperName, log: tuple[tuple[str, str], ...]
) -> Plan:
    files = tuple(one for one in papers.of(db, name, here.number) if one.format in _FORMATS)
    title = files[0].title.rpartition(".")[0]
    readme = office.texts.plain(
        "dispatch.package.readme",
        title=title,
        case_id=here.case_id,
        measure=here.case.title,
        dnr=here.case.dnr,
        municipality=office.programme.municipality,
        department=office.programme.names.safety_department,
        documents=[file.title for file in files],
    )
    return Plan(
        title=office.texts.plain("dispatch.package.name", title=title),
        papers=files,
        metadata=_metadata(db, office, here, files, title=title, log=log),
        readme=f"{readme}\n",
        log=log,
    )


def _metadata(
    db: Connection,
    office: Office,
    here: About,
    files: tuple[Paper, ...],
    *,
    title: str,
    log: tuple[tuple[str, str], ...],
) -> dict[str, Any]:
    """Near FGS Ärendehantering: case, document, decision, agents and what each of them did."""
    decision = here.decision
    return {
        "format": "trygghetslots-paket/1",
        "case": {
            "id": here.case_id,
            "title": here.case.title,
            "registry_number": here.case.dnr,
            "version": here.case.version,
            "submitted_by": [words.administration(office, a) for a in here.case.administrations],
            "authority": office.programme.municipality,
        },
        "document": {
            "name": files[0].name,
            "key": files[0].key,
            "title": title,
            "made_at": files[0].at.isoformat(),
            "files": [
                {"name": f.title, "format": f.format, "sha256": f.sha256, "size": f.size}
                for f in files
            ],
        },
        "decision": decision.model_dump(mode="json"),
        "log": {"events": len(log), "last_hash": log[-1][1] if log else ""},
        "agents": dict(_agents(db, office, log)),
        "actions": [
            {"at": event.at.isoformat(), "by": event.by, "what": event.kind}
            for event in map(_EVENT.validate_json, (body for body, _ in log))
        ],
    }


def _agents(
    db: Connection, office: Office, log: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each person in the log: name, and the roles that the programme gives her."""
    for person in sorted({_EVENT.validate_json(body).by for body, _ in log}):
        account = people.get(db, person)
        known = office.programme.person(account.email) if account and account.email else None
        yield (
            person,
            {
                "name": who.name_of(db, office, person),
                "roles": [*known.roles] if known else [],
                "administration": words.administration(office, known.administration)
                if known and known.administration
                else "",
            },
        )
