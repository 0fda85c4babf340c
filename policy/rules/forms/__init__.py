"""The form of a task: a JSON Schema made for this very task, with a valid answer in `examples`.

What the answers amount to is told by `policy.rules.facts`.
"""

from __future__ import annotations

from typing import Any

from policy import labels
from policy.rules.forms import checklists, determinations, findings, funding, review, spending
from policy.rules.forms.fields import Draft, flag, labelled, record, text
from schemas.forms import FormContext
from schemas.tasks import Effect, TaskKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ASK = {
    TaskKind.ELIGIBILITY: review.eligibility,
    TaskKind.ADJUDICATE: review.adjudicate,
    **{kind: findings.rated for kind in TaskKind if kind.is_finding},
    TaskKind.GENDER: findings.gender,
    TaskKind.MERIT: findings.merit,
    TaskKind.CONFIRM: review.confirm,
    TaskKind.ARBITRATE: review.arbitrate,
    TaskKind.LEGAL: review.legal,
    TaskKind.CONSULT: review.consult,
    TaskKind.SIGN_OFF: review.sign_off,
    TaskKind.RELEASE: review.release,
    TaskKind.RECOMMEND: funding.recommend,
    TaskKind.APPROVE: funding.approve,
    TaskKind.RECORD_DECISION: funding.record_decision,
    TaskKind.SIGN_AGREEMENT: funding.sign_agreement,
    TaskKind.CONDITION: review.judge_condition,
    TaskKind.CLEAR_NOTICE: determinations.clear_notice,
    TaskKind.DETERMINE: determinations.determine,
    TaskKind.REPORT: spending.read_report,
    TaskKind.CERTIFY: spending.certify,
    TaskKind.REQUISITION: spending.requisition,
    TaskKind.CLOSE: spending.close,
    TaskKind.RECONSIDER: review.reconsider,
    TaskKind.RECORD_RECONSIDERATION: funding.record_reconsideration,
}


def form(context: FormContext, language: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the task's answers, titled in *language* (`en` or `fr`).

    The first of `examples` is valid, is made for this task, and carries the advancing outcome.
    """
    draft = Draft(language)
    draft.answer("interest", _interest(language), {"declared": False})
    _ASK[context.kind](context, draft)
    title = labels.kind_title(context.kind)
    return {
        "$schema": DIALECT,
        "title": title.in_language(language),
        "x-labels": {"en": title.en, "fr": title.fr},
        "type": "object",
        "additionalProperties": False,
        "properties": draft.properties,
        "required": draft.required,
        "examples": [draft.example],
    }


def for_outcome(schema: dict[str, Any], effect: Effect) -> dict[str, Any]:
    """The schema that the answers of an outcome must meet.

    Who does not advance a proposal need not finish the form: only the declaration of interest
    is required then, and what is answered must still be well formed.
    """
    if effect is Effect.ADVANCE:
        return schema
    properties = dict(schema["properties"])
    if "checklist" in properties:
        properties["checklist"] = checklists.without_gaps(properties["checklist"])
    return {**schema, "properties": properties, "required": ["interest"]}


def _interest(language: str) -> dict[str, Any]:
    declared = flag(labels.field("declared"), language)
    schema = record(
        {"declared": declared, "detail": text("detail", language)}, required=("declared",)
    )
    schema["if"] = {"properties": {"declared": {"const": True}}}
    schema["then"] = {"required": ["detail"]}
    return labelled(schema, "interest", language)
