"""Drafts at random, against a simple model: people answer, edit, go back, invite and leave in any order.

The model is a dict of what was said last to each question, and of what it rested on. Whatever is done,
and whichever form is asked by, the draft can be read, only the answer that was given has changed, and
every answer that applies and still rests on the same is there.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.acts import editing, ending, intake, invite, rows, writing
from bot.acts.writing import WORKING, Writing
from flows import answers, form
from flows.errors import FlowError
from flows.events import Stage
from flows.form import Kind
from flows.programme import Programme
from storage import drafts
from tests.bot.desk import ANNA, EVA, OMAR, Desk, desk
from tests.flows.filled import KFF, SF, TFF, example, values, with_own_questions
from tests.fuzzing import tries

pytestmark = pytest.mark.fuzz
FILLED = values()
PEOPLE = st.sampled_from([ANNA, ANNA, ANNA, EVA, OMAR])
# What is drawn for a question besides what it has in the filled-in application.
OTHER: dict[Kind, list[Any]] = {
    Kind.TEXT: ["Ett annat svar.", "=1+1 <!channel>", " ", "850709-9805", "å" * 3_001, "\0"],
    Kind.LINE: ["Ett annat namn", "", "x" * 121],
    Kind.CONTACT: ["Omar Haddad\n070-765 43 21", "850709-9805"],
    Kind.YES_NO: ["ja", "nej", True, False, "kanske", None],
    Kind.CHOICE: ["own_operations", "officer", "programme", "administration", "classified", "x"],
    Kind.CHOICES: [[SF], [KFF], [TFF], [SF, KFF], [], ["x"], "x"],
    Kind.DATE: ["2026-12-01", "1 mars 2029", "2027-02-30", "snart"],
    Kind.PERSON: ["Eva Lund", {"user": "U0EVA"}, {"user": "U0OMAR"}, {"user": "U0GUEST"}, "1"],
    Kind.ROWS: [[], "en rad"],
    Kind.CONFIRM: ["ja", "nej", True],
}


def programmes() -> list[Programme]:
    """The municipality's form as it was, and as other versions ask it."""
    own = with_own_questions()
    fewer = own.model_copy(update={"extra_questions": own.extra_questions[1:3]})
    committees = tuple(one for one in example().committees if one.administrations[0].id != KFF)
    return [example(), own, fewer, example().model_copy(update={"committees": committees})]


PROGRAMMES = programmes()


