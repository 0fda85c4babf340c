"""What events of holds and questions change in the read model: what pauses, and clocks."""

from collections.abc import Callable
from typing import Any

from schemas.events import Recorded
from schemas.holds import QuestionState
from schemas.values import instant
from store.view import View, clock_at, set_due_dates, set_stage_clock


def held(view: View, event: Recorded) -> None:
    hold = {
        "kind": event.data["kind"],
        "since": instant(event.occurred_at),
        "seal": event.data.get("seal"),
    }
    if "hold" in event.data:
        hold["hold"] = event.data["hold"]
    if "reason" in event.texts:
        hold["reason"] = event.texts["reason"].id
    view.set(holds=[*view.row.state["holds"], hold])
    _stop_clocks(view, event.data)


def hold_ended(view: View, event: Recorded) -> None:
    name = "hold" if "hold" in event.data else "seal"
    ended = event.data[name]
    view.set(holds=[h for h in view.row.state["holds"] if h.get(name) != ended])
    _start_clocks(view, event.data)


def question_asked(view: View, event: Recorded) -> None:
    data, since = event.data, instant(event.occurred_at)
    question, text = data["question"], event.texts["question"].id
    hold = {"kind": "question", "since": since, "seal": None, "hold": question, "reason": text}
    view.set(holds=[*view.row.state["holds"], hold])
    asked = {
        "id": question,
        "state": QuestionState.OPEN.value,
        "task": data["task"],
        "asked_by": event.actor.id,
        "asked_at": since,
        "due_at": data["due_at"],
        "question": text,
        "answer": None,
        "answered_by": None,
        "ended_at": None,
    }
    set_questions(view, [*view.row.state.get("questions", ()), asked])
    _stop_clocks(view, data)


def question_ends(state: QuestionState) -> Callable[[View, Recorded], None]:
    def end(view: View, event: Recorded) -> None:
        answer = event.texts.get("answer")
        ended = {
            "state": state.value,
            "ended_at": instant(event.occurred_at),
            "answer": answer.id if answer else None,
            "answered_by": event.actor.id if answer else None,
            **({"documents": given} if (given := event.data.get("documents")) else {}),
        }
        which = event.data["question"]
        set_questions(
            view,
            [{**q, **ended} if q["id"] == which else q for q in view.row.state["questions"]],
        )
        view.set(holds=[h for h in view.row.state["holds"] if h.get("hold") != which])
        _start_clocks(view, event.data)

    return end


def set_questions(view: View, questions: list[dict[str, Any]]) -> None:
    view.set(questions=questions)
    view.row.asked = any(each["state"] == QuestionState.OPEN for each in questions)


_ASKED = {"return": "returned", "agreement": "agreement", "money": "money"}
"""Where the state keeps each thing that ends by silence."""


def _stop_clocks(view: View, data: dict[str, Any]) -> None:
    """What a hold stops keeps the whole days that it had left."""
    if "days_left" in data:
        view.set(clock=clock_at(None, data["days_left"]))
    if "stage_days_left" in data:
        set_stage_clock(view, None, data["stage_days_left"])
    for name, where in _ASKED.items():
        if f"{name}_days_left" in data:
            left = {"due_at": None, "business_days_left": data[f"{name}_days_left"]}
            view.set(**{where: {**view.row.state[where], **left}})


def _start_clocks(view: View, data: dict[str, Any]) -> None:
    if "decision_due" in data:
        view.set(clock=clock_at(data["decision_due"]))
    if "stage_due" in data:
        set_stage_clock(view, data["stage_due"])
    for name, where in _ASKED.items():
        if f"{name}_due" in data:
            due = {"due_at": data[f"{name}_due"], "business_days_left": None}
            view.set(**{where: {**view.row.state[where], **due}})
    set_due_dates(view, data.get("task_due", {}))
