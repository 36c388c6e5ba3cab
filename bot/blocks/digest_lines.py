"""The lines that every digest is made of: a case, a decision, money left; and sections that hold them."""

from collections.abc import Iterable
from typing import Literal

from markupsafe import Markup

from bot import words
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.office import Office
from flows.case import State
from flows.digest import Came, Decision, Decisions, Group, Held, LateReport, Status
from flows.ledger import Account
from flows.papers import CapLeft
from flows.rules import CostKind

_MOST_IN_SECTION = 2900
_MOST_NAMES = 4
_NO_PERSON = frozenset(
    {
        State.DOCUMENTS,
        State.RECOMMENDED,
        State.FORWARDED,
        State.DRAFTING_COMMITTEE,
        State.EXECUTIVE_BOARD,
    }
)

Rest = Literal["sheet", "paper", "nowhere"]


def part(heading: str, lines: Iterable[str]) -> list[Block]:
    """A heading and its lines, in as many sections as they need."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + len(line) < _MOST_IN_SECTION:
            packed[-1] += f"\n{line}"
        else:
            packed.append(kit.cut(line, kit.SECTION))
    return [kit.header(heading), *(kit.section(text) for text in packed)]


def came(office: Office, one: Came) -> Markup:
    senders = words.listed(words.administration(office, unit) for unit in one.administrations)
    return office.texts(
        "digest.lines.came", one=one, ref=_ref(office, one), administrations=senders
    )


def decision(office: Office, one: Decision) -> Markup:
    texts = office.texts
    amounts = [
        texts("digest.lines.amount", amount=amount, kind=kind_name(office, kind))
        for kind in CostKind
        if (amount := one.amount(kind))
    ]
    return texts(
        "digest.lines.decision",
        one=one,
        ref=_ref(office, one),
        verdict=texts.plain(f"digest.lines.verdict.{one.verdict}"),
        body=texts.plain(f"digest.lines.body.{one.body}"),
        amounts=Markup(" och ").join(amounts) if amounts else "",
    )


def decided(office: Office, decisions: Decisions) -> Markup:
    """All decisions of the period in one sentence."""
    return office.texts(
        "digest.lines.decided",
        decisions=decisions,
        operating=decisions.sum(CostKind.OPERATING),
        investment=decisions.sum(CostKind.INVESTMENT),
    )


def decisions(office: Office, found: Decisions) -> list[str]:
    lines: list[str] = [decision(office, one) for one in found.shown]
    return [*lines, *more(office, found.rest)] or none(office)


def group(office: Office, one: Group, *, rest: Rest) -> list[str]:
    """What the cases wait for, and the oldest of them; `rest` is where the others stand."""
    lines = [
        office.texts("digest.lines.group", one=one, state=state_name(office, one.state)),
        *(waits(office, held) for held in one.shown),
    ]
    if one.rest and one.shown:
        lines.append(office.texts(f"digest.rest.{rest}", count=one.rest))
    return [str(line) for line in lines]


def waits(office: Office, one: Held) -> Markup:
    senders = words.listed(words.administration(office, unit) for unit in one.administrations)
    return office.texts(
        "digest.lines.waits",
        one=one,
        ref=_ref(office, one),
        administrations=senders,
        holder=_holder(office, one) or senders,
    )


def _holder(office: Office, one: Held) -> str:
    """The persons it waits for, or what it waits for when that is no person; "" for its senders."""
    if not one.names:
        return office.texts.plain(f"digest.holders.{one.state}") if one.state in _NO_PERSON else ""
    if len(one.names) <= _MOST_NAMES:
        return words.listed(one.names)
    shown, rest = ", ".join(one.names[:_MOST_NAMES]), len(one.names) - _MOST_NAMES
    return office.texts.plain("digest.lines.others", names=shown, count=rest)


def groups_short(office: Office, status: Status) -> Markup:
    """How many wait for what, in one line; nothing when nothing waits."""
    lines = [
        office.texts(
            "digest.lines.group_short", state=state_name(office, one.state), count=one.count
        )
        for one in status.groups
    ]
    return Markup(". ").join(lines) + (Markup(".\n") if lines else Markup())


def late(office: Office, status: Status, allowed: dict[str, int]) -> list[str]:
    """The groups that hold late cases, and the reports that are late. `allowed`: working days, by state."""
    texts = office.texts
    lines = [
        texts(
            "digest.lines.late_group",
            state=state_name(office, one.state),
            late=one.late,
            days=allowed[one.state],
        )
        for one in status.groups
        if one.late
    ]
    if status.late_reports_count:
        lines.append(texts("digest.lines.late_reports", count=status.late_reports_count))
    lines += [late_report(office, one) for one in status.late_reports]
    rest = status.late_reports_count - len(status.late_reports)
    return [*map(str, lines), *more(office, rest)]


def late_report(office: Office, one: LateReport) -> Markup:
    return office.texts("digest.lines.late_report", one=one, ref=_ref(office, one))


def money(office: Office, one: Account) -> Markup:
    """Everything about one kind of a budget year's money; the chart shows the same."""
    return office.texts("digest.lines.money", one=one, kind=kind_name(office, one.kind))


def money_short(office: Office, accounts: Iterable[Account], *, year: int) -> Markup:
    """What is left, year by year, in one line each; said too when nothing is set aside for this one."""
    years: dict[int, list[Markup]] = {year: []}
    for one in accounts:
        said = office.texts("digest.lines.money_of", one=one, kind=kind_name(office, one.kind))
        years.setdefault(one.year, []).append(said)
    return Markup("\n").join(
        office.texts("digest.lines.money_short", year=of, amounts=Markup(", ").join(said))
        if said
        else no_money(office, of)
        for of, said in years.items()
    )


def no_money(office: Office, year: int) -> Markup:
    return office.texts("digest.lines.no_money", year=year)


def headroom(office: Office, one: CapLeft) -> Markup:
    return office.texts("digest.lines.headroom", one=one, kind=kind_name(office, one.kind))


def more(office: Office, count: int) -> list[str]:
    """Say how many are not shown, if any."""
    return [str(office.texts("digest.rest.nowhere", count=count))] if count > 0 else []


def none(office: Office) -> list[str]:
    return [office.texts.plain("digest.lines.none")]


def kind_name(office: Office, kind: CostKind) -> str:
    return office.texts.plain(f"digest.lines.kind.{kind}")


def state_name(office: Office, state: str) -> str:
    return office.texts.plain(f"digest.waits.{state}", klg=office.programme.names.klg)


def _ref(office: Office, one: Came | Decision | Held | LateReport) -> str:
    """The case's number, as a link to its card when that stands in Slack."""
    if not one.link:
        return one.case_id
    return office.texts("digest.lines.link", url=one.link, case_id=one.case_id)