class Drafts(RuleBasedStateMachine):
    """One town for all of them; each begins a draft of its own."""

    def __init__(self, runner: asyncio.Runner, here: Desk) -> None:
        super().__init__()
        self.runner, self.here = runner, here
        self.draft = 0
        self.said: dict[str, tuple[Any, dict[str, Any]]] = {}  # value, and what it rested on

    # --- what people do ------------------------------------------------------------------------

    @initialize(number=st.integers(0, len(FILLED)), stage=st.sampled_from(Stage))
    def begins(self, number: int, stage: Stage) -> None:
        self.by_form(0)
        self.begins_anew(number, stage)

    def begins_anew(self, number: int, stage: Stage) -> None:
        given = dict([*FILLED.items()][:number])
        self.said = {}
        self.draft = self.runner.run(self.here.town.draft(given, stage=stage))
        opened = self.opened()
        for item in opened.items:
            if item.answer is not None:
                self.remember(opened, item.ask.key)

    @rule(data=st.data(), person=PEOPLE, in_turn=st.booleans(), late=st.booleans())
    def answers(self, data: Any, person: str, in_turn: bool, late: bool) -> None:
        opened = self.opened()
        ask = form.next_ask(opened.items, who=opened.asked(person)) if in_turn else None
        ask = ask or data.draw(st.sampled_from([item.ask for item in opened.items]))
        fitting = [answers.to_json(FILLED[ask.key])] * 3 if ask.key in FILLED else []
        raw = data.draw(st.sampled_from([*fitting, *OTHER[ask.kind]]))
        saw = opened.number(ask.key) - late
        self.does(person, intake.answer, key=ask.key, saw=saw, raw=raw, may_change=ask.key)

    @rule(person=PEOPLE, text=st.sampled_from(["Ett tillägg.", "850709-9805", "tillbaka", "ja"]))
    def writes_before_she_saw(self, person: str, text: str) -> None:
        standing = self.read(lambda db: drafts.position(db, person))
        if standing is not None and standing.draft_id == self.draft:
            late = partial(intake.late_text, standing=standing, text=text)
            self.does(person, lambda tx, o, person, draft_id: late(tx, o, person=person),
                      may_change=standing.answered or "")  # fmt: skip

    @rule(person=PEOPLE, data=st.data(), does=st.sampled_from([editing.change, editing.back]))
    def edits(self, person: str, data: Any, does: Callable[..., None]) -> None:
        key = data.draw(st.sampled_from([item.ask.key for item in self.opened().items]))
        self.does(person, does, key=key)

    @rule(person=PEOPLE, does=st.sampled_from([editing.show, editing.pause, intake.resume]))
    def looks(self, person: str, does: Callable[..., None]) -> None:
        self.does(person, does)

    @rule(person=PEOPLE, data=st.data())
    def skips(self, person: str, data: Any) -> None:
        opened = self.opened()
        key = data.draw(st.sampled_from([item.ask.key for item in opened.items]))
        self.does(person, editing.skip, key=key, saw=opened.number(key), may_change=key)

    @rule(person=PEOPLE, data=st.data(), done=st.booleans())
    def works_in_a_table(self, person: str, data: Any, done: bool) -> None:
        opened = self.opened()
        tables = [item.ask.key for item in opened.items if item.ask.kind is Kind.ROWS]
        key = data.draw(st.sampled_from(tables or ["operating"]))
        saw = opened.number(key)
        if done:
            self.does(person, rows.done, key=key, saw=saw, may_change=key)
        else:
            self.does(person, rows.remove, key=key, saw=saw, index=0)

    @rule(person=PEOPLE, invited=st.sampled_from([OMAR, EVA, "T0SANDBOX:U0GUEST"]))
    def invites(self, person: str, invited: str) -> None:
        self.does(person, invite.authors, invited=[invited])

    @rule(person=PEOPLE)
    def asks_finance(self, person: str) -> None:
        self.does(person, invite.ask_finance, may_change="calculation_by")

    @rule(number=st.integers(0, len(PROGRAMMES) - 1))
    def by_form(self, number: int) -> None:
        """The bot is started anew with another version of the form."""
        office = replace(self.here.town.office, programme=PROGRAMMES[number])
        self.here.town.office = office

    @rule(person=st.sampled_from([ANNA, OMAR, EVA, EVA]), sure=st.integers(0, 3))
    def withdraws(self, person: str, sure: int) -> None:
        if person == ANNA and sure:
            return  # or few drafts would live long
        self.does(person, ending.leave)

    # --- what holds ----------------------------------------------------------------------------

    @invariant()
    def nothing_that_applies_is_lost(self) -> None:
        if not self.draft:
            return
        opened = self.opened()
        keys = [item.ask.key for item in opened.items]
        assert len(keys) == len(set(keys))
        known: dict[str, Any] = {}
        for item in opened.items:
            key = item.ask.key
            if key in self.said:
                value, rested_on = self.said[key]
                if rested_on == self.rests_on(item.ask, known) and fits(item.ask, value):
                    assert item.answer is not None, f"{key} is lost"
                    assert answers.to_json(item.answer.value) == value
                else:
                    assert item.answer is None, f"{key} does not hold"
            else:
                assert item.answer is None, f"{key} was never said"
            if item.answer is not None:
                known[key] = item.answer.value
        assert opened.known == known
        for person in (ANNA, OMAR, EVA):
            asked = form.next_ask(opened.items, who=opened.asked(person))
            assert asked is None or asked.key not in known

    @invariant()
    def what_is_stored_is_what_was_said(self) -> None:
        if self.draft:
            rows = self.runner.run(self.here.stored(self.draft))
            stored = {key: row["value"] for key, row in rows.items() if not key.endswith(WORKING)}
            assert stored == {key: value for key, (value, _) in self.said.items()}

    # --- how -----------------------------------------------------------------------------------

    def does(self, person: str, act: Any, *, may_change: str = "", **more: Any) -> None:
        """Do it, or be refused. Only the answer to `may_change` may be another afterwards."""
        before = self.opened()
        work = partial(
            act, office=self.here.town.office, person=person, draft_id=self.draft, **more
        )
        if isinstance(act, partial) or act.__name__ == "<lambda>":
            office = self.here.town.office
            work = lambda tx: act(tx, office, person=person, draft_id=self.draft)  # noqa: E731
        try:
            self.runner.run(self.here.town.act(work))
        except FlowError as refusal:  # in words that there are
            self.here.town.office.texts(refusal.key, **refusal.facts)
        state = self.read(lambda db: drafts.get(db, self.draft))
        if state is None or state.state == drafts.ENDED:
            assert not self.runner.run(self.here.stored(self.draft)), "what was left is gone"
            self.begins_anew(len(FILLED) // 2, Stage.APPLICATION)
            return
        after = self.opened()
        changed = before.stored.get(may_change) != after.stored.get(may_change)
        if may_change and changed:
            self.remember(after, may_change)

    def remember(self, opened: Writing, key: str) -> None:
        item = form.find(opened.items, key)
        assert item is not None
        known = writing.known_before(opened, key)
        self.said[key] = (opened.stored[key]["value"], self.rests_on(item.ask, known))

    def rests_on(self, ask: form.Ask, known: dict[str, Any]) -> dict[str, Any]:
        keys = known if ask.basis == ("*",) else ask.basis
        return {key: answers.to_json(known.get(key)) for key in keys}

    def opened(self) -> Writing:
        return self.read(lambda db: writing.load(db, self.here.town.office, self.draft))

    def read(self, query: Any) -> Any:
        return self.runner.run(self.here.town.perform.read(query))


def fits(ask: form.Ask, value: Any) -> bool:
    """Whether what was said once is still among what can be said."""
    said = value if isinstance(value, list) else [value]
    if ask.kind in {Kind.CHOICE, Kind.CHOICES}:
        return all(one in ask.options for one in said)
    return True


async def test_every_question_can_be_asked_again_however_little_else_is_answered(
    sqlite_url: str, tmp_path: Path
) -> None:
    """An old button stands under a question whose forerunners another version of the form asks anew."""
    async with desk(sqlite_url, tmp_path) as here:
        gates = {key: FILLED[key] for key in ("finance_officer", "property", "concerned")}
        draft = await here.town.draft(gates)
        load = partial(writing.load, office=here.town.office, draft_id=draft)
        for item in (await here.town.perform.read(load)).items:
            await here.town.act(
                partial(
                    editing.change,
                    office=here.town.office,
                    person=ANNA,
                    draft_id=draft,
                    key=item.ask.key,
                )
            )


def test_whatever_is_done_to_a_draft_nothing_that_applies_is_lost(
    database_url: str, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        here = runner.run(stack.enter_async_context(desk(database_url, tmp_path)))
        try:
            run_state_machine_as_test(  # type: ignore[no-untyped-call]
                lambda: Drafts(runner, here),
                settings=settings(max_examples=tries(12), stateful_step_count=25, database=None),
            )
        finally:
            runner.run(stack.aclose())
