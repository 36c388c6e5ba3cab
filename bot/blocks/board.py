"""What the secretary is told when a case waits for a political body, and the small modals of the route."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from bot import ids, words
from bot.blocks import kit, route
from bot.blocks.kit import Block
from bot.ids import Value
from bot.office import Office
from bot.owed import Blocks
from flows.board_inputs import LONGEST_NAME
from flows.case import Case, State
from flows.deadlines import Deadline
from flows.decided import (
    Allocation,
    CouncilOutcome,
    CouncilReviewed,
    Decided,
    MinutesAnnounced,
    Position,
    Proposed,
    Verdict,
)
from flows.form import LONGEST
from flows.money import ZERO

LONGEST_PARAGRAPH = 20
MOST_LINES = 20  # of amounts in a message; the document has them all
_ACTIONS = {
    State.COUNCIL_REVIEW: ("review", ids.REVIEW),
    State.DRAFTING_COMMITTEE: ("propose", ids.PROPOSE),
    State.EXECUTIVE_BOARD: ("record", ids.RECORD),
}


@dataclass(frozen=True, slots=True)
class About:
    """The case that a message or modal is about, and how it stands."""

    id: str
    title: str
    case: Case

    @property
    def value(self) -> Value:
        return Value(self.id, self.case.stage, self.case.version)


def arrived(office: Office, about: About, *, report: bool) -> tuple[str, Blocks]:
    """The case waits for a body: what is asked for, and the button to record what it says.

    `report`: with the button for the tjänsteskrivelse.
    """
    proposed = about.case.proposed
    text = office.texts(
        f"board.told.{about.case.state}",
        case_id=about.id,
        title=about.title,
        route=route.standing(office, about.case),
        asked=_asked(office, about.case.reserved),
        proposed_on=proposed.day if proposed else None,
    )
    name, action = _ACTIONS[about.case.state]
    record = f"{action}:{about.id}"
    buttons = [kit.button(_label(office, name), record, about.value, style="primary")]
    if report:
        write = f"{ids.OFFICER_REPORT}:{about.id}"
        buttons.append(kit.button(_label(office, "report"), write, about.value))
    return kit.cut(text, kit.TEXT), [kit.section(text), kit.actions(buttons)]


def recorded(office: Office, about: About, decision: Decided, *, name: str) -> Markup:
    """In place of the message that asked for the decision; `name` recorded it."""
    return office.texts(
        "board.told.recorded",
        case_id=about.id,
        title=about.title,
        number=decision.number,
        name=name,
    )


def ask_to_announce(
    office: Office, about: About, decision: Decided, verify_by: Deadline
) -> tuple[str, Blocks]:
    """The decision is recorded: its minutes are to be verified and announced. The note can be corrected."""
    known = about.case.announced is not None
    text = office.texts(
        "board.told.recorded_again" if known else "board.told.announce",
        case_id=about.id,
        title=about.title,
        number=decision.number,
        verify_by=verify_by,
    )
    value = Value(about.id, about.case.stage, about.case.version, decision.number)
    buttons = [kit.button(_label(office, "announce"), ids.ANNOUNCE, value, style="primary")]
    if decision.verdict is Verdict.GRANTED:
        buttons.append(kit.button(_label(office, "correct"), ids.CORRECT, value))
    return text, [kit.section(text), kit.actions(buttons[known:])]


def line(office: Office, about: About, event: CouncilReviewed | Proposed, *, name: str) -> Markup:
    """What a body said, in one sentence with what the case waits for now; `name` recorded it."""
    facts = {"case_id": about.id, "title": about.title, "name": name, "day": event.day}
    if isinstance(event, Proposed):
        return office.texts(f"board.thread.committee.{event.position}", **facts)
    key = f"board.thread.council.{event.outcome}"
    return office.texts(key, paragraph=event.paragraph, **facts)


def announced(
    office: Office,
    about: About,
    event: MinutesAnnounced,
    *,
    verify_by: Deadline,
    announce_by: Deadline,
    appeal_ends: date,
) -> str:
    """Both days, what follows of them, and whether one of them was late."""
    return office.texts(
        "board.told.announced",
        case_id=about.id,
        title=about.title,
        number=event.decision,
        verified=event.verified,
        announced=event.announced,
        appeal_ends=appeal_ends,
        verify_by=verify_by,
        announce_by=announce_by,
        late_verified=event.verified > verify_by.legal,
        late_announced=event.announced > announce_by.legal,
    )


def review_modal(office: Office, about: About, outcomes: Iterable[CouncilOutcome]) -> Block:
    texts = office.texts
    choices = [(one, texts.plain(f"board.form.review.outcomes.{one}")) for one in outcomes]
    return _modal(
        office,
        ids.REVIEWED,
        "board.form.review.title",
        [
            about_line(office, about),
            kit.field("outcome", texts.plain("board.form.review.outcome"), radio(choices)),
            kit.field(
                "day",
                texts.plain("board.form.review.day"),
                day(None),
                hint=texts.plain("board.form.review.decided_hint"),
                optional=True,
            ),
            kit.field(
                "paragraph",
                texts.plain("board.form.review.paragraph"),
                kit.text_input("value", longest=LONGEST_PARAGRAPH),
                hint=texts.plain("board.form.review.decided_hint"),
                optional=True,
            ),
            reason(office, "board.form.review.reason_hint"),
        ],
        metadata=about.value,
    )


def propose_modal(office: Office, about: About, met: date | None) -> Block:
    """`met`: the planned meeting that it was probably said on."""
    texts = office.texts
    choices = [(one, texts.plain(f"board.form.propose.positions.{one}")) for one in Position]
    return _modal(
        office,
        ids.PROPOSED,
        "board.form.propose.title",
        [
            about_line(office, about),
            kit.field("position", texts.plain("board.form.propose.position"), radio(choices)),
            kit.field("day", texts.plain("board.form.day"), day(met)),
            reason(office, "board.form.propose.reason_hint"),
        ],
        metadata=about.value,
    )


def announce_modal(office: Office, about: About, value: Value, verify_by: Deadline) -> Block:
    """`value` carries the number of the decision. Days given before can be changed."""
    texts, before = office.texts, about.case.announced
    said = texts(
        "board.form.announce.about",
        case_id=about.id,
        title=about.title,
        number=value.what,
        verify_by=verify_by,
    )
    return _modal(
        office,
        ids.ANNOUNCED,
        "board.form.announce.title",
        [
            kit.section(said),
            kit.field(
                "verified",
                texts.plain("board.form.announce.verified"),
                day(before.verified if before else None),
            ),
            kit.field(
                "announced",
                texts.plain("board.form.announce.announced"),
                day(before.announced if before else None),
            ),
        ],
        metadata=value,
    )


def about_line(office: Office, about: About) -> Block:
    said = office.texts(
        "board.form.about", case_id=about.id, title=about.title, version=about.case.version
    )
    return kit.section(said)


def reason(office: Office, hint: str, *, optional: bool = True) -> Block:
    """Why: in the body's own words, as far as the minutes have any."""
    return kit.field(
        "reason",
        office.texts.plain("board.form.reason"),
        kit.text_input("value", lines=True, longest=LONGEST),
        hint=office.texts.plain(hint),
        optional=optional,
    )


