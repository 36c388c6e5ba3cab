"""Forms: fill in answers one question at a time.

The answers so far are the whole state of a conversation: the next question is the first that
applies and has no answer that still holds. A form is a sequence of `Ask`s, or of `Each` that
makes one `Ask` for every item an earlier answer named. Nothing here knows Slack or the database.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from flows.events import PersonId, Stage

Known = Mapping[str, Any]  # answers that apply and hold, by question
LONGEST = 3000  # characters of an answer: what one Slack text object holds


class Kind(StrEnum):
    """What sort of answer a question takes; `bot/blocks` turns it into a control."""

    TEXT = "text"
    LINE = "line"  # one line, e.g. a name
    CONTACT = "contact"  # text in which a phone number is welcome
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    PERSON = "person"
    ROWS = "rows"  # a table, filled in a row at a time in a modal
    CONFIRM = "confirm"  # a statement a person stands for; only yes is an answer


class Who(StrEnum):
    """Who is asked."""

    OFFICER = "officer"
    FINANCE = "finance"


def always(_: Known) -> bool:
    return True


def officer(_: Known) -> Who:
    return Who.OFFICER


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. Its wording stands in templates/messages/questions under its point and key."""

    key: str
    point: int  # 0 start, 1-4 the points of the rutin, 5 the dialogue
    kind: Kind
    stage: Stage = Stage.APPLICATION
    options: tuple[str, ...] = ()
    row: type[BaseModel] | None = None
    least: int = 1  # rows or choices
    longest: int = LONGEST
    optional: bool = False
    when: Callable[[Known], bool] = always
    who: Callable[[Known], Who] = officer
    # The answer holds only while these others are what they were when it was given.
    basis: tuple[str, ...] = ()
    # Asked only when every question before it has its answer, whoever is asked.
    waits: bool = False
    about: str = ""  # the item an `Each` made this question for

    @property
    def wording(self) -> str:
        """The key without the item: `included.socialnamnden` is worded as `included`."""
        return self.key.split(".")[0]


@dataclass(frozen=True, slots=True)
class Each:
    """One question for every item that an earlier answer named."""

    items: Callable[[Known], Iterable[str]]
    ask: Callable[[str], Ask]


Form = tuple[Ask | Each, ...]


class Answer(BaseModel, frozen=True):
    """An answer as given. `number` grows each time it is given anew, so that an old button is known as old."""

    value: Any
    by: PersonId
    at: datetime
    basis: str = ""
    number: int = 1


AnswerTo = Callable[[Ask], Answer | None]  # how the stored answers are looked up


class Item(NamedTuple):
    """A question that applies, with its answer if it has one that holds."""

    ask: Ask
    answer: Answer | None
    # An answer that no longer holds, shown when the question is asked again.
    stale: Answer | None = None


def fingerprint(ask: Ask, known: Known) -> str:
    """What the answer rests on, as a short hash; empty when it rests on nothing."""
    if not ask.basis:
        return ""
    on = known if ask.basis == ("*",) else {key: known.get(key) for key in ask.basis}
    text = json.dumps(to_jsonable_python(on), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def items(form: Form, answer_to: AnswerTo, *, stage: Stage = Stage.APPLICATION) -> Iterator[Item]:
    """Every question that applies, in order. `when` sees only answers that themselves apply."""
    known: dict[str, Any] = {}
    for ask in _asks(form, known):
        if stage is Stage.PROPOSAL and ask.stage is not stage:
            continue
        if ask.when is not always and not ask.when(known):
            continue
        answer = answer_to(ask)
        if answer is None:
            yield Item(ask, None)
        elif ask.basis and answer.basis != fingerprint(ask, known):
            yield Item(ask, None, stale=answer)
        else:
            known[ask.key] = answer.value
            yield Item(ask, answer)


def _asks(form: Form, known: Known) -> Iterator[Ask]:
    for entry in form:
        if isinstance(entry, Ask):
            yield entry
        else:
            for item in tuple(entry.items(known)):
                yield entry.ask(item)


def known(found: Iterable[Item]) -> dict[str, Any]:
    """The values of the answers that apply and hold."""
    return {item.ask.key: item.answer.value for item in found if item.answer is not None}


def next_ask(found: Iterable[Item], *, who: Who | None = None) -> Ask | None:
    """The first question without an answer; with `who`, the first that is put to them."""
    values: dict[str, Any] = {}
    missing = False
    for item in found:
        if item.answer is not None:
            values[item.ask.key] = item.answer.value
        elif missing and item.ask.waits:
            return None
        elif who is None or item.ask.who(values) is who:
            return item.ask
        else:
            missing = True
    return None


@dataclass(frozen=True, slots=True)
class Progress:
    """*punkt 2 av 4 · fråga 7 av 19*: where a question stands among those that apply now."""

    point: int
    number: int
    of: int


def progress(found: Iterable[Item], key: str) -> Progress:
    all_items = list(found)
    for number, item in enumerate(all_items, start=1):
        if item.ask.key == key:
            return Progress(item.ask.point, number, len(all_items))
    raise KeyError(key)


def find(found: Iterable[Item], key: str) -> Item | None:
    return next((item for item in found if item.ask.key == key), None)
