"""Cases that owe reports, for tests: granted, planned, and as far on their way as is asked for.

case_id = await planned(here, LIGHT, decided=date(2026, 12, 15))
await day(here, "2027-05-03")          # the timer's morning: what is due is asked for
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from bot.acts import report_about, report_klg, reporting, submission
from bot.ids import Value
from bot.perform import Transaction
from flows import form
from flows.answers import to_json
from flows.dates import SWEDEN
from flows.decided import Allocation
from flows.follow_up import DueState
from flows.form import Answer, Ask
from flows.reporting import form as report_form
from flows.reporting import places
from flows.split import SplitRow
from storage import cases, drafts, reports
from storage.reports import DueReport
from tests.bot.decided import gets, granted
from tests.bot.town import KARIN, Town
from tests.flows.filled import ANNA

DRIFT = gets("socialnamnden", "operating", 2027, 400_000)
LIGHT = gets("teknik-och-fastighetsnamnden", "investment", 2027, 500_000)
TITLE = "Kvällsöppna mötesplatser"
TEXTS = ("done", "ahead", "short_term", "long_term", "results", "deviation_reason")


async def planned(
    here: Town,
    *amounts: Allocation,
    decided: date = date(2026, 12, 15),
    granted_is: Sequence[Allocation] | None = None,
    **more: Any,
) -> str:
    """A case granted on that day, with its plan of reports; `granted_is` is more than was applied for."""
    applied = amounts or (DRIFT,)
    case_id = await granted(here, *applied, by_board=True, day=decided, decided=granted_is, **more)

    def plan(tx: Transaction) -> None:
        reporting.granted(tx, here.office, case_id, cases.load(tx.db, case_id))

    await here.act(plan)
    return case_id


async def day(here: Town, iso: str) -> None:
    """It is the hour of that day when the timer fires; its jobs run."""
    hour = here.office.programme.reminders.at
    at = datetime.combine(date.fromisoformat(iso), hour, tzinfo=SWEDEN).astimezone(UTC)
    here.now = max(at, here.now)
    await here.act(lambda tx: reporting.ask_due(tx, here.office, at))
    await here.work()


async def plan_of(here: Town, case_id: str) -> list[DueReport]:
    return await here.perform.read(lambda db: reports.of_case(db, case_id))


async def state_of(here: Town, case_id: str, key: str) -> DueState:
    found = await here.perform.read(lambda db: reports.get(db, case_id, key))
    assert found is not None
    return found.state


async def draft_of(here: Town, case_id: str, key: str) -> int:
    draft = await here.perform.read(lambda db: drafts.of_report(db, case_id, key))
    assert draft is not None
    return draft.id


async def answer(here: Town, case_id: str, key: str, *, by: str = ANNA, **given: Any) -> int:
    """Answer every question of the report that is asked for: all that was granted is used."""
    draft_id = await draft_of(here, case_id, key)

    def write(tx: Transaction) -> None:
        about = report_about.about(tx.db, here.office, case_id, key)
        values: dict[str, Any] = {
            "report_secrecy": "nothing_secret",
            "activity": "as_planned",
            "measured": "61 % i oktober.",
            "unused": True,
            **dict.fromkeys(TEXTS, "Så här gick det."),
        }
        for table in ("outcome", "forecast"):
            values[table] = tuple(
                SplitRow(committee=place[0], kind=place[1], year=place[2], amount=amount)
                for place, amount in places(about, table).items()
            )
        values |= given
        known: dict[str, Any] = {}

        def answer_to(ask: Ask) -> Answer | None:
            if ask.key not in values:
                return None
            basis = form.fingerprint(ask, known)
            known[ask.key] = values[ask.key]
            found = Answer(value=values[ask.key], by=by, at=tx.now, basis=basis)
            row = found.model_dump() | {"value": to_json(found.value)}
            drafts.forget(tx.db, draft_id, keys=[ask.key])
            drafts.put(tx.db, draft_id, ask.key, row)
            return found

        list(form.items(report_form(about), answer_to))

    await here.act(write)
    return draft_id


async def hand_in(here: Town, case_id: str, key: str, *, by: str = ANNA, **given: Any) -> None:
    """Answer everything and hand the report in; its document is made."""
    draft_id = await answer(here, case_id, key, by=by, **given)
    await here.act(partial(submission.submit, office=here.office, person=by, draft_id=draft_id))
    await here.work()


async def newest(here: Town, case_id: str, key: str) -> Value:
    case = await here.case(case_id)
    version = max(one.version for one in case.reports if one.key == key)
    return Value(case_id, "report", version, key)


async def receive(here: Town, case_id: str, key: str, *, by: str = KARIN) -> None:
    value = await newest(here, case_id, key)
    await here.act(partial(report_klg.receive, office=here.office, value=value, by=by))


async def send_back(here: Town, case_id: str, key: str, reason: str, *, by: str = KARIN) -> None:
    value = await newest(here, case_id, key)
    act = partial(report_klg.send_back, office=here.office, value=value, by=by, reason=reason)
    await here.act(act)
