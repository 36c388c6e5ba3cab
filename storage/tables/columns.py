"""What every table is made of: one MetaData, and columns that mean the same on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Text, TypeDecorator

_WRITTEN = "2026-11-22 10:05:07.250000"  # UTC, as SQLAlchemy writes it

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime. SQLite keeps no zone, so what goes in and comes out is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy names it
        return None if value is None else _utc(value)

    # SQLite's text is written and read here: by way of SQLAlchemy's own type it took five times as long.
    def bind_processor(self, dialect: Dialect) -> Any:
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a stored time is aware")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _written(value: datetime | None) -> str | None:
    return None if value is None else _utc(value).isoformat(" ", "microseconds")[: len(_WRITTEN)]


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


RowId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only an exact INTEGER


# Compared letter by letter on both databases, so that a beginning is a range of the index.
Word = Text().with_variant(Text(collation="C"), "postgresql")


class Ore(TypeDecorator[Decimal]):
    """Kronor with öre, kept as a whole number of öre: neither database can round it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002  SQLAlchemy names it
        if value is None:
            return None
        ore = value * 100
        if ore != ore.to_integral_value():
            raise ValueError("a stored amount is whole hundredths of a krona")
        return int(ore)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002  SQLAlchemy names it
        return None if value is None else Decimal(value) / 100
