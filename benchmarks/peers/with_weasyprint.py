"""Applications through WeasyPrint: HTML files and a stylesheet to tagged PDF/A.

`python -m benchmarks.peers.with_weasyprint CSS FONTS HTML …` writes a PDF beside each and prints, as JSON, the
milliseconds that it took, on the clock and of processor time. Stylesheet and fonts are read once, before them.
"""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration


def main(style: Path, fonts: Path, sources: list[Path]) -> None:
    known = FontConfiguration()
    style_text = style.read_text("utf-8").replace("FONTS", fonts.resolve().as_uri())
    css = CSS(string=style_text, font_config=known)
    taken = []
    for source in sources:
        html = source.read_text("utf-8")
        began, cpu = perf_counter(), process_time()
        document = HTML(string=html)
        pdf = document.write_pdf(stylesheets=[css], font_config=known, pdf_variant="pdf/a-2a")
        taken.append(((perf_counter() - began) * 1e3, (process_time() - cpu) * 1e3))
        source.with_suffix(".pdf").write_bytes(pdf)
    print(json.dumps(taken))


if __name__ == "__main__":
    style, fonts, *sources = map(Path, sys.argv[1:])
    main(style, fonts, sources)
