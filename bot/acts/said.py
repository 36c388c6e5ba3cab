"""What a person writes to the bot: a word that steers, an answer to the open question, or a file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.acts import appendices, editing, ending, intake, who, writing
from bot.blocks import kit
from bot.ids import INVITE, START, About
from bot.office import Office
from bot.perform import Transaction
from flows import answers
from flows.errors import NotAllowed
from storage import conversations, drafts
from storage import standing as standings
from storage.drafts import Position
from storage.outbox import Delivery

_WORDS = {
    "tillbaka": "back", "bakåt": "back",
    "visa": "show", "status": "show", "ändra": "show",
    "pausa": "pause", "paus": "pause", "pause": "pause",
    "hjälp": "help", "help": "help", "?": "help",
    "avbryt": "leave", "avsluta": "leave",
    "fortsätt": "resume", "börja": "resume",
    "ny": "start", "ny ansökan": "start", "starta": "start",
    "bjud in": "invite",
}  # fmt: skip


# Slack itself delivers again within six minutes; later than that we were away.
_LATE_S = 10 * 60
_OLD_S = 14 * 24 * 60 * 60  # nobody reads farther back (bot/catch_up.py)


class Unresolved(Exception):  # noqa: N818  it is a question, put to Slack's history
    """Nobody knows yet whether the open question was posted; `outbox_id` names it."""

    def __init__(self, outbox_id: int) -> None:
        super().__init__(outbox_id)
        self.outbox_id = outbox_id


def said(
    tx: Transaction,
    office: Office,
    *,
    person: str,
    channel: str,
    ts: str,
    text: str,
    files: Sequence[Any] = (),
    certain: bool = False,
) -> None:
    """Take in a message of the person's own.

    Raises Unresolved when it cannot be told whether the open question came before the message;
    with `certain` the question is then taken not to have been posted.
    """
    found = standings.of(tx.db, person)
    last = found.active_at if found.channel == channel else None
    conversations.seen(tx.db, channel, user=person.split(":")[1], at=tx.real, last=last)
    who.require_open_account(office, person, found.account)
    standing = found.position
    if files:
        appendices.receive(tx, office, person=person, standing=standing, files=files)
    written = text.strip()
    if not written:
        return
    _say_if_late(tx, office, person=person, ts=ts, last=last)
    steer = _WORDS.get(" ".join(written.lower().rstrip(".!").split()))
    if steer is not None:
        _steer(tx, office, steer, person=person, standing=standing)
    elif standing is None or standing.asked is None or standing.post is None:
        answers.refuse_identity(written, contact=True)  # nobody asked, but it stands there
        new_here = not drafts.of_person(tx.db, person, limit=1)
        _nothing_asked(tx, office, person=person, key="hello" if new_here else "nothing_asked")
    elif _posted_before(found.posted, standing.post, ts, certain=certain):
        intake.answer(
            tx,
            office,
            person=person,
            draft_id=standing.draft_id,
            key=standing.asked,
            saw=standing.saw,
            raw=written,
            fold_later=True,
            found=found,
        )
    else:
        answers.refuse_identity(written, contact=True)  # whatever it turns out to belong to
        intake.late_text(tx, office, person=person, standing=standing, text=written)


def _say_if_late(
    tx: Transaction, office: Office, *, person: str, ts: str, last: datetime | None
) -> None:
    """She wrote while we were away: say so before the answer, once for all that she wrote then."""
    second = ts.partition(".")[0]
    if not second.isdecimal():
        return
    age = tx.real.timestamp() - int(second)
    if not _LATE_S <= age <= _OLD_S or (last and (tx.real - last).total_seconds() < _LATE_S):
        return
    wrote = datetime.fromtimestamp(int(second), UTC)
    writing.tell(tx, person, office.texts("intake.said.late", wrote=wrote))


def _posted_before(delivery: Delivery | None, post: int, ts: str, *, certain: bool) -> bool:
    assert delivery is not None  # a question that is asked is owed
    if delivery.state == "uncertain" and not certain:
        raise Unresolved(post)
    return delivery.posted_before(ts)


def _steer(
    tx: Transaction, office: Office, steer: str, *, person: str, standing: Position | None
) -> None:
    draft_id = _draft(tx, person, standing)
    if steer == "start":
        intake.start(tx, office, person=person)
        return
    if steer == "help":
        intake.help_text(tx, office, person=person)
        return
    if draft_id is None:
        _nothing_asked(tx, office, person=person)
        return
    match steer:
        case "resume":
            intake.resume(tx, office, person=person, draft_id=draft_id)
        case "show":
            editing.show(tx, office, person=person, draft_id=draft_id)
        case "back":
            key = (standing.asked if standing else None) or ""
            editing.back(tx, office, person=person, draft_id=draft_id, key=key)
        case "pause":
            editing.pause(tx, office, person=person, draft_id=draft_id)
        case "leave":
            ending.ask(tx, office, person=person, draft_id=draft_id)
        case "invite":
            _offer_invitation(tx, office, person=person, draft_id=draft_id)


def _draft(tx: Transaction, person: str, standing: Position | None) -> int | None:
    """The active draft, else the one of hers that was changed last."""
    if standing is not None:
        return standing.draft_id
    latest = drafts.of_person(tx.db, person, limit=1)
    return latest[0].id if latest else None


def _nothing_asked(
    tx: Transaction, office: Office, *, person: str, key: str = "nothing_asked"
) -> None:
    text = office.texts(f"intake.said.{key}", programme=office.programme)
    begin = kit.button(office.texts.plain("intake.words.button.start"), START, style="primary")
    writing.tell(tx, person, text, [kit.section(text), kit.actions([begin])])


def _offer_invitation(tx: Transaction, office: Office, *, person: str, draft_id: int) -> None:
    """A modal needs a press; the word gives a button for it."""
    opened = writing.open_for(tx.db, office, draft_id, person=person)
    if opened.members.get(person) == drafts.FINANCE:
        raise NotAllowed("refusals.intake.only_finance_questions")
    invite = office.texts.plain("intake.words.button.invite")
    text = office.texts("intake.said.invite_offer", title=opened.title)
    button = kit.button(invite, INVITE, About(draft_id), style="primary")
    writing.tell(tx, person, text, [kit.section(text), kit.actions([button])])
