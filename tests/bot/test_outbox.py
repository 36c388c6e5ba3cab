"""What is owed is sent: once, in order, at Slack's pace, whatever happens to a call."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from bot.owed import Job, Post, Publish, Update, Upload
from bot.perform import Gesture, Transaction
from storage import conversations, outbox
from tests.bot.office import Office, office, paced
from tests.waiting import until

ANNA = "U0ANNA"
KLG = "C0KLG"


@pytest.fixture
async def the_office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(sqlite_url, tmp_path / "files") as it:
        yield it


@pytest.fixture
async def anna(the_office: Office) -> str:
    """Anna's direct message with the bot."""
    return await _channel(the_office, ANNA)


async def _channel(it: Office, user: str) -> str:
    answer = await it.slack.call("conversations.open", {"users": user})
    return str(answer["channel"]["id"])


async def _owe(it: Office, *what: object) -> list[int]:
    return await it.perform.unkeyed(lambda tx: [tx.owe(one) for one in what])


async def _sent(it: Office, outbox_id: int, *, seconds: float = 15) -> None:
    async def is_sent() -> bool:
        return (await it.row(outbox_id)).state == "sent"

    await until(is_sent, seconds=seconds)


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
    rows = await _owe(the_office, *(Post(to=anna, text=str(n)) for n in range(20)))
    await _sent(the_office, rows[-1])
    assert await the_office.texts(ANNA) == [str(n) for n in range(20)]


async def test_a_slow_conversation_does_not_hold_up_another(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path, rules=paced(timeout_s=10)) as it:
        anna = await _channel(it, ANNA)
        await it.sandbox.faults(
            delay_response={"method": "chat.postMessage", "seconds": 3, "before": True, "count": 1}
        )
        slow, quick = await _owe(it, Post(to=anna, text="långsam"), Post(to=KLG, text="snabb"))
        await _sent(it, quick)
        assert (await it.row(slow)).state == "uncertain"


async def test_the_first_message_to_a_person_opens_her_conversation(the_office: Office) -> None:
    rows = await _owe(the_office, *(Post(to=ANNA, text=text) for text in ("ett", "två", "tre")))
    await _sent(the_office, rows[-1])
    assert await the_office.texts(ANNA) == ["ett", "två", "tre"]
    channel = (await the_office.row(rows[0])).channel
    assert channel.startswith("D")
    assert await the_office.perform.read(lambda db: conversations.channel(db, ANNA)) == channel
    assert len(await the_office.sandbox.calls("conversations.open")) == 1


async def test_a_reply_goes_in_its_thread(the_office: Office) -> None:
    def act(tx: Transaction) -> int:
        card = tx.owe(Post(to=KLG, text="kort"))
        return tx.owe(Post(to=KLG, text="underlag", thread=card))

    await _sent(the_office, await the_office.perform.unkeyed(act))
    (card,) = await the_office.sandbox.messages("U0KARIN", channel=KLG)
    thread = await the_office.texts("U0KARIN", channel=KLG, thread_ts=card["ts"])
    assert thread == ["kort", "underlag"]


async def test_only_the_newest_of_many_changes_is_made(the_office: Office) -> None:
    (card,) = await _owe(the_office, Post(to=KLG, text="0 av 4"))
    await _sent(the_office, card)
    for votes in range(1, 5):
        (change,) = await _owe(the_office, Update(target=card, text=f"{votes} av 4"))
    await _sent(the_office, change)
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
    await _sent(the_office, card)

    async def changed() -> bool:
        return await the_office.texts("U0KARIN", channel=KLG) == ["1 av 4"]

    await until(changed)


async def test_app_home_is_published(the_office: Office) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    (row,) = await _owe(the_office, Publish(user=ANNA, view=view))
    await _sent(the_office, row)
    home = await the_office.sandbox.home(ANNA)
    assert home is not None
    assert [block["type"] for block in home["blocks"]] == ["divider"]


# --- when a call goes wrong ------------------------------------------------------------------


