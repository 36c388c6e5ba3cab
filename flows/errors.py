"""Refusals: what a person may not do, said with a key that templates/ words in Swedish.

Everything that is not one of these is a bug and goes to the log.
"""


class FlowError(Exception):
    """Refused. `key` names the wording (`refusals.<file>.<key>`), `facts` fill it in."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class InvalidAnswer(FlowError):  # noqa: N818  nor is a slip of the pen
    """The answer does not fit its question; the question is asked again with this as the hint."""


class NotAllowed(FlowError):  # noqa: N818  a refusal is no error
    """The person may not do this, or not now."""


class Stale(FlowError):  # noqa: N818  nor is being second
    """Somebody was faster: what the person saw has changed since."""
