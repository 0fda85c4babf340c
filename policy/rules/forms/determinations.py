"""What the conditional reviews determine beside their ratings, each under its own law.

Country measures: what each measure in force that touches the proposal is answered with. Export
control and information sharing: whether a substantial risk remains. Territory: on what the activity
rests. What the answers amount to is told by `policy.rules.determinations`.
"""

from __future__ import annotations

from typing import Any

from policy import labels
from policy.rules.forms.checklists import proof
from policy.rules.forms.fields import (
    Draft,
    Schema,
    choice,
    day,
    labelled,
    line,
    named,
    record,
    text,
)
from schemas.forms import FormContext
from schemas.in_force import CountryMeasure
from schemas.tasks import TaskKind
from schemas.values import Bilingual


def ask(context: FormContext, draft: Draft) -> None:
    if context.kind is TaskKind.COUNTRY_MEASURES and context.measures:
        _measures(context, draft)
    if context.kind is TaskKind.ENVIRONMENT:
        _environment(context, draft)
    if context.kind is TaskKind.TERRITORY:
        _territory(context, draft)
    _substantial_risks(context, draft)


def clear_notice(context: FormContext, draft: Draft) -> None:
    """Comments only: the notice is attached to the finding that it is about."""
    draft.comments()
    draft.properties["comments"]["x-notice"] = dict(context.notice)


def determine(context: FormContext, draft: Draft) -> None:
    """How many comments came, how they were answered, and where the determination is posted."""
    language = draft.language
    received = {"type": "integer", "minimum": 0, "maximum": 100_000}
    draft.answer("comments_received", labelled(received, "comments_received", language), 0)
    draft.ask("comments_answered", text("comments_answered", language))
    place = "canada.ca/registre" if language == "fr" else "canada.ca/registry"
    draft.answer("published_at", line("published_at", language, needed=True), place)
    clear_notice(context, draft)


def _environment(context: FormContext, draft: Draft) -> None:
    """Excluded or exempt, which is cited; or a notice, which is drafted and cleared first."""
    language = draft.language
    schema = record(
        {
            "basis": choice("basis", labels.options("environment_basis"), language),
            "provision": line("provision", language),
            **proof(context, language),
            "reason": text("reason", language, needed=True),
        },
        required=("basis", "reason"),
    )
    draft.answer(
        "environment",
        labelled(schema, "environment", language),
        {"basis": "no_project", "reason": _reason(language)},
    )


def _measures(context: FormContext, draft: Draft) -> None:
    language = draft.language
    properties = {each.code: _measure(each, context, language) for each in context.measures}
    draft.answer(
        "measures",
        labelled(record(properties, required=properties), "measures", language),
        {
            each.code: {
                "basis": "exception",
                "exception": each.exceptions[-1].code,
                "reason": _reason(language),
            }
            for each in context.measures
        },
    )


def _measure(measure: CountryMeasure, context: FormContext, language: str) -> Schema:
    exceptions = {each.code: each.text for each in measure.exceptions}
    schema = named(
        record(
            {
                "basis": choice("basis", labels.options("measure_basis"), language),
                "exception": choice("exception", exceptions, language),
                "authorization": authorization(context, language),
                "reason": text("reason", language, needed=True),
            },
            required=("basis", "reason"),
        ),
        measure.name,
        language,
    )
    until = measure.until.isoformat() if measure.until else None
    schema["x-hint"] = Bilingual(
        en=f"{measure.regulation}; in force since {measure.since}"
        + (f" until {until}" if until else "")
        + f". Authorization: {measure.granted_by.en}.",
        fr=f"{measure.regulation}; en vigueur depuis le {measure.since}"
        + (f" jusqu'au {until}" if until else "")
        + f". Autorisation\u00a0: {measure.granted_by.fr}.",
    ).in_language(language)
    schema["x-measure"] = measure.model_dump(mode="json", exclude={"exceptions", "name"})
    return schema


def authorization(context: FormContext, language: str) -> Schema:
    """A permit, certificate or authorization on file: what it is, and the paper itself."""
    return labelled(
        record(
            {
                "number": line("number", language, needed=True),
                "issuer": line("authority", language, needed=True),
                "issued_on": day("issued_on", language),
                "valid_until": day("valid_until", language),
                **proof(context, language),
            },
            required=("number", "issuer", "issued_on", "valid_until"),
        ),
        "authorization",
        language,
    )


def _territory(context: FormContext, draft: Draft) -> None:
    """The department itself seeks an authorization for what is done on its behalf."""
    language = draft.language
    schema = record(
        {
            "basis": choice("basis", labels.options("territory_basis"), language),
            "authorization": authorization(context, language),
            "reason": text("reason", language, needed=True),
        },
        required=("basis", "reason"),
    )
    draft.answer(
        "territory",
        labelled(schema, "territory", language),
        {"basis": "no_control", "reason": _reason(language)},
    )


def _substantial_risks(context: FormContext, draft: Draft) -> None:
    language = draft.language
    if context.checklist is None:
        return
    barring = [risk for risk in context.checklist.risk_types if risk.barring]
    if not barring:
        return
    options = dict(labels.options("remains"))
    if context.kind is not TaskKind.INFORMATION_SHARING:
        del options["undecided"]
    properties = {
        risk.code: named(
            record(
                {
                    "remains": choice("remains", options, language),
                    "reason": text("reason", language, needed=True),
                },
                required=("remains", "reason"),
            ),
            risk.name,
            language,
        )
        for risk in barring
    }
    answers: dict[str, Any] = {
        risk.code: {"remains": "no", "reason": _reason(language)} for risk in barring
    }
    draft.answer(
        "substantial_risks",
        labelled(record(properties, required=properties), "substantial_risks", language),
        answers,
    )


def _reason(language: str) -> str:
    return (
        "Examiné d'après les pièces du dossier."
        if language == "fr"
        else "Examined on what the file holds."
    )
