"""The forms of review beside the findings: eligibility, screening, confirmation, arbitration,
legal disposition, desks, and the release of a return."""

from __future__ import annotations

from policy import labels
from policy.rules.forms.fields import (
    Draft,
    choice,
    choices,
    day,
    flag,
    labelled,
    line,
    named,
    plain,
    record,
    rows,
    text,
)
from policy.rules.forms.findings import conditions, is_rated
from schemas.forms import FormContext, RecommendationLine
from schemas.tasks import TaskKind
from schemas.values import Bilingual, Money


def eligibility(context: FormContext, draft: Draft) -> None:
    """Each trigger confirmed, and a reason for each check that failed."""
    language = draft.language
    triggers = labels.options("triggers")
    draft.answer(
        "triggers",
        labelled(
            record({code: flag(name, language) for code, name in triggers.items()}, triggers),
            "triggers",
            language,
        ),
        {code: code in context.declared for code in triggers},
    )
    if context.failed_checks:
        failed = record(
            {
                "code": choice("code", plain(context.failed_checks), language),
                "reason": text("reason", language, needed=True),
            },
            required=("code", "reason"),
        )
        reason = (
            "Accepté après examen des pièces de la proposition."
            if language == "fr"
            else "Accepted after a review of what the proposal holds."
        )
        draft.answer(
            "failed_checks",
            rows("failed_checks", failed, language, most=len(context.failed_checks)),
            [{"code": code, "reason": reason} for code in context.failed_checks],
        )
    draft.comments()


def adjudicate(context: FormContext, draft: Draft) -> None:
    """Each hit judged, with what was compared and why."""
    language = draft.language
    properties = {}
    for hit in context.hits:
        judged = record(
            {
                "judgement": choice("judgement", labels.options("judgement"), language),
                "compared": choices("compared", labels.options("compared"), language),
                "reason": text("reason", language, needed=True),
            },
            required=("judgement", "compared", "reason"),
        )
        entry = Bilingual(en=hit.name, fr=hit.name)
        properties[hit.id] = {
            **named(judged, entry, language),
            "x-hit": hit.model_dump(mode="json"),
        }
    reason = (
        "Les données comparées diffèrent de celles de l'entrée."
        if language == "fr"
        else "The data compared differ from those of the entry."
    )
    draft.answer(
        "hits",
        labelled(record(properties, required=properties), "hits", language),
        {
            hit.id: {"judgement": "no_match", "compared": ["name", "country"], "reason": reason}
            for hit in context.hits
        },
    )
    draft.comments()


def confirm(context: FormContext, draft: Draft) -> None:  # noqa: ARG001
    draft.comments()


def arbitrate(context: FormContext, draft: Draft) -> None:
    """The level that stands, which only a rated finding must have; of several recommendations
    the one that counts."""
    if context.recommendations:
        lines = {each.task: _recommended(each) for each in context.recommendations}
        schema = choice("picked", lines, draft.language)
        draft.answer("picked", schema, context.recommendations[0].task)
        draft.comments()
        return
    rated = context.judged is not None and is_rated(context.judged)
    schema = choice("level", labels.options("level"), draft.language)
    if rated:
        draft.answer("level", schema, "low")
    else:
        draft.ask("level", schema)
    draft.comments()


def _recommended(line: RecommendationLine) -> Bilingual:
    """Who recommended what, in one line."""
    outcome = labels.label(TaskKind.RECOMMEND, line.outcome)
    parts = [f"{part.fund} {Money.of_cents(part.cents).value}" for part in line.slices]
    if line.instrument is not None:
        named = labels.option("instrument", line.instrument)
        return Bilingual(
            en="; ".join([f"{line.by}: {named.en}", *parts, f"priority {line.priority}"]),
            fr="; ".join([f"{line.by} : {named.fr}", *parts, f"priorité {line.priority}"]),
        )
    return Bilingual(en=f"{line.by}: {outcome.en}", fr=f"{line.by} : {outcome.fr}")


def legal(context: FormContext, draft: Draft) -> None:
    """The instrument that authorizes; a seal that does not apply needs none."""
    language = draft.language
    schema = labelled(
        record(
            {
                "kind": choice("instrument_kind", labels.options("legal_instrument"), language),
                "number": line("number", language, needed=True),
                "authority": line("authority", language, needed=True),
                "date": day("date", language),
            },
            required=("kind", "number", "authority", "date"),
        ),
        "legal_instrument",
        language,
    )
    draft.ask("instrument", schema)
    if not context.sealing:
        draft.example["instrument"] = {
            "kind": "authorization",
            "number": "2026-001",
            "authority": "Ministre des Affaires étrangères"
            if language == "fr"
            else "Minister of Foreign Affairs",
            "date": "2026-01-15",
        }
    draft.comments()


def consult(context: FormContext, draft: Draft) -> None:
    """A line for each place of the desk, so that one can be dropped without the rest."""
    language = draft.language
    properties = {
        place: named(
            record(
                {
                    "answer": choice("answer", labels.options("place_answer"), language),
                    "comment": text("comment", language),
                },
                required=("answer",),
            ),
            name,
            language,
        )
        for place, name in plain(context.desk_places).items()
    }
    draft.answer(
        "places",
        labelled(record(properties, required=properties), "places", language),
        {place: {"answer": "concur"} for place in context.desk_places},
    )
    draft.comments()


def sign_off(context: FormContext, draft: Draft) -> None:  # noqa: ARG001
    draft.ask("conditions", conditions(draft))
    draft.comments()


def judge_condition(context: FormContext, draft: Draft) -> None:
    """What was asked and what was given stand beside; the outcome says what they amount to."""
    draft.comments()
    if context.judges is not None:
        draft.properties["comments"]["x-judges"] = context.judges.model_dump(mode="json")


def reconsider(context: FormContext, draft: Draft) -> None:  # noqa: ARG001
    """Comments only: the reason of the decision says what the new facts change."""
    draft.comments()


def release(context: FormContext, draft: Draft) -> None:
    """Comments only: the sections and the message travel with the decision itself."""
    draft.comments()
    draft.properties["comments"]["x-sections"] = [section.value for section in context.sections]
