"""The engine: the next question is computed from the answers, whatever way they came about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import form
from flows.events import Stage
from flows.form import Answer, Ask, Each, Kind, Who

AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
FRUIT = ("apple", "pear", "plum")


def _finance(known: Mapping[str, Any]) -> Who:
    return Who.FINANCE if known.get("by") == "finance" else Who.OFFICER


FORM: form.Form = (
    Ask("name", 0, Kind.LINE, Stage.PROPOSAL),
    Ask("likes", 1, Kind.YES_NO, Stage.PROPOSAL),
    Ask("why", 1, Kind.TEXT, Stage.PROPOSAL, when=lambda known: known.get("likes") is True),
    Ask("fruit", 2, Kind.CHOICES, options=FRUIT, when=lambda known: known.get("likes") is True),
    Each(lambda known: known.get("fruit", ()), lambda key: Ask(f"taste.{key}", 2, Kind.TEXT)),
    Ask("by", 3, Kind.CHOICE, options=("officer", "finance")),
    Ask("sum", 3, Kind.LINE, who=_finance),
    Ask("confirmed", 3, Kind.CONFIRM, basis=("sum", "likes"), who=_finance),
    Ask("later", 4, Kind.LINE, optional=True),
    Ask("attested", 5, Kind.CONFIRM, basis=("*",), waits=True),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["a", "b"]),
    "likes": st.booleans(),
    "why": st.sampled_from(["x", "y"]),
    "fruit": st.lists(st.sampled_from(FRUIT), unique=True, min_size=1).map(tuple),
    **{f"taste.{one}": st.just("sweet") for one in FRUIT},
    "by": st.sampled_from(["officer", "finance"]),
    "sum": st.sampled_from(["1", "2"]),
    "confirmed": st.just(True),
    "later": st.sampled_from(["z", None]),
    "attested": st.just(True),
}
Gestures = list[tuple[str, Any]]
gestures = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(lambda key: st.tuples(st.just(key), VALUES[key])),
    max_size=30,
)


def items(stored: Mapping[str, Answer], **more: Any) -> list[form.Item]:
    return list(form.items(FORM, lambda ask: stored.get(ask.key), **more))


def give(stored: dict[str, Answer], key: str, value: Any) -> None:
    """Store an answer as the conversation does: with what it rests on now. Others are refused."""
    found = items(stored)
    item = form.find(found, key)
    if item is None:
        return
    known = form.known(found[: [i.ask.key for i in found].index(key)])
    stored[key] = Answer(value=value, by="T:A", at=AT, basis=form.fingerprint(item.ask, known))


def after(done: Gestures) -> dict[str, Answer]:
    stored: dict[str, Answer] = {}
    for key, value in done:
        give(stored, key, value)
    return stored


def finish(stored: dict[str, Answer]) -> int:
    """Answer what is asked until nothing is; returns how many questions that took."""
    count = 0
    while (ask := form.next_ask(items(stored))) is not None:
        value = {"likes": True, "fruit": FRUIT, "by": "officer"}.get(ask.key, "x")
        give(stored, ask.key, value)
        count += 1
    return count


@given(gestures)
def test_the_position_is_computed_from_the_answers_alone(done: Gestures):
    stored = after(done)
    asked = form.next_ask(items(stored))

    again = {key: stored[key] for key in sorted(stored, reverse=True)}

    assert form.next_ask(items(again)) == asked


@given(gestures)
def test_answering_what_is_asked_always_comes_to_an_end(done: Gestures):
    stored = after(done)

    assert finish(stored) <= len(VALUES)
    assert all(item.answer is not None for item in items(stored))


@given(gestures, st.sampled_from(sorted(VALUES)))
def test_taking_back_an_answer_asks_it_again_and_keeps_the_others(done: Gestures, key: str):
    stored = after(done)
    finish(stored)
    if form.find(items(stored), key) is None:
        return
    kept = {one: answer for one, answer in stored.items() if one != key}

    assert form.find(items(kept), key) is None or form.find(items(kept), key).answer is None
    give(kept, key, stored[key].value)
    for one, answer in form.known(items(stored)).items():
        assert form.known(items(kept))[one] == answer


@given(gestures)
def test_only_answers_that_apply_are_known(done: Gestures):
    known = form.known(items(after(done)))

    if known.get("likes") is not True:
        assert not known.keys() & {"why", "fruit", *(f"taste.{one}" for one in FRUIT)}
    tasted = {key.removeprefix("taste.") for key in known if key.startswith("taste.")}
    assert tasted <= set(known.get("fruit", ()))


@given(gestures)
def test_each_question_is_asked_at_most_once_and_in_its_place(done: Gestures):
    keys = [item.ask.key for item in items(after(done))]

    assert len(keys) == len(set(keys))
    assert keys[0] == "name"
    assert keys[-1] == "attested"


@given(gestures, st.sampled_from(["1", "2"]))
def test_a_confirmation_holds_until_what_it_rests_on_changes_and_no_longer(
    done: Gestures, later: str
):
    stored = after(done)
    finish(stored)
    before = stored["sum"].value
    give(stored, "name", "another")
    confirmed = form.find(items(stored), "confirmed")
    assert confirmed is not None
    assert confirmed.answer is not None

    give(stored, "sum", later)

    confirmed = form.find(items(stored), "confirmed")
    assert confirmed is not None
    assert (confirmed.answer is None) == (later != before)
    assert (confirmed.stale is None) == (later == before)


@given(gestures)
def test_what_rests_on_everything_is_confirmed_last_and_anew_after_any_change(done: Gestures):
    stored = after(done)
    finish(stored)
    give(stored, "name", f"not {stored['name'].value}")

    asked = form.next_ask(items(stored))

    assert asked is not None
    assert asked.key == "attested"


@given(gestures)
def test_progress_counts_the_questions_that_apply(done: Gestures):
    found = items(after(done))

    seen = [form.progress(found, item.ask.key) for item in found]

    assert [one.number for one in seen] == list(range(1, len(found) + 1))
    assert {one.of for one in seen} == {len(found)}


def test_progress_of_a_question_that_is_not_asked_is_a_defect():
    with pytest.raises(KeyError):
        form.progress(items({}), "why")


@given(gestures)
def test_the_first_stage_asks_its_own_questions_only(done: Gestures):
    found = items(after(done), stage=Stage.PROPOSAL)

    assert {item.ask.key for item in found} <= {"name", "likes", "why"}


def test_finance_is_asked_hers_while_the_officer_goes_on_with_the_rest():
    stored = after([("name", "a"), ("likes", False), ("by", "finance")])

    finances = form.next_ask(items(stored), who=Who.FINANCE)
    officers = form.next_ask(items(stored), who=Who.OFFICER)

    assert finances is not None
    assert officers is not None
    assert (finances.key, officers.key) == ("sum", "later")


def test_what_waits_for_all_others_is_not_asked_while_finance_is_not_done():
    stored = after([("name", "a"), ("likes", False), ("by", "finance"), ("later", None)])

    assert form.next_ask(items(stored), who=Who.OFFICER) is None


def test_each_asks_of_what_was_named_and_forgets_nothing_when_it_is_named_again():
    stored = after([("name", "a"), ("likes", True), ("why", "x"), ("fruit", ("apple", "pear"))])
    give(stored, "taste.apple", "sour")
    give(stored, "fruit", ("pear",))
    assert [i.ask.key for i in items(stored) if i.ask.key.startswith("taste")] == ["taste.pear"]

    give(stored, "fruit", ("apple",))

    assert form.known(items(stored))["taste.apple"] == "sour"
    assert Ask("taste.apple", 2, Kind.TEXT).wording == "taste"
