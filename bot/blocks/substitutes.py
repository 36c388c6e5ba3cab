"""The form in which a member of KLG names her substitute, above it those that she has named."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot import ids
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.office import Office

WHO, SINCE, UNTIL, INPUT = "who", "since", "until", "value"


@dataclass(frozen=True, slots=True)
class Period:
    """Who sits for whom, by name, from and to which day, both included."""

    number: int
    member: str
    substitute: str
    since: date
    until: date


def form(office: Office, named: Iterable[Period], *, today: date) -> Block:
    texts = office.texts
    who = {
        "type": "users_select",
        "action_id": INPUT,
        "placeholder": kit.plain(texts.plain("substitutes.form.who_placeholder"), limit=150),
    }
    return kit.modal(
        ids.SUBSTITUTE_NAMED,
        texts.plain("substitutes.form.title"),
        [
            kit.section(texts("substitutes.form.about", klg=office.programme.names.klg)),
            *(_line(office, period) for period in named),
            kit.field(
                WHO,
                texts.plain("substitutes.form.who"),
                who,
                hint=texts.plain("substitutes.form.who_hint", klg=office.programme.names.klg),
            ),
            kit.field(SINCE, texts.plain("substitutes.form.since"), _day(today)),
            kit.field(UNTIL, texts.plain("substitutes.form.until"), _day(today)),
        ],
        metadata="",
        submit=texts.plain("substitutes.form.submit"),
        close=texts.plain("substitutes.form.close"),
    )


def _line(office: Office, period: Period) -> Block:
    end = kit.button(
        office.texts.plain("substitutes.form.end"),
        f"{ids.SUBSTITUTE_END}:{period.number}",
        period.number,
    )
    return kit.section(office.texts("substitutes.form.line", of=period), accessory=end)


def _day(initial: date) -> Block:
    return {"type": "datepicker", "action_id": INPUT, "initial_date": initial.isoformat()}
