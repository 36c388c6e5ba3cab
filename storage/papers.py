"""The stored originals of every document but the application: which file, under which title.

What was stored is the original and is never replaced. Bytes are in the file store.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select

from storage.tables import papers

_FIRST = ("pdf", "docx", "json")  # the order in which people get them; others after


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """`name` is the template's, `key` what it is about; `title` is the file's name, with its ending.

    `format` is pdf, docx, json, xlsx or zip; `size` is bytes.
    """

    name: str
    key: str
    format: str
    case_id: str | None
    sha256: str
    title: str
    size: int
    at: datetime


def add(db: Connection, made: Iterable[Paper]) -> None:
    """Raises IntegrityError when one of them is already there."""
    db.execute(insert(papers), [asdict(paper) for paper in made])


def of(db: Connection, name: str, key: str) -> tuple[Paper, ...]:
    """The document's files: PDF, Word, facts as JSON, then the rest; none before they are made."""
    query = select(papers).where(papers.c.name == name, papers.c.key == key)
    return tuple(sorted(map(_paper, db.execute(query)), key=_place))


def of_case(db: Connection, case_id: str) -> tuple[Paper, ...]:
    """Every file that belongs to the case, in the order in which they were made."""
    query = select(papers).where(papers.c.case_id == case_id).order_by(papers.c.at)
    return tuple(sorted(map(_paper, db.execute(query)), key=lambda one: (one.at, _place(one))))


def keys(db: Connection, name: str) -> tuple[str, ...]:
    """What there are documents of one name about, in the order of their keys."""
    query = select(papers.c.key).where(papers.c.name == name).distinct()
    return tuple(db.scalars(query.order_by(papers.c.key)))


def _place(paper: Paper) -> tuple[str, str, int, str]:
    known = _FIRST.index(paper.format) if paper.format in _FIRST else len(_FIRST)
    return paper.name, paper.key, known, paper.format


def _paper(row: Row[tuple[object, ...]]) -> Paper:
    return Paper(
        name=row.name,
        key=row.key,
        format=row.format,
        case_id=row.case_id,
        sha256=row.sha256,
        title=row.title,
        size=row.size,
        at=row.at,
    )
