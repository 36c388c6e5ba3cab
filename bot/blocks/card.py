"""KLG's card: one message per case and stage, updated in place. What it says is collected in acts/card.

The first line says what the case waits for and who holds it. The text beside the blocks says the
same by itself: a screen reader and a notification see nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot import ids
from bot.blocks import decided, kit, route
from bot.blocks.decided import Told
from bot.office import Office
from bot.owed import Blocks
from bot.render import kr
from flows.card import CardFacts, YearSum, granted
from flows.case import Case, State
from flows.events import FAVOURABLE, OPINIONS, Opinion
from flows.headroom import Headroom
from flows.money import ZERO

LONGEST_TEXT = 3000
_SHORT_HASH = 8
# Characters of each part: all of them and the table are less than Slack takes in one message.
_LONGEST = {
    "waits": 1500,
    "about": 2000,
    "decision": 1000,
    "route": 1200,
    "money": 1200,
    "changed": 1000,
    "vote": 2000,
    "next": 800,
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody in the vote. `applicant`: her seat belongs to a förvaltning that applies.

    `instead_of` is the name of the member that a substitute sits for.
    """

    name: str
    applicant: bool = False
    instead_of: str = ""


Voices = tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The vote so far, with names."""

    said: Mapping[Opinion, Voices]
    awaited: Voices
    disqualified: Voices
    own_proposal: Voices
    absent: Voices
    closers: Voices
    needed: int
    of: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Since the version before: labels of questions, and whether points 2-4 were added to it."""

    labels: tuple[str, ...] = ()
    points_added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`closed_by` is empty when the rule gave the outcome. `money`: while it waits for a decision.

    `superseded`: the proposal's card, when the whole application has a card of its own.
    """

    case_id: str
    case: Case
    facts: CardFacts
    vote: Vote
    changed: Changed
    pdf_sha256: str
    money: tuple[Headroom, ...] = ()
    decision: Told | None = None
    closed_by: str = ""
    superseded: bool = False


def card(office: Office, of: Card) -> tuple[str, Blocks]:
    """Return the message's text (at most 3,000 characters) and its blocks."""
    texts, case, facts = office.texts, of.case, of.facts
    parts = _parts(office, of)
    blocks = [
        kit.section(parts["waits"]),
        kit.header(texts.plain("assessment.card.title", case_id=of.case_id, title=facts.title)),
        kit.section(parts["about"]),
        *([_sums(office, facts.sums, granted(case.granted))] if facts.sums else []),
        *(
            kit.section(parts[name])
            for name in ("more_sums", "decision", "route", "money", "flags", "changed", "vote")
            if parts[name]
        ),
        kit.context(parts["next"]),
    ]
    if of.pdf_sha256:
        short = of.pdf_sha256[:_SHORT_HASH]
        blocks.append(
            kit.context(
                texts("assessment.card.documents", case=case, short=short, full=of.pdf_sha256)
            )
        )
    if case.state is State.ASSESSMENT and not of.superseded:
        blocks += _buttons(office, of)
    text = texts(
        "assessment.card.text",
        **parts,
        case_id=of.case_id,
        facts=facts,
        granted=granted(case.granted),
        version=case.version,
        short=of.pdf_sha256[:_SHORT_HASH],
    )
    return kit.cut("\n".join(filter(str.strip, text.splitlines())), LONGEST_TEXT), blocks


def _parts(office: Office, of: Card) -> dict[str, Markup]:
    texts, names = office.texts, office.programme.names
    case, facts, vote = of.case, of.facts, of.vote
    waits = "superseded" if of.superseded else case.state
    told = {
        "klg": names.klg,
        "department": names.safety_department,
        "administrations": " och ".join(facts.administrations),
        "stage": case.stage,
        "needed": vote.needed,
        "of": vote.of,
        "version": case.version,
        "awaited": _voices(office, vote.awaited),
        "absent": _voices(office, vote.absent),
        "closers": _voices(office, vote.closers),
    }
    flags = [texts(f"assessment.card.flags.{flag}", klg=names.klg) for flag in facts.flags]
    parts = {
        "waits": texts(f"assessment.waits.{waits}", **told),
        "about": texts(
            "assessment.card.about",
            facts=facts,
            scope=texts.plain(f"questions.options.scope.{facts.scope}"),
            case=case,
        ),
        "more_sums": texts("assessment.card.more_sums", facts=facts).strip(),
        "flags": texts("assessment.card.flagged", flags=flags).strip() if flags else Markup(),
        "decision": decided.said(office, of.decision) if of.decision else Markup(),
        "route": route.standing(office, case),
        "money": route.money(office, of.money),
        "changed": changed(office, of.case, of.changed),
        "vote": _vote(office, of),
        "next": texts(f"assessment.next.{waits}", **told),
    }
    return {
        name: Markup(kit.cut(part, _LONGEST.get(name, kit.SECTION)))  # noqa: S704  escaped before
        for name, part in parts.items()
    }


