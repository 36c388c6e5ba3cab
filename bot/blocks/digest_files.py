"""What a digest carries in its thread: the money as bars, with the same figures in words, and every open case."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot import words
from bot.blocks import digest_lines as lines
from bot.charts import Bar, Group, Look
from bot.office import Office
from bot.render import kr
from flows.digest import Held
from flows.ledger import Account

if TYPE_CHECKING:
    from bot.spreadsheet.export import Table

_LOOKS: tuple[tuple[Look, str], ...] = (
    ("pot", "frame"),
    ("decided", "decided"),
    ("committed", "committed"),
    ("reserved", "reserved"),
    ("left", "left"),
)


def bars(office: Office, accounts: Sequence[Account]) -> tuple[str, list[Group]]:
    """The chart's title, and a group for each kind and year."""
    years = words.listed(dict.fromkeys(str(one.year) for one in accounts))
    title = office.texts.plain("digest.files.chart_title", years=years)
    return title, [_group(office, one) for one in accounts]


def alt(office: Office, groups: Iterable[Group]) -> str:
    """Everything that the picture shows, for whoever does not see it."""
    texts = office.texts
    said = [
        texts.plain(
            "digest.files.alt_group",
            name=group.name,
            bars=", ".join(f"{bar.name.lower()} {bar.said}" for bar in group.bars),
        )
        for group in groups
    ]
    return texts.plain("digest.files.alt", groups=" ".join(said))


def open_cases(office: Office, cases: Iterable[tuple[Held, str]], *, name: str) -> "Table":
    """A row for each open case and its dnr, those first that have waited longest in each state."""
    from bot.spreadsheet.export import Table  # openpyxl, 0.1 s: not at every start

    texts = office.texts
    yes, no = texts.plain("digest.files.yes"), texts.plain("digest.files.no")
    return Table(
        name=name,
        headings=texts.plain("digest.files.headings").split(";"),
        rows=[
            (
                one.case_id,
                one.title,
                dnr,
                lines.state_name(office, one.state),
                ", ".join(words.administration(office, unit) for unit in one.administrations),
                one.since,
                one.days,
                yes if one.late else no,
            )
            for one, dnr in cases
        ],
    )


def _group(office: Office, one: Account) -> Group:
    kind = lines.kind_name(office, one.kind).capitalize()
    return Group(
        name=f"{kind} {one.year}",
        bars=[
            Bar(
                name=office.texts.plain(f"digest.files.bar.{look}"),
                amount=getattr(one, column),
                said=kr(getattr(one, column)),
                look=look,
            )
            for look, column in _LOOKS
        ],
    )
