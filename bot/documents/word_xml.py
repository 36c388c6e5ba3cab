"""WordprocessingML for text, terms and tables. Every text is escaped here and nowhere else.

Lengths are twips (1/20 point); a millimetre is 56.7 of them.
"""

from xml.sax.saxutils import escape, quoteattr

from bot.documents.blocks import Runs, Table, Terms

TWIPS = 56.7
_INK, _LINE, _SHADE = "1C3D5A", "8A97A3", "EEF2F5"


def attribute(value: str) -> str:
    """Escape text that stands alone in an element."""
    return escape(value)


def text(value: str, *, bold: bool = False, italic: bool = False) -> str:
    """One run; a newline is a line break."""
    look = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in value.split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def _runs(runs: Runs, *, bold: bool = False) -> str:
    return "".join(text(run.text, bold=bold or run.bold, italic=run.italic) for run in runs)


def paragraph(style: str, runs: Runs, *, extra: str = "", bold: bool = False) -> str:
    """`extra` is further paragraph properties, in the order of the schema."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>'
    return f"<w:p>{properties}{_runs(runs, bold=bold)}</w:p>"


def terms(style: str, block: Terms) -> str:
    """One paragraph per term, what is said about it at the style's tab stop."""
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_runs(term, bold=True)}'
        f"<w:r><w:tab/></w:r>{_runs(said)}</w:p>"
        for term, said in block.items
    )


def table(block: Table) -> str:
    """Header rows repeat on every page; numbers align right; a small table stays whole."""
    widths = [round(width * TWIPS) for width in block.widths]
    last = len(block.head + block.body + block.foot) - 1
    rows = []
    for number, row in enumerate(block.head + block.body + block.foot):
        head = number < len(block.head)
        foot = number >= len(block.head) + len(block.body)
        keep = "<w:keepNext/>" if block.keep and number < last else ""
        cells = "".join(
            _cell(
                width,
                paragraph(
                    "TableText",
                    runs,
                    extra=keep + ('<w:jc w:val="right"/>' if numeric else ""),
                    bold=head or foot,
                ),
                shade=head,
                ruled=foot,
            )
            for width, runs, numeric in zip(widths, row, block.numeric, strict=True)
        )
        properties = "<w:cantSplit/>" * block.keep + "<w:tblHeader/>" * head
        rows.append(f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
    look = 'w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
        f"{_border('top', 8, _INK)}{_border('bottom', 4, _LINE)}{_border('insideH', 4, _LINE)}"
        f'</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}<w:tblLook {look}/>'
        f"<w:tblCaption w:val={quoteattr(block.caption)}/></w:tblPr>"
        f"{_grid(widths)}{''.join(rows)}</w:tbl>"
    )


def letterhead(organisation: str, reference: str) -> str:
    """Draw the organisation at left and the references at right, over a rule."""
    widths = [round(98 * TWIPS), round(62 * TWIPS)]
    cells = "".join(map(_cell, widths, (organisation, reference)))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
        f'{_border("bottom", 8, _INK)}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/></w:tblCellMar>'
        f"<w:tblLook/></w:tblPr>{_grid(widths)}<w:tr>{cells}</w:tr></w:tbl>"
    )


_MARGINS = (
    '<w:tblCellMar><w:left w:w="113" w:type="dxa"/><w:right w:w="113" w:type="dxa"/></w:tblCellMar>'
)


def _grid(widths: list[int]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def _cell(width: int, content: str, *, shade: bool = False, ruled: bool = False) -> str:
    line = f"<w:tcBorders>{_border('top', 8, _INK)}</w:tcBorders>" if ruled else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"/>' if shade else ""
    foot = '<w:vAlign w:val="bottom"/>' if shade else ""
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{line}{fill}{foot}</w:tcPr>'
    return f"<w:tc>{properties}{content}</w:tc>"


def _border(side: str, size: int, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
