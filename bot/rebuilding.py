"""Makes what is read from the events anew, a case in each transaction, while the bot runs or not."""

from collections.abc import AsyncIterator
from functools import partial

from bot.perform import Perform, Transaction
from storage import rebuild
from storage.rebuild import Difference


async def rebuilt(perform: Perform) -> AsyncIterator[Difference]:
    """Yield what was not as the events say; it is mended, but for the ledger's own rows."""
    after = ""
    while ids := await perform.read(partial(rebuild.page, after=after)):
        for after in ids:
            for difference in await perform.unkeyed(partial(_case, case_id=after)):
                yield difference
    for difference in await perform.unkeyed(lambda tx: [*rebuild.sums(tx.db)]):
        yield difference


async def if_needed(perform: Perform) -> None:
    """After an update from a version that kept less: fill in what lists need."""
    if await perform.read(rebuild.is_needed):
        async for _ in rebuilt(perform):
            pass


def _case(tx: Transaction, *, case_id: str) -> list[Difference]:
    return [*rebuild.case(tx.db, case_id)]
