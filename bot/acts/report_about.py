"""What a follow-up report is about: read from the case, its plan and what was applied for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from bot.office import Office
from flows import follow_up, reporting
from flows.case import Case, State
from flows.errors import NotAllowed
from flows.follow_up import DueState
from flows.reporting import Contract, Report
from storage import cases, reports, submissions
from storage.reports import DueReport

_DECEMBER = 12


def about(db: Connection, office: Office, case_id: str, key: str) -> Report:
    """Raises NotAllowed when the case owes no such report."""
    plan = reports.of_case(db, case_id)
    row = next((one for one in plan if one.key == key), None)
    if row is None:
        raise NotAllowed("refusals.reports.unknown")
    case = cases.load(db, case_id)
    title, contract = application(db, case_id, case)
    period = follow_up.period_of(office.programme.follow_up, key)
    days = [one.due for one in plan]
    last = follow_up.is_last(days, key)
    earlier = before(plan, key)
    return Report(
        case_id=case_id,
        key=key,
        title=title,
        period=name(office, key),
        day=row.ask_on,
        forecast=period is not None and period.forecast,
        ends_year=last or _ends_year(plan, row),
        effect=contract is not None and follow_up.holds_effect(days, key, effect=contract.when),
        last=last,
        ended=follow_up.years_ended(days, key, {one.year for one in case.granted}),
        granted=case.granted,
        returned=tuple(one.returned for one in case.returned),
        contract=contract,
        rules=office.programme.follow_up_rules,
        before=_answers(db, case_id, case, earlier) if earlier else {},
        before_period=name(office, earlier) if earlier else "",
    )


def _answers(db: Connection, case_id: str, case: Case, key: str) -> dict[str, dict[str, Any]]:
    version = max(one.version for one in case.reports if one.key == key)
    return reports.submitted(db, case_id, key, version)


def application(db: Connection, case_id: str, case: Case) -> tuple[str, Contract | None]:
    """The measure's name and its effect contract, of the version that was decided."""
    version = case.decision.version if case.decision else case.version
    stored = submissions.get(db, case_id, version)
    values = {key: answer["value"] for key, answer in stored.items()}
    return str(values["title"]), reporting.contract_of(values)


def name(office: Office, key: str) -> str:
    """`årsbokslut 2027`, `effektmätning`; the key itself when the programme has no such period any more."""
    if key in {follow_up.EFFECT, follow_up.FINAL}:
        return office.texts.plain(f"reporting.names.{key}")
    period = follow_up.period_of(office.programme.follow_up, key)
    return f"{period.name} {key.partition('-')[0]}" if period else key


def before(plan: Sequence[DueReport], key: str) -> str | None:
    """The key of the last report before this one that was handed in, if any was."""
    written = {DueState.REPORTED, DueState.RECEIVED, DueState.HANDED_ON}
    earlier: list[str] = []
    for one in plan:
        if one.key == key:
            break
        if one.state in written:
            earlier.append(one.key)
    return earlier[-1] if earlier else None


def may_be_changed(db: Connection, case: Case, case_id: str, key: str) -> bool:
    """A report can be changed until KLG has received it."""
    due = reports.get(db, case_id, key)
    waits = {DueState.ASKED, DueState.REPORTED}
    return case.state is State.FOLLOW_UP and due is not None and due.state in waits


def _ends_year(plan: Sequence[DueReport], row: DueReport) -> bool:
    later = any(one.ask_on.year == row.ask_on.year and one.ask_on > row.ask_on for one in plan)
    return row.ask_on.month == _DECEMBER and not later
