"""Finds cases by the beginnings of words in their number, dnr and title.

What is written is cut into words as the titles were. Each leads to the words of the vocabulary that
begin so, and these to their newest cases; only ranges of indexes are read, so that a search takes the
same time among a hundred thousand cases as among a thousand.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import case_words, vocabulary

_WORD = re.compile(r"[^\W_]+(?:[-:/][^\W_]+)*")
MOST_WORDS = 20  # of the vocabulary that begin alike
MOST_CASES = 200  # the newest of each word; what is older is found by writing more
_LAST = "\U0010ffff"


def words(text: str) -> tuple[str, ...]:
    """The words in lower case, and the parts of those that are joined: "2026-0001" is also "0001"."""
    found = _WORD.findall(text.lower())
    parts = [part for word in found for part in re.split(r"[-:/]", word)]
    return tuple(dict.fromkeys(word[:60] for word in [*found, *parts]))


def remember(db: Connection, case_id: str, *, text: str, first_submitted_at: datetime) -> None:
    """Let the case be found by these words and no others."""
    db.execute(delete(case_words).where(case_words.c.case_id == case_id))
    found = words(text)
    dialect = sqlite if db.dialect.name == "sqlite" else postgresql
    known = dialect.insert(vocabulary).on_conflict_do_nothing()
    # In order: two who add the same words at once wait for each other, and never both.
    db.execute(known, [{"word": word} for word in sorted(found)])
    rows = [
        {"case_id": case_id, "word": word, "first_submitted_at": first_submitted_at}
        for word in found
    ]
    db.execute(insert(case_words), rows)


def find(db: Connection, written: str) -> list[str]:
    """The ids of the newest cases that have a word beginning with each of those written."""
    wanted = [word for word in written.lower().split() if words(word)][:8]
    found: list[str] | None = None
    for word in wanted:
        ids = _beginning(db, word)
        found = ids if found is None else [case_id for case_id in found if case_id in set(ids)]
    return found or []


def _beginning(db: Connection, word: str) -> list[str]:
    beginning = words(word)[0]
    query = select(vocabulary.c.word).where(
        vocabulary.c.word >= beginning, vocabulary.c.word < beginning + _LAST
    )
    alike: Sequence[str] = db.scalars(query.order_by(vocabulary.c.word).limit(MOST_WORDS)).all()
    newest: dict[str, datetime] = {}
    for one in alike:
        cases = select(case_words.c.case_id, case_words.c.first_submitted_at)
        cases = cases.where(case_words.c.word == one)
        cases = cases.order_by(case_words.c.first_submitted_at.desc()).limit(MOST_CASES)
        newest.update((row.case_id, row.first_submitted_at) for row in db.execute(cases))
    return sorted(newest, key=lambda case_id: (newest[case_id], case_id), reverse=True)
