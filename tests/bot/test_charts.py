"""The picture of the money: the same bytes for the same figures, and legible whatever they are."""

import struct
from decimal import Decimal

from bot.blocks.digest_files import alt, bars
from bot.charts import Bar, Group
from bot.charts import bars as drawn
from bot.office import Office
from bot.render import Texts, kr
from flows.ledger import Account
from flows.rules import CostKind
from tests.flows.filled import example

OFFICE = Office(example(), Texts(), "T1", "U0BOT", "C0KLG")


def account(kind: CostKind, **sums: str) -> Account:
    return Account(year=2026, kind=kind, **{name: Decimal(value) for name, value in sums.items()})


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_same_figures_are_the_same_picture():
    title, groups = bars(OFFICE, [account(CostKind.OPERATING, pot="10000000")])

    assert drawn(title, groups) == drawn(title, groups)
    assert size(drawn(title, groups))[0] == 1240


def test_each_bar_is_told_from_the_others_without_its_colour():
    _, groups = bars(OFFICE, [account(CostKind.OPERATING, pot="10000000")])

    (group,) = groups
    assert len({bar.name for bar in group.bars}) == len({bar.look for bar in group.bars}) == 5


def test_the_words_say_every_figure_of_the_picture():
    money = account(
        CostKind.INVESTMENT,
        pot="20000000",
        decided_by_board="1500000.50",
        committed_by_board="250000",
        reserved_for_board="300000",
    )
    _, groups = bars(OFFICE, [money])

    said = alt(OFFICE, groups)

    for amount in (money.frame, money.decided, money.committed, money.reserved, money.left):
        assert kr(amount) in said
    assert len(said) <= 1_000  # Slack's limit


def test_more_applied_for_than_there_is_and_nothing_at_all_can_be_drawn():
    over = account(CostKind.OPERATING, pot="100", reserved_for_board="500")
    nothing = account(CostKind.INVESTMENT)

    for accounts in ([over], [nothing], [over, nothing]):
        title, groups = bars(OFFICE, accounts)
        assert size(drawn(title, groups))[1] > 100
    assert "−400" in alt(OFFICE, bars(OFFICE, [over])[1])


def test_what_a_font_cannot_draw_stops_no_chart():
    bar = Bar(name="漢字 \U0001f600", amount=Decimal(1), said="1 kr", look="left")

    assert size(drawn("#panic[1]", [Group(name="= rubrik", bars=[bar])]))[0] == 1240
