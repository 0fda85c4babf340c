"""Which questions of a checklist are asked, and what is still missing of their answers.

What the proposal is decides before the form is made; what an earlier answer says decides while it
is filled in. A question that is not asked may not be answered (issue 6, item 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.checklists import ChecklistItem
from schemas.errors import Gap
from schemas.forms import FormContext

Answers = Mapping[str, Any]


def items_for(context: FormContext) -> tuple[ChecklistItem, ...]:
    """The questions that this proposal can be asked, in their order."""
    if context.checklist is None:
        return ()
    found: dict[str, ChecklistItem] = {}
    for item in context.checklist.items:
        when = item.when
        if when is None or (_concerns(item, context) and when.item in (None, *found)):
            found[item.code] = item
    return tuple(found.values())


def is_asked(item: ChecklistItem, answers: Answers, items: Mapping[str, ChecklistItem]) -> bool:
    """Whether *answers* ask *item*: a question hangs on an answer that was itself asked for."""
    when = item.when
    if when is None or when.item is None:
        return True
    earlier = items[when.item]
    return is_asked(earlier, answers, items) and _answer(answers, earlier.code) in when.answers


def gaps(context: FormContext, answers: Answers, *, complete: bool) -> Iterator[Gap]:
    """What is missing or too much; only *complete* answers must say everything."""
    items = {item.code: item for item in items_for(context)}
    for code, item in items.items():
        at, given = f"/answers/checklist/{code}", answers.get(code)
        asked = is_asked(item, answers, items)
        if given is None:
            if complete and asked and item.required:
                yield Gap(pointer=at, code="checklist_item_missing", facts={"item": code})
        elif not asked:
            yield Gap(pointer=at, code="checklist_item_not_asked", facts={"item": code})
        elif complete and given["answer"] in item.evidence and not is_proved(given):
            yield Gap(
                pointer=f"{at}/evidence", code="checklist_evidence_missing", facts={"item": code}
            )


def is_proved(given: Answers) -> bool:
    """Whether an answer names a document by its digest, or cites a reference."""
    evidence = given.get("evidence", {})
    return bool(evidence.get("documents")) or bool(str(evidence.get("reference", "")).strip())


def says_yes(answers: Answers, code: str) -> bool:
    """Whether a question is answered yes, with what proves it."""
    given = answers.get(code)
    return given is not None and given["answer"] == "yes" and is_proved(given)


def _answer(answers: Answers, code: str) -> str | None:
    given = answers.get(code)
    return None if given is None else given["answer"]


def _concerns(item: ChecklistItem, context: FormContext) -> bool:
    when = item.when
    if when is None:
        return True
    return (
        (not when.triggers or not set(when.triggers).isdisjoint(context.triggers))
        and (not when.partner_kinds or context.partner_kind in when.partner_kinds)
        and (not when.focus_areas or not set(when.focus_areas).isdisjoint(context.focus_areas))
        and (not when.assistance or not set(when.assistance).isdisjoint(context.assistance))
    )
