"""Follow-up reports in Slack: the table of amounts, the message that asks, and KLG's message about one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot import words
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.blocks.rows import written
from bot.ids import (
    OPEN_DRAFT,
    REPORT_AMOUNTS_GIVEN,
    REPORT_RECEIVE,
    REPORT_SEND_BACK,
    REPORT_SENT_BACK,
    SHOW,
    About,
    Value,
)
from bot.office import Office
from flows.deviation import Table
from flows.report_facts import ReportFacts
from flows.reporting import Place

REASON = "reason"
ANSWERS = ("done", "short_term", "long_term", "results", "deviation_reason")  # in KLG's message
MOST_AMOUNTS = 90  # inputs of a modal; further ones are filled in the next time it is opened
MOST_WAITING = 40  # lines of a list: a message has room for 50 blocks
SHOWN = 300  # characters of each answer in KLG's message: the document has all of it


def amounts(
    office: Office,
    about: About,
    *,
    places: Sequence[tuple[Place, Decimal]],
    of: dict[Place, Decimal],
) -> Block:
    """One amount for each nämnd, kind and year, beside what was granted."""
    texts = office.texts
    fields = [
        kit.field(
            f"{committee}:{kind}:{year}",
            texts.plain(
                "reporting.amounts.cell",
                committee=words.committee(office, committee),
                kind=texts.plain(f"questions.options.kind.{kind}"),
                year=year,
                granted=granted,
            ),
            kit.text_input("value", initial=written(of.get((committee, kind, year))), longest=40),
        )
        for (committee, kind, year), granted in places
    ]
    return kit.modal(
        REPORT_AMOUNTS_GIVEN,
        texts.plain(f"reporting.amounts.{about.key}"),
        [kit.context(texts("reporting.amounts.how")), *fields],
        metadata=about,
        submit=texts.plain("intake.words.button.send"),
        close=texts.plain("intake.words.button.close"),
    )


def with_begin(office: Office, text: str, draft_id: int) -> tuple[str, list[Block]]:
    """A message about a report that is to be written, with the button that begins or goes on."""
    label = office.texts.plain("intake.words.button.begin")
    begin = kit.button(label, OPEN_DRAFT, About(draft_id), style="primary")
    return text, [kit.section(text), kit.actions([begin])]


def with_answers(office: Office, text: str, draft_id: int) -> tuple[str, list[Block]]:
    """A message about a report that was handed in: its answers, with *Ändra* beside each."""
    show = kit.button(office.texts.plain("intake.words.button.show"), SHOW, About(draft_id))
    return text, [kit.section(text), kit.actions([show])]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that waits for a person, by its draft."""

    draft: int
    title: str
    period: str
    late_on: date


def mine(office: Office, waiting: Sequence[Waiting]) -> tuple[str, list[Block]]:
    """The reports that wait for a person, a line and a button each; a line alone when there is none."""
    texts = office.texts
    if not waiting:
        text = texts("reporting.mine.none")
        return text, [kit.section(text)]
    head = texts("reporting.mine.head", count=len(waiting))
    blocks, lines = [kit.section(head)], [head]
    begin = texts.plain("intake.words.button.begin")
    for one in waiting[:MOST_WAITING]:
        line = texts("reporting.mine.line", one=one)
        button = kit.button(begin, f"{OPEN_DRAFT}:{one.draft}", About(one.draft))
        blocks.append(kit.section(line, accessory=button))
        lines.append(line)
    return kit.cut("\n".join(lines), kit.TEXT), blocks


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a version of a report stands with KLG; at most one of these is said."""

    received_by: str = ""
    sent_back_by: str = ""
    superseded: bool = False  # a later version has been handed in

    @property
    def open(self) -> bool:
        return not (self.received_by or self.sent_back_by or self.superseded)


def to_klg(office: Office, facts: ReportFacts, standing: Standing) -> tuple[str, list[Block]]:
    """KLG's message about a version of a report: state first, money, effects, and the buttons while it waits."""
    texts = office.texts
    state = texts(
        "reporting.klg.state", facts=facts, standing=standing, klg=office.programme.names.klg
    )
    tables = [(facts.operating, "operating"), (facts.investment, "investment")]
    money = [
        _money(office, table, kind, forecast=facts.forecast)
        for table, kind in tables
        if table is not None
    ]
    money += [texts("reporting.klg.unused", left=left) for left in facts.unused]
    blocks = [kit.section(state)]
    if money:
        blocks.append(kit.section("\n".join(money)))
    blocks.append(kit.section("\n".join(_said(office, facts))))
    if standing.open:
        blocks.append(kit.actions(_buttons(office, facts)))
    return kit.cut("\n".join([state, *money]), kit.TEXT), blocks


def _said(office: Office, facts: ReportFacts) -> Iterator[str]:
    """How far the measure has come, and the beginning of each answer; a measured value beside its goal."""
    texts = office.texts
    activity = texts.plain(f"questions.options.activity.{facts.activity}")
    yield texts("reporting.klg.activity", label=_label(office, "activity"), value=activity)
    for key in ANSWERS:
        value = getattr(facts, key)
        if value:
            yield texts(
                "reporting.klg.answer", label=_label(office, key), value=value, length=SHOWN
            )
    if facts.measured and facts.contract:
        yield texts(
            "reporting.klg.measured",
            label=_label(office, "measured"),
            value=facts.measured,
            contract=facts.contract,
            length=SHOWN,
        )


def _money(office: Office, table: Table, kind: str, *, forecast: bool) -> str:
    named = office.texts.plain(f"questions.options.kind.{kind}")
    return office.texts(
        "reporting.klg.money", kind=named, table=table, total=table.total, forecast=forecast
    )


def _label(office: Office, key: str) -> str:
    return office.texts.plain(f"questions.report.{key}.label")


def _buttons(office: Office, facts: ReportFacts) -> list[Block]:
    value = Value(facts.case_id, "report", facts.version, facts.key)
    received = office.texts.plain("reporting.klg.receive")
    back = office.texts.plain("reporting.klg.send_back")
    return [
        kit.button(received, REPORT_RECEIVE, value, style="primary"),
        kit.button(back, REPORT_SEND_BACK, value),
    ]


def send_back(office: Office, value: Value, *, title: str, period: str) -> Block:
    """Why a report is sent back: what the officers are to complete."""
    texts = office.texts
    why: Any = kit.text_input(REASON, lines=True)
    return kit.modal(
        REPORT_SENT_BACK,
        texts.plain("reporting.send_back.title"),
        [
            kit.section(texts("reporting.send_back.about", title=title, period=period)),
            kit.field(REASON, texts.plain("reporting.send_back.reason"), why),
        ],
        metadata=value,
        submit=texts.plain("reporting.send_back.send"),
        close=texts.plain("intake.words.button.close"),
    )
