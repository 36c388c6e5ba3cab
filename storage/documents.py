"""The stored originals of each version: which file, under which name. Bytes are in the file store.

A version is issued again when it gets its dnr; what was issued before stays.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from storage.tables import documents


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """`format` is pdf or docx; `size` is bytes."""

    version: int
    issue: int
    format: str
    sha256: str
    name: str
    size: int


def add(
    db: Connection,
    case_id: str,
    *,
    version: int,
    issue: int,
    format: str,  # noqa: A002  what it is called everywhere
    sha256: str,
    name: str,
    size: int,
) -> None:
    row = {"version": version, "issue": issue, "format": format}
    db.execute(
        insert(documents), {**row, "case_id": case_id, "sha256": sha256, "name": name, "size": size}
    )


def of(db: Connection, case_id: str, version: int) -> tuple[Document, ...]:
    """The files of the version's latest issue: PDF first, then Word; none before they are made."""
    latest = select(func.max(documents.c.issue)).where(
        documents.c.case_id == case_id, documents.c.version == version
    )
    rows = db.execute(
        select(documents)
        .where(
            documents.c.case_id == case_id,
            documents.c.version == version,
            documents.c.issue == latest.scalar_subquery(),
        )
        .order_by(documents.c.format.desc())
    )
    return tuple(
        Document(
            version=row.version,
            issue=row.issue,
            format=row.format,
            sha256=row.sha256,
            name=row.name,
            size=row.size,
        )
        for row in rows
    )
