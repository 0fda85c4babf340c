"""Repairs by four eyes: what an administrator may propose, as ids and codes."""

from __future__ import annotations

from enum import StrEnum

from schemas.events import TextRef
from schemas.people import Actor
from schemas.proposal import Stage
from schemas.values import Value


class RepairKind(StrEnum):
    UNSTICK = "unstick"
    """Arm the timer anew, record again what the workflow has said, deliver messages at once."""
    REWIND = "rewind"
    """Go back to a stage: what was answered there, and after it, is asked anew."""
    REASSIGN = "reassign"
    """Give an open task to a person who may take it."""
    CANCEL_DUPLICATE = "cancel_duplicate"
    """Close a proposal that stands twice, as withdrawn."""
    RESEND = "resend"
    """Send a letter that the partner was told of once more."""


class RepairEnd(StrEnum):
    """Why a repair that was proposed is not done."""

    DISAGREED = "disagreed"
    SILENT = "silent"
    STALE = "stale"


class RepairPlan(Value):
    """What is to be done: each kind uses the fields that it needs."""

    kind: RepairKind
    stage: Stage | None = None
    task: str | None = None
    person: str | None = None
    letter: str | None = None
    duplicate_of: str | None = None


class Repair(Value):
    """A repair as it is proposed to a proposal's workflow; the reason is a text."""

    plan: RepairPlan
    actor: Actor
    request_id: str
    texts: dict[str, TextRef] = {}
    known: int = 0
