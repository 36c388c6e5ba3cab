"""A question fits into one Slack message, however much has been filled in before it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.blocks import question
from bot.blocks.question import Put
from bot.office import Office
from bot.render import Texts
from flows.calculation import Duration, OperatingLine, Recurrence
from flows.form import Ask, Item, Progress
from flows.intake import Dialogue, TalkedWith
from sandbox import surfaces
from tests.bot.town import TEAM, buttons, texts_of
from tests.flows.filled import example

OFFICE = Office(example(), Texts(), TEAM, "U0BOT", "C0KLG")
COMMITTEE = OFFICE.programme.committees[0].id


def drift(count: int) -> tuple[OperatingLine, ...]:
    return tuple(
        OperatingLine(
            what=f"{number} " + "rad & mer " * 19,
            amount=Decimal(10) ** 11,
            start=date(2026, 1, 1),
            end=date(2045, 12, 31),
            duration=Duration.TEMPORARY,
            recurrence=Recurrence.RECURRING,
        )
        for number in range(count)
    )


def asked(key: str, value: Any, *, details: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    ask = next(one for one in OFFICE.form if isinstance(one, Ask) and one.key == key)
    _, blocks = question.message(
        OFFICE,
        Put(Item(ask, None), 1, Progress(3, 20, 40), "T" * 120, value=value, details=details),
    )
    surfaces.check_blocks(blocks, surface="message")  # raises what Slack would refuse
    return blocks


@pytest.mark.parametrize("count", [1, 15, 16, 500])
def test_a_table_from_the_workbook_fits_however_many_rows_it_has(count: int):
    blocks = asked("operating", drift(count), details=tuple(["en lång rad " * 40] * count))

    assert any(button["action_id"] == "intake_workbook" for button in buttons(blocks))


def test_more_rows_than_there_is_room_for_are_changed_in_the_workbook():
    blocks = asked("operating", drift(16))

    assert "16 rader" in texts_of(blocks)
    assert not any(button["action_id"] == "intake_row_change" for button in buttons(blocks))


def test_the_longest_notes_about_conversations_fit():
    entry = Dialogue(
        on=date(2026, 1, 1),
        talked_with=TalkedWith.CHAIR_AND_PRESIDIUM,
        committee=COMMITTEE,
        note="ord " * 250,
    )

    blocks = asked("dialogue", (entry,) * 15)

    assert sum(button["action_id"] == "intake_row_change" for button in buttons(blocks)) == 15
