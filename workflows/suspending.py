"""Suspension: the pause that an incident sets, and that its assessment ends (product.md 3)."""

from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import Notice
from schemas.people import SYSTEM
from schemas.tasks import TaskState
from workflows import reliance, timekeeping
from workflows.docket import Hold
from workflows.dossier import Dossier


def suspend(case: Dossier, notice: Notice) -> None:
    """Pause what is not signed; a second notice of the same incident changes nothing."""
    incident = str(notice.data.get("incident"))
    if incident in case.holds:
        return
    stopped = timekeeping.pause(case, Hold(incident, HoldKind.SUSPENSION))
    case.emit(
        EventType.HOLD_SET,
        SYSTEM,
        data={"kind": HoldKind.SUSPENSION, "hold": incident, **stopped},
    )


def resume(case: Dossier, notice: Notice) -> None:
    """Go on, and ask anew for the findings that the incident puts in doubt."""
    incident = str(notice.data.get("incident"))
    if incident not in case.holds:
        return
    due = timekeeping.go_on(case, incident)
    case.emit(
        EventType.HOLD_ENDED,
        SYSTEM,
        data={"kind": HoldKind.SUSPENSION, "hold": incident, **due},
    )
    doubted = {str(kind) for kind in notice.data.get("anew", ())}
    reliance.ask_anew(
        case,
        {
            task.id
            for task in case.tasks.values()
            if task.kind.value in doubted and task.stands and task.state is TaskState.DONE
        },
        {"incident": incident, "why": "incident"},
    )
