"""The forms of compliance findings: rated ones, gender equality, and merit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from policy import labels
from policy.rules.forms import checklists, determinations
from policy.rules.forms.fields import (
    Draft,
    Schema,
    choice,
    choices,
    day,
    labelled,
    line,
    plain,
    record,
    rows,
    text,
)
from schemas.forms import ORGANIZATION, FormContext
from schemas.reusable_records import RecordLine
from schemas.tasks import RiskLevel, TaskKind
from schemas.terms import Checklist, Named, RiskMatrix
from schemas.values import Bilingual

MOST_CONDITIONS = 50
GENERAL_RISK = "general"
"""The one risk type of a checklist that names none."""

_FALLBACK_DUE = date(2099, 3, 31)  # only where neither dates nor budget years are known


def is_rated(kind: TaskKind) -> bool:
    """Whether the finding carries an inherent and a residual level."""
    return kind.is_finding and kind not in (TaskKind.GENDER, TaskKind.MERIT)


def is_region(subject: str) -> bool:
    """Whether a subject of a rating is a region, which is rated with a reason."""
    return subject.islower() and not subject.startswith("unit-") and subject != ORGANIZATION


def risk_types(checklist: Checklist | None) -> dict[str, Bilingual]:
    """The risk types that a rated finding weighs."""
    if checklist is None or not checklist.risk_types:
        return {GENERAL_RISK: Bilingual(en="General", fr="Général")}
    return _names(checklist.risk_types)


def rated(context: FormContext, draft: Draft) -> None:
    """Risks per place and unit, and the conditions that lower them; nobody types a level."""
    matrix = context.matrix
    if matrix is None:
        raise ValueError(f"{context.kind.value} needs a risk matrix")
    language, subjects = draft.language, _subjects(context)
    kinds = risk_types(context.checklist)
    likelihoods, severities = _names(matrix.likelihoods), _names(matrix.severities)
    risk = record(
        {
            "type": choice("type", kinds, language),
            "likelihood": choice("likelihood", likelihoods, language),
            "severity": choice("severity", severities, language),
            "residual_likelihood": choice("residual_likelihood", likelihoods, language),
            "residual_severity": choice("residual_severity", severities, language),
        },
        required=("type", "likelihood", "severity", "residual_likelihood", "residual_severity"),
    )
    rating = record(
        {
            "subject": choice("subject", subjects, language),
            "reason": text("reason", language),
            "risks": rows("risks", risk, language, least=1, most=len(kinds)),
        },
        required=("subject", "risks"),
    )
    dropped = record(
        {
            "subject": choice("subject", subjects, language),
            "reason": text("reason", language, needed=True),
        },
        required=("subject", "reason"),
    )

    inherent = RiskLevel.MEDIUM if context.kind is TaskKind.HUMAN_RIGHTS else RiskLevel.LOW
    first_type = _example_risk(context.checklist, kinds)
    checklists.ask(context, draft)
    draft.answer(
        "ratings",
        rows("ratings", rating, language, least=0, most=len(subjects)),
        [_example_rating(subject, first_type, inherent, matrix, language) for subject in subjects],
    )
    determinations.ask(context, draft)
    draft.ask("conditions", conditions(draft, kinds))
    if inherent is not RiskLevel.LOW:
        draft.example["conditions"] = [_example_condition(context, first_type, language)]
    if context.records:
        records = {line.id: _record_label(line) for line in context.records}
        draft.ask("relies_on", choices("relies_on", records, language))
    draft.ask("consulted", text("consulted", language))
    draft.ask("dropped", rows("dropped", dropped, language, most=len(subjects)))
    draft.ask("recommendation", text("recommendation", language))
    draft.comments()


def gender(context: FormContext, draft: Draft) -> None:
    """The code that will be published; the partner's own is only proposed."""
    language = draft.language
    codes = {int(code): label for code, label in labels.options("gender_code").items()}
    # An example never leads to paper, and code 0 raises the approver by a level.
    draft.answer("code", choice("gender_code", codes, language), max(1, context.gender_code or 0))
    checklists.ask(context, draft)
    draft.comments()


