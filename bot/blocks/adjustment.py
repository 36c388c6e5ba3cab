"""The form in which a budget year's money is changed, and what is said when it was."""

from collections.abc import Iterable
from typing import Any

from bot.blocks import kit
from bot.ids import ADJUSTED
from bot.office import Office
from bot.owed import Blocks
from flows.adjustment import LONGEST, Adjustment, Change
from flows.ledger import Account
from flows.rules import CostKind


def form(office: Office, *, year: int, years: Iterable[int]) -> dict[str, Any]:
    """What, which year and kind, how much, and the decision that it rests on."""
    texts = office.texts

    def named(key: str) -> str:
        return texts.plain(f"money.adjustment.{key}")

    def choice(name: str, options: list[kit.Block], initial: kit.Block | None = None) -> kit.Block:
        chosen = kit.select("value", options, placeholder=named(name), initial=initial)
        return kit.field(name, named(name), chosen)

    years_ = {one: kit.option(str(one), str(one)) for one in years}
    amount = kit.text_input("value", longest=60)
    reference = kit.text_input("value", longest=LONGEST)
    inputs = [
        choice("change", [kit.option(named(f"changes.{one}"), one) for one in Change]),
        choice("year", [*years_.values()][:100], years_.get(year)),
        choice("kind", [kit.option(texts.plain(f"money.words.{one}"), one) for one in CostKind]),
        kit.field("amount", named("amount"), amount, hint=named("amount_hint")),
        kit.field("reference", named("reference"), reference, hint=named("reference_hint")),
    ]
    return kit.modal(
        ADJUSTED,
        named("title"),
        inputs,
        metadata="",
        submit=named("save"),
        close=named("cancel"),
    )


def entered(
    office: Office, change: Adjustment, *, now: Account, before: Account | None, name: str
) -> tuple[str, Blocks]:
    """What was changed, on which decision, by whom, and what is left now."""
    text = office.texts("money.adjustment.entered", of=change, now=now, before=before, name=name)
    return text, [kit.section(text)]
