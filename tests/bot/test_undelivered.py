"""What nobody was told is listed, and can be sent again by its number."""

from bot import clock
from bot.database import database
from bot.owed import Post
from bot.undelivered import listed, send_again
from storage.tables import outbox


async def test_a_refused_message_is_listed_until_it_is_sent_again(database_url: str):
    async with database(database_url, now=clock.now) as perform:
        number = await perform.unkeyed(lambda tx: tx.owe(Post(to="D1", text="hej")))
        await perform.unkeyed(
            lambda tx: tx.db.execute(
                outbox.update().values(state="failed", error="is_archived", finished_at=tx.now)
            )
        )

    [row] = await listed(database_url)
    assert (row.id, row.error) == (number, "is_archived")

    assert await send_again(database_url, number)
    assert await listed(database_url) == []
    assert not await send_again(database_url, number)