def merit(context: FormContext, draft: Draft) -> None:
    """Five criteria and an overall rating, each from strong to unacceptable."""
    language = draft.language
    ratings = labels.options("rating")
    criteria = labels.options("criteria")
    properties = {
        code: {**choice("overall", ratings, language), **_titles(label, language)}
        for code, label in criteria.items()
    }
    draft.answer(
        "criteria",
        labelled(record(properties, required=criteria), "criteria", language),
        dict.fromkeys(criteria, "acceptable"),
    )
    draft.answer("overall", choice("overall", ratings, language), "acceptable")
    checklists.ask(context, draft)
    draft.comments()


def conditions(draft: Draft, kinds: dict[str, Bilingual] | None = None) -> Schema:
    """The table of conditions; with *kinds*, each names the risk types that it lowers."""
    language = draft.language
    properties = {
        "id": labelled(
            {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}, "id", language
        ),
        "text": text("text", language, needed=True),
        "owner": line("owner", language, needed=True),
        "due_date": day("due_date", language),
        "evidence": text("evidence", language, needed=True),
        "gates": choice("gates", labels.options("gates"), language),
        "kept_by": choice("kept_by", labels.options("kept_by"), language),
    }
    required = ["text", "owner", "due_date", "evidence", "gates"]
    if kinds is not None:
        properties["risks"] = choices("risks", kinds, language)
        required.append("risks")
    return rows("conditions", record(properties, required), language, most=MOST_CONDITIONS)


def _record_label(line: RecordLine) -> Bilingual:
    kind = labels.options("record_kind")[line.kind.value]
    until = line.valid_until.isoformat()
    return Bilingual(
        en=f"{kind.en}: {line.subject} (until {until})",
        fr=f"{kind.fr} : {line.subject} (jusqu'au {until})",
    )


def _example_risk(checklist: Checklist | None, kinds: Mapping[str, Bilingual]) -> str:
    """The first risk that needs no written assurance."""
    types = checklist.risk_types if checklist is not None else ()
    plain_ones = [each.code for each in types if each.assured_by is None]
    return next(iter(plain_ones or kinds))


def _example_rating(
    subject: str, risk_type: str, inherent: RiskLevel, matrix: RiskMatrix, language: str
) -> dict[str, Any]:
    likelihood, severity = _least_pair(matrix, inherent)
    residual_likelihood, residual_severity = _least_pair(matrix, RiskLevel.LOW)
    rating: dict[str, Any] = {
        "subject": subject,
        "risks": [
            {
                "type": risk_type,
                "likelihood": likelihood,
                "severity": severity,
                "residual_likelihood": residual_likelihood,
                "residual_severity": residual_severity,
            }
        ],
    }
    if is_region(subject):
        rating["reason"] = (
            "Les pays de la région présentent les mêmes risques."
            if language == "fr"
            else "The countries of the region carry the same risks."
        )
    return rating


def _example_condition(context: FormContext, risk_type: str, language: str) -> dict[str, Any]:
    french = language == "fr"
    return {
        "text": "Former les participants aux droits de la personne avant chaque activité."
        if french
        else "Train participants in human rights before each activity.",
        "owner": "Partenaire" if french else "Partner",
        "due_date": _due(context).isoformat(),
        "evidence": "Listes de présence et programme de la formation."
        if french
        else "Attendance lists and the programme of the training.",
        "gates": "payment",
        "risks": [risk_type],
    }


def _due(context: FormContext) -> date:
    if context.ends_on is not None:
        return context.ends_on
    if context.years:
        return date(int(max(context.years)[:4]) + 1, 3, 31)
    return _FALLBACK_DUE


def _least_pair(matrix: RiskMatrix, level: RiskLevel) -> tuple[str, str]:
    for likelihood in matrix.likelihoods:
        for severity in matrix.severities:
            if matrix.levels[likelihood.code][severity.code] is level:
                return likelihood.code, severity.code
    return matrix.likelihoods[0].code, matrix.severities[0].code


def _subjects(context: FormContext) -> dict[str, Bilingual]:
    subjects = plain(context.subjects)
    for unit, name in context.unit_names.items():
        if unit in subjects:
            subjects[unit] = Bilingual(en=name, fr=name)
    if ORGANIZATION in subjects:
        subjects[ORGANIZATION] = labels.field("subject_organization")
    return subjects


def _names(items: Sequence[Named]) -> dict[str, Bilingual]:
    return {item.code: item.name for item in items}


def _titles(label: Bilingual, language: str) -> Schema:
    return {"title": label.in_language(language), "x-labels": {"en": label.en, "fr": label.fr}}
