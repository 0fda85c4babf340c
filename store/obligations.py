"""What has become of the conditions of an approval, as events tell it: pure, for the read model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.events import EventType, Recorded
from schemas.tasks import ConditionState
from schemas.values import instant

Obligations = Mapping[str, dict[str, Any]]

_STEPS = {
    EventType.CONDITION_REMINDED: "remind",
    EventType.CONDITION_OVERDUE: "overdue",
    EventType.CONDITION_ESCALATED: "escalate",
}


def begun(event: Recorded) -> dict[str, dict[str, Any]]:
    """The conditions of an approval, or of a finding made anew since, each as it begins."""
    rule: dict[str, Any] = {
        "state": ConditionState.OPEN.value,
        "given": [],
        "judged": None,
        "reached": [],
    }
    return {each["id"]: rule for each in event.data["conditions"]}


def after(known: Obligations, event: Recorded) -> dict[str, dict[str, Any]]:
    """*known*, once *event* has happened to one of them."""
    which = event.data["condition"]
    one = known[which]
    at = instant(event.occurred_at)
    match event.type:
        case EventType.EVIDENCE_GIVEN:
            given = {
                "at": at,
                "by": event.actor.id,
                "words": event.texts["words"].id,
                "documents": event.data["documents"],
            }
            state = ConditionState.EVIDENCE_GIVEN.value
            one = {**one, "state": state, "given": [*one["given"], given]}
        case EventType.CONDITION_JUDGED:
            message = event.texts.get("message")
            judged = {
                "at": at,
                "task": event.data["task"],
                "message": message.id if message else None,
            }
            one = {**one, "state": event.data["state"], "judged": judged}
        case step:
            reached = {"step": _STEPS[step], "at": at}
            one = {**one, "reached": [*one["reached"], reached]}
    return {**known, which: one}


def states(known: Obligations) -> dict[str, str]:
    return {id_: str(each["state"]) for id_, each in known.items()}


def document_ids(known: Obligations) -> set[str]:
    """The documents that were given as evidence: from then on the department reads them."""
    return {
        document["id"]
        for each in known.values()
        for given in each["given"]
        for document in given["documents"]
    }
