"""A reminder: what waits, for whom, a button that leads there, and one that puts it off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from bot import ids
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.ids import About, Value
from bot.office import Office
from bot.owed import Blocks
from flows.events import PersonId
from flows.reminders import Matter, Step

_RECORDS = {
    Matter.COUNCIL_REVIEW: ids.REVIEW,
    Matter.DRAFTING_COMMITTEE: ids.PROPOSE,
    Matter.EXECUTIVE_BOARD: ids.RECORD,
    Matter.MINUTES: ids.ANNOUNCE,
    Matter.CLOSING: ids.CLOSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a reminder is about. `holders` are names; `period` a report's; `days` the dates it turns on.

    The way there is a draft to open, a form of the secretary's or convener's (`value`), or a link.
    """

    title: str
    case_id: str = ""
    holders: str = ""
    number: str = ""
    period: str = ""
    days: tuple[date, ...] = ()
    draft: int | None = None
    value: Value | None = None
    link: str = ""
    links: Mapping[PersonId, str] = field(default_factory=dict)  # to somebody's own message


def message(
    office: Office,
    of: Subject,
    *,
    matter: Matter,
    step: Step,
    since: date,
    subject: str,
    next_one: str,
    snooze: int | None,
) -> tuple[str, Blocks]:
    """`next_one` names whom it goes to, or has gone to; `snooze` is the working days of the button."""
    facts = {
        "of": of,
        "since": since,
        "next": next_one,
        "klg": office.programme.names.klg,
        "channel": office.klg_channel,
    }
    text = office.texts(f"reminders.{step}.{matter}", **facts)
    buttons = [*_way_there(office, of, matter, step)]
    if snooze is not None:
        label = office.texts.plain("reminders.buttons.snooze", days=snooze)
        buttons.append(kit.button(label, ids.SNOOZE, subject))
    return _cut(text), [kit.section(text), *([kit.actions(buttons)] if buttons else [])]


def _way_there(office: Office, of: Subject, matter: Matter, step: Step) -> list[Block]:
    """One button; of what has gone to somebody else, the case is all there is to see."""
    label = office.texts.plain(f"reminders.buttons.{matter}")
    if of.draft is not None and step is not Step.ESCALATED:
        return [kit.button(label, ids.OPEN_DRAFT, About(of.draft), style="primary")]
    if of.value is not None:
        return [kit.button(label, _RECORDS[matter], of.value, style="primary")]
    if of.link:
        label = office.texts.plain("reminders.buttons.card")
        return [kit.button(label, ids.REMINDED, style="primary") | {"url": of.link}]
    return []


def _cut(text: Markup) -> str:
    return kit.cut(text, kit.TEXT)
