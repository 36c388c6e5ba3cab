"""Who does not get the decision comes back by name: refused, away, lost on the way, or missing."""

from functools import partial
from pathlib import Path

import pytest

from bot.acts import dispatch
from bot.acts.dispatch_letters import TOLD_AFTER, TRIES, retry_after
from bot.ids import Value
from bot.jobs import when_failed
from flows.errors import NotAllowed, Stale
from storage.dispatches import State
from tests.bot.decided import gets
from tests.bot.dispatched import (
    REGISTRAR,
    all_of,
    at_social,
    begun,
    box,
    here,
    rows,
    tries_again,
    without,
)
from tests.bot.mailbox import Mailbox, deliver, mailbox
from tests.bot.town import KARIN, LARS, SARA, Town, texts_of, town
from tests.flows.filled import example

__all__ = ["box", "here"]  # fixtures


@pytest.mark.requirement("R000-48")
async def test_a_missing_duty_is_a_task_and_holds_nobody_up(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    async with town(sqlite_url, tmp_path, programme=without("registrar")) as here:
        case_id = await begun(here)
        asked = (await here.said(SARA))[-1]
        assert "Ingen mottagare finns" in asked
        assert "registrator för socialförvaltningen" in asked

        await deliver(here, box)

        assert len(box.taken) == 7
        missing = (await rows(here, case_id))["registrar:socialforvaltningen"]
        assert missing.state is State.MISSING
        said = (await here.said(SARA))[-1]
        assert "7 av 8" in said
        assert "registrator för socialförvaltningen: saknas i programmet" in said
        waiting = texts_of(await here.home(SARA))
        assert "har inte nått: registrator för socialförvaltningen." in waiting


async def test_one_who_is_missing_gets_it_when_the_programme_names_her(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    async with town(sqlite_url, tmp_path, programme=without("registrar")) as here:
        case_id = await begun(here)
        await deliver(here, box)
    async with town(sqlite_url, tmp_path) as here:
        here.done = {row["id"] for kind in ("mail", "job") for row in await all_of(here, kind)}

        await tries_again(here, case_id)
        await deliver(here, box)

        assert len(box.taken) == 8
        assert len(box.letters(REGISTRAR)) == 1
        assert "8 av 8" in (await here.said(SARA))[-1]


async def test_a_refused_address_comes_back_by_name_and_the_others_get_it(
    here: Town, box: Mailbox
) -> None:
    box.refuses[REGISTRAR] = "550 5.1.1 No such user"
    case_id = await begun(here)

    await deliver(here, box)

    assert len(box.taken) == 7
    refused = (await rows(here, case_id))["registrar:socialforvaltningen"]
    assert refused.state is State.REFUSED
    said = (await here.said(SARA))[-1]
    assert "7 av 8" in said
    assert REGISTRAR in said
    assert "No such user" in said
    assert await deliver(here, box) == 0


async def test_what_was_refused_is_sent_to_the_new_address(
    sqlite_url: str, tmp_path: Path, box: Mailbox
) -> None:
    box.refuses[REGISTRAR] = "550 No such user"
    async with town(sqlite_url, tmp_path) as here:
        case_id = await begun(here)
        await deliver(here, box)
    moved = at_social(example(), registrar="ny@exempelkommunen.se")
    async with town(sqlite_url, tmp_path, programme=moved) as here:
        here.done = {row["id"] for kind in ("mail", "job") for row in await all_of(here, kind)}

        await tries_again(here, case_id)
        await tries_again(here, case_id)
        await deliver(here, box)

        assert len(box.letters("ny@exempelkommunen.se")) == 1
        assert len(box.taken) == 8


async def test_only_a_secretary_may_try_again_and_only_what_is_there(here: Town) -> None:
    case_id = await begun(here)

    for person in (KARIN, LARS):
        with pytest.raises(NotAllowed):
            await tries_again(here, case_id, by=person)
    with pytest.raises(Stale):
        await here.act(
            partial(
                dispatch.again,
                office=here.office,
                value=Value(case_id, "application", 1, "D 2026-9999"),
                by=SARA,
            )
        )


async def test_a_temporary_no_is_tried_again_later_and_then_sent_once(
    here: Town, box: Mailbox
) -> None:
    box.once = ["451 4.7.1 Greylisted"]
    case_id = await begun(here)

    await deliver(here, box)

    assert len(box.taken) == 7
    (waits,) = [row for row in (await rows(here, case_id)).values() if row.state is State.WAITING]
    assert "Greylisted" in (waits.error or "")
    await deliver(here, box)

    assert len(box.taken) == 8
    assert sum(row.doubtful for row in (await rows(here, case_id)).values()) == 0


def test_the_pauses_grow_to_an_hour_and_end_after_three_days() -> None:
    pauses = [retry_after(attempt) / 60 for attempt in range(1, TRIES + 1)]

    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert sum(pauses[:TOLD_AFTER]) == 63
    assert 70 < sum(pauses) / 60 < 74


async def test_a_server_that_is_away_is_told_of_after_an_hour_and_given_up_after_three_days(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as here, mailbox() as closed:
        pass
    async with town(sqlite_url, tmp_path) as here:
        case_id = await begun(here, gets("socialnamnden", "operating", 2026, 400_000))
        before = len(await here.said(SARA))
        for _ in range(6):
            await deliver(here, closed)
        assert "försöker igen i upp till tre dygn" in (await here.said(SARA))[-1]
        told = len(await here.said(SARA))
        assert told > before
        for _ in range(80):
            await deliver(here, closed)

        assert {row.state for row in (await rows(here, case_id)).values()} == {State.REFUSED}
        assert "inte tagit emot det på tre dygn" in (await here.said(SARA))[-1]
        assert all(row.doubtful == 0 for row in (await rows(here, case_id)).values())


async def test_a_connection_lost_after_the_letter_is_doubtful_and_sent_with_the_same_id(
    here: Town, box: Mailbox
) -> None:
    box.hangs_up = 1
    case_id = await begun(here)

    await deliver(here, box)
    await deliver(here, box)

    twice = [address for address in box.to if box.to.count(address) == 2]
    assert len(box.taken) == 9
    first, second = box.letters(twice[0])
    assert first["Message-ID"] == second["Message-ID"]
    assert len({str(message["Message-ID"]) for _, message in box.taken}) == 8
    found = await rows(here, case_id)
    assert sum(row.doubtful for row in found.values()) == 1
    assert {row.state for row in found.values()} == {State.SENT}
    assert "1 försök slutade utan besked" in (await here.said(SARA))[-1]


async def test_without_a_server_everything_waits_and_is_sent_once_there_is_one(
    here: Town, box: Mailbox
) -> None:
    case_id = await begun(here)

    await deliver(here, None)

    said = (await here.said(SARA))[-1]
    assert "0 av 8" in said
    assert "Ingen e-postserver är angiven (SMTP_URL)" in said
    assert {row.error for row in (await rows(here, case_id)).values()} == {"not_configured"}

    await here.act(dispatch.resume)
    await here.act(dispatch.resume)
    await deliver(here, box)

    assert len(box.taken) == 8
    assert len(set(box.to)) == 8


async def test_a_letter_that_cannot_be_written_is_said(here: Town) -> None:
    case_id = await begun(here)
    await here.work()
    first = next(iter((await rows(here, case_id)).values()))

    await here.act(when_failed(here.office)["mail"]({"dispatch": first.id}))

    row = (await rows(here, case_id))[first.recipient]
    assert (row.state, row.error) == (State.REFUSED, "failed")
