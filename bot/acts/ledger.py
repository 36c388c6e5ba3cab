"""What the programme says of the money, entered in the ledger when the bot starts."""

from functools import partial

from bot.office import Office
from bot.perform import Transaction
from flows.money import ZERO
from flows.rules import CostKind
from storage import ledger


def set_pots(tx: Transaction, office: Office) -> None:
    """Enter each budget year's pots, or the difference when the programme was changed since.

    A year that the programme no longer names has no pot any more (R000-14).
    """
    enter = partial(ledger.set_pot, tx.db, by=f"{office.team}:{office.bot_user}", at=tx.now)
    named = {money.year: money for money in office.programme.money}
    gone = office.texts.plain("ledger.pots.gone")
    for year in sorted({*named, *ledger.years(tx.db)}):
        money = named.get(year)
        source = money.source if money else gone
        for kind in CostKind:
            enter(year=year, kind=kind, pot=money.of(kind) if money else ZERO, source=source)
