"""Why something waits, in words: on whom, what comes next, and what one may do about it."""

from collections.abc import Mapping
from typing import Any

from pages.languages import N_, translations
from pages.names import name_of
from schemas.people import ALL

_ON = {
    "you": N_("you"),
    "the_department": N_("the department"),
    "ask_legal": N_("paused: ask legal services"),
    "incident": N_("the assessment of an incident that touches it"),
    "no_list_imported": N_("a sanctions list, which has never been imported"),
    "agreement_conditions": N_("the conditions that must be met before the signature"),
    "screening": N_("the screening of names, under way"),
    "recording": N_("what was decided, to be recorded"),
    "engine": N_("the engine, to be told"),
    "mail": N_("e-mails, to leave"),
    "next_step": N_("the next step of Accord itself"),
    "event_conflict": N_("an operator: two different contents stand under one event"),
    "undo_window": N_("the time in which the decision may still be taken back"),
    "nobody_may_take": N_("nobody: no candidate is left for this task"),
}
_NEXT = {
    "remind": N_("a reminder"),
    "overdue": N_("it is overdue"),
    "escalate": N_("the next level may take it too"),
    "lapses": N_("the proposal lapses"),
    "unfunded": N_("the proposal ends without money"),
    "decision_expected": N_("the decision is expected"),
    "call_closes": N_("the call closes, and the review begins"),
    "clock_goes_on": N_("the clock goes on"),
    "notice_ends": N_("the notice has stood long enough, and the effects can be determined"),
    "repair_ends": N_("the repair ends, and nothing is changed"),
    "closes": N_("the time to ask for it ends"),
    "letter_told": N_("the letter is told"),
}


def on_whom(item: Mapping[str, Any], organization: str | None, language: str) -> str:
    """On whom or what *item* waits; *organization* is the name of the partner."""
    kind, who = item["on"]["kind"], item["on"]["who"]
    if who in _ON:
        return translations(language).gettext(_ON[who])
    if kind == "partner":
        return organization or str(who)
    if kind == "role":
        return role(who, language)
    return str(who)


def role(written: str, language: str) -> str:
    """A role and its scope, such as `reviewer:norms`."""
    code, _, scope = written.partition(":")
    named = name_of("role", code, language)
    return f"{named} ({name_of('scope', scope, language)})" if scope and scope != ALL else named


def what_next(code: str, language: str) -> str:
    return translations(language).gettext(_NEXT[code]) if code in _NEXT else code
