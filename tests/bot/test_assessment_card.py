"""The card and its modals: what they say, and that Slack takes them however long the words are."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.blocks.assessment import (
    MOST_OPTIONS,
    Line,
    ask_to_close,
    close_modal,
    reason_modal,
    thread_line,
)
from bot.blocks.card import Card, Changed, Voice, Vote, card
from bot.ids import CHANGE, Value
from bot.office import Office
from bot.render import Texts
from flows.card import CardFacts, Flag, YearSum
from flows.case import Case, State
from flows.events import OPINIONS, Opinion, OutcomeReached, Stage
from flows.form import Ask, Kind
from flows.intake import Scope
from sandbox.surfaces import check_blocks, check_view
from tests.bot.town import buttons, texts_of
from tests.flows.filled import example
from tests.flows.klg import KARIN, NOON, before_klg

OFFICE = Office(example(), Texts(), "T0SANDBOX", "U0BOT", "C0KLG")
FACTS = CardFacts(
    title="Trygghetsvärdar",
    committees=("socialnämnden",),
    administrations=("socialförvaltningen",),
    what="Vi anställer värdar.",
    goal="Fler är trygga.",
    scope=Scope.CROSS_SECTOR,
    flags=(),
)
NOBODY = Vote(
    said={}, awaited=(), disqualified=(), own_proposal=(), absent=(), closers=(), needed=3, of=4
)
# Everything at its longest, and nothing but characters that grow when they are escaped.
LONGEST = CardFacts(
    title="&" * 120,
    committees=("<kommunens allra längsta nämnd>" * 3,) * 12,
    administrations=("&förvaltningen för allt & lite till" * 3,) * 12,
    what="<&>" * 1000,
    goal="&" * 3000,
    scope=Scope.SEVERAL_OPERATIONS,
    flags=tuple(Flag),
    sums=tuple(
        YearSum(y, Decimal("999999999999.99"), Decimal(10) ** 12) for y in range(2026, 2059)
    ),
    thereafter=Decimal("999999999999.99"),
)
MANY = tuple(
    Voice("Ann-Charlotte von Längstanamn af Överallt & Co", applicant=True) for _ in range(30)
)


def made(**changed: Any) -> tuple[str, list[dict[str, Any]]]:
    values: dict[str, Any] = {
        "case_id": "2026-0001",
        "case": before_klg(Stage.APPLICATION),
        "facts": FACTS,
        "vote": NOBODY,
        "changed": Changed(),
        "pdf_sha256": "0f" * 32,
    }
    return card(OFFICE, Card(**values | changed))


def words(blocks: Iterable[dict[str, Any]]) -> int:
    return len(texts_of(list(blocks)))


def states() -> list[tuple[Stage, State]]:
    both = [(stage, state) for stage in Stage for state in State]
    nonsense = {State.RECOMMENDED, State.ADVISED_AGAINST, State.FORWARDED}
    return [(stage, s) for stage, s in both if stage is Stage.APPLICATION or s not in nonsense]


@pytest.mark.parametrize(("stage", "state"), states())
def test_in_every_state_the_first_line_says_what_is_awaited_and_slack_takes_it(
    stage: Stage, state: State
):
    case = before_klg(stage).model_copy(update={"state": state})
    text, blocks = made(case=case)

    check_blocks(blocks, surface="message")
    assert text.startswith("*Väntar ")
    assert texts_of(blocks).startswith(text.splitlines()[0])
    assert bool(buttons(blocks)) == (state is State.ASSESSMENT)


@pytest.mark.parametrize("state", [State.ASSESSMENT, State.CLARIFICATION])
def test_however_long_the_words_are_slack_takes_the_card(state: State):
    case = before_klg(Stage.APPLICATION).model_copy(update={"state": state, "version": 7})
    everybody = replace(
        NOBODY,
        said=dict.fromkeys(OPINIONS[Stage.APPLICATION], MANY),
        awaited=MANY,
        disqualified=MANY,
        own_proposal=MANY,
        absent=MANY,
        closers=MANY,
    )
    changed = Changed(("Hur arbetet med andra har gått till & varför",) * 60)
    text, blocks = made(case=case, facts=LONGEST, vote=everybody, changed=changed)

    check_blocks(blocks, surface="message")
    assert len(text) <= 3000
    assert words(blocks) < 13_000  # where Slack has been seen to fail


def test_the_text_says_by_itself_what_the_blocks_say():
    sums = (
        YearSum(2026, Decimal(240_000), Decimal(0)),
        YearSum(2027, Decimal(480_000), Decimal(9)),
    )
    facts = replace(FACTS, sums=sums, flags=(Flag.PERMANENT,), thereafter=Decimal(720_000))
    text, blocks = made(facts=facts)
    plain = text.replace("\u00a0", " ")

    for said in (
        "2026-0001", "Trygghetsvärdar", "socialnämnden", "Vi anställer värdar.", "Fler är trygga.",
        "2026: drift 240 000 kr, investering 0 kr", "Summa: drift 720 000 kr, investering 9 kr",
        "Därefter 720 000 kr per år", "Permanent kostnad", "3 av 4 behöver säga samma sak",
    ):  # fmt: skip
        assert said in plain
    [table] = [block for block in blocks if block["type"] == "table"]
    rows = [[cell["text"].replace("\u00a0", " ") for cell in row] for row in table["rows"]]
    assert rows == [
        ["År", "Drift", "Investering", "Summa"],
        ["2026", "240 000 kr", "0 kr", "240 000 kr"],
        ["2027", "480 000 kr", "9 kr", "480 009 kr"],
        ["Summa", "720 000 kr", "9 kr", "720 009 kr"],
    ]


def test_the_hash_of_the_pdf_is_there_short_and_whole():
    _, blocks = made()

    assert "`0f0f0f0f`" in texts_of(blocks)
    assert "`" + "0f" * 32 + "`" in texts_of(blocks)


def test_no_button_claims_that_klg_decides():
    for stage in Stage:
        _, blocks = made(case=before_klg(stage))
        labels = [button["text"]["text"] for button in buttons(blocks)]
        assert len(labels) == 5
        assert not any("beslut" in label.lower() or "godkänn" in label.lower() for label in labels)


def test_a_button_carries_case_stage_version_and_what_it_says():
    _, blocks = made(case=before_klg(Stage.PROPOSAL))
    first = buttons(blocks)[0]

    assert Value.read(first["value"]) == Value("2026-0001", "proposal", 1, "in_line")
    assert buttons(blocks)[3]["confirm"]["confirm"]["text"] == "Ja, jag är jävig"


def test_an_outcome_by_a_person_names_her():
    outcome = OutcomeReached(
        by=KARIN, at=NOON, stage=Stage.APPLICATION, version=1, outcome=Opinion.RECOMMEND,
        rule="convener", votes=1, eligible=4, reason=1,
    )  # fmt: skip
    case = before_klg(Stage.APPLICATION).after(outcome)
    text, _ = made(case=case, closed_by="Karin Holm")

    assert "*Utfall: KLG tillstyrker* (avslutat av Karin Holm, 1 av 4)" in text


# --- the modals ------------------------------------------------------------------------------------


def questions(point: int, count: int) -> tuple[Ask, ...]:
    """`included` is about an administration, whose id can be long."""
    about = [f"forvaltningen-{number:04}" for number in range(count)]
    return tuple(Ask(f"included.{a}", point, Kind.TEXT, about=a) for a in about)


def opinions() -> list[tuple[Stage, Opinion]]:
    return [(stage, opinion) for stage in Stage for opinion in OPINIONS[stage][1:]]


@pytest.mark.parametrize(("stage", "opinion"), opinions())
def test_slack_takes_the_modal_of_every_opinion(stage: Stage, opinion: Opinion):
    view = reason_modal(
        OFFICE,
        Value("2026-0001", stage, 1, opinion),
        title="&" * 120,
        administrations="förvaltningen & " * 200,
        asks=(Ask("goal", 1, Kind.TEXT), *questions(4, 250)),
        before=("x" * 3000, ("goal",)),
    )

    check_view(view, surface="modal")
    assert len(view["private_metadata"]) <= 3000


def test_the_modal_of_an_end_has_the_three_outcomes_of_its_stage():
    view = close_modal(
        OFFICE,
        Value("2026-0001", "proposal", 1),
        title="Värdar",
        administrations="socialförvaltningen",
        asks=(Ask("goal", 1, Kind.TEXT),),
    )

    check_view(view, surface="modal")
    [select] = [b["element"] for b in view["blocks"] if b.get("block_id") == "outcome"]
    assert [option["value"] for option in select["options"]] == list(OPINIONS[Stage.PROPOSAL])


def test_no_group_of_questions_is_longer_than_slack_takes():
    view = reason_modal(
        OFFICE,
        Value("2026-0001", "application", 1, "complete"),
        title="Värdar",
        administrations="",
        asks=(*questions(4, 250), Ask("goal", 1, Kind.TEXT)),
    )
    [select] = [b["element"] for b in view["blocks"] if b.get("block_id") == "questions"]
    groups = [(g["label"]["text"], len(g["options"])) for g in select["option_groups"]]

    assert groups == [
        ("Punkt 1", 1),
        ("Punkt 4", MOST_OPTIONS),
        ("Punkt 4 (forts.)", MOST_OPTIONS),
        ("Punkt 4 (forts.)", 50),
    ]


def test_what_she_wrote_last_is_there_to_change():
    view = reason_modal(
        OFFICE,
        Value("2026-0001", "proposal", 1, "unclear"),
        title="Värdar",
        administrations="",
        asks=(Ask("goal", 1, Kind.TEXT), Ask("what", 1, Kind.TEXT)),
        before=("Oklart mål.", ("goal",)),
    )
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}

    assert elements["reason"]["initial_value"] == "Oklart mål."
    assert [o["value"] for o in elements["questions"]["initial_options"]] == ["goal"]


def test_a_long_reason_stands_whole_in_the_thread():
    said = OFFICE.texts("assessment.vote.thread.disqualified", name="Lars Berg")
    text, blocks = thread_line(OFFICE, Line(said, "å" * 3000))

    check_blocks(blocks, surface="message")
    assert len(text) <= 3000
    assert blocks[1]["text"]["text"] == "å" * 3000


def test_whoever_is_asked_to_close_can_do_it_from_where_she_is():
    case = Case(stage=Stage.APPLICATION, version=2)
    text, blocks = ask_to_close(
        OFFICE, "2026-0001", case, title="Värdar", names=("Karin Holm",), nobody_left=False
    )

    check_blocks(blocks, surface="message")
    assert text.startswith("*Väntar på Karin Holm.*")
    assert Value.read(buttons(blocks)[0]["value"]) == Value("2026-0001", "application", 2)
    assert CHANGE not in str(blocks)
