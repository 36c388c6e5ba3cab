"""A dnr: the number of a matter in the municipality's register, written as that register has it."""

from flows import identity
from flows.errors import InvalidAnswer

LONGEST = 50


def read(written: str) -> str:
    """Return it on one line; every municipality has its own form.

    Raises InvalidAnswer when it has no digit, is too long, or holds an identity number.
    """
    dnr = " ".join(written.split())
    if not any(character.isdigit() for character in dnr):
        raise InvalidAnswer("refusals.inbox.no_dnr")
    if len(dnr) > LONGEST:
        raise InvalidAnswer("refusals.inbox.too_long", longest=LONGEST)
    if identity.contains(dnr):
        raise InvalidAnswer("refusals.inbox.identity_number")
    return dnr
