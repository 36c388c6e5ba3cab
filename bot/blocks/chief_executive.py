"""The chief executive's message: what is asked, by which route and why, the money, KLG's word, the buttons.

The same message when nothing is left to decide has no buttons, and says who has the case and what
was decided. The text beside the blocks says all of it by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot import ids, words
from bot.blocks import decided, kit, route
from bot.blocks.decided import Told
from bot.office import Office
from bot.owed import Blocks
from bot.render import kr
from flows import events
from flows.card import CardFacts
from flows.case import Case, State
from flows.decided import Allocation, Verdict
from flows.headroom import Headroom

_LONGEST = {"about": 1500, "route": 1800, "money": 1800, "klg": 2500, "decision": 1500}
MOST_ROWS = 40  # of a table in one message; a case of more is read in its document
SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a member of KLG said, with her own words."""

    name: str
    opinion: events.Opinion
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything that a decision rests on. `holder` says who has the case; `at` when the money was read."""

    case_id: str
    case: Case
    facts: CardFacts
    holder: Markup
    opinions: tuple[Opinion, ...]
    forwarded: str
    money: tuple[Headroom, ...]
    at: datetime
    decision: Told | None = None

    @property
    def open(self) -> bool:
        return self.case.state is State.CHIEF_EXECUTIVE


def message(office: Office, of: Basis) -> tuple[str, Blocks]:
    """Return the message's text and its blocks."""
    texts, case = office.texts, of.case
    parts = _parts(office, of)
    blocks = [
        kit.section(parts["waits"]),
        kit.header(texts.plain("decision.message.title", case_id=of.case_id, title=of.facts.title)),
        *(kit.section(parts[name]) for name in ("decision", "about") if parts[name]),
        *([_table(office, case.reserved)] if case.reserved else []),
        *(kit.section(parts[name]) for name in ("route", "money") if parts[name]),
        *([kit.context(texts("decision.message.at", at=of.at))] if of.money else []),
        *([kit.section(parts["klg"])] if parts["klg"] else []),
        kit.context(
            texts(
                "decision.message.basis",
                version=case.version,
                dnr=case.dnr,
                sha256=case.pdf_sha256,
            )
        ),
        *([_buttons(office, of)] if of.open else []),
    ]
    text = texts(
        "decision.message.text",
        **{name: parts[name] for name in ("waits", "decision", "route", "money", "klg")},
        case_id=of.case_id,
        title=of.facts.title,
        asked=[_asked(office, one) for one in case.reserved[:MOST_ROWS]],
        buttons=of.open,
    )
    return kit.cut("\n".join(filter(str.strip, text.splitlines())), kit.TEXT), blocks


def _parts(office: Office, of: Basis) -> dict[str, Markup]:
    texts, case = office.texts, of.case
    waits = texts("decision.message.waits")
    over = texts("decision.message.over", holder=of.holder)
    parts = {
        "waits": waits if of.open else over,
        "about": texts("decision.message.about", facts=of.facts),
        "route": route.standing(office, case),
        "money": route.money(office, of.money),
        "klg": _klg(office, of) if case.outcome else Markup(),
        "decision": decided.said(office, of.decision) if of.decision else Markup(),
    }
    return {
        name: Markup(kit.cut(part, _LONGEST.get(name, kit.SECTION)))  # noqa: S704  escaped before
        for name, part in parts.items()
    }


def _klg(office: Office, of: Basis) -> Markup:
    outcome = of.case.outcome
    assert outcome is not None
    texts = office.texts
    said = [
        (one.name, texts.plain(f"assessment.opinions.says.{one.opinion}"), one.reason)
        for one in of.opinions
    ]
    return texts(
        "decision.message.klg",
        outcome=texts.plain(f"assessment.opinions.outcome.{outcome.outcome}"),
        votes=outcome.votes,
        of=outcome.eligible,
        opinions=said,
        forwarded=of.forwarded,
    ).strip()


def _asked(office: Office, one: Allocation) -> str:
    return office.texts(
        "decision.message.asked",
        committee=words.committee(office, one.committee),
        kind=office.texts.plain(f"decision.said.kinds.{one.kind}"),
        year=one.year,
        amount=one.amount,
    )


def _table(office: Office, asked: Iterable[Allocation]) -> kit.Block:
    texts = office.texts
    columns = ("committee", "kind", "year", "amount")
    rows = [[texts.plain(f"decision.message.columns.{name}") for name in columns]]
    rows += [
        [
            words.committee(office, one.committee),
            texts.plain(f"decision.said.kinds.{one.kind}"),
            str(one.year),
            kr(one.amount),
        ]
        for one in list(asked)[:MOST_ROWS]
    ]
    left = {"align": "left"}
    return {
        "type": "table",
        "column_settings": [left, left, left, {"align": "right"}],
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }


def _buttons(office: Office, of: Basis) -> kit.Block:
    texts, case = office.texts, of.case

    def value(what: str) -> ids.Value:
        # The documents that she has before her: a new issue of them has new buttons.
        seen = f"{what}:{case.pdf_sha256[:SHORT_HASH]}"
        return ids.Value(of.case_id, case.stage, case.version, seen)

    verdicts = [
        kit.button(
            texts.plain(f"decision.message.buttons.{verdict}"),
            f"{ids.DECIDE}:{verdict}",
            value(verdict),
            style="primary" if verdict is Verdict.GRANTED else "",
        )
        for verdict in Verdict
    ]
    sure = kit.confirmation(
        texts.plain("decision.message.jav.title"),
        texts.plain("decision.message.jav.text"),
        yes=texts.plain("decision.message.jav.yes"),
        no=texts.plain("decision.message.jav.no"),
    )
    jav = kit.button(
        texts.plain("decision.message.buttons.disqualified"),
        ids.DECIDER_DISQUALIFIED,
        value(""),
        confirm=sure,
    )
    return kit.actions([*verdicts, jav], block_id=f"decide:{case.version}:{case.issue}")
