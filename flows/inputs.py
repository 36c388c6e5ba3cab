"""The inputs of a modal, read one by one; what is wrong is collected, so that all of it is said at once.

Inputs are texts by name: amounts as people write them, dates as ISO, choices by their value.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from flows.answers import refuse_identity
from flows.errors import FlowError, InvalidAnswer

Inputs = Mapping[str, str]
T = TypeVar("T")
Chosen = TypeVar("Chosen", bound=StrEnum)


class WrongInputs(FlowError):  # noqa: N818  it is the inputs that are wrong
    """What is wrong, by the name of the input."""

    def __init__(self, by_input: Mapping[str, FlowError]) -> None:
        super().__init__("refusals.rows.wrong_inputs")
        self.by_input = dict(by_input)


class Reader:
    """Reads inputs, and remembers the refusal of each that does not fit."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.wrong: dict[str, FlowError] = {}

    def get(self, name: str, read: Callable[[str], T], *, otherwise: T) -> T:
        written = self.inputs.get(name, "")
        try:
            refuse_identity(written)
            return read(written)
        except InvalidAnswer as refusal:
            self.wrong[name] = refusal
            return otherwise

    def done(self) -> None:
        """Raises WrongInputs with every input that is wrong."""
        if self.wrong:
            raise WrongInputs(self.wrong)


def one_of(kind: type[Chosen]) -> Callable[[str], Chosen]:
    """Reads a choice by its value. What the form never offered is refused, however it came."""

    def read(value: str) -> Chosen:
        try:
            return kind(value)
        except ValueError:
            raise InvalidAnswer("refusals.answers.not_an_option") from None

    return read


def year(written: str) -> int:
    """A year that was chosen, as four digits."""
    if not re.fullmatch("[0-9]{4}", written):
        raise InvalidAnswer("refusals.answers.not_an_option")
    return int(written)
