"""The base of every value, and the small values that all others are made of."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticCustomError


class Value(BaseModel):
    """A value never changes, and knows no fields but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Value):
    """One text in both official languages."""

    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)

    @classmethod
    def spaced(cls, en: str, fr: str) -> Bilingual:
        """Both texts; in French a no-break space stands before each colon."""
        return cls(en=en, fr=fr.replace(" :", "\u00a0:"))

    def in_language(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
FiscalYear = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]

_DECIMAL = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_day(value: Any) -> Any:
    # Made a date here: behind a validator, strict reading of JSON no longer takes the string.
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("date_parsing", "not a date written as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]
"""A date, written as `YYYY-MM-DD` and in no other way (never as a number of seconds)."""


class Money(Value):
    """An amount of Canadian dollars, exact to the cent; never negative.

    `value` is a decimal string such as `"1250000.00"`; floats are refused, so no cent is
    lost on the way.
    """

    currency: Literal["CAD"] = "CAD"
    value: str

    @field_validator("value")
    @classmethod
    def _is_an_amount(cls, value: str) -> str:
        if not _DECIMAL.fullmatch(value):
            raise ValueError("not a decimal amount with at most two decimals")
        return str(Decimal(value).quantize(Decimal("0.01")))

    @property
    def cents(self) -> int:
        return int(Decimal(self.value) * 100)

    @classmethod
    def of_cents(cls, cents: int) -> Money:
        return cls(value=f"{cents // 100}.{cents % 100:02d}")


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value that digests and signatures are made over."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical form of *value*."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def instant(moment: datetime) -> str:
    """A UTC instant as ISO 8601 with `Z` and microseconds, the form that is hashed."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def some_instant(moment: datetime | None) -> str | None:
    """As `instant`, where there is one."""
    return instant(moment) if moment else None
