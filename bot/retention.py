"""`lots retention`: applies the programme's dokumenthanteringsplan to what was never handed in.

A draft that nobody has touched for long is thrown away after its members have been warned; files that
no row names follow. Nothing registered is ever removed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.acts import writing
from bot.files import FileStore
from bot.perform import Perform, Transaction
from bot.render import Texts
from flows.practice import Retention
from storage import drafts, reminders, retention

# A file is stored before the row that names it is.
_YOUNG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many drafts were warned of and thrown away, gestures forgotten, files removed."""

    warned: int
    thrown_away: int
    gestures: int
    files: int


async def apply(
    perform: Perform, files: FileStore, texts: Texts, plan: Retention, *, at: datetime
) -> Applied:
    """Do what is due; again does nothing more. The warnings are sent by the running bot."""
    warned = thrown_away = after = 0
    since = at - timedelta(days=plan.draft_days - plan.warning_days)
    while page := await perform.read(partial(retention.untouched, before=since, after=after)):
        for after, changed_at in page:
            act = partial(_draft, texts=texts, plan=plan, draft_id=after, changed_at=changed_at)
            match await perform.unkeyed(act):
                case "warned":
                    warned += 1
                case "thrown away":
                    thrown_away += 1
    before = at - timedelta(days=plan.gesture_days)
    gestures = await perform.unkeyed(lambda tx: retention.forget_gestures(tx.db, before=before))
    named = await perform.read(retention.named_files)
    removed = await files.remove_others(named, older_than=at - _YOUNG)
    return Applied(warned, thrown_away, gestures, removed)


def _draft(
    tx: Transaction, *, texts: Texts, plan: Retention, draft_id: int, changed_at: datetime
) -> str:
    """Warn the draft's members, or throw it away when they have had the time that the plan gives."""
    draft = drafts.get(tx.db, draft_id)
    if draft is None or draft.changed_at != changed_at or draft.case_id is not None:
        return ""
    members = drafts.members(tx.db, draft_id)
    warned = retention.warned_at(tx.db, draft_id, changed_at)
    if warned is None:
        title = drafts.answers_of(tx.db, draft_id).get("title", {}).get("value", "")
        going = tx.now + timedelta(days=plan.warning_days)
        text = texts("retention.said.warning", title=title, changed=changed_at, going=going)
        for person in members:
            writing.tell(tx, person, text)
            reminders.add(
                tx.db,
                retention.subject(draft_id, changed_at),
                retention.WARNED,
                person,
                at=tx.now,
            )
        return "warned"
    if tx.now - warned < timedelta(days=plan.warning_days):
        return ""
    retention.forget_draft(tx.db, draft_id)
    return "thrown away"
