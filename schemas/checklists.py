"""What a checklist asks: questions with their source, when each is asked, and what proves it."""

from __future__ import annotations

from enum import StrEnum

from schemas.proposal import Assistance, PartnerKind, Trigger
from schemas.values import Bilingual, Code, Value


class Step(StrEnum):
    """The steps of due diligence, in their order (domain.md, 2.1: OSJA)."""

    ASSESS = "assess"
    IDENTIFY = "identify"
    MITIGATE = "mitigate"
    STRENGTHEN = "strengthen"
    MONITOR = "monitor"


class ChecklistAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class AskedWhen(Value):
    """When a question is asked: all that is named must hold, of each any one.

    `item` and `answers` name an earlier question; the rest is what the proposal is.
    """

    item: Code | None = None
    answers: tuple[ChecklistAnswer, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    partner_kinds: tuple[PartnerKind, ...] = ()
    focus_areas: tuple[Code, ...] = ()
    assistance: tuple[Assistance, ...] = ()


class ChecklistItem(Value):
    """A question; `evidence`: the answers for which a document or a reference is named."""

    code: Code
    question: Bilingual
    source: str
    required: bool = True
    step: Step | None = None
    when: AskedWhen | None = None
    evidence: tuple[ChecklistAnswer, ...] = ()
