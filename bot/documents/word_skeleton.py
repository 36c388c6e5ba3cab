"""The parts of a Word file that are the same in every document: A4, styles, language, settings.

python-docx's own template gives styles that Word knows; here they get the document's looks. Made
once per process.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

if TYPE_CHECKING:
    from docx.document import Document

BODY_MARK = b"<w:p><w:r><w:t>BODY</w:t></w:r></w:p>"
_FONT = "Calibri"  # every Word has it; the PDF's own font would not be on the reader's machine
_INK = "1C3D5A"
_THEME_FONT = re.compile(rb'\sw:(ascii|hAnsi|eastAsia|cs)Theme="[^"]*"')

# name: size in points, space before and after in points, bold, colour
_LOOKS: dict[str, tuple[float, float, float, bool, str | None]] = {
    "Normal": (10.5, 0, 6, False, None),
    "Heading 1": (17, 22, 4, True, _INK),
    "Heading 2": (14, 20, 6, True, _INK),
    "Heading 3": (11.5, 12, 3, True, _INK),
    "Heading 4": (10.5, 8, 2, True, "000000"),
    "Subtitle": (14, 0, 10, False, _INK),
    "Caption": (9.5, 8, 4, True, "000000"),
    "List Bullet": (10.5, 0, 4, False, None),
    "Footer": (8.5, 0, 0, False, "464646"),
    "Table Text": (9, 2, 2, False, None),
    "After Table": (6, 0, 2, False, None),
    "Note": (9, 0, 6, False, "3C3C3C"),
    "Flag": (10.5, 4, 6, False, None),
    "Organisation": (14, 0, 4, True, _INK),
    "Terms": (10.5, 0, 4, False, None),
    "Reference": (9.5, 0, 2, False, None),
    "Points": (10.5, 0, 4, False, None),
    "Signature": (10.5, 48, 6, False, None),
}
_UNUSED = {"thumbnail", "stylesWithEffects", "customXml", "extended-properties"}
_TABS_MM = {"Terms": 45.0, "Reference": 29.0, "Points": 8.0}


@cache
def skeleton(logotype: Path | None = None, municipality: str = "") -> dict[str, bytes]:
    """Part name to content; BODY_MARK stands where the body goes, footer and properties follow.

    The logotype comes first, described by the municipality's name.
    """
    import docx

    document = docx.Document()
    _page(document)
    for name, look in _LOOKS.items():
        _style(document, name, *look)
    _language(document)
    _modern(document)
    _flag_border(document)
    document.sections[0].footer.is_linked_to_previous = False  # makes word/footer1.xml
    if logotype is not None:
        _picture(document, logotype, municipality)
    document.add_paragraph("BODY")
    _drop_unused(document)
    file = BytesIO()
    document.save(file)
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/styles.xml"] = _THEME_FONT.sub(b"", parts["word/styles.xml"])
    assert parts["word/document.xml"].count(BODY_MARK) == 1
    return parts


def _picture(document: "Document", file: Path, description: str) -> None:
    from docx.shared import Mm

    shape: Any = document.add_paragraph().add_run().add_picture(str(file), height=Mm(14))
    shape._inline.docPr.set("descr", description)  # noqa: SLF001 -- no public way


def _page(document: "Document") -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(24), Mm(26)
    section.footer_distance = Mm(12)


def _style(
    document: "Document",
    name: str,
    size: float,
    before: float,
    after: float,
    bold: bool,  # noqa: FBT001 -- a row of _LOOKS
    colour: str | None,
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    styles: Any = document.styles
    if name not in styles:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    style = styles[name]
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.italic = False
    for spaced in style.element.xpath("w:rPr/w:spacing"):
        spaced.getparent().remove(spaced)
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    spacing.line_spacing = 1.1 if name == "Normal" else None
    spacing.keep_with_next = name.startswith("Heading") or name == "Caption"
    spacing.widow_control = True
    if width := _TABS_MM.get(name):
        spacing.left_indent, spacing.first_line_indent = Mm(width), -Mm(width)
        spacing.tab_stops.add_tab_stop(Mm(width))
    if name == "Signature":
        spacing.right_indent, spacing.keep_together = Mm(80), True
    if name == "Footer":
        from docx.enum.text import WD_TAB_ALIGNMENT

        for stop in list(spacing.tab_stops):
            stop._element.getparent().remove(stop._element)  # noqa: SLF001 -- no public way
        spacing.tab_stops.add_tab_stop(Mm(160), WD_TAB_ALIGNMENT.RIGHT)


def _language(document: "Document") -> None:
    from docx.oxml.ns import qn

    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), "sv-SE")
    for element in document.settings.element.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), "sv-SE")


def _modern(document: "Document") -> None:
    """Let Word open the file in its present mode: tables begin at the margin."""
    from docx.oxml.ns import qn

    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _flag_border(document: "Document") -> None:
    """Give a flag its bar at left and its ground; footer and signature their rule above."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    for name, side, size, colour in (
        ("Flag", "left", 18, _INK),
        ("Footer", "top", 4, "8A97A3"),
        ("Signature", "top", 4, "8A97A3"),
    ):
        properties = document.styles[name].element.get_or_add_pPr()
        border = f'<w:{side} w:val="single" w:sz="{size}" w:space="6" w:color="{colour}"/>'
        borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="EEF2F5"/>')
    flag = document.styles["Flag"].element.get_or_add_pPr()
    flag.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc")


def _drop_unused(document: "Document") -> None:
    """Leave out what only weighs or is untrue: unused styles, a picture, which program wrote it."""
    from docx.oxml.ns import qn

    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            styles.remove(style)
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _UNUSED:
                relations.pop(key)