def radio(choices: Iterable[tuple[str, str]], *, chosen: str = "") -> Block:
    """Radio buttons of (value, label)."""
    options = [kit.option(label, value) for value, label in choices]
    block: Block = {"type": "radio_buttons", "action_id": "value", "options": options}
    initial = [option for option in options if option["value"] == chosen]
    return block | ({"initial_option": initial[0]} if initial else {})


def day(chosen: date | None) -> Block:
    picker: Block = {"type": "datepicker", "action_id": "value"}
    return picker | ({"initial_date": chosen.isoformat()} if chosen else {})


def names(initial: str = "") -> Block:
    return kit.text_input("value", initial=initial, lines=True, longest=LONGEST_NAME * 30)


def _asked(office: Office, allocations: Iterable[Allocation]) -> Markup:
    asked = [one for one in allocations if one.amount]
    lines = [
        office.texts(
            "board.told.amount",
            committee=words.committee(office, one.committee),
            kind=office.texts.plain(f"board.told.kinds.{one.kind}"),
            year=one.year,
            amount=one.amount,
        )
        for one in asked[:MOST_LINES]
    ]
    if len(asked) > MOST_LINES:
        lines.append(office.texts("board.told.more", number=len(asked) - MOST_LINES))
    total = sum((one.amount for one in asked), Decimal(ZERO))
    return office.texts("board.told.asked", lines=Markup("\n").join(lines), total=total)


def _label(office: Office, name: str) -> str:
    return office.texts.plain(f"board.told.button.{name}")


def _modal(
    office: Office, callback: str, title: str, blocks: list[Block], *, metadata: Value
) -> Block:
    texts = office.texts
    return kit.modal(
        callback,
        texts.plain(title),
        blocks,
        metadata=metadata,
        submit=texts.plain("board.form.save"),
        close=texts.plain("board.form.cancel"),
    )
