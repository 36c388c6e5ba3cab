"""Digests as messages: headings and lists as text, within Slack's limits however many cases there are.

The top-level text says the main figures by itself; what is in the picture stands in the text too.
"""

from markupsafe import Markup

from bot.blocks import digest_lines as lines
from bot.blocks import kit
from bot.blocks.kit import Block
from bot.office import Office
from bot.owed import Blocks
from flows.digest import Activity, Meeting, Monthly, Status, Weekly, patience
from flows.ledger import Account

Message = tuple[str, Blocks]


def weekly(office: Office, facts: Weekly, *, private: bool = False) -> Message:
    """KLG's week; one line when nothing happened. `private`: shown to one person, without files."""
    texts = office.texts
    money = lines.money_short(office, facts.accounts, year=facts.year)
    about = {"programme": office.programme.names.programme, "facts": facts, "money": money}
    if facts.nothing_happened and not private:
        return _one_line(texts("digest.weekly.nothing", **about))
    decided = lines.decided(office, facts.decisions)
    waits = lines.groups_short(office, facts.status)
    text = texts("digest.weekly.text", **about, decided=decided, waits=waits)
    note = "digest.weekly.here" if private else _attached(facts)
    return _fitting(text), [
        kit.header(texts.plain("digest.weekly.title", facts=facts)),
        kit.section(text),
        *lines.part(texts.plain("digest.weekly.came", facts=facts), _came(office, facts)),
        *lines.part(
            texts.plain("digest.weekly.waits", facts=facts),
            _waits(office, facts.status, rest="nowhere" if private else "sheet"),
        ),
        *_late(office, texts.plain("digest.weekly.late", facts=facts), facts.status),
        *lines.part(
            texts.plain("digest.weekly.decided", facts=facts),
            lines.decisions(office, facts.decisions),
        ),
        *_money(office, texts.plain("digest.weekly.money"), facts),
        *lines.part(
            texts.plain("digest.weekly.committees", facts=facts),
            [_committee(office, one) for one in facts.committees],
        ),
        kit.context(texts(note)),
    ]


def meeting(office: Office, facts: Meeting) -> Message:
    """Before a meeting: exactly the decisions that its delrapport has, with sums and headroom (R000-12)."""
    texts = office.texts
    headroom = [lines.headroom(office, one) for one in facts.headroom]
    left = Markup("\n").join(headroom) + Markup("\n") if headroom else Markup()
    text = texts(
        "digest.meeting.text",
        facts=facts,
        decided=lines.decided(office, facts.decisions),
        headroom=left,
        money=lines.money_short(office, facts.accounts, year=facts.year),
        waits=lines.groups_short(office, facts.status),
    )
    return _fitting(text), [
        kit.header(texts.plain("digest.meeting.title", facts=facts)),
        kit.section(text),
        *lines.part(
            texts.plain("digest.meeting.decided", facts=facts),
            lines.decisions(office, facts.decisions),
        ),
        *lines.part(
            texts.plain("digest.meeting.headroom"),
            headroom or [texts.plain("digest.meeting.no_headroom")],
        ),
        *_money(office, texts.plain("digest.meeting.money"), facts),
        *lines.part(
            texts.plain("digest.meeting.waits", facts=facts),
            _waits(office, facts.status, rest="paper"),
        ),
    ]


def monthly(office: Office, facts: Monthly) -> Message:
    """The chief executive's month."""
    texts = office.texts
    headroom = [lines.headroom(office, one) for one in facts.headroom]
    late = sum(one.late for one in facts.status.groups)
    text = texts(
        "digest.monthly.text",
        programme=office.programme.names.programme,
        facts=facts,
        late=late,
        decided=lines.decided(office, facts.decisions),
        headroom=Markup("\n").join(headroom) + Markup("\n") if headroom else Markup(),
        money=lines.money_short(office, facts.accounts, year=facts.year),
    )
    return _fitting(text), [
        kit.header(texts.plain("digest.monthly.title", facts=facts)),
        kit.section(text),
        *lines.part(
            texts.plain("digest.monthly.waits", facts=facts),
            _waits(office, facts.status, rest="nowhere"),
        ),
        *lines.part(
            texts.plain("digest.monthly.decided", facts=facts),
            lines.decisions(office, facts.decisions),
        ),
        *lines.part(
            texts.plain("digest.monthly.headroom"),
            headroom or [texts.plain("digest.meeting.no_headroom")],
        ),
        *_money(office, texts.plain("digest.monthly.money"), facts),
        *_late(office, texts.plain("digest.monthly.late", late=facts.status.late), facts.status),
    ]


def annual(office: Office, year: int, accounts: tuple[Account, ...]) -> Message:
    """The årsrapport is there: its totals are the ledger's (R000-13)."""
    programme = office.programme.names.programme
    money = _totals(office, accounts, year=year)
    return _one_line(
        office.texts("digest.papers.annual", year=year, programme=programme, money=money)
    )


def reconciliation(office: Office, year: int, accounts: tuple[Account, ...]) -> Message:
    """The autumn list for both units is there (R000-55). `year` is that of the budget to come."""
    names = office.programme.names
    return _one_line(
        office.texts(
            "digest.papers.reconciliation",
            year=year,
            programme=names.programme,
            department=names.safety_department,
            money=_totals(office, accounts, year=year - 1),
        )
    )


def _came(office: Office, facts: Weekly) -> list[str]:
    found = [str(lines.came(office, one)) for one in facts.came]
    return [*found, *lines.more(office, facts.came_rest)] or lines.none(office)


def _waits(office: Office, status: Status, *, rest: lines.Rest) -> list[str]:
    found = [line for one in status.groups for line in lines.group(office, one, rest=rest)]
    if status.reports_to_receive:
        klg = office.programme.names.klg
        count = status.reports_to_receive
        found.append(str(office.texts("digest.lines.to_receive", klg=klg, count=count)))
    return found or lines.none(office)


def _late(office: Office, heading: str, status: Status) -> list[Block]:
    allowed = {str(state): days for state, days in patience(office.programme.reminders).items()}
    found = lines.late(office, status, allowed)
    return lines.part(heading, found or lines.none(office))


def _attached(facts: Weekly) -> str:
    """What comes in the thread: the chart when there is money, the spreadsheet when a case is open."""
    match bool(facts.accounts), bool(facts.status.groups):
        case True, True:
            return "digest.weekly.attached"
        case True, False:
            return "digest.weekly.attached_chart"
        case False, True:
            return "digest.weekly.attached_sheet"
    return "digest.weekly.attached_none"


def _money(office: Office, heading: str, facts: Weekly | Meeting | Monthly) -> list[Block]:
    found = [lines.money(office, one) for one in facts.accounts]
    if all(one.year != facts.year for one in facts.accounts):
        found.insert(0, lines.no_money(office, facts.year))
    return lines.part(heading, found)


def _totals(office: Office, accounts: tuple[Account, ...], *, year: int) -> Markup:
    return Markup("\n").join(
        office.texts("digest.papers.total", one=one, kind=lines.kind_name(office, one.kind))
        for one in accounts
    ) or lines.no_money(office, year)


def _committee(office: Office, one: Activity) -> str:
    name = one.committee[:1].upper() + one.committee[1:]
    return str(office.texts("digest.lines.committee", name=name, one=one))


def _one_line(text: str) -> Message:
    return _fitting(text), [kit.section(text)]


def _fitting(text: str) -> str:
    return kit.cut(str(text), kit.TEXT)
