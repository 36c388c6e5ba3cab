"""Walks every case's hash chain in the database: `lots verify` without a file. Nothing is written."""

from collections.abc import AsyncIterator, Callable
from functools import partial

from bot import clock
from bot.database import database
from bot.perform import Perform
from bot.render import Texts
from storage import chain
from storage.chain import Broken, Held


async def verify_database(url: str, texts: Texts, *, say: Callable[[str], object]) -> bool:
    """Say each broken chain and then the sum; True when there was none."""
    held = broken = 0
    async with database(url, now=clock.now) as perform:
        async for found in walked(perform):
            if isinstance(found, Held):
                held += 1
            else:
                broken += 1
                say(texts.plain(f"cli.verify.chain_{found.why}", broken=found))
    say(texts.plain("cli.verify.chains", held=held, broken=broken))
    return not broken


async def walked(perform: Perform) -> AsyncIterator[Held | Broken]:
    """Yield what was found of each case, by number."""
    after = ""
    while ids := await perform.read(partial(chain.page, after=after)):
        for after in ids:
            yield await perform.read(partial(chain.check, case_id=after))
