"""Whatever happens to a call, a message is sent once: an answer lost or late, 429, 503, refused."""

import asyncio
from pathlib import Path

import pytest

from bot.owed import Post
from bot.perform import Transaction
from storage import outbox
from tests.bot.office import Office, office
from tests.bot.owing import ANNA, KLG, anna, owe, sent, the_office
from tests.waiting import until

__all__ = ["anna", "the_office"]  # fixtures


async def test_too_many_requests_are_waited_out(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(
        status={"method": "chat.postMessage", "code": 429, "retry_after": 1, "count": 2}
    )
    started = asyncio.get_running_loop().time()
    first, second = await owe(the_office, Post(to=anna, text="ett"), Post(to=anna, text="två"))
    await sent(the_office, second, seconds=8)
    assert asyncio.get_running_loop().time() - started >= 2
    assert await the_office.texts(ANNA) == ["ett", "två"]
    assert (await the_office.row(first)).attempts == 3


@pytest.mark.parametrize(
    "fault",
    [
        {"lose_response": {"method": "chat.postMessage", "count": 1}},
        {"delay_response": {"method": "chat.postMessage", "seconds": 1, "count": 1}},
    ],
    ids=["the answer is lost", "the answer comes too late"],
)
async def test_a_message_whose_answer_is_lost_is_found_and_not_sent_again(
    the_office: Office, anna: str, fault: dict
) -> None:
    await the_office.sandbox.faults(**fault)
    first, second = await owe(the_office, Post(to=anna, text="ett"), Post(to=anna, text="två"))
    await sent(the_office, second)
    assert await the_office.texts(ANNA) == ["ett", "två"]
    row = await the_office.row(first)
    assert (row.ts, row.channel) == ((await the_office.sandbox.messages(ANNA))[0]["ts"], anna)


async def test_a_message_that_lands_late_is_waited_for(the_office: Office, anna: str) -> None:
    """Looking at once finds nothing, and would send it twice."""
    await the_office.sandbox.faults(
        delay_response={"method": "chat.postMessage", "seconds": 0.9, "before": True, "count": 1}
    )
    (row,) = await owe(the_office, Post(to=anna, text="ett"))
    await sent(the_office, row)
    assert await the_office.texts(ANNA) == ["ett"]


async def test_a_message_that_never_arrived_is_sent_again(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(status={"method": "chat.postMessage", "code": 503, "count": 1})
    (row,) = await owe(the_office, Post(to=anna, text="ett"))
    await sent(the_office, row)
    assert await the_office.texts(ANNA) == ["ett"]


async def test_a_lost_answer_in_a_thread_is_found_there(the_office: Office) -> None:
    (card,) = await owe(the_office, Post(to=KLG, text="kort"))
    await sent(the_office, card)
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (reply,) = await owe(the_office, Post(to=KLG, text="svar", thread=card))
    await sent(the_office, reply)
    ts = (await the_office.row(card)).ts
    assert await the_office.texts("U0KARIN", channel=KLG, thread_ts=ts) == ["kort", "svar"]


async def test_a_lost_answer_is_found_on_a_later_page_of_history(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (row,) = await owe(the_office, Post(to=anna, text="fråga"))

    async def stands() -> bool:
        return "fråga" in await the_office.texts(ANNA)

    await until(stands)
    for n in range(210):
        await the_office.sandbox.say(ANNA, f"pladder {n}")
    await sent(the_office, row)
    assert (await the_office.texts(ANNA)).count("fråga") == 1


async def test_a_refused_message_is_listed_and_holds_nobody_up(
    the_office: Office, anna: str
) -> None:
    wrong = Post(to=anna, text="x", blocks=[{"type": "nonsense"}])
    bad, good = await owe(the_office, wrong, Post(to=anna, text="sedan"))
    await sent(the_office, good)
    assert await the_office.texts(ANNA) == ["sedan"]
    (failure,) = await the_office.perform.read(outbox.failed)
    assert (failure.id, failure.error, failure.kind) == (bad, "invalid_blocks", "post")


async def test_what_was_given_up_can_be_sent_again(the_office: Office) -> None:
    (row,) = await owe(the_office, Post(to="C0ALLMANT", text="hej"))

    async def failed() -> bool:
        return (await the_office.row(row)).state == "failed"

    await until(failed)
    assert (await the_office.row(row)).error == "not_in_channel"
    await the_office.sandbox.do("membership", channel="C0ALLMANT", person="U0BOT", member=True)
    await the_office.perform.unkeyed(lambda tx: outbox.again(tx.db, row, at=tx.now))
    await sent(the_office, row)
    assert await the_office.perform.read(outbox.failed) == []


async def test_a_reply_to_what_was_given_up_is_given_up(the_office: Office) -> None:
    def act(tx: Transaction) -> int:
        card = tx.owe(Post(to="C0ALLMANT", text="kort"))
        return tx.owe(Post(to="C0ALLMANT", text="svar", thread=card))

    reply = await the_office.perform.unkeyed(act)

    async def failed() -> bool:
        return (await the_office.row(reply)).state == "failed"

    await until(failed)
    assert (await the_office.row(reply)).error == "parent_failed"


async def test_a_message_to_a_closed_account_is_given_up(the_office: Office) -> None:
    (row,) = await owe(the_office, Post(to="U0GONE", text="hej"))

    async def failed() -> bool:
        return (await the_office.row(row)).state == "failed"

    await until(failed)
    assert (await the_office.row(row)).error == "user_disabled"


async def test_a_revoked_token_loses_nothing(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(
        error={"method": "chat.postMessage", "error": "token_revoked", "count": 1}
    )
    (row,) = await owe(the_office, Post(to=anna, text="hej"))

    async def put_back() -> bool:
        return (await the_office.row(row)).error == "token_revoked"

    await until(put_back)
    assert (await the_office.row(row)).state == "waiting"


async def test_slack_away_for_a_while_delays_and_loses_nothing(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(away=1.5)
    rows = await owe(the_office, *(Post(to=anna, text=str(n)) for n in range(3)))
    await sent(the_office, rows[-1], seconds=10)
    assert await the_office.texts(ANNA) == ["0", "1", "2"]


async def test_slack_out_of_reach_is_tried_again(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, sandbox_url="http://127.0.0.1:9") as it:
        (row,) = await owe(it, Post(to="D1", text="hej"))

        async def put_back() -> bool:
            return (await it.row(row)).state == "waiting"

        await until(put_back)
        assert (await it.row(row)).doubt_since is None


async def test_an_uncertain_question_is_found_when_a_text_comes(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (question,) = await owe(the_office, Post(to=anna, text="Vad ska göras?"))

    async def stands() -> bool:
        return bool(await the_office.texts(ANNA))

    await until(stands)
    answer = await the_office.sandbox.say(ANNA, "Belysning")
    known = await the_office.outbox.resolve(question, before_ts=answer)
    assert known.posted_before(answer)
    await sent(the_office, question)
    assert (await the_office.texts(ANNA)).count("Vad ska göras?") == 1


async def test_a_text_from_before_the_question_does_not_find_it(
    the_office: Office, anna: str
) -> None:
    text = await the_office.sandbox.say(ANNA, "Belysning")
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (question,) = await owe(the_office, Post(to=anna, text="Vad ska göras?"))
    known = await the_office.outbox.resolve(question, before_ts=text)
    assert not known.posted_before(text)
