"""A job's act is committed once with its mark; a long one keeps its lease, a failing one ends."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.owed import Job, Note, Post
from bot.perform import Transaction
from tests.bot.office import Office, office, paced
from tests.bot.owing import KLG, owe, sent
from tests.waiting import until


async def _saying(arguments: dict, tools: object) -> Callable[[Transaction], int]:
    return lambda tx: tx.owe(Post(to=KLG, text=f"klart: {arguments['what']}"))


async def test_a_jobs_act_is_committed_with_its_mark(sqlite_url: str, tmp_path: Path) -> None:
    async with office(sqlite_url, tmp_path, jobs={"say": _saying}) as it:
        (job,) = await owe(it, Job(name="say", arguments={"what": "underlag"}))
        await sent(it, job)

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
        (job,) = await owe(it, Job(name="pdf", arguments={"what": "underlag"}))

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
        (job,) = await owe(it, Job(name="slow"))
        await sent(it, job)
        assert begun == ["slow"]


async def test_a_job_that_was_stopped_is_begun_again(sqlite_url: str, tmp_path: Path) -> None:
    async def endless(_arguments: dict, _tools: object) -> None:
        await asyncio.sleep(60)

    rules = paced(stop_within_s=0.1, job_lease_s=60)
    async with office(sqlite_url, tmp_path, rules=rules, jobs={"say": endless}) as it:
        (job,) = await owe(it, Job(name="say", arguments={"what": "underlag"}))

        async def begun() -> bool:
            return (await it.row(job)).attempts == 1

        await until(begun)
    async with office(sqlite_url, tmp_path, jobs={"say": _saying}) as it:
        await sent(it, job)


async def test_a_letter_whose_sending_was_cut_off_is_counted(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Nobody can ask a mail server whether it has come."""
    begun: list[str] = []

    async def cut_off(arguments: dict, _tools: object) -> None:
        begun.append(arguments["what"])
        await asyncio.sleep(60)

    async with office(
        sqlite_url, tmp_path, rules=paced(stop_within_s=0.1), jobs={"post": cut_off}
    ) as it:
        (letter,) = await owe(it, Note(name="post", arguments={"what": "veckans läge"}))
        await until(lambda: asyncio.sleep(0, begun))
        assert _in_doubt(it) == 0
    async with office(sqlite_url, tmp_path, jobs={"post": _saying}) as it:
        await sent(it, letter)
        assert _in_doubt(it) == 1
        assert (await it.row(letter)).attempts == 2


def _in_doubt(it: Office) -> float | None:
    labels = {"kind": "mail", "outcome": "indoubt"}
    return it.perform.metrics.registry.get_sample_value("lots_deliveries_total", labels)
