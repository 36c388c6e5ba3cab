"""E-mail about no single decision: digests and reports to those who are not in Slack.

Each goes out with the same Message-ID however often it is tried; what cannot be delivered comes back
to the secretaries by name.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from html import unescape
from typing import Any

from bot.acts import who, writing
from bot.mail import Accepted, Outcome, Refused
from bot.office import Office
from bot.owed import FileToSend, Note
from bot.perform import Transaction
from flows.programme import Role

JOB = "letter"
TRIES = 77  # with an hour between the later ones: three days
_SOON_S, _MOST_S = 60, 3600
_BOLD = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")
_LINK = re.compile(r"<(https?:[^|>]+)\|([^>]*)>")


def owe(
    tx: Transaction,
    office: Office,
    *,
    email: str,
    subject: str,
    text: str,
    files: Sequence[FileToSend] = (),
) -> None:
    """Owe the e-mail; `text` is a message's, as Slack reads it."""
    known = office.programme.person(email)
    written = f"{email}\n{subject}\n{tx.now.isoformat()}"
    letter: dict[str, Any] = {
        "id": f"letter.{sha256(written.encode()).hexdigest()[:24]}",
        "email": email,
        "name": known.name if known else "",
        "subject": subject,
        "body": plain(text),
        "files": list(files),
        "at": tx.now.isoformat(),
    }
    tx.owe(Note(name=JOB, arguments={"letter": letter, "attempts": 1}))


def settle(tx: Transaction, office: Office, arguments: dict[str, Any], outcome: Outcome) -> None:
    """Try again later and later for three days; then, or when it is refused, somebody must know."""
    attempts = arguments["attempts"]
    match outcome:
        case Accepted():
            return
        case Refused(why=why):
            not_sent(tx, office, arguments, why=why)
        case _ if attempts >= TRIES:
            not_sent(tx, office, arguments, why=outcome.why)
        case _:
            again = arguments | {"attempts": attempts + 1}
            wait = float(min(_SOON_S * 2 ** min(attempts - 1, 10), _MOST_S))
            tx.owe(Note(name=JOB, arguments=again, after_s=wait))


def not_sent(tx: Transaction, office: Office, arguments: dict[str, Any], *, why: str) -> None:
    letter = arguments["letter"]
    text = office.texts(
        "digest.files.not_sent", subject=letter["subject"], email=letter["email"], why=why
    )
    for person in who.with_role(tx.db, office, Role.SECRETARY):
        writing.tell(tx, person, text)


def plain(text: str) -> str:
    """A message's text as an e-mail has it: without Slack's marks, links as addresses."""
    without = _BOLD.sub(r"\1", _LINK.sub(r"\2 (\1)", text).replace("`", ""))
    return unescape(without)
