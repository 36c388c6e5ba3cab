"""How values are worded: on one line, in kronor, as dates."""

from decimal import Decimal

from bot.render import kr, shorten


def test_a_table_on_one_line_tells_its_rows_apart_and_breaks_no_amount():
    rows = f"drift 2027: {kr(Decimal(1_460_500))}\n\n  drift 2028:   {kr(Decimal(1_500_000))}\n"
    assert shorten(rows) == (
        "drift 2027: 1\u00a0460\u00a0500\u00a0kr · drift 2028: 1\u00a0500\u00a0000\u00a0kr"
    )


def test_a_long_answer_is_cut_with_a_mark():
    assert shorten("ett två tre", 8) == "ett två…"
    assert shorten("ett två", 7) == "ett två"
