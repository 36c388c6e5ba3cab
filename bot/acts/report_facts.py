"""A version of a follow-up report as it is printed and drawn: read from its rows, with names for ids."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.acts import report_about, who
from bot.acts.version import APPENDICES
from bot.office import Office
from flows import form, report_facts, reporting
from flows.answers import reader
from flows.decided import Reported
from flows.documents import Attachment
from flows.errors import Stale
from flows.report_facts import ReportFacts
from storage import cases, reports


def facts(
    db: Connection, office: Office, case_id: str, key: str, *, version: int | None = None
) -> ReportFacts:
    """What a version says, the newest when none is named.

    Raises Stale when the report has not been handed in.
    """
    case = cases.load(db, case_id)
    found = [one for one in case.reports if one.key == key and version in {None, one.version}]
    if not found:
        raise Stale("refusals.reports.unknown")
    reported: Reported = found[-1]
    stored = reports.submitted(db, case_id, key, reported.version)
    about = report_about.about(db, office, case_id, key)
    items = form.items(reporting.form(about), reader(stored))
    return report_facts.report_facts(
        office.programme,
        about,
        form.known(items),
        version=reported.version,
        dnr=case.dnr,
        handed_in_at=reported.at,
        authors=dict.fromkeys(_authors(db, office, stored)),
        appendices=_appendices(stored),
    )


def _authors(
    db: Connection, office: Office, stored: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    for answer in stored.values():
        yield who.name_of(db, office, answer["by"])


def _appendices(stored: Mapping[str, Mapping[str, Any]]) -> Iterator[Attachment]:
    for file in stored[APPENDICES]["value"]:
        yield Attachment(name=file["name"], size=file["size"])
