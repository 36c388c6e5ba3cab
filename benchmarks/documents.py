"""What the application costs as PDF/A and Word, warm, beside the same document through WeasyPrint.

Both get the same facts in the same HTML, each document with texts of its own: typst remembers what it has
laid out before. WeasyPrint makes a PDF and no Word file, with a stylesheet that does what our layout does.
Rounds are interleaved and ratios are of the same round. It prints, and never fails.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

from pydantic import BaseModel

from benchmarks.peers import environment
from benchmarks.table import figure, ratio, table
from bot.documents.blocks import Document, parse
from bot.documents.legible import FONTS
from bot.documents.make import make
from bot.documents.pdf import pdf
from bot.documents.preview import MODELS
from bot.documents.template import FOLDER, rendered
from bot.documents.word import word

CSS = Path(__file__).parent / "peers" / "weasyprint.css"
NAME = "application"
BOTH, BLOCKS, PDF, WORD = (
    "PDF/A + Word",
    "of that, facts to blocks",
    "of that, PDF/A",
    "of that, Word",
)
WEASYPRINT = "WeasyPrint, PDF/A"
WARM_UP = 2
_LONG = 40  # a text, and no name or key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds on the clock and of processor time."""

    clock: float
    cpu: float


def main(*, rounds: int, runs: int) -> None:
    """Make each in turn, and print."""
    found: dict[str, list[Took]] = {}
    with tempfile.TemporaryDirectory(prefix="lots-bench-") as folder:
        for number in range(rounds):
            first, count = number * 1000, WARM_UP + runs
            facts = [example(first + run) for run in range(count)]
            took = ours(facts, [example(first + count + run) for run in range(count)])
            if number == 0 or WEASYPRINT in found:
                took |= beside(facts, Path(folder))
            for name, one in took.items():
                found.setdefault(name, []).append(one)
    made = make(NAME, example(0))
    size = f"{len(made.pdf) / 1e3:.0f} kB PDF, {len(made.docx) / 1e3:.0f} kB Word"
    print(f"\n{NAME}, warm, {rounds} round(s) of {runs}: {size}\n\n{report(found)}")


def example(number: int) -> BaseModel:
    """The facts that stand beside the template, with longer texts unlike those of other numbers."""
    said = json.loads((FOLDER / NAME / "example.json").read_bytes())
    return MODELS[NAME].model_validate(_unlike(said["facts"], number))


def ours(facts: Sequence[BaseModel], others: Sequence[BaseModel]) -> dict[str, Took]:
    """The whole as the bot does it; and its parts, of others, since typst has seen the first."""
    documents = [_blocks(one) for one in others]
    return {
        BOTH: _each(lambda one: make(NAME, one), facts),
        BLOCKS: _each(_blocks, others),
        PDF: _each(pdf, documents),
        WORD: _each(word, documents),
    }


def beside(facts: Sequence[BaseModel], folder: Path) -> dict[str, Took]:
    """The same through WeasyPrint, in a process of its own; nothing where it cannot run."""
    sources = [folder / f"{number}.html" for number in range(len(facts))]
    for source, one in zip(sources, facts, strict=True):
        source.write_text(rendered(NAME, one), "utf-8")
    try:
        command = [environment.python(), "-m", "benchmarks.peers.with_weasyprint", CSS, FONTS]
    except environment.NotHere as reason:
        print(f"WeasyPrint is left out, it cannot be installed: {reason}")
        return {}
    done = subprocess.run(
        [*command, *sources], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        print(f"WeasyPrint is left out, it does not run here: {done.stderr.strip()[-200:]}")
        return {}
    return {WEASYPRINT: _warm([Took(*one) for one in json.loads(done.stdout)])}


def report(found: dict[str, list[Took]]) -> str:
    """Each with how many times as long it takes as PDF and Word together do in the same round."""
    whole = found[BOTH]
    rows = [
        [
            name,
            figure(median(one.clock for one in took)),
            figure(median(one.cpu for one in took)),
            ratio(median(a.clock / b.clock for a, b in zip(took, whole, strict=True))),
            ratio(median(a.cpu / b.cpu for a, b in zip(took, whole, strict=True))),
        ]
        for name, took in found.items()
    ]
    return table(("", "ms", "CPU ms", f"x {BOTH}", "CPU x"), rows)


def _unlike(facts: Any, number: int) -> Any:
    match facts:
        case str() if len(facts) > _LONG:
            return f"{facts} ({number})"
        case dict():
            return {key: _unlike(value, number) for key, value in facts.items()}
        case list():
            return [_unlike(value, number) for value in facts]
        case _:
            return facts


def _blocks(facts: BaseModel) -> Document:
    return parse(rendered(NAME, facts))


def _each(act: Callable[[T], object], things: Sequence[T]) -> Took:
    taken = []
    for thing in things:
        began, cpu = perf_counter(), process_time()
        act(thing)
        taken.append(Took((perf_counter() - began) * 1e3, (process_time() - cpu) * 1e3))
    return _warm(taken)


def _warm(taken: Sequence[Took]) -> Took:
    """The medians, without the first ones."""
    warm = taken[WARM_UP:]
    return Took(median(one.clock for one in warm), median(one.cpu for one in warm))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--runs", type=int, default=10, help="documents in a round")
    chosen = arguments.parse_args()
    main(rounds=chosen.rounds, runs=chosen.runs)
