"""Handing investment money back: what is left with whom, and the form that notes it."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot import words
from bot.blocks import kit
from bot.ids import RETURN, RETURNED, Value
from bot.office import Office
from bot.owed import Blocks
from flows.case import Case
from flows.decided import Allocation
from flows.returning import Returnable


def offer(
    office: Office, case_id: str, case: Case, left: Sequence[Returnable], *, title: str
) -> tuple[str, Blocks]:
    """To whoever notes it: what each nämnd has not used."""
    rows = Markup("\n").join(
        office.texts("returning.form.row", left=one, committee=_committee(office, one))
        for one in left
    )
    text = office.texts("returning.form.offer", case_id=case_id, title=title, rows=rows)
    value = Value(case_id, case.stage, case.version)
    button = kit.button(office.texts.plain("returning.form.button"), RETURN, value, style="primary")
    return text, [kit.section(text), kit.actions([button])]


def form(office: Office, value: Value, left: Sequence[Returnable]) -> dict[str, Any]:
    """From which nämnd and year, how much, and why."""
    texts = office.texts
    options = [
        kit.option(
            texts.plain(
                "returning.form.option",
                committee=kit.cut(_committee(office, one), 30),
                left=one,
            ),
            f"{one.received.year}:{one.received.committee}",
        )
        for one in left[:100]
    ]
    choose = kit.select(
        "value",
        options,
        placeholder=texts.plain("returning.form.of"),
        initial=options[0] if len(options) == 1 else None,
    )
    inputs = [
        kit.field("of", texts.plain("returning.form.of"), choose),
        kit.field(
            "amount",
            texts.plain("returning.form.amount"),
            kit.text_input("value", longest=60),
            hint=texts.plain("returning.form.amount_hint"),
        ),
        kit.field(
            "reason", texts.plain("returning.form.reason"), kit.text_input("value", lines=True)
        ),
    ]
    return kit.modal(
        RETURNED,
        texts.plain("returning.form.title"),
        [kit.section(texts("returning.form.about", case_id=value.case)), *inputs],
        metadata=value,
        submit=texts.plain("returning.form.save"),
        close=texts.plain("returning.form.cancel"),
    )


def returned(
    office: Office, case_id: str, of: Allocation, *, title: str, reason: str, name: str
) -> tuple[str, Blocks]:
    """What was handed back, by whom it was noted, and why."""
    text = office.texts(
        "returning.form.returned",
        case_id=case_id,
        title=title,
        of=of,
        committee=words.committee(office, of.committee),
        name=name,
    )
    # What was typed stands in a plain_text object, where nothing of it is markup.
    why = {"type": "section", "text": kit.plain(reason, limit=kit.SECTION)}
    return text, [kit.section(text), why]


def _committee(office: Office, of: Returnable) -> str:
    return words.committee(office, of.received.committee)
