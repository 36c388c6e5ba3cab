"""The secretary's modals about the bodies, read: texts become days, paragraphs, amounts and names.

What is wrong is named by its input, and together with what is missing, so that one look is enough.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flows import dnr, officer_report
from flows.answers import refuse_blank
from flows.board import Reviewed, Said, paragraph
from flows.board_problems import heading_problems, problems
from flows.board_record import (
    Heading,
    Minutes,
    Names,
    Wanted,
    amount_field,
    cells,
    payment_field,
    pot_field,
)
from flows.case import Case
from flows.dates import parse_date
from flows.decided import Allocation, CouncilOutcome, Financing, Position, Verdict
from flows.errors import InvalidAnswer
from flows.form import LONGEST
from flows.inputs import Inputs, Reader, WrongInputs, one_of
from flows.money import parse_amount
from flows.programme import Programme
from flows.rules import CostKind

Choices = Mapping[str, tuple[str, ...]]  # what is chosen, by input
Pots = Mapping[tuple[CostKind, int], str]  # what the programme's own money is called
LONGEST_NAME = 100
NO_DAY: date | None = None
NOTHING: Decimal | None = None
NO_NAMES: tuple[str, ...] = ()
NO_LINES: tuple[Financing, ...] = ()
# Figures that follow from others: not judged while one of the others cannot be read.
_FOLLOWS = ("amount:", "pot:", "payment:", "other_financing", "total_estimate")
_NOBODY = frozenset({"ingen", "inga", "ingen.", "inga."})
_KINDS = {"drift": CostKind.OPERATING, "investering": CostKind.INVESTMENT}
_KIND_AND_YEAR = re.compile(r"(drift|investering)[a-zåäö]* (\d{4})", re.IGNORECASE)


def reviewed(inputs: Inputs) -> Reviewed:
    """Read `outcome`, `day`, `paragraph` and `reason`. Raises WrongInputs."""
    reader = Reader(inputs)
    outcome = reader.get("outcome", one_of(CouncilOutcome), otherwise=CouncilOutcome.STOPPED)
    decided = outcome is CouncilOutcome.DECIDED and bool(inputs.get("paragraph", "").strip())
    said = Reviewed(
        outcome=outcome,
        day=reader.get("day", _day, otherwise=NO_DAY),
        paragraph=reader.get("paragraph", paragraph, otherwise="") if decided else "",
        reason=reader.get("reason", text, otherwise=""),
    )
    reader.done()
    return said


def said(inputs: Inputs) -> Said:
    """Read `position`, `day` and `reason`. Raises WrongInputs."""
    reader = Reader(inputs)
    found = Said(
        position=reader.get("position", one_of(Position), otherwise=Position.REMITS),
        day=reader.get("day", _day, otherwise=NO_DAY),
        reason=reader.get("reason", text, otherwise=""),
    )
    reader.done()
    return found


def days(inputs: Inputs) -> tuple[date | None, date | None]:
    """Read `verified` and `announced`. Raises WrongInputs."""
    reader = Reader(inputs)
    found = (
        reader.get("verified", _day, otherwise=NO_DAY),
        reader.get("announced", _day, otherwise=NO_DAY),
    )
    reader.done()
    return found


def heading(
    case: Case,
    programme: Programme,
    wanted: Wanted,
    inputs: Inputs,
    chosen: Choices,
    *,
    at: datetime,
) -> Heading:
    """Read the meeting, and who gets what when. A year that was asked for is always answered.

    Raises WrongInputs with everything that is wrong.
    """
    reader = Reader(inputs)
    day = reader.get("day", _day, otherwise=NO_DAY)
    known = [one.id for one in programme.committees]
    years = {int(year) for year in chosen.get("years", ()) if re.fullmatch("[0-9]{4}", year)}
    found = Heading(
        verdict=reader.get("verdict", one_of(Verdict), otherwise=Verdict.REJECTED),
        day=day or date.min,
        paragraph=reader.get("paragraph", paragraph, otherwise=""),
        dnr=reader.get("dnr", dnr.read, otherwise=""),
    )
    if found.verdict is Verdict.GRANTED:
        gives = {
            "committees": tuple(one for one in known if one in chosen.get("committees", ())),
            "kinds": tuple(kind for kind in CostKind if kind in chosen.get("kinds", ())),
            "years": tuple(sorted({*wanted.years, *years})),
            "every": bool(chosen.get("every")),
        }
        found = found.model_copy(update=gives)
    wrong = heading_problems(case, found, at=at)
    if day is None:
        wrong["day"] = InvalidAnswer("refusals.board.day_missing")
    if wrong | reader.wrong:
        raise WrongInputs(wrong | reader.wrong)
    return found


def minutes(
    programme: Programme, of: Heading, wanted: Wanted, inputs: Inputs, *, pots: Pots
) -> Minutes:
    """Read the decision under its heading. Raises WrongInputs with all that is wrong or missing."""
    reader = Reader(inputs)
    found = Minutes(
        heading=of,
        points=reader.get("points", _points, otherwise=NO_NAMES),
        allocations=_allocations(reader, programme, of, wanted),
        total_estimate=reader.get("total_estimate", _amount, otherwise=NOTHING),
        payments=_payments(reader, of, wanted),
        financing=_financing(reader, of, wanted, pots),
        compensates={"yes": True, "no": False}.get(inputs.get("compensates", "")),
        names=Names(
            reservations=reader.get("reservations", names, otherwise=NO_NAMES),
            not_participating=reader.get("not_participating", names, otherwise=NO_NAMES),
            disqualified=reader.get("disqualified", names, otherwise=NO_NAMES),
        ),
        proposals=reader.get("proposals", text, otherwise=""),
        reason=reader.get("reason", text, otherwise=""),
    )
    wrong = problems(found, wanted)
    if any(name.startswith(_FOLLOWS) for name in reader.wrong):
        wrong = {name: one for name, one in wrong.items() if not name.startswith(_FOLLOWS)}
    if wrong | reader.wrong:
        raise WrongInputs(wrong | reader.wrong)
    return found


def names(written: str) -> tuple[str, ...]:
    """One name a line, or parted by commas: `Anna Ek (M)`. "Ingen" is nobody."""
    parts = (" ".join(part.split()) for part in re.split(r"[\n,;]", written))
    found = tuple(
        part
        for part in parts
        if any(letter.isalpha() for letter in part) and part.casefold() not in _NOBODY
    )
    for name in found:
        if len(name) > LONGEST_NAME:
            raise InvalidAnswer("refusals.board.name_too_long", longest=LONGEST_NAME)
    return tuple(dict.fromkeys(found))


def text(written: str) -> str:
    """Free text, or nothing."""
    stripped = written.strip()
    if len(stripped) > LONGEST:
        raise InvalidAnswer("refusals.answers.too_long", length=len(stripped), longest=LONGEST)
    return stripped


def _day(written: str) -> date | None:
    return parse_date(written) if written.strip() else None


def _amount(written: str) -> Decimal | None:
    """An amount; nothing written is nothing said, and `0` is 0 kr."""
    return parse_amount(written, allow_zero=True) if written.strip() else None


def _points(written: str) -> tuple[str, ...]:
    return officer_report.points(written) if written.strip() else ()


def _allocations(
    reader: Reader, programme: Programme, of: Heading, wanted: Wanted
) -> tuple[Allocation, ...]:
    found = []
    for (kind, year), committees in cells(of, wanted).items():
        for key in committees:
            amount = reader.get(amount_field(key, kind, year), _amount, otherwise=NOTHING)
            if amount is None:
                continue
            committee = programme.committee(key)
            code = committee.activity_code if committee else ""
            one = Allocation(committee=key, kind=kind, year=year, amount=amount, activity_code=code)
            found.append(one)
    return tuple(found)


def _payments(reader: Reader, of: Heading, wanted: Wanted) -> dict[int, Decimal]:
    written = {
        year: reader.get(payment_field(year), _amount, otherwise=NOTHING)
        for year in sorted({*of.years, *wanted.paid_in})
    }
    return {year: amount for year, amount in written.items() if amount}


def _financing(reader: Reader, of: Heading, wanted: Wanted, pots: Pots) -> tuple[Financing, ...]:
    found = []
    for kind, year in cells(of, wanted):
        amount = reader.get(pot_field(kind, year), _amount, otherwise=NOTHING)
        if amount:
            line = Financing(source=pots[kind, year], kind=kind, year=year, amount=amount)
            found.append(line)
    other = reader.get("other_financing", _other_financing, otherwise=NO_LINES)
    return (*found, *other)


def _other_financing(written: str) -> tuple[Financing, ...]:
    """One on each line: kind and year; source; amount."""
    return tuple(_line(line) for line in written.splitlines() if line.strip())


def _line(line: str) -> Financing:
    parts = [" ".join(part.split()) for part in line.split(";")]
    what = _KIND_AND_YEAR.fullmatch(parts[0])
    if what is None or len(parts) != 3:  # noqa: PLR2004  as the hint says
        raise InvalidAnswer("refusals.board.financing_line", line=line.strip())
    refuse_blank(parts[1])
    return Financing(
        source=parts[1],
        kind=_KINDS[what[1].casefold()],
        year=int(what[2]),
        amount=parse_amount(parts[2]),
        from_pot=False,
    )
