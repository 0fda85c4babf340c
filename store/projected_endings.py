"""What letters, ends and what comes after an end change in the read model."""

from datetime import datetime

from schemas.events import Recorded
from schemas.holds import QuestionState
from schemas.values import instant
from store.projected_holds import set_questions
from store.tables import LetterRow
from store.view import View, clock_at, set_stage_clock, take_time, weigh


def letter(view: View, event: Recorded) -> None:
    data = event.data
    view.letters[data["letter"]] = LetterRow(
        id=data["letter"],
        reference=event.subject,
        kind=data["kind"],
        template=data["template"],
        data={"task": data["task"]},
        texts={name: ref.model_dump() for name, ref in event.texts.items()},
        written_at=event.occurred_at,
        told_at=datetime.fromisoformat(data["told_at"]),
    )
    if data["kind"] == "upheld":
        reconsidered = {**view.row.state["reconsideration"], "told_at": data["told_at"]}
        view.set(reconsideration=reconsidered)
    elif data["kind"] not in ("returned", "reopened"):
        view.row.told_at = datetime.fromisoformat(data["told_at"])


def taken_back(view: View, event: Recorded) -> None:
    """The decision was never told: nothing of it is left that a partner could come to read."""
    view.letters.pop(event.data["letter"], None)
    view.row.told_at = None
    view.set(agreement=None)


def undone(view: View, event: Recorded) -> None:
    """Undecided again, as it was; the letter was taken back before, the stage follows."""
    data = event.data
    for task_id in data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.outcome = view.row.decided_at = view.row.told_at = None
    view.set(obligations={})
    undone = {
        "tasks": data["tasks"],
        "by": event.actor.id,
        "at": instant(event.occurred_at),
        "reason": event.texts["reason"].id,
    }
    kept = data["decision_due"] is not None or data["days_left"] is not None
    view.set(
        decision=None,
        clock=clock_at(data["decision_due"], data["days_left"]) if kept else None,
        undone=[*view.row.state.get("undone", ()), undone],
    )
    if paused := data.get("holds"):  # by staff: it pauses again what is open again
        held = [{"seal": None, **hold} for hold in paused]
        view.set(holds=[*view.row.state["holds"], *held])
    weigh(view)


def ended(view: View, event: Recorded) -> None:
    view.row.outcome = event.data["outcome"]
    view.row.decided_at = event.occurred_at


def reconsideration_asked(view: View, event: Recorded) -> None:
    view.set(
        reconsideration={
            "state": "asked",
            "asked_at": instant(event.occurred_at),
            "reason": event.texts["reason"].id,
            "rung": event.data["rung"],
            "told_at": None,
        }
    )


def upheld(view: View, _event: Recorded) -> None:
    view.set(reconsideration={**view.row.state["reconsideration"], "state": "upheld"})


def reopened(view: View, event: Recorded) -> None:
    """Undecided again; the stage follows. What was superseded no longer stands."""
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.outcome = view.row.decided_at = view.row.told_at = None
    view.set(
        reconsideration={**view.row.state["reconsideration"], "state": "reopened"},
        clock=clock_at(event.data["decision_due"]) if event.data["decision_due"] else None,
    )
    weigh(view)


def closed(view: View, event: Recorded) -> None:
    take_time(view, event)
    view.row.stage = "closed"
    if view.row.state.get("obligations"):
        view.set(obligations={})
        weigh(view)
    if "reconsideration" in view.row.state:
        view.set(reconsideration=None)  # a decision of its own, reconsidered by itself
    view.row.told_at = datetime.fromisoformat(event.data["told_at"])
    view.set(
        since=instant(event.occurred_at),
        returned=None,
        clock=None,
        holds=[hold for hold in view.row.state["holds"] if hold["kind"] == "seal"],
    )
    set_stage_clock(view, None)
    if view.row.asked:
        over = {"state": QuestionState.CLOSED.value, "ended_at": instant(event.occurred_at)}
        still_open = QuestionState.OPEN
        asked = view.row.state["questions"]
        set_questions(view, [{**q, **over} if q["state"] == still_open else q for q in asked])
