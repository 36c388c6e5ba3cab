"""Payloads that Slack never made, through the whole table: nothing raises, everything is acked.

`FUZZ=1000 make fuzz` tries more of them. What is forged is done as somebody who may, so that it is the
value alone that stands between her and an effect.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.listeners.commands import COMMANDS
from tests.bot.everything import EVERYBODY, Control
from tests.bot.test_permissions import Everything, Form, everything, made_in, press, wires
from tests.bot.town import SARA
from tests.bot.wires import Line, line
from tests.fuzzing import FUZZ, tries

__all__ = ["everything", "wires"]  # fixtures

TRIES = tries(40)
pytestmark = pytest.mark.fuzz
# What somebody who forges a button's value would write in it.
VALUES = [
    "", " ", "null", "[]", "{}", "[[]]", "[null]", "true", "0", "-1", "²", "٣", "1e9", "NaN",
    "9" * 5000, "[" * 5000, "\0", "\ud800", "å" * 3000, "' OR 1=1 --", "<!channel>", "../../etc",
    '["2026-0001","application",-1,"recommend"]', '["2026-0001","application",1e2,"recommend"]',
    '["2026-0001","application",9223372036854775808,"granted"]', '["2026-0099","",1,""]',
    '["9999-0001","application",1,"recommend"]', '["2026-0099","report",1,"2027-april"]',
    '["2026-0099","application",1,"granted:"]', '["","application",1,"investment:2026"]',
    '["2026-0099","application",1,"investment:²"]', '["2026-0099","application",1,"operating:-1"]',
    '["2026-0001\\u0000","application",1,"recommend"]', '["2026-0001","application",true,"x"]',
    '[-1,"title",0,""]', '[9223372036854775807,"title",0,""]', '[999999,"\\u0000",0,""]',
    '[999999,"title",0,"99999999999"]', '[999999,"operating",1,"²"]', '[999999,"~",0,"0"]', '[999999,"title~",0,"0"]',
    '[999999,"title",0,"-1"]', '[999999,"title",0,""]', '[1.5,"title",0,""]', '[true,"title",0,""]',
    '[2026,"socialnamnden",-1]', '[99999999999,"",0]', '[0,"",0]', "cases:-1",
    "cases:99999999999999999999", "cases:²", "inbox:0", "pengar:0", "case:2026-0001", "draft:x",
]  # fmt: skip
ODD: list[Any] = [None, 0, -1, 1.5, True, [], {}, ["x"], {"x": 1}, "\0", "\ud800\udc00\udfff"]


async def test_a_forged_value_has_no_effect_whoever_sends_it(wires: Line, everything: Everything):
    """Of a button or form that carries one; those that carry none ignore it."""
    before = await wires.stored()
    for one in everything.all:
        if not one.value or not one.value.startswith("["):
            continue
        for value in [value for value in VALUES if value != one.value]:
            await press(wires, replace(one, value=value), one.by)
            assert await wires.stored() == before, (one.id, value)


async def test_no_number_or_text_is_too_large_or_too_odd_for_postgres(
    postgres_url: str, tmp_path: Path
):
    """What SQLite takes it may refuse: a number beyond four bytes, half a surrogate pair, a null."""
    async with line(postgres_url, tmp_path) as wires:
        controls = (await made_in(wires, tmp_path)).all
        tries = [(one, value) for one in controls if one.value for value in VALUES]
        for one, value in tries[:: 1 if FUZZ else 31]:
            await press(wires, replace(one, value=value), one.by)
        for word in COMMANDS:
            for odd in (
                "99999999999",
                "-1",
                "9" * 40,
                "\ud800",
                "\0",
                "2026-99999999999",
                "å" * 3000,
            ):
                await wires.send("command", wires.command(SARA, f"{word} {odd}"))


async def test_what_no_payload_holds_is_acked_and_logged(wires: Line, everything: Everything):
    for kind, body in [*whole(wires, everything)][:: 1 if FUZZ else 9]:
        for place in places(body):
            for odd in ODD:
                await wires.send(kind, put(body, place, odd))


async def test_an_old_envelope_again_does_nothing_again(wires: Line, everything: Everything):
    for one in everything.all:
        body = payload(wires, one)
        await wires.send(*body)
        after = await wires.stored()
        owed = await wires.send(*body)
        assert await wires.stored() == after, one.id
        assert not [a for a in owed if isinstance(a, dict) and a.get("kind") == "post"], one.id


async def test_our_own_words_are_no_answer(wires: Line, everything: Everything):
    """A message of ours that came back would be answered, and that answered again."""
    office = wires.shell.office
    ours = wires.message(f"{office.team}:{office.bot_user}", "ny")
    assert await wires.send("event:message", ours) == [{}]


# Whatever stands in a payload where Slack puts a text.
texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(VALUES),
    st.sampled_from([*COMMANDS, "visa", "ny", "fortsätt", "2 mkr", "1 feb", "19850709-9805"]),
    st.sampled_from(ODD),
)


async def test_random_payloads_of_every_kind_are_answered(wires: Line, everything: Everything):
    """One town for all of them, so that they also meet what the others have done."""
    kinds = [kind for kind, _ in whole(wires, everything)]

    @settings(max_examples=TRIES, database=None, suppress_health_check=[*HealthCheck])
    @given(st.data())
    def payloads(data: Any) -> None:
        drawn.append(data.draw(_one(kinds)))

    drawn: list[Any] = []
    payloads()
    for number, person, changes in drawn:
        kind, body = list(whole(wires, everything, person=person))[number]
        for at, value in changes:
            spots = places(body)
            body = put(body, spots[at % len(spots)], value)
        await wires.send(kind, body)


def _one(kinds: list[str]) -> st.SearchStrategy[Any]:
    changes = st.lists(st.tuples(st.integers(0, 500), texts), max_size=4)
    return st.tuples(
        st.integers(0, len(kinds) - 1), st.sampled_from([None, *sorted(EVERYBODY)]), changes
    )


def payload(wires: Line, one: Control, person: str | None = None) -> tuple[str, dict[str, Any]]:
    if isinstance(one, Form):
        return "view", wires.form(person or one.by, one.id, one.value, dict(one.values))
    return "action", wires.press(person or one.by, one.id, one.value, **one.more)


def whole(wires: Line, everything: Everything, *, person: str | None = None) -> Any:
    """A payload of every action and form, and of every other kind."""
    for one in everything.all:
        yield payload(wires, one, person)
    by = person or everything.all[0].by
    yield "command", wires.command(by, "ärende 2026-0001")
    yield "shortcut", wires.shortcut(by)
    file = {"id": "F1", "name": "a.pdf", "size": 10}
    yield "event:message", wires.message(by, "Ett svar.", files=[file])
    changed = {"subtype": "message_changed", "event_ts": "1.1"}
    message = {"user": "U0ANNA", "text": "b", "edited": {}}
    yield "event:message", wires.message(by, "", **changed, message=message, previous_message={})
    yield "event:app_home_opened", wires.event(by, "app_home_opened", tab="home", channel="D1")
    user = {"id": "U0ANNA", "team_id": "T0SANDBOX", "name": "a", "real_name": "A", "profile": {}}
    yield "event:user_change", {"event": {"type": "user_change", "user": user}}


def places(body: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in the payload; the kind of event is Bolt's to match."""
    if isinstance(body, dict):
        inner = [spot for key, value in body.items() for spot in places(value, (*at, key))]
    elif isinstance(body, list):
        inner = [spot for n, value in enumerate(body) for spot in places(value, (*at, n))]
    else:
        inner = []
    return [*([at] if at else []), *inner]


def put(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    if isinstance(body, list):
        return [put(one, place[1:], value) if n == place[0] else one for n, one in enumerate(body)]
    return body | {place[0]: put(body[place[0]], place[1:], value)}
