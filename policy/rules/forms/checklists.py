"""The checklist of a finding: a group for each question that the proposal can be asked.

`x-condition` on a question names the earlier question and the answers that ask it; `x-evidence`
the answers for which a document or a reference is named. Both are enforced by
`policy.rules.checklists`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy import labels
from policy.rules import checklists
from policy.rules.forms.fields import (
    Draft,
    Schema,
    choice,
    choices,
    labelled,
    line,
    named,
    record,
    text,
)
from schemas.checklists import ChecklistItem
from schemas.forms import FormContext
from schemas.values import Bilingual


def ask(context: FormContext, draft: Draft) -> None:
    items = {item.code: item for item in checklists.items_for(context)}
    if not items:
        return
    properties = {
        code: _question(item, items, context, draft.language) for code, item in items.items()
    }
    always = [c for c, item in items.items() if item.required and not _hangs(item)]
    draft.answer(
        "checklist",
        labelled(record(properties, required=always), "checklist", draft.language),
        _example(items, draft.language),
    )


def without_gaps(schema: Schema) -> Schema:
    """The schema of a checklist that need not be finished."""
    return {**schema, "required": []}


def _question(
    item: ChecklistItem, items: Mapping[str, ChecklistItem], context: FormContext, language: str
) -> Schema:
    fields: dict[str, Schema] = {
        "answer": choice("answer", labels.options("answer"), language),
        "comment": {**text("comment", language), "x-lines": 2},
    }
    if item.evidence:
        fields["evidence"] = _evidence(context, language)
    schema = named(record(fields, required=("answer",)), item.question, language)
    schema["x-source"] = item.source
    schema["x-hint"] = _hint(item, items).in_language(language)
    if item.step is not None:
        schema["x-step"] = item.step.value
    if item.evidence:
        schema["x-evidence"] = [answer.value for answer in item.evidence]
    if item.when is not None and item.when.item is not None:
        schema["x-condition"] = {
            "field": item.when.item,
            "in": [answer.value for answer in item.when.answers],
        }
    return schema


def proof(context: FormContext, language: str) -> dict[str, Schema]:
    """The documents that may be named, if there are any, and a reference."""
    fields: dict[str, Schema] = {}
    if context.documents:
        options = {each.sha256: Bilingual(en=each.name, fr=each.name) for each in context.documents}
        fields["documents"] = choices("evidence_documents", options, language)
    fields["reference"] = line("evidence_reference", language)
    return fields


def _evidence(context: FormContext, language: str) -> Schema:
    fields = record(proof(context, language), required=())
    return labelled(fields, "checklist_evidence", language)


def _hint(item: ChecklistItem, items: Mapping[str, ChecklistItem]) -> Bilingual:
    """The step, when it is asked, what proves it, and where it comes from."""
    english, french = [], []
    if item.step is not None:
        step = labels.options("step")[item.step]
        english.append(f"Step: {step.en}.")
        french.append(f"Étape\u00a0: {step.fr}.")
    if item.when is not None and item.when.item is not None:
        earlier = items[item.when.item].question
        said = [labels.options("answer")[answer] for answer in item.when.answers]
        english.append(f"Asked only where “{earlier.en}” has the answer {_or(said).en}.")
        french.append(f"Posée seulement si «\u00a0{earlier.fr}\u00a0» a la réponse {_or(said).fr}.")
    if item.evidence:
        said = [labels.options("answer")[answer] for answer in item.evidence]
        english.append(f"The answer {_or(said).en} needs a document or a reference.")
        french.append(f"La réponse {_or(said).fr} demande un document ou une référence.")
    english.append(f"Source: {item.source}")
    french.append(f"Source\u00a0: {item.source}")
    return Bilingual(en=" ".join(english), fr=" ".join(french))


def _or(said: list[Bilingual]) -> Bilingual:
    return Bilingual(
        en=" or ".join(each.en.lower() for each in said),
        fr=" ou ".join(each.fr.lower() for each in said),
    )


def _example(items: Mapping[str, ChecklistItem], language: str) -> dict[str, Any]:
    """Every question that the example itself asks; what others hang on is answered so that it
    asks none of them."""
    asking = {item.when.item: item.when.answers for item in items.values() if item.when}
    found: dict[str, Any] = {}
    for code, item in items.items():
        if not checklists.is_asked(item, found, items):
            continue
        answer = next(a for a in ("yes", "no", "not_applicable") if a not in asking.get(code, ()))
        found[code] = {"answer": answer}
        if answer in item.evidence:
            reference = "Dossier 2026-001, page 4" if language == "fr" else "File 2026-001, page 4"
            found[code]["evidence"] = {"reference": reference}
    return found


def _hangs(item: ChecklistItem) -> bool:
    return item.when is not None and item.when.item is not None
