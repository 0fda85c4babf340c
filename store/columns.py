"""Columns that every module of tables uses: instants in UTC, JSON, whole cents."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import Field


class Instant(TypeDecorator[datetime]):
    """A UTC instant; aware on every database (SQLite itself keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def an_instant(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Instant, nullable=nullable, index=index))


def some_json(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSON, nullable=nullable))


def in_cents() -> Any:
    return Field(default=0, sa_column=Column(BigInteger, nullable=False, default=0))
