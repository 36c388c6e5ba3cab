"""What is owed is sent: once, in order, at Slack's pace, by one process or two."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event

from bot.owed import Post, Publish, Update
from bot.perform import Gesture, Transaction
from storage import conversations
from tests.bot.office import Office, office, paced
from tests.bot.owing import ANNA, KLG, anna, channel, owe, sent, the_office
from tests.waiting import until

__all__ = ["anna", "the_office"]  # fixtures


async def test_an_answered_question_costs_one_transaction_and_one_post(
    the_office: Office, anna: str
) -> None:
    with _commits() as commits:
        for number in range(5):
            question = await the_office.perform(
                Gesture(f"message:{anna}:{number}", f"T1:{ANNA}"),
                lambda tx, n=number: tx.owe(Post(to=anna, text=f"fråga {n}")),
            )
            await _posted(the_office, question)
    assert len(await the_office.sandbox.calls("chat.postMessage")) == 5
    assert len(commits) == 5
    assert await the_office.texts(ANNA) == [f"fråga {n}" for n in range(5)]


async def test_messages_of_one_conversation_go_in_order(the_office: Office, anna: str) -> None:
    rows = await owe(the_office, *(Post(to=anna, text=str(n)) for n in range(20)))
    await sent(the_office, rows[-1])
    assert await the_office.texts(ANNA) == [str(n) for n in range(20)]


async def test_a_slow_conversation_does_not_hold_up_another(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, rules=paced(timeout_s=10)) as it:
        anna = await channel(it, ANNA)
        await it.sandbox.faults(
            delay_response={"method": "chat.postMessage", "seconds": 3, "before": True, "count": 1}
        )
        slow, quick = await owe(it, Post(to=anna, text="långsam"), Post(to=KLG, text="snabb"))
        await sent(it, quick)
        assert (await it.row(slow)).state == "uncertain"


async def test_the_first_message_to_a_person_opens_her_conversation(the_office: Office) -> None:
    rows = await owe(the_office, *(Post(to=ANNA, text=text) for text in ("ett", "två", "tre")))
    await sent(the_office, rows[-1])
    assert await the_office.texts(ANNA) == ["ett", "två", "tre"]
    channel = (await the_office.row(rows[0])).channel
    assert channel.startswith("D")
    assert await the_office.perform.read(lambda db: conversations.channel(db, ANNA)) == channel
    assert len(await the_office.sandbox.calls("conversations.open")) == 1


async def test_a_reply_goes_in_its_thread(the_office: Office) -> None:
    def act(tx: Transaction) -> int:
        card = tx.owe(Post(to=KLG, text="kort"))
        return tx.owe(Post(to=KLG, text="underlag", thread=card))

    await sent(the_office, await the_office.perform.unkeyed(act))
    (card,) = await the_office.sandbox.messages("U0KARIN", channel=KLG)
    thread = await the_office.texts("U0KARIN", channel=KLG, thread_ts=card["ts"])
    assert thread == ["kort", "underlag"]


async def test_only_the_newest_of_many_changes_is_made(the_office: Office) -> None:
    (card,) = await owe(the_office, Post(to=KLG, text="0 av 4"))
    await sent(the_office, card)
    for votes in range(1, 5):
        (change,) = await owe(the_office, Update(target=card, text=f"{votes} av 4"))
    await sent(the_office, change)
    assert await the_office.texts("U0KARIN", channel=KLG) == ["4 av 4"]
    assert len(await the_office.sandbox.calls("chat.update")) == 1


async def test_a_change_waits_for_its_message(the_office: Office) -> None:
    await the_office.sandbox.faults(
        status={"method": "chat.postMessage", "code": 429, "retry_after": 1, "count": 1}
    )
    card, _ = await the_office.perform.unkeyed(
        lambda tx: (
            card := tx.owe(Post(to=KLG, text="0 av 4")),
            tx.owe(Update(target=card, text="1 av 4")),
        )
    )
    await sent(the_office, card)

    async def changed() -> bool:
        return await the_office.texts("U0KARIN", channel=KLG) == ["1 av 4"]

    await until(changed)


async def test_app_home_is_published(the_office: Office) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    (row,) = await owe(the_office, Publish(user=ANNA, view=view))
    await sent(the_office, row)
    home = await the_office.sandbox.home(ANNA)
    assert home is not None
    assert [block["type"] for block in home["blocks"]] == ["divider"]


async def test_a_burst_goes_at_once_and_then_at_slacks_pace(
    sqlite_url: str, tmp_path: Path
) -> None:
    rules = paced(post_every_s=0.6, post_burst=3)
    async with office(sqlite_url, tmp_path, rules=rules) as it:
        annas = await channel(it, ANNA)
        rows = await owe(it, *(Post(to=annas, text=str(n)) for n in range(6)))
        await sent(it, rows[-1])
        times = [float(m["ts"]) for m in await it.sandbox.messages(ANNA)]
        assert times[2] - times[0] < 1.2  # at Slack's pace it would have been that at least
        assert times[5] - times[0] >= 1.7


async def test_changes_keep_the_pace_of_the_workspace(sqlite_url: str, tmp_path: Path) -> None:
    rules = paced(update_every_s=0.3, update_burst=1)
    async with office(sqlite_url, tmp_path, rules=rules) as it:
        posts = await owe(it, *(Post(to=KLG, text=str(n)) for n in range(4)))
        await sent(it, posts[-1])
        changes = await owe(it, *(Update(target=post, text="ny") for post in posts))
        await sent(it, changes[-1])
        at = [call["at"] for call in await it.sandbox.calls("chat.update")]
        assert at[-1] - at[0] >= 0.85


async def test_two_processes_send_each_message_once_and_in_order(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        office(database_url, tmp_path) as one,
        office(database_url, tmp_path, sandbox_url=one.sandbox.url) as two,
    ):
        channels = [await channel(one, user) for user in (ANNA, "U0OMAR", "U0TOVE")]
        for n in range(15):
            office_ = (one, two)[n % 2]
            await owe(office_, *(Post(to=channel, text=str(n)) for channel in channels))
        for user in (ANNA, "U0OMAR", "U0TOVE"):

            async def all_there(user: str = user) -> bool:
                return len(await one.texts(user)) >= 15

            await until(all_there, seconds=15)
            assert await one.texts(user) == [str(n) for n in range(15)]


async def test_stopping_ends_what_is_under_way_and_stores_that_it_was_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path) as it:
        annas = await channel(it, ANNA)
        await it.sandbox.faults(
            delay_response={"method": "chat.postMessage", "seconds": 0.2, "count": 1}
        )
        (row,) = await owe(it, Post(to=annas, text="hej"))
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert others == []
    async with office(sqlite_url, tmp_path) as it:
        assert (await it.row(row)).state == "sent"
        assert (await it.row(row)).payload is None


async def _posted(it: Office, outbox_id: int) -> None:
    async def posted() -> bool:
        posts = await it.sandbox.calls("chat.postMessage")
        return any(call["args"]["metadata"]["event_payload"]["id"] == outbox_id for call in posts)

    await until(posted)
    await asyncio.sleep(0.005)


@contextmanager
def _commits() -> Iterator[list[int]]:
    """The transactions that are committed meanwhile."""
    seen: list[int] = []

    def commit(_connection: object) -> None:
        seen.append(1)

    event.listen(Engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "commit", commit)
