"""The modals behind the card's buttons, the lines in its thread, and the messages that ask to act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from bot import ids, words
from bot.blocks import kit, route
from bot.office import Office
from bot.owed import Blocks
from flows.case import Case, State
from flows.events import ASKS_BACK, OPINIONS, Opinion, Stage
from flows.form import Ask

__all__ = [
    "Blocks",
    "Line",
    "ask_secretary",
    "ask_to_close",
    "close_modal",
    "forward_modal",
    "reason_modal",
    "thread_line",
]

# Inputs of the modals: block and action have the same id.
REASON, QUESTIONS, OUTCOME = "reason", "questions", "outcome"
MOST_OPTIONS = 100  # that Slack takes in one group
LONGEST_REASON = 3000


@dataclass(frozen=True, slots=True)
class Line:
    """A line in the thread: mrkdwn, and somebody's own words as she typed them."""

    said: Markup
    reason: str = ""


def thread_line(office: Office, line: Line) -> tuple[str, Blocks]:
    """The words stand in a `plain_text` object, where nothing that was typed is markup."""
    if not line.reason:
        return str(line.said), []
    text = office.texts("assessment.vote.thread.reason", said=line.said, reason=line.reason)
    words_typed = {"type": "section", "text": kit.plain(line.reason, limit=kit.SECTION)}
    return kit.cut(text, kit.TEXT), [kit.section(line.said), words_typed]


def reason_modal(
    office: Office,
    value: ids.Value,
    *,
    title: str,
    administrations: str,
    asks: Sequence[Ask],
    before: tuple[str, tuple[str, ...]] = ("", ()),
) -> kit.Block:
    """Why, and for a request also what. `before` is what she wrote last time, with its questions."""
    texts, opinion = office.texts, Opinion(value.what)
    reason, named = before
    says = texts(
        "assessment.vote.reason.says",
        says=texts.plain(f"assessment.opinions.says.{opinion}"),
        case_id=value.case,
        title=title,
        version=value.version,
    )
    blocks = [kit.section(says), _reason(office, administrations, initial=reason)]
    if opinion in ASKS_BACK:
        proposal = value.stage == Stage.PROPOSAL
        blocks.append(
            kit.field(
                QUESTIONS,
                texts.plain("assessment.vote.reason.questions", proposal=proposal),
                _questions(office, asks, named),
                hint=texts.plain("assessment.vote.reason.questions_hint"),
            )
        )
    return kit.modal(
        ids.REASON,
        texts.plain("assessment.vote.reason.title"),
        blocks,
        metadata=value,
        submit=texts.plain("assessment.vote.reason.submit"),
        close=texts.plain("assessment.vote.reason.cancel"),
    )


def close_modal(
    office: Office, value: ids.Value, *, title: str, administrations: str, asks: Sequence[Ask]
) -> kit.Block:
    """The outcome, why, and what is to be completed."""
    texts, stage = office.texts, Stage(value.stage)
    text = texts(
        "assessment.vote.close.text",
        case_id=value.case,
        title=title,
        version=value.version,
        klg=office.programme.names.klg,
    )
    says = {o: texts.plain(f"assessment.opinions.says.{o}") for o in OPINIONS[stage]}
    asks_back = next(label for opinion, label in says.items() if opinion in ASKS_BACK)
    outcomes = kit.select(
        OUTCOME,
        [kit.option(label, opinion) for opinion, label in says.items()],
        placeholder=texts.plain("assessment.vote.close.outcome_placeholder"),
    )
    proposal = stage is Stage.PROPOSAL
    blocks = [
        kit.section(text),
        kit.field(OUTCOME, texts.plain("assessment.vote.close.outcome"), outcomes),
        _reason(office, administrations),
        kit.field(
            QUESTIONS,
            texts.plain("assessment.vote.reason.questions", proposal=proposal),
            _questions(office, asks, ()),
            hint=texts.plain("assessment.vote.close.questions_hint", asks_back=asks_back),
            optional=True,
        ),
    ]
    return kit.modal(
        ids.CLOSED,
        texts.plain("assessment.vote.close.title"),
        blocks,
        metadata=value,
        submit=texts.plain("assessment.vote.reason.submit"),
        close=texts.plain("assessment.vote.reason.cancel"),
    )


