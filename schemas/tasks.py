"""Tasks of people: kinds, outcomes and their effects."""

from __future__ import annotations

from enum import StrEnum

from schemas.values import Value


class TaskKind(StrEnum):
    ELIGIBILITY = "eligibility.confirm"
    ADJUDICATE = "screening.adjudicate"
    NORMS = "compliance.norms"
    HUMAN_RIGHTS = "compliance.human_rights"
    GENDER = "compliance.gender"
    MERIT = "compliance.merit"
    EXPORT_CONTROL = "compliance.export_control"
    ENVIRONMENT = "compliance.environment"
    INFORMATION_SHARING = "compliance.information_sharing"
    TERRITORY = "compliance.territory"
    COUNTRY_MEASURES = "compliance.country_measures"
    CONFIRM = "confirm"
    ARBITRATE = "arbitrate"
    LEGAL = "legal.disposition"
    CONSULT = "desk.consult"
    SIGN_OFF = "desk.sign_off"
    RELEASE = "return.release"
    RECOMMEND = "funding.recommend"
    APPROVE = "funding.approve"
    RECORD_DECISION = "funding.record_decision"
    SIGN_AGREEMENT = "agreement.sign"
    CONDITION = "condition.judge"
    CLEAR_NOTICE = "notice.clear"
    DETERMINE = "notice.determine"
    REPORT = "report.review"
    CERTIFY = "payment.certify"
    REQUISITION = "payment.requisition"
    CLOSE = "agreement.close"
    RECONSIDER = "reconsider"
    RECORD_RECONSIDERATION = "reconsider.record_decision"

    @property
    def is_finding(self) -> bool:
        return self.value.startswith("compliance.")


def finding_kind(code: str) -> TaskKind:
    """The task kind of the finding *code* (`norms` -> `compliance.norms`)."""
    return TaskKind(f"compliance.{code}")


class Effect(StrEnum):
    ADVANCE = "advance"
    RETURN = "return"
    STOP = "stop"
    ESCALATE = "escalate"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


_A, _R, _S, _E = Effect.ADVANCE, Effect.RETURN, Effect.STOP, Effect.ESCALATE
_FINDING = {"no_objection": _A, "return": _R, "recommend_refusal": _E, "barred": _E}

IN_PART = frozenset({"approve_in_part", "approved_in_part"})
"""Less money, or fewer years, than was recommended."""
OUTCOMES: dict[TaskKind, dict[str, Effect]] = {
    TaskKind.ELIGIBILITY: {"eligible": _A, "return": _R, "ineligible": _S},
    TaskKind.ADJUDICATE: {"no_match": _A, "match": _E, "unsure": _E},
    **{kind: _FINDING for kind in TaskKind if kind.is_finding},
    TaskKind.INFORMATION_SHARING: {**_FINDING, "refer": _E},
    TaskKind.CONFIRM: {"agree": _A, "disagree": _E},
    TaskKind.ARBITRATE: {"proceed": _A, "return": _R, "refuse": _S},
    TaskKind.LEGAL: {"not_applicable": _A, "authorized": _A, "change": _R, "refuse": _S},
    TaskKind.CONSULT: {"concur": _A, "concur_with_comments": _A, "object": _E},
    TaskKind.SIGN_OFF: {"sign": _A, "return": _R, "object": _E},
    TaskKind.RELEASE: {"release": _R, "give_back": _E},
    TaskKind.RECOMMEND: {"recommend": _A, "return": _R, "pass_over": _E},
    TaskKind.APPROVE: {"approve": _A, "approve_in_part": _A, "return": _R, "decline": _S},
    TaskKind.RECORD_DECISION: {"approved": _A, "approved_in_part": _A, "declined": _S},
    TaskKind.SIGN_AGREEMENT: {"sign": _A},
    TaskKind.CONDITION: {"met": _A, "not_met": _E, "waived": _A},
    TaskKind.CLEAR_NOTICE: {"clear": _A, "change": _E},
    TaskKind.DETERMINE: {"no_significant_effects": _A, "significant_effects": _E},
    TaskKind.REPORT: {"accept": _A, "return": _R},
    TaskKind.CERTIFY: {"certify": _A, "return": _R},
    TaskKind.REQUISITION: {"requisition": _A, "give_back": _E},
    TaskKind.CLOSE: {"close": _A},
    TaskKind.RECONSIDER: {"reopen": _A, "uphold": _S},
    TaskKind.RECORD_RECONSIDERATION: {"reopened": _A, "upheld": _S},
}
"""Every outcome of every kind and its effect (api.md, Tasks). Which of them a given task
offers is told by `policy.rules.outcomes.offered`."""


MAY_BE_ADMINISTRATIVE = frozenset({TaskKind.RELEASE})
"""Kinds that a program may mark as administrative, to be decided in bulk: they take no duty, and
create no finding, sign-off, approval, signature, commitment, certification or requisition
(product.md, section 2)."""


class RiskLevel(StrEnum):
    """Levels of risk, lowest first; a finding's level is its highest, never an average."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


RISK_LEVELS = tuple(RiskLevel)


class Gate(StrEnum):
    """The later step that a condition holds up until it is met."""

    AGREEMENT = "agreement"
    FIRST_PAYMENT = "first_payment"
    PAYMENT = "payment"
    CLOSING = "closing"


class KeptBy(StrEnum):
    """Who gives the evidence that a condition is met."""

    PARTNER = "partner"
    DEPARTMENT = "department"


class ConditionState(StrEnum):
    OPEN = "open"
    EVIDENCE_GIVEN = "evidence_given"
    """It waits for a judgement."""
    NOT_MET = "not_met"
    """What was given did not do, or nothing was: evidence may be given again."""
    MET = "met"
    WAIVED = "waived"

    @property
    def is_over(self) -> bool:
        """It holds nothing up any more."""
        return self in (ConditionState.MET, ConditionState.WAIVED)


class ConditionFact(Value):
    """A condition as the engine knows it: its words are a text beside the chain."""

    id: str
    gates: Gate
    due_date: str | None = None
    kept_by: KeptBy = KeptBy.PARTNER


class OutcomeChoice(Value):
    """An outcome that a task offers."""

    code: str
    effect: Effect
    needs_reason: bool
    needs_message: bool
