"""What events of tasks and of repairs change in the read model."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from policy.rules import separation
from schemas.events import Recorded
from schemas.people import Candidate
from schemas.tasks import TaskKind
from schemas.values import instant
from store import questions
from store.tables import TaskRow
from store.view import View, weigh


def opened(view: View, event: Recorded) -> None:
    data = event.data
    for earlier in (data["previous"], *data.get("replaced", ())):
        if earlier in view.tasks:
            view.tasks[earlier].stands = False
    view.tasks[data["task"]] = TaskRow(
        id=data["task"],
        reference=event.subject,
        programme=view.row.programme,
        kind=data["kind"],
        stage=data["stage"],
        number=len(view.tasks) + 1,
        revision=data["revision"],
        state="open",
        candidates=data["candidates"],
        opened_at=event.occurred_at,
        due_at=datetime.fromisoformat(data["due_at"]),
        confirms=data["confirms"],
        arbitrates=data["arbitrates"],
        previous=data["previous"],
        subject=data["subject"],
        duty=_duty(view, data),
        evidence=_tells_of_a_match(view, data),
        detail=data["detail"],
        texts={},
        ladder={**data["ladder"], "reached": []} if "ladder" in data else None,
    )
    view.admit(Candidate.model_validate(candidate) for candidate in data["candidates"])
    if data["detail"].get("repair"):
        view.set(
            repairs=[
                {**each, "confirm": data["task"], "due_at": data["due_at"]}
                if each["id"] == data["detail"]["repair"]
                else each
                for each in view.row.state["repairs"]
            ]
        )
    if data["previous"] in view.tasks:
        weigh(view)  # what the earlier answer set no longer stands


def _duty(view: View, data: dict[str, Any]) -> str | None:
    confirmed = view.tasks.get(data["confirms"] or "")
    return separation.duty(TaskKind(data["kind"]), TaskKind(confirmed.kind) if confirmed else None)


def _tells_of_a_match(view: View, data: dict[str, Any]) -> bool:
    """A screening task, what confirms or arbitrates it, and what legal disposes of it."""
    if data["kind"] == TaskKind.ADJUDICATE or data["detail"].get("seal"):
        return True
    about = view.tasks.get(data["confirms"] or data["arbitrates"] or "")
    return about is not None and about.evidence


def decided(view: View, event: Recorded) -> None:
    task = view.tasks[event.data["task"]]
    task.state, task.outcome = "done", event.data["outcome"]
    task.decided_by, task.decided_at = event.actor.id, event.occurred_at
    task.on_behalf_of = event.actor.on_behalf_of
    task.facts = {**event.data["facts"], "sections": event.data["sections"]}
    if event.data.get("joined"):
        task.facts["joined"] = True
    if picked := view.tasks.get(event.data["facts"].get("picked", "")):
        _count(view, picked)
    task.texts = {name: ref.model_dump() for name, ref in event.texts.items()}
    weigh(view)


def _count(view: View, picked: TaskRow) -> None:
    """Of several answers to one question the one that arbitration lets stand."""
    for seat in view.tasks.values():
        if seat.facts is None or questions.of(seat) != questions.of(picked) or not seat.stands:
            continue
        facts = {name: fact for name, fact in seat.facts.items() if name != "joined"}
        seat.facts = facts if seat is picked else {**facts, "joined": True}


def cancelled(view: View, event: Recorded) -> None:
    task = view.tasks[event.data["task"]]
    task.state, task.decided_at, task.stands = "cancelled", event.occurred_at, False
    if questions.is_seat(task):
        weigh(view)  # who has answered is not waited for any more


def reaches(step: str) -> Callable[[View, Recorded], None]:
    """A step of a task's ladder; of an escalation more people may take the task."""

    def reach(view: View, event: Recorded) -> None:
        task, data = view.tasks[event.data["task"]], event.data
        # What the stage or the whole has come to is no step of the task's own.
        taken = "standard" if "standard" in data else step
        reached = {"step": taken, "days": data.get("days", 0), "at": instant(event.occurred_at)}
        known = task.ladder or {"reached": []}
        task.ladder = {**known, "reached": [*known["reached"], reached]}
        if "candidates" in data:
            task.candidates = data["candidates"]
            view.admit(Candidate.model_validate(candidate) for candidate in data["candidates"])

    return reach


def repair_proposed(view: View, event: Recorded) -> None:
    repair = {
        **{name: fact for name, fact in event.data.items() if name != "repair"},
        "id": event.data["repair"],
        "state": "proposed",
        "proposed_by": event.actor.id,
        "proposed_at": instant(event.occurred_at),
        "reason": event.texts["reason"].model_dump() if "reason" in event.texts else None,
        "confirm": None,
        "due_at": None,
        "ended_by": None,
        "ended_at": None,
        "why": None,
        "changed": [],
    }
    view.set(repairs=[*view.row.state.get("repairs", ()), repair])


def repair_ends(state: str) -> Callable[[View, Recorded], None]:
    def end(view: View, event: Recorded) -> None:
        for task_id in event.data.get("superseded", ()):
            if task_id in view.tasks:
                view.tasks[task_id].stands = False
        over = {
            "state": state,
            "ended_by": event.actor.id,
            "ended_at": instant(event.occurred_at),
            "why": event.data.get("why"),
            "changed": event.data.get("changed", []),
        }
        view.set(
            repairs=[
                {**each, **over} if each["id"] == event.data["repair"] else each
                for each in view.row.state.get("repairs", ())
            ]
        )
        weigh(view)

    return end
