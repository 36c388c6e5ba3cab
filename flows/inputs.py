"""The inputs of a modal, read one by one; what is wrong is collected, so that all of it is said at once.

Inputs are texts by name: amounts as people write them, dates as ISO, choices by their value.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from flows.answers import refuse_identity
from flows.errors import FlowError, InvalidAnswer

Inputs = Mapping[str, str]
T = TypeVar("T")


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