def _reason(office: Office, administrations: str, *, initial: str = "") -> kit.Block:
    return kit.field(
        REASON,
        office.texts.plain("assessment.vote.reason.label"),
        kit.text_input(REASON, initial=initial, lines=True, longest=LONGEST_REASON),
        hint=office.texts.plain(
            "assessment.vote.reason.hint",
            klg=office.programme.names.klg,
            administrations=administrations,
        ),
    )


def _questions(office: Office, asks: Iterable[Ask], named: tuple[str, ...]) -> kit.Block:
    """Every question by point; a point with more than Slack takes in one group is continued."""
    options = [(ask.point, kit.option(_label(office, ask), ask.key)) for ask in asks]
    groups = []
    for point, of_point in groupby(sorted(options, key=_point), _point):
        all_of_it = [option for _, option in of_point]
        for start in range(0, len(all_of_it), MOST_OPTIONS):
            label = office.texts.plain(
                "assessment.vote.reason.point", point=point, continued=start > 0
            )
            some = all_of_it[start : start + MOST_OPTIONS]
            groups.append({"label": kit.plain(label, limit=75), "options": some})
    initial = [option for _, option in options if option["value"] in named]
    placeholder = office.texts.plain("assessment.vote.reason.questions_placeholder")
    block = {
        "type": "multi_static_select",
        "action_id": QUESTIONS,
        "placeholder": kit.plain(placeholder, limit=150),
        "option_groups": groups,
    }
    return block | ({"initial_options": initial} if initial else {})


def _point(option: tuple[int, kit.Block]) -> int:
    return option[0]


def _label(office: Office, ask: Ask) -> str:
    label = words.part(office, ask, "label")
    if not ask.about or ask.wording == "extra":
        return label
    name = words.administration(office, ask.about)
    return label if name in label else f"{label}: {name}"


def ask_to_close(
    office: Office,
    case_id: str,
    case: Case,
    *,
    title: str,
    names: tuple[str, ...],
    nobody_left: bool,
) -> tuple[str, Blocks]:
    """To whoever may end an assessment that the rule has not, wherever she is."""
    text = office.texts(
        "assessment.vote.told.close",
        case_id=case_id,
        title=title,
        names=names,
        nobody_left=nobody_left,
        klg=office.programme.names.klg,
    )
    value = ids.Value(case_id, case.stage, case.version)
    close = kit.button(office.texts.plain("assessment.vote.close.button"), ids.CLOSE, value)
    return text, [kit.section(text), kit.actions([close])]


def ask_secretary(office: Office, case_id: str, case: Case, *, title: str) -> tuple[str, Blocks]:
    """To the department: an application that KLG has assessed, and what can be done with it."""
    text = office.texts(
        f"assessment.vote.told.{case.state}",
        case_id=case_id,
        title=title,
        klg=office.programme.names.klg,
        route=route.said(office, case.route) if case.route else "",
    )
    if case.state is not State.ADVISED_AGAINST:
        return text, [kit.section(text)]
    return text, [kit.section(text), kit.actions([take_forward(office, case_id, case)])]


def take_forward(office: Office, case_id: str, case: Case) -> kit.Block:
    """The secretary's button, in her message and in her App Home."""
    texts = office.texts
    return kit.button(
        texts.plain("assessment.vote.forward.button"),
        ids.TAKE_FORWARD,
        ids.Value(case_id, case.stage, case.version),
    )


def forward_modal(office: Office, value: ids.Value, *, title: str) -> kit.Block:
    """Why the application goes on although KLG advised against it: the officers and the decider read it."""
    texts = office.texts
    about = texts(
        "assessment.vote.forward.text",
        case_id=value.case,
        title=title,
        klg=office.programme.names.klg,
    )
    reason = kit.field(
        REASON,
        texts.plain("assessment.vote.reason.label"),
        kit.text_input(REASON, lines=True, longest=LONGEST_REASON),
        hint=texts.plain("assessment.vote.forward.hint"),
    )
    return kit.modal(
        ids.FORWARDED,
        texts.plain("assessment.vote.forward.title"),
        [kit.section(about), reason],
        metadata=value,
        submit=texts.plain("assessment.vote.forward.yes"),
        close=texts.plain("assessment.vote.forward.no"),
    )
