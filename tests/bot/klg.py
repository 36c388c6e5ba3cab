"""KLG in tests: pressing on a card, and reading what the card and its thread say."""

from functools import partial
from typing import Any

from sqlalchemy import update

from bot.acts import assessment
from bot.ids import Value
from storage.tables import outbox
from tests.bot.town import KARIN, LARS, MIRA, NILS, Town
from tests.flows.filled import values

ALVA = "T0SANDBOX:U0ALVA"  # a member of the channel, and not of KLG
STRANGER = "T0OTHER:U0STRANGER"
KLG = (KARIN, LARS, MIRA, NILS)


async def card(here: Town) -> dict[str, Any]:
    """The card as it is now: its newest update, or its post."""
    posts = [row for row in await here.owed("post") if row["lane"] == "C0KLG"]
    card = [row for row in posts if row["refers_to"] is None and row["blocks"]][-1]
    updates = [row for row in await here.owed("update") if row["refers_to"] == card["id"]]
    return [card, *updates][-1]


async def thread(here: Town) -> list[str]:
    posts = [row for row in await here.owed("post") if row["lane"] == "C0KLG"]
    return [row["text"] for row in posts if row["refers_to"] is not None]


async def value(here: Town, case_id: str, what: str = "") -> Value:
    case = await here.case(case_id)
    return Value(case_id, case.stage, case.version, what)


async def press(here: Town, act: Any, case_id: str, by: str, what: str = "", **more: Any) -> None:
    told = {"office": here.office, "value": await value(here, case_id, what), "by": by}
    await here.act(partial(act, **told, **more))


async def closes_account(here: Town, person: str, **changed: Any) -> None:
    user = {
        "id": person.partition(":")[2],
        "team_id": "T0SANDBOX",
        "profile": {"email": "nils.akerman@exempelkommunen.se", "real_name": "Nils Åkerman"},
        "deleted": True,
        **changed,
    }
    await here.act(partial(assessment.remember, office=here.office, user=user))


async def again(here: Town, draft: int, **changed: Any) -> None:
    await here.change(draft, values() | changed)
    await here.submit(draft)
    await here.work()


async def sent(here: Town) -> None:
    """Let what is owed count as sent, so that a new update is a row of its own."""
    done = update(outbox).values(state="sent", finished_at=here.now)
    await here.act(lambda tx: tx.db.execute(done))
