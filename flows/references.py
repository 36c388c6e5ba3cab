"""What a decision rests on, as it stands in a list of documents: a body's decision, or a titled paper.

`KF 2019-12-09 § 197` is kommunfullmäktige's decision of that day and paragraph (R001-22, R003-4);
`Tjänsteskrivelse 2021-09-13` is a paper with its date (R003-5).
"""

import re
from datetime import date

from pydantic import BaseModel

from flows.dates import parse_date
from flows.errors import InvalidAnswer

# What the bodies are called, in the short form that is stored.
_BODIES = {"kommunfullmäktige": "KF", "fullmäktige": "KF", "kommunstyrelsen": "KS"}
_SHORT = re.compile(r"[A-ZÅÄÖ]{2,5}")
_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2} [a-zåäö]+ \d{4}"
_DECISION = re.compile(
    rf"(?P<body>[^\W\d]+)[ /,]*(?:den )?(?P<day>{_DAY})(?!\d)[ /,]*(?:§§? ?)?(?P<paragraph>\d+)\b[ ,.:;–-]*"
    r"(?P<title>.*)"
)
_TITLED = re.compile(rf"(?P<title>.*?)[ ,]*\(?(?:(?:daterad )?den )?(?P<day>{_DAY})\)?\.?")


class Reference(BaseModel, frozen=True):
    """`body` ("KF") and `paragraph` are there when it is a decision; `title` when it has one."""

    title: str = ""
    day: date | None = None
    body: str = ""
    paragraph: int | None = None


def read(line: str) -> Reference:
    """Read one line. Raises InvalidAnswer for a date that no calendar has.

    A line without a date is a title; so is a decision of a body that nobody calls by that name.
    """
    written = " ".join(line.split())
    if found := _DECISION.fullmatch(written):
        body = _body(found["body"])
        if body:
            return Reference(
                title=found["title"],
                day=parse_date(found["day"]),
                body=body,
                paragraph=int(found["paragraph"]),
            )
    if (found := _TITLED.fullmatch(written)) and found["title"]:
        return Reference(title=found["title"], day=parse_date(found["day"]))
    if not any(character.isalnum() for character in written):
        raise InvalidAnswer("refusals.answers.blank")
    return Reference(title=written)


def read_lines(text: str) -> tuple[Reference, ...]:
    """One reference a line, in order; empty lines are none."""
    return tuple(read(line) for line in text.splitlines() if line.strip())


def written(reference: Reference) -> str:
    """The reference as `read` takes it back: `KF 2019-12-09 § 197 Mål och budget`."""
    if reference.paragraph is not None:
        said = f"{reference.body} {reference.day} § {reference.paragraph} {reference.title}"
        return said.rstrip()
    return f"{reference.title} {reference.day or ''}".rstrip()


def _body(name: str) -> str:
    """A nämnd, kommunstyrelsen or kommunfullmäktige, by its abbreviation or its name; else ""."""
    if _SHORT.fullmatch(name):
        return name
    known = _BODIES.get(name.casefold())
    return known or (name if name.casefold().endswith("nämnden") else "")
