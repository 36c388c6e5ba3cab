"""The load of the benchmarks: what is timed, what is lost, and what is broken off."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from benchmarks import telegram
from benchmarks.load import Load
from benchmarks.telegram import Chat


class Answering:
    """An app that answers everybody but one chat, at once."""

    acks = False

    def __init__(self, *, silent: str = "") -> None:
        self.silent = silent
        self.said: list[tuple[str, int]] = []
        self.acked: Callable[[str], None]
        self.posted: Callable[[str], None]

    async def deliver(self, who: Chat, step: int, _envelope: str) -> None:
        self.said.append((who.channel, step))
        if who.channel != self.silent:
            asyncio.get_running_loop().call_soon(self.posted, who.channel)


async def test_everybody_answers_the_first_question_before_anybody_the_second():
    side = Answering()

    taken = await Load(side).closed([Chat(1), Chat(2)], at_a_time=1, steps=2)

    assert side.said == [("1", 0), ("2", 0), ("1", 1), ("2", 1)]
    assert (len(taken.dones), taken.lost, taken.acks) == (4, 0, [])


async def test_what_takes_too_long_is_broken_off_and_not_counted():
    side = Answering(silent="2")

    taken = await Load(side, at_most_s=0.05).closed([Chat(1), Chat(2)], at_a_time=2, steps=1)

    assert (len(taken.dones), taken.lost) == (1, 0)
    assert taken.elapsed >= 0.05


async def test_telegram_hands_an_answer_to_whoever_polls_and_hears_the_next_question():
    heard: list[str] = []
    async with telegram.serve() as stub, aiohttp.ClientSession() as session:
        stub.posted = heard.append
        address = f"{stub.address}/bot{telegram.TOKEN}"

        async def ask(method: str, **arguments: object) -> object:
            async with session.post(f"{address}/{method}", data=urlencode(arguments)) as answer:
                return (await answer.json())["result"]

        polling = asyncio.create_task(ask("getUpdates", timeout=10))
        await stub.connected.wait()
        await stub.deliver(Chat(7), 0, "")
        (update,) = await polling
        await ask("sendMessage", chat_id=update["message"]["chat"]["id"], text="Nästa?")

    assert update["message"]["text"] == "Fältgrupp i centrum"
    assert heard == ["7"]


async def test_telegram_answers_a_poll_that_nothing_came_of():
    async with telegram.serve() as stub, aiohttp.ClientSession() as session:
        address = f"{stub.address}/bot{telegram.TOKEN}/getUpdates"
        async with session.post(address, data="timeout=0") as answer:
            assert (await answer.json())["result"] == []
