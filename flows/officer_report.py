"""The free text of a tjänsteskrivelse med förslag till beslut, as the secretary writes it in a modal.

Which sections are asked for is the programme's (`officer_report.sections`); the rest of the document
is read from the case. It may be written anew until the case has been decided.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from pydantic import BaseModel

from flows import references
from flows.answers import refuse_blank
from flows.dates import parse_date
from flows.errors import InvalidAnswer
from flows.form import LONGEST
from flows.inputs import Inputs, Reader
from flows.practice import Section
from flows.programme import Programme
from flows.references import Reference

LONGEST_GROUP = 200
LONGEST_PURPOSE = 500
TEXTS = (Section.BACKGROUND, Section.FINANCE, Section.CHILDREN, Section.EQUALITY)
NO_POINTS: tuple[str, ...] = ()
NO_DOCUMENTS: tuple[Reference, ...] = ()


class Mbl(StrEnum):
    """Whether medbestämmandelagen asks for something first (R003-9)."""

    NOT_REQUIRED = "not_required"
    INFORMATION = "information"
    NEGOTIATION = "negotiation"


class Stance(StrEnum):
    """What a consulted group says (R003-8)."""

    RECOMMENDS = "recommends"
    ADVISES_AGAINST = "advises_against"
    NO_OBJECTION = "no_objection"


class Consultation(BaseModel, frozen=True):
    group: str
    stance: Stance


class Purpose(BaseModel, frozen=True):
    """What one nämnd, as the programme calls it, is to use its part of the money for (R003-11)."""

    committee: str
    text: str


class WrittenReport(BaseModel, frozen=True):
    """`points` are the proposed att-satser in order. A section that nobody wrote is empty."""

    points: tuple[str, ...]
    purposes: tuple[
        Purpose, ...
    ] = ()  # of the nämnder that get something, in the programme's order
    background: str = ""
    finance: str = ""
    children: str = ""
    equality: str = ""
    goals: tuple[str, ...] = ()  # some of programme.direction.goals, as they are called there
    consultation: Consultation | None = None
    mbl: Mbl | None = None
    mbl_on: date | None = None  # of the information or negotiation
    documents: tuple[Reference, ...] = ()  # beside those of the case itself


def read(programme: Programme, inputs: Inputs, *, goals: Collection[str] = ()) -> WrittenReport:
    """Read what was written: an input for each section, and `points`, `group`, `mbl_on`, `documents`.

    What a nämnd's money is for stands in the input that `purpose_field` names.
    `goals` are the chosen ones. Raises WrongInputs with every input that is wrong. An empty section is
    no obstacle: `warnings` says what is worth a second look.
    """
    reader = Reader(inputs)
    report = WrittenReport(
        points=reader.get("points", points, otherwise=NO_POINTS),
        purposes=_purposes(reader, programme),
        **{section.value: reader.get(section, _text, otherwise="") for section in TEXTS},
        goals=tuple(goal for goal in programme.direction.goals if goal in goals),
        consultation=_consultation(reader),
        mbl=reader.get(Section.MBL, _mbl, otherwise=None),
        mbl_on=reader.get("mbl_on", _optional_date, otherwise=None),
        documents=reader.get("documents", references.read_lines, otherwise=NO_DOCUMENTS),
    )
    asked = Section.MBL in programme.officer_report.sections
    if asked and report.mbl is None:
        reader.wrong.setdefault(Section.MBL, InvalidAnswer("refusals.board.mbl_missing"))
    if report.mbl in {Mbl.INFORMATION, Mbl.NEGOTIATION} and report.mbl_on is None:
        reader.wrong.setdefault("mbl_on", InvalidAnswer("refusals.board.mbl_day_missing"))
    reader.done()
    return report


def purpose_field(committee: str) -> str:
    """The name of the input for what a nämnd's money is for."""
    return f"purpose:{committee}"


def warnings(programme: Programme, report: WrittenReport) -> tuple[Section, ...]:
    """Sections that politicians ask for and that are empty: konsekvenser för barn (R002-15)."""
    asked = Section.CHILDREN in programme.officer_report.sections
    return (Section.CHILDREN,) if asked and not report.children else ()


def points(text: str) -> tuple[str, ...]:
    """Decision points, one a line, in the order written (R001-15). Raises InvalidAnswer for none.

    A number or dash that somebody put before a point is taken away: the document numbers them.
    """
    found = tuple(_point(line) for line in text.splitlines() if line.strip())
    if not found:
        raise InvalidAnswer("refusals.board.points_missing")
    return found


def _point(line: str) -> str:
    point = " ".join(line.split())
    first, _, rest = point.partition(" ")
    numbered = first.rstrip(".)").isdecimal() and first[-1] in ".)"
    point = rest if rest and (numbered or first in {"-", "–", "•", "*"}) else point
    refuse_blank(point)
    return point


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        raise InvalidAnswer("refusals.answers.too_long", length=len(text), longest=LONGEST)
    return text


def _purposes(reader: Reader, programme: Programme) -> tuple[Purpose, ...]:
    written = {
        one.name: reader.get(purpose_field(one.id), _purpose, otherwise="")
        for one in programme.committees
    }
    return tuple(Purpose(committee=name, text=text) for name, text in written.items() if text)


def _purpose(text: str) -> str:
    return _line(text, longest=LONGEST_PURPOSE)


def _consultation(reader: Reader) -> Consultation | None:
    group = reader.get("group", _group, otherwise="")
    stance = reader.get(Section.CONSULTATION, _stance, otherwise=None)
    if not group and stance is None:
        return None
    if not group:
        reader.wrong.setdefault("group", InvalidAnswer("refusals.board.group_missing"))
        return None
    if stance is None:
        missing = InvalidAnswer("refusals.board.stance_missing")
        reader.wrong.setdefault(Section.CONSULTATION, missing)
        return None
    return Consultation(group=group, stance=stance)


def _group(text: str) -> str:
    return _line(text, longest=LONGEST_GROUP)


def _line(text: str, *, longest: int) -> str:
    line = " ".join(text.split())
    if len(line) > longest:
        raise InvalidAnswer("refusals.answers.too_long", length=len(line), longest=longest)
    return line


def _stance(value: str) -> Stance | None:
    return Stance(value) if value in tuple(Stance) else None


def _mbl(value: str) -> Mbl | None:
    return Mbl(value) if value in tuple(Mbl) else None


def _optional_date(value: str) -> date | None:
    return parse_date(value) if value.strip() else None
