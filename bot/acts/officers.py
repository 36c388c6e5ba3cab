"""What the officers are told when the case comes back to them, and what that opens in their draft."""

from markupsafe import Markup

from bot import words
from bot.acts import forwarded, writing
from bot.acts.writing import Writing
from bot.blocks import kit, route
from bot.ids import CHANGE, LEAVE, OPEN_DRAFT, SHOW, About
from bot.office import Office
from bot.owed import Blocks
from bot.perform import Transaction
from bot.render import shorten
from flows.assessment import Request, requests
from flows.case import AWAITS_DECISION, Case, State
from flows.events import Stage
from storage import drafts, texts

# One message holds about 13,000 characters and 50 blocks; all of every reason is in the card's thread.
MOST_REASONS = 15
REASONS_ROOM = 8000


Said = tuple[str, Blocks]  # what is said beside the first line: as text, and as blocks
NOTHING: Said = ("", [])


def tell(
    tx: Transaction, office: Office, case_id: str, case: Case, *, because: Said = NOTHING
) -> None:
    """After an outcome, a route or a decision: open what is to be done, and tell all who write it.

    `because` is why, when it is not KLG's reasons: what was decided, and the motivation.
    """
    draft = drafts.of_case(tx.db, case_id)
    if draft is None:
        return
    _reopen(tx, draft.id, case)
    opened = writing.load(tx.db, office, draft.id)
    for person, role in opened.members.items():
        if role != drafts.FINANCE:
            text, blocks = _message(tx, office, opened, case_id, case, because)
            writing.tell(tx, person, text, blocks)


def _reopen(tx: Transaction, draft_id: int, case: Case) -> None:
    match case.state:
        case State.SUPPLEMENT:
            drafts.change(
                tx.db, draft_id, state=drafts.OPEN, stage=Stage.APPLICATION, changed_at=tx.now
            )
        case State.CLARIFICATION:
            asked = sorted({key for request in requests(case) for key in request.questions})
            drafts.change(
                tx.db, draft_id, state=drafts.OPEN, reopened=asked or None, changed_at=tx.now
            )
        case State.NOT_RELEVANT | State.ADVISED_AGAINST | State.REMITTED | State.REJECTED:
            drafts.change(tx.db, draft_id, state=drafts.OPEN, reopened=None, changed_at=tx.now)
        case _:
            # A correction that was begun while KLG assessed is too late now.
            drafts.change(tx.db, draft_id, state=drafts.SUBMITTED, changed_at=tx.now)
            drafts.stand_nowhere(tx.db, draft_id=draft_id)


def _message(
    tx: Transaction, office: Office, opened: Writing, case_id: str, case: Case, because: Said
) -> tuple[str, list[kit.Block]]:
    names = office.programme.names
    told = {"klg": names.klg, "department": names.safety_department}
    text = office.texts(
        f"intake.outcome.{case.state}",
        title=opened.title,
        case_id=case_id,
        assessed=_assessed(office, case, told),
        **told,
    )
    why, content = because
    said = [] if why else _reasons(tx, office, opened, case_id, case)
    blocks = [kit.section(text), *content, *(kit.section(reason) for reason in said)]
    if why:
        text = Markup("\n").join([text, Markup(why)])  # noqa: S704  worded before
    if standing := route.standing(office, case):
        blocks.append(kit.section(standing))
    if len(said) == MOST_REASONS:
        blocks.append(
            kit.context(
                office.texts("intake.outcome.more_in_thread", klg=office.programme.names.klg)
            )
        )
    if case.state is State.CLARIFICATION:
        blocks += _to_complete(office, opened)
    buttons = _buttons(office, opened, case)
    return kit.cut(text, kit.TEXT), [*blocks, *([kit.actions(buttons)] if buttons else [])]


def _assessed(office: Office, case: Case, told: dict[str, str]) -> str:
    """What KLG said, in a sentence, when the case has gone on."""
    if case.outcome is None or case.state not in AWAITS_DECISION:
        return ""
    return office.texts(f"intake.outcome.assessed_{case.outcome.outcome}", **told)


def _reasons(
    tx: Transaction, office: Office, opened: Writing, case_id: str, case: Case
) -> list[str]:
    """Each member's reason in her own words, with the questions she names; the closer's last.

    Before them why the secretary took the application on, when KLG advised against it.
    """
    said = requests(case) or tuple(
        Request(said.by, said.questions, said.reason)
        for said in case.opinions.values()
        if case.outcome is not None and said.opinion is case.outcome.outcome
    )
    ids = [request.reason for request in said if request.reason is not None]
    closing = case.outcome.reason if case.outcome else None
    closing = None if closing in ids else closing  # who closes may also be among those who ask
    bodies = texts.several(tx.db, [*ids, *([closing] if closing else [])])
    said = tuple(request for request in said if request.reason in bodies)[:MOST_REASONS]
    room = REASONS_ROOM // max(1, len(said))
    lines = _taken_on(tx, office, opened, case_id, case)
    lines += [
        office.texts(
            "intake.outcome.reason",
            user=opened.user(request.by),
            reason=shorten(bodies.get(request.reason or 0, ""), room),
            labels=", ".join(_labels(office, opened, request.questions)),
        )
        for request in said
    ]
    if closing in bodies and case.outcome is not None:
        lines.append(
            office.texts(
                "intake.outcome.reason",
                user=opened.user(case.outcome.by),
                reason=shorten(bodies[closing], room),
                labels="",
            )
        )
    return lines


def _taken_on(
    tx: Transaction, office: Office, opened: Writing, case_id: str, case: Case
) -> list[str]:
    reason = forwarded.reason(tx.db, case_id, case)
    if reason is None:
        return []
    by, said = reason
    return [office.texts("intake.outcome.forwarded_because", user=opened.user(by), reason=said)]


def _labels(office: Office, opened: Writing, keys: tuple[str, ...]) -> list[str]:
    return [words.part(office, item.ask, "label") for item in opened.items if item.ask.key in keys]


def _to_complete(office: Office, opened: Writing) -> list[kit.Block]:
    """Each question that KLG named, with a button to answer it anew."""
    reopened = opened.draft.reopened or ()
    change = office.texts.plain("intake.words.button.change")
    return [
        kit.section(
            office.texts("intake.outcome.question", label=words.part(office, item.ask, "label")),
            accessory=kit.button(
                change, f"{CHANGE}:{item.ask.key}", About(opened.draft.id, item.ask.key)
            ),
        )
        for item in opened.items
        if item.ask.key in reopened
    ][:20]


def _buttons(office: Office, opened: Writing, case: Case) -> list[kit.Block]:
    about = About(opened.draft.id)

    def named(name: str, action: str, style: str = "") -> kit.Block:
        return kit.button(
            office.texts.plain(f"intake.words.button.{name}"), action, about, style=style
        )

    match case.state:
        case State.SUPPLEMENT:
            return [named("resume", OPEN_DRAFT, "primary")]
        case State.CLARIFICATION:
            return [named("show", SHOW, "primary")]
        case State.NOT_RELEVANT | State.ADVISED_AGAINST | State.REMITTED | State.REJECTED:
            return [named("show", SHOW, "primary"), named("leave", LEAVE)]
        case _:
            return []
