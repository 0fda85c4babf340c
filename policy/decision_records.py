"""What a decision rested on, told by the chain alone: who, under which versions, on what evidence.

Drawn from events, so that whoever has the chain draws the same (domain.md, section 6, Records to
keep for every decision). The hash of the evidence is the SHA-256 of `evidence` in canonical JSON:
digests of words and documents, and the ids of what was relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from schemas.events import EventType, Recorded
from schemas.people import Discipline
from schemas.tasks import TaskKind
from schemas.values import digest, instant

ChecklistOf = Callable[[str, Discipline], str | None]
"""The version of a discipline's checklist under these terms, such as `norms/2026-04-01`."""
_AFTER_DESKS = frozenset(
    {TaskKind.SIGN_OFF, TaskKind.RECOMMEND, TaskKind.APPROVE, TaskKind.RECORD_DECISION}
)


def drawn(events: Iterable[Recorded], checklist_of: ChecklistOf) -> dict[str, dict[str, Any]]:
    """Of every decision on a task, by the id of its event, what it rested on at that moment."""
    found: dict[str, dict[str, Any]] = {}
    revision: dict[str, Any] = {}
    lists: list[str] = []
    attached: dict[str, dict[str, str]] = {}
    desks: dict[str, dict[str, Any]] = {}
    subjects: dict[str, str | None] = {}
    for event in events:
        data = event.data
        match event.type:
            case EventType.SUBMITTED | EventType.RESUBMITTED:
                revision = {"what": "revision", "sha256": data["sha256"]}
                if event.type is EventType.RESUBMITTED:
                    desks.clear()  # what was asked of them may be asked anew
            case EventType.SCREENED:
                lists = list(data["lists"])
            case EventType.TASK_OPENED:
                subjects[data["task"]] = data["subject"]
            case EventType.TASK_DOCUMENT_ADDED:
                attached.setdefault(data["task"], {})[data["document"]] = data["sha256"]
            case EventType.TASK_DOCUMENT_REMOVED:
                attached.get(data.get("task", ""), {}).pop(data["document"], None)
            case EventType.TASK_DECIDED:
                documents = attached.get(data["task"], {})
                found[event.id] = _record(event, checklist_of, revision, lists, documents, desks)
                if data["kind"] == TaskKind.CONSULT:
                    desk = subjects.get(data["task"]) or ""
                    desks[desk] = {
                        "desk": desk,
                        "answer": data["outcome"],
                        "by": event.actor.id,
                        "task": data["task"],
                    }
            case _:
                pass
    return found


def _record(
    event: Recorded,
    checklist_of: ChecklistOf,
    revision: Mapping[str, Any],
    lists: list[str],
    documents: Mapping[str, str],
    desks: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    data, facts = event.data, event.data.get("facts", {})
    kind = TaskKind(data["kind"])
    records = list(facts.get("records", ()))
    evidence: list[dict[str, Any]] = [dict(revision)] if revision else []
    evidence += [{"what": name, "sha256": ref.digest} for name, ref in sorted(event.texts.items())]
    evidence += [
        {"what": "attachment", "id": id_, "sha256": sha256}
        for id_, sha256 in sorted(documents.items())
    ]
    if facts.get("document"):
        evidence.append({"what": "approval_document", "sha256": facts["document"]})
    evidence += [{"what": "reusable_record", "id": each} for each in records]
    evidence += [{"what": "list", "id": each} for each in lists]
    return {
        "task": data["task"],
        "kind": kind.value,
        "outcome": data["outcome"],
        "decided_at": instant(event.occurred_at),
        "by": event.actor.id,
        "role": event.actor.role,
        "on_behalf_of": event.actor.on_behalf_of,
        "delegation": event.actor.delegation,
        "policy_version": event.policy_version,
        "checklist": _checklist(kind, event.policy_version, checklist_of),
        "delegation_of_authority": facts.get("delegation"),
        "country_measures": facts.get("measures"),
        "inherent": facts.get("inherent"),
        "residual": facts.get("residual"),
        "lists": lists,
        "records": records,
        "desks": list(desks.values()) if kind in _AFTER_DESKS else [],
        "evidence": evidence,
        "evidence_sha256": digest(evidence),
    }


def _checklist(kind: TaskKind, policy_version: str | None, checklist_of: ChecklistOf) -> str | None:
    if policy_version is None or not kind.is_finding:
        return None
    code = kind.value.removeprefix("compliance.")
    return checklist_of(policy_version, Discipline(code)) if code in list(Discipline) else None