def changed(office: Office, case: Case, since: Changed) -> Markup:
    """What has changed since the version before, and whether opinions stand; "" for the first."""
    if case.version < 2:  # noqa: PLR2004  the first version has nothing before it
        return Markup()
    return office.texts(
        "assessment.card.changed",
        since=case.version - 1,
        changed=since.labels,
        points_added=since.points_added,
        done=case.outcome is not None,
        standing=any(said.version < case.version for said in case.opinions.values()),
    )


def _vote(office: Office, of: Card) -> Markup:
    texts, vote, case = office.texts, of.vote, of.case
    said = [
        (
            texts(f"assessment.opinions.says.{opinion}"),
            len(vote.said[opinion]),
            _voices(office, vote.said[opinion]),
        )
        for opinion in OPINIONS[case.stage]
        if vote.said.get(opinion)
    ]
    outcome = case.outcome
    return texts(
        "assessment.card.vote",
        said=said,
        outcome=texts(f"assessment.opinions.outcome.{outcome.outcome}") if outcome else "",
        votes=outcome.votes if outcome else 0,
        of=outcome.eligible if outcome else vote.of,
        closed_by=of.closed_by,
        awaited=_voices(office, vote.awaited),
        disqualified=_voices(office, vote.disqualified),
        own_proposal=_voices(office, vote.own_proposal),
        absent=_voices(office, vote.absent),
    ).strip()


def _voices(office: Office, voices: Iterable[Voice]) -> Markup:
    return office.texts("assessment.card.voices", voices=tuple(voices))


def _sums(office: Office, asked: tuple[YearSum, ...], given: tuple[YearSum, ...]) -> kit.Block:
    """What is applied for, a row per budget year; once it is granted, what was given below each."""
    texts = office.texts
    columns = ("year", "operating", "investment", "total")
    rows = [[texts.plain(f"assessment.card.columns.{name}") for name in columns]]
    years = sorted({one.year for one in (*asked, *given)})
    total = texts.plain("assessment.card.columns.total")
    for label, of in [*((str(year), {year}) for year in years), (total, {*years})]:
        if len(years) == 1 and label == total:
            continue  # the year alone is the total
        if not given:
            rows.append(_amounts(label, asked, of))
            continue
        for name, sums in (("asked", asked), ("granted", given)):
            said = texts.plain(f"assessment.card.columns.{name}", what=label)
            rows.append(_amounts(said, sums, of))
    right = {"align": "right"}
    return {
        "type": "table",
        "column_settings": [{"align": "left"}, right, right, right],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }


def _amounts(label: str, sums: tuple[YearSum, ...], years: set[int]) -> list[str]:
    found = [one for one in sums if one.year in years]
    operating = sum((one.operating for one in found), ZERO)
    investment = sum((one.investment for one in found), ZERO)
    return [label, kr(operating), kr(investment), kr(operating + investment)]


def _buttons(office: Office, of: Card) -> Blocks:
    texts, case = office.texts, of.case

    def value(what: str = "") -> ids.Value:
        return ids.Value(of.case_id, case.stage, case.version, what)

    opinions = [
        kit.button(
            texts.plain(f"assessment.opinions.button.{opinion}"),
            f"{ids.ASSESS}:{opinion}",
            value(opinion),
            style="primary" if opinion in FAVOURABLE else "",
        )
        for opinion in OPINIONS[case.stage]
    ]
    sure = kit.confirmation(
        texts.plain("assessment.vote.jav.title"),
        texts.plain("assessment.vote.jav.text"),
        yes=texts.plain("assessment.vote.jav.yes"),
        no=texts.plain("assessment.vote.jav.no"),
    )
    jav = kit.button(
        texts.plain("assessment.vote.jav.button"), ids.DISQUALIFY, value(), confirm=sure
    )
    close = kit.button(texts.plain("assessment.vote.close.button"), ids.CLOSE, value())
    # A new block id per version: Slack keeps what was chosen under an old one.
    return [
        kit.actions(opinions, block_id=f"assess:{case.version}"),
        kit.actions([jav, close], block_id=f"assess_more:{case.version}"),
    ]