async def test_too_many_requests_are_waited_out(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(
        status={"method": "chat.postMessage", "code": 429, "retry_after": 1, "count": 2}
    )
    started = asyncio.get_running_loop().time()
    first, second = await _owe(the_office, Post(to=anna, text="ett"), Post(to=anna, text="två"))
    await _sent(the_office, second, seconds=8)
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
    first, second = await _owe(the_office, Post(to=anna, text="ett"), Post(to=anna, text="två"))
    await _sent(the_office, second)
    assert await the_office.texts(ANNA) == ["ett", "två"]
    row = await the_office.row(first)
    assert (row.ts, row.channel) == ((await the_office.sandbox.messages(ANNA))[0]["ts"], anna)


async def test_a_message_that_lands_late_is_waited_for(the_office: Office, anna: str) -> None:
    """Looking at once finds nothing, and would send it twice."""
    await the_office.sandbox.faults(
        delay_response={"method": "chat.postMessage", "seconds": 0.9, "before": True, "count": 1}
    )
    (row,) = await _owe(the_office, Post(to=anna, text="ett"))
    await _sent(the_office, row)
    assert await the_office.texts(ANNA) == ["ett"]


async def test_a_message_that_never_arrived_is_sent_again(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(status={"method": "chat.postMessage", "code": 503, "count": 1})
    (row,) = await _owe(the_office, Post(to=anna, text="ett"))
    await _sent(the_office, row)
    assert await the_office.texts(ANNA) == ["ett"]


async def test_a_lost_answer_in_a_thread_is_found_there(the_office: Office) -> None:
    (card,) = await _owe(the_office, Post(to=KLG, text="kort"))
    await _sent(the_office, card)
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (reply,) = await _owe(the_office, Post(to=KLG, text="svar", thread=card))
    await _sent(the_office, reply)
    ts = (await the_office.row(card)).ts
    assert await the_office.texts("U0KARIN", channel=KLG, thread_ts=ts) == ["kort", "svar"]


async def test_a_lost_answer_is_found_on_a_later_page_of_history(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (row,) = await _owe(the_office, Post(to=anna, text="fråga"))

    async def stands() -> bool:
        return "fråga" in await the_office.texts(ANNA)

    await until(stands)
    for n in range(210):
        await the_office.sandbox.say(ANNA, f"pladder {n}")
    await _sent(the_office, row)
    assert (await the_office.texts(ANNA)).count("fråga") == 1


async def test_a_refused_message_is_listed_and_holds_nobody_up(
    the_office: Office, anna: str
) -> None:
    wrong = Post(to=anna, text="x", blocks=[{"type": "nonsense"}])
    bad, good = await _owe(the_office, wrong, Post(to=anna, text="sedan"))
    await _sent(the_office, good)
    assert await the_office.texts(ANNA) == ["sedan"]
    (failure,) = await the_office.perform.read(outbox.failed)
    assert (failure.id, failure.error, failure.kind) == (bad, "invalid_blocks", "post")


async def test_what_was_given_up_can_be_sent_again(the_office: Office) -> None:
    (row,) = await _owe(the_office, Post(to="C0ALLMANT", text="hej"))

    async def failed() -> bool:
        return (await the_office.row(row)).state == "failed"

    await until(failed)
    assert (await the_office.row(row)).error == "not_in_channel"
    await the_office.sandbox.do("membership", channel="C0ALLMANT", person="U0BOT", member=True)
    await the_office.perform.unkeyed(lambda tx: outbox.again(tx.db, row, at=tx.now))
    await _sent(the_office, row)
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
    (row,) = await _owe(the_office, Post(to="U0GONE", text="hej"))

    async def failed() -> bool:
        return (await the_office.row(row)).state == "failed"

    await until(failed)
    assert (await the_office.row(row)).error == "user_disabled"


async def test_a_revoked_token_loses_nothing(the_office: Office, anna: str) -> None:
    await the_office.sandbox.faults(
        error={"method": "chat.postMessage", "error": "token_revoked", "count": 1}
    )
    (row,) = await _owe(the_office, Post(to=anna, text="hej"))

    async def put_back() -> bool:
        return (await the_office.row(row)).error == "token_revoked"

    await until(put_back)
    assert (await the_office.row(row)).state == "waiting"


async def test_slack_away_for_a_while_delays_and_loses_nothing(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(away=1.5)
    rows = await _owe(the_office, *(Post(to=anna, text=str(n)) for n in range(3)))
    await _sent(the_office, rows[-1], seconds=10)
    assert await the_office.texts(ANNA) == ["0", "1", "2"]


async def test_slack_out_of_reach_is_tried_again(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, sandbox_url="http://127.0.0.1:9") as it:
        (row,) = await _owe(it, Post(to="D1", text="hej"))

        async def put_back() -> bool:
            return (await it.row(row)).state == "waiting"

        await until(put_back)
        assert (await it.row(row)).doubt_since is None


# --- pace ----------------------------------------------------------------------------------------


async def test_a_burst_goes_at_once_and_then_at_slacks_pace(
    sqlite_url: str, tmp_path: Path
) -> None:
    rules = paced(post_every_s=0.6, post_burst=3)
    async with office(sqlite_url, tmp_path, rules=rules) as it:
        channel = await _channel(it, ANNA)
        rows = await _owe(it, *(Post(to=channel, text=str(n)) for n in range(6)))
        await _sent(it, rows[-1])
        times = [float(m["ts"]) for m in await it.sandbox.messages(ANNA)]
        assert times[2] - times[0] < 0.5
        assert times[5] - times[0] >= 1.7


async def test_changes_keep_the_pace_of_the_workspace(sqlite_url: str, tmp_path: Path) -> None:
    rules = paced(update_every_s=0.3, update_burst=1)
    async with office(sqlite_url, tmp_path, rules=rules) as it:
        posts = await _owe(it, *(Post(to=KLG, text=str(n)) for n in range(4)))
        await _sent(it, posts[-1])
        changes = await _owe(it, *(Update(target=post, text="ny") for post in posts))
        await _sent(it, changes[-1])
        at = [call["at"] for call in await it.sandbox.calls("chat.update")]
        assert at[-1] - at[0] >= 0.85


# --- the open question ---------------------------------------------------------------------------


async def test_an_uncertain_question_is_found_when_a_text_comes(
    the_office: Office, anna: str
) -> None:
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (question,) = await _owe(the_office, Post(to=anna, text="Vad ska göras?"))

    async def stands() -> bool:
        return bool(await the_office.texts(ANNA))

    await until(stands)
    answer = await the_office.sandbox.say(ANNA, "Belysning")
    known = await the_office.outbox.resolve(question, before_ts=answer)
    assert known.posted_before(answer)
    await _sent(the_office, question)
    assert (await the_office.texts(ANNA)).count("Vad ska göras?") == 1


async def test_a_text_from_before_the_question_does_not_find_it(
    the_office: Office, anna: str
) -> None:
    text = await the_office.sandbox.say(ANNA, "Belysning")
    await the_office.sandbox.faults(lose_response={"method": "chat.postMessage", "count": 1})
    (question,) = await _owe(the_office, Post(to=anna, text="Vad ska göras?"))
    known = await the_office.outbox.resolve(question, before_ts=text)
    assert not known.posted_before(text)


# --- files ---------------------------------------------------------------------------------------


async def _upload(it: Office, anna: str) -> int:
    files = []
    for name in ("ansokan.pdf", "ansokan.docx"):
        sha256 = await it.files.put(name.encode())
        files.append({"sha256": sha256, "name": name, "title": name})
    (row,) = await _owe(it, Upload(to=anna, files=files, text="Underlaget"))
    return row


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"lose_response": {"method": "files.getUploadURLExternal", "count": 1}},
        {"lose_response": {"method": "files.completeUploadExternal", "count": 1}},
        {"status": {"method": "files.completeUploadExternal", "code": 503, "count": 1}},
        {"status": {"method": "files.info", "code": 429, "retry_after": 1, "count": 1}},
    ],
    ids=["all is well", "place lost", "share lost", "not shared", "asked too often"],
)
async def test_files_are_shared_once_in_one_message(
    the_office: Office, anna: str, fault: dict
) -> None:
    if fault:
        await the_office.sandbox.faults(**fault)
    row = await _upload(the_office, anna)
    await _sent(the_office, row, seconds=12)
    (message,) = await the_office.sandbox.messages(ANNA)
    assert [file["name"] for file in message["files"]] == ["ansokan.pdf", "ansokan.docx"]
    assert (await the_office.row(row)).ts == message["ts"]


# --- jobs ----------------------------------------------------------------------------------------


async def _saying(arguments: dict, tools: object) -> Callable[[Transaction], int]:
    return lambda tx: tx.owe(Post(to=KLG, text=f"klart: {arguments['what']}"))


async def test_a_jobs_act_is_committed_with_its_mark(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, jobs={"say": _saying}) as it:
        (job,) = await _owe(it, Job(name="say", arguments={"what": "underlag"}))
        await _sent(it, job)

        async def said() -> bool:
            return await it.texts("U0KARIN", channel=KLG) == ["klart: underlag"]

        await until(said)


async def test_a_failing_job_is_tried_again_and_then_told(sqlite_url: str, tmp_path: Path) -> None:
    tries: list[int] = []

    async def fail(_arguments: dict, _tools: object) -> None:
        tries.append(1)
        raise RuntimeError("typst")

    def tell(arguments: dict) -> Callable[[Transaction], int]:
        return lambda tx: tx.owe(Post(to=KLG, text=f"gick inte: {arguments['what']}"))

    async with office(sqlite_url, tmp_path, jobs={"pdf": fail}, when_failed={"pdf": tell}) as it:
        (job,) = await _owe(it, Job(name="pdf", arguments={"what": "underlag"}))

        async def told() -> bool:
            return await it.texts("U0KARIN", channel=KLG) == ["gick inte: underlag"]

        await until(told)
        assert len(tries) == 3
        row = await it.row(job)
        assert (row.state, row.error) == ("failed", "RuntimeError")


async def test_a_long_job_is_not_begun_by_another_process(sqlite_url: str, tmp_path: Path) -> None:
    begun: list[str] = []

    async def slow(_arguments: dict, _tools: object) -> Callable[[Transaction], int]:
        begun.append("slow")
        await asyncio.sleep(2.2)  # more than two leases
        return lambda tx: tx.owe(Post(to=KLG, text="klart"))

    async with (
        office(sqlite_url, tmp_path, jobs={"slow": slow}) as it,
        office(sqlite_url, tmp_path, jobs={"slow": slow}, sandbox_url=it.sandbox.url),
    ):
        (job,) = await _owe(it, Job(name="slow"))
        await _sent(it, job)
        assert begun == ["slow"]


async def test_a_job_that_was_stopped_is_begun_again(sqlite_url: str, tmp_path: Path) -> None:
    async def endless(_arguments: dict, _tools: object) -> None:
        await asyncio.sleep(60)

    rules = paced(stop_within_s=0.1, job_lease_s=60)
    async with office(sqlite_url, tmp_path, rules=rules, jobs={"say": endless}) as it:
        (job,) = await _owe(it, Job(name="say", arguments={"what": "underlag"}))

        async def begun() -> bool:
            return (await it.row(job)).attempts == 1

        await until(begun)
    async with office(sqlite_url, tmp_path, jobs={"say": _saying}) as it:
        await _sent(it, job)


# --- several processes, and stopping -------------------------------------------------------------


async def test_two_processes_send_each_message_once_and_in_order(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        office(database_url, tmp_path) as one,
        office(database_url, tmp_path, sandbox_url=one.sandbox.url) as two,
    ):
        channels = [await _channel(one, user) for user in (ANNA, "U0OMAR", "U0TOVE")]
        for n in range(15):
            office_ = (one, two)[n % 2]
            await _owe(office_, *(Post(to=channel, text=str(n)) for channel in channels))
        for user in (ANNA, "U0OMAR", "U0TOVE"):

            async def all_there(user: str = user) -> bool:
                return len(await one.texts(user)) >= 15

            await until(all_there, seconds=15)
            assert await one.texts(user) == [str(n) for n in range(15)]


async def test_stopping_ends_what_is_under_way_and_stores_that_it_was_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with office(sqlite_url, tmp_path) as it:
        channel = await _channel(it, ANNA)
        await it.sandbox.faults(
            delay_response={"method": "chat.postMessage", "seconds": 0.2, "count": 1}
        )
        (row,) = await _owe(it, Post(to=channel, text="hej"))
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
