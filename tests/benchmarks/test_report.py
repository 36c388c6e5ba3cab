"""What the benchmarks print: markdown, and ratios that are taken within a round."""

from pathlib import Path

from benchmarks import stub, telegram
from benchmarks.entries import Entry
from benchmarks.report import Round, report
from benchmarks.subject import BARE, LOTS, App
from benchmarks.table import figure, table
from benchmarks.work import Line, percentiles, works

TYPED = [work for work in works(1) if work.name == "typed, 1 at a time"]
AIOGRAM = App("aiogram", (), {})


def entry(app: App, others: int | None) -> Entry:
    serve = telegram.serve if app is AIOGRAM else stub.serve
    return Entry(app, others, Path(), [], TYPED, serve)


def measured(rate: float, *, cpu_us: float = 1000, acks: bool = True) -> Round:
    times = (1.0, 2.0, 3.0)
    line = Line(
        rate=rate, cpu_us=cpu_us, ack=times if acks else None, done=times, answers=10, lost=1
    )
    return Round(
        {TYPED[0].name: line},
        ready_s=1,
        ready_cpu_s=1,
        idle_mb=50,
        after_mb=60,
        connections=2,
        stored=None,
    )


def row(said: str, name: str) -> list[str]:
    line = next(line for line in said.splitlines() if line.startswith(f"| {name} "))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_ratio_is_the_median_of_those_of_each_round():
    found = {
        entry(LOTS, 0): [measured(100), measured(400), measured(300)],
        entry(BARE, None): [measured(200), measured(400), measured(100)],
    }

    said = report(found, rounds=3, at_most_s=10)

    assert row(said, "bare")[5] == "1.00"  # of 0.5, 1 and 3


def test_ours_stands_beside_whoever_has_as_many_conversations():
    found = {
        entry(LOTS, 0): [measured(100)],
        entry(LOTS, 50_000): [measured(90, cpu_us=1100)],
        entry(AIOGRAM, 0): [measured(50, acks=False)],
        entry(AIOGRAM, 50_000): [measured(30, acks=False)],
    }

    said = report(found, rounds=1, at_most_s=10)

    assert row(said, "aiogram, 0 others")[5] == "2.00"
    assert row(said, "aiogram, 50,000 others")[5] == "3.00"
    assert row(said, "lots, 50,000 others")[5:9] == ["-", "-", "0.90", "1.10"]


def test_telegram_has_no_ack_to_show():
    found = {
        entry(LOTS, 0): [measured(100)],
        entry(AIOGRAM, 0): [measured(50, acks=False)],
    }

    said = report(found, rounds=1, at_most_s=10)

    assert row(said, "aiogram, 0 others")[2:4] == ["-", "1 / 2 / 3"]


def test_a_table_is_markdown_with_its_columns_under_each_other():
    said = table(("what", "ms"), [("one", "1"), ("three thousand", "3,000")])

    assert said.splitlines() == [
        "| what           |    ms |",
        "| -------------- | ----: |",
        "| one            |     1 |",
        "| three thousand | 3,000 |",
    ]


def test_a_figure_has_three_digits_that_say_something():
    assert [figure(value) for value in (1234.5, 99.94, 1.2345, None)] == [
        "1,234",
        "99.9",
        "1.23",
        "-",
    ]


def test_one_answer_has_percentiles_and_none_has_nothing():
    assert percentiles([0.25]) == (250, 250, 250)
    assert percentiles([]) is None
