"""Records that reviews rely on by reference: baselines, vettings, due diligence.

Made once by one person and confirmed by another, dated, and good until a day (product.md,
section 3, Compliance; domain.md, section 2.6).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.tasks import RiskLevel
from schemas.values import Value


class RecordKind(StrEnum):
    COUNTRY_BASELINE = "country_baseline"
    """The risks of a country as they are, before anything is done about them."""
    UNIT_VETTING = "unit_vetting"
    PERSON_VETTING = "person_vetting"
    PARTNER_DUE_DILIGENCE = "partner_due_diligence"

    @property
    def is_vetting(self) -> bool:
        return self in (RecordKind.UNIT_VETTING, RecordKind.PERSON_VETTING)


class RecordState(StrEnum):
    PROPOSED = "proposed"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    """A newer one of the same subject was confirmed."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RecordResult(StrEnum):
    """What a vetting or a due diligence came to."""

    CLEARED = "cleared"
    CONCERNS = "concerns"


class RecordLine(Value):
    """A record in force that a form offers to rely on."""

    id: str
    kind: RecordKind
    subject: str
    """A country's code, an organization's id, or the name of a unit or person."""
    valid_until: date
    levels: dict[str, RiskLevel] = {}
    result: RecordResult | None = None
