"""What codes are called on pages: policy's labels, and those that only pages need."""

from collections.abc import Mapping
from typing import Any

from pages.languages import N_, translations
from policy import content_labels, labels
from schemas.events import EventType
from schemas.tasks import TaskKind

NAMES: Mapping[str, Mapping[str, str]] = {
    "role": {
        "contributor": N_("Writes proposals for an organization"),
        "signatory": N_("Signs for an organization"),
        "programme_officer": N_("Program officer"),
        "reviewer": N_("Reviewer"),
        "desk_officer": N_("Desk officer"),
        "head_of_desk": N_("Head of desk"),
        "finance_officer": N_("Finance officer"),
        "certifier": N_("Certifier"),
        "payment_authority": N_("Payment authority"),
        "approver": N_("Approver"),
        "signing_authority": N_("Signing authority"),
        "legal": N_("Legal services"),
        "administrator": N_("Administrator"),
        "auditor": N_("Auditor"),
    },
    "scope": {
        "norms": N_("international norms"),
        "human_rights": N_("human rights"),
        "gender": N_("gender equality"),
        "screening": N_("screening"),
        "export_control": N_("export control"),
        "environment": N_("environment"),
        "information_sharing": N_("information sharing"),
        "territory": N_("territory"),
        "country_measures": N_("country measures"),
        "merit": N_("merit"),
        "americas": N_("Americas"),
        "africa": N_("Africa"),
        "middle_east": N_("Middle East"),
        "maghreb": N_("Maghreb"),
        "asia_pacific": N_("Asia-Pacific"),
        "director": N_("director"),
        "director_general": N_("director general"),
        "assistant_deputy_minister": N_("assistant deputy minister"),
        "deputy_minister": N_("deputy minister"),
        "minister": N_("minister"),
        "treasury_board": N_("Treasury Board"),
    },
    "standard": {
        "acknowledgement": N_("Receipt on the day of submission"),
        "decision": N_("Decision by the date promised"),
        "notice": N_("Decision told in time"),
    },
    "notice": {
        "to_clear": N_("Waits for the head of the lead desk to clear it"),
        "to_post": N_("Cleared, to be posted"),
        "posted": N_("Posted; the effects are determined once it has stood long enough"),
        "no_significant_effects": N_("Determined: no significant adverse effects are likely"),
        "significant_effects": N_("Determined: significant adverse effects are likely"),
    },
    "hold_shown": {
        "hold": N_("Paused by the department"),
        "suspension": N_("An incident is being assessed"),
        "seal": N_("Screening: ask legal services"),
    },
    "vote": {
        "grants": N_("Grants"),
        "contributions": N_("Contributions"),
        "operating": N_("Operating"),
    },
    "wish": {
        "immediate": N_("At once, a message for each thing"),
        "digest": N_("Once a day, everything in one message"),
        "none": N_("Not at all; I look here"),
    },
    "state": {
        "open": N_("Open"),
        "done": N_("Done"),
        "cancelled": N_("Cancelled"),
        "met": N_("Met"),
    },
    "question_state": {
        "open": N_("Waits for an answer"),
        "answered": N_("Answered"),
        "withdrawn": N_("Taken back"),
        "expired": N_("Its day passed without an answer"),
        "closed": N_("Ended with the proposal"),
    },
    "hold": {
        "hold": N_("On hold, by a program officer"),
        "return": N_("Returned to the partner"),
        "question": N_("The partner is asked something"),
        "seal": N_("Paused: ask legal services"),
        "suspension": N_("Paused by an incident"),
    },
    "reconsideration": {
        "asked": N_("It is being looked at."),
        "upheld": N_("The decision stands."),
        "reopened": N_("The proposal was opened again."),
    },
    "letter": {
        "approved": N_("Letter of approval"),
        "ineligible": N_("Letter: not eligible"),
        "declined": N_("Letter: declined"),
        "unfunded": N_("Letter: no funding"),
        "lapsed": N_("Letter: lapsed"),
        "upheld": N_("Letter: the decision stands"),
        "reopened": N_("Letter: open again"),
        "returned": N_("Letter: changes needed"),
    },
    "effect": {
        "advance": N_("The proposal goes on."),
        "return": N_("The proposal goes back to the partner for changes, once it is released."),
        "stop": N_("The proposal ends here."),
        "escalate": N_("Somebody else is asked to decide."),
    },
}

_OF_POLICY = frozenset(
    {
        "instrument",
        "document_kind",
        "marking",
        "gates",
        "kept_by",
        "condition_state",
        "payment_gate",
        "payment_state",
        "closing_state",
        "payment_basis",
        "record_state",
        "report_state",
        "report_kind",
        "level",
        "gender_code",
    }
)


def name_of(group: str, code: str | None, language: str) -> str:
    """The name of *code*; a code without a name is shown as it stands."""
    if not code:
        return ""
    if group in _OF_POLICY:
        known = labels.options(group).get(str(code))
        return known.in_language(language) if known else str(code)
    if group not in NAMES:
        named = content_labels.options(group).get(str(code))
        return named.in_language(language) if named else str(code)
    found = NAMES[group].get(code)
    return translations(language).gettext(found) if found else str(code)


_RULES = {
    "mandate": N_("the mandate"),
    "organizations": N_("the organizations that may be funded"),
    "partner_kinds": N_("the kinds of partners"),
    "regions, countries": N_("the regions and countries"),
    "focus_areas": N_("the focus areas"),
    "assistance": N_("the forms of assistance"),
    "limits": N_("the limits of the amount"),
    "most_months": N_("the longest activity"),
    "instruments": N_("the instruments"),
    "stacking_percent": N_("the limit of other funding"),
    "clocks": N_("the times of review"),
}


def source_of(source: str, language: str) -> str:
    """Where an automatic check comes from: the terms and what of them, or what they quote."""
    version, _, rule = source.partition(": ")
    gettext = translations(language).gettext
    told = gettext(_RULES[rule]) if rule in _RULES else rule
    return gettext("Terms %(version)s, %(rule)s") % {"version": version, "rule": told}


_OF_STAGES = frozenset({EventType.STAGE_ENTERED})


def about(event: Mapping[str, Any], language: str) -> str:
    """What an event of a history is about: the task with what was answered, or the stage."""
    data = event["data"]
    if data.get("kind") in set(TaskKind):
        kind = TaskKind(data["kind"])
        title = labels.kind_title(kind).in_language(language)
        if outcome := data.get("outcome"):
            answered = labels.label(kind, outcome).in_language(language)
            return f"{title}{translations(language).gettext(':')} {answered}"
        return title
    return name_of("stage", data["stage"], language) if event["type"] in _OF_STAGES else ""
