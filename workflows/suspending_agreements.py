"""What suspends a signed agreement: an incident, until a new assessment has ended it.

Payments stop at once: what is claimed waits, and keeps the days that it has left. Reports are still
handed in. Who ends an incident is told by `commands.incidents`; two people do.
"""

from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.people import SYSTEM
from workflows import timekeeping
from workflows.docket import Docket, Hold


def suspend(life: Docket, incident: str) -> None:
    """Pause what is asked; a second notice of the same incident changes nothing."""
    if incident in life.holds:
        return
    life.holds[incident] = Hold(incident, HoldKind.SUSPENSION, life.now)
    timekeeping.pause_tasks(life)
    life.emit(EventType.HOLD_SET, SYSTEM, data={"kind": HoldKind.SUSPENSION, "hold": incident})


def resume(life: Docket, incident: str) -> None:
    if incident not in life.holds:
        return
    del life.holds[incident]
    due = {} if life.holds else timekeeping.resume_tasks(life)
    life.emit(
        EventType.HOLD_ENDED,
        SYSTEM,
        data={"kind": HoldKind.SUSPENSION, "hold": incident, "task_due": due},
    )
