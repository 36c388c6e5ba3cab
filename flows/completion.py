"""Which questions a submitted version answered, and which of them KLG can ask to have completed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flows.answers import from_json
from flows.form import Ask, Each, Kind
from flows.intake import form
from flows.programme import Programme

# What the officer confirms anew each time, and what is no content of the proposal.
_NOT_ASKED_BACK = frozenset({"secrecy"})


def asks(programme: Programme, keys: Iterable[str]) -> tuple[Ask, ...]:
    """The questions with these keys, in the order they are asked; a key no longer asked is left out."""
    wanted = frozenset(keys)
    return tuple(ask for ask in _every(programme, wanted) if ask.key in wanted)


def _every(programme: Programme, keys: frozenset[str]) -> Iterator[Ask]:
    for entry in form(programme):
        match entry:
            case Ask():
                yield entry
            case Each(ask=make):
                wording = make("").wording
                yield from (make(k.partition(".")[2]) for k in sorted(keys) if _is(k, wording))


def _is(key: str, wording: str) -> bool:
    return key.partition(".")[0] == wording


def can_be_completed(programme: Programme, keys: Iterable[str]) -> tuple[Ask, ...]:
    """What a member of KLG can name when she asks for clarification or completion."""
    return tuple(
        ask
        for ask in asks(programme, keys)
        if ask.kind is not Kind.CONFIRM and ask.key not in _NOT_ASKED_BACK
    )


def known(programme: Programme, stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The typed values of a submission's answers, by question."""
    read = ((ask.key, from_json(ask, stored[ask.key])) for ask in asks(programme, stored))
    return {key: answer.value for key, answer in read if answer is not None}
