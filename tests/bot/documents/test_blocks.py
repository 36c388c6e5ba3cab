"""The subset that templates may use, and how wide the columns of its tables become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.blocks import Heading, Paragraph, Run, Table, TemplateError, parse
from bot.documents.widths import TEXT_WIDTH, column_widths


def page(body: str) -> str:
    head = '<title>T</title><meta name="author" content="K"/><meta name="date" content="2026-11-22"/><meta name="running" content="R"/>'
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<h5>För djupt</h5>",
        "<div>Okänt</div>",
        "<p>Text <b>fet</b></p>",
        "<p>Text <p>i text</p></p>",
        '<p class="okänd">Text</p>',
        "<ul><p>inte en rad</p></ul>",
        "<dl><dt>bara term</dt></dl>",
        "<table><caption>T</caption><colgroup><col/></colgroup><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        "<table><caption>T</caption><colgroup><col/></colgroup><tbody><tr><th>1</th></tr></tbody></table>",
        "<table><tr><td>1</td></tr></table>",
        "<header><p>Utan uppgifter</p></header>",
    ],
)
def test_what_is_not_in_the_subset_is_an_error(body: str) -> None:
    with pytest.raises(TemplateError):
        parse(page(body))


def test_white_space_is_one_space_and_none_at_the_ends_of_a_line() -> None:
    made = parse(page("<p>\n  Ett <strong> två </strong>\n tre <br/> fyra\u00a0\u00a0 </p>"))
    assert made.blocks == (
        Paragraph(
            (
                Run("Ett "),
                Run("två ", bold=True),
                Run("tre"),
                Run("\n"),
                Run("fyra\u00a0\u00a0"),
            )
        ),
    )


def test_a_look_inside_a_look_is_both() -> None:
    made = parse(page("<h2><strong>a<em>b</em></strong>c</h2>"))
    runs = (Run("a", bold=True), Run("b", bold=True, italic=True), Run("c"))
    assert made.blocks == (Heading(2, runs),)


def test_a_small_table_is_kept_together_and_a_long_one_is_not() -> None:
    def table(rows: int) -> Table:
        body = "<tr><td>rad</td></tr>" * rows
        made = parse(
            page(
                f"<table><caption>T</caption><colgroup><col/></colgroup><tbody>{body}</tbody></table>"
            )
        ).blocks[0]
        assert isinstance(made, Table)
        return made

    assert table(5).keep
    assert not table(50).keep


CELL = st.text("abc åäö\u00a0", max_size=80)


@given(
    st.integers(1, 9).flatmap(
        lambda columns: st.tuples(
            st.lists(st.lists(CELL, min_size=columns, max_size=columns), min_size=1, max_size=5),
            st.lists(st.booleans(), min_size=columns, max_size=columns),
        )
    )
)
def test_columns_always_fill_the_text_width(table: tuple[list[list[str]], list[bool]]) -> None:
    rows, numeric = table
    widths = column_widths(rows, numeric=numeric)
    assert len(widths) == len(numeric)
    assert all(width > 0 for width in widths)
    assert sum(widths) == pytest.approx(TEXT_WIDTH, abs=0.1)


def test_a_number_never_breaks_and_text_takes_the_rest() -> None:
    rows = [["Nr", "Namn", "Kronor"], ["1", "Blankett för investeringsprojekt", "12 500 000,00"]]
    number, name, amount = column_widths(
        [[cell.replace("12 500 000", "12\u00a0500\u00a0000") for cell in row] for row in rows],
        numeric=[False, False, True],
    )
    assert number < 10
    assert amount >= 13 * 1.75
    assert name > 100


def test_words_give_way_before_numbers_do() -> None:
    number = "12\u00a0345\u00a0678,90"
    widths = column_widths(
        [["Räddningstjänstförbundet", *[number] * 6]], numeric=[False, *[True] * 6]
    )
    assert min(widths[1:]) > 19
    assert 15 < widths[0] < 40
