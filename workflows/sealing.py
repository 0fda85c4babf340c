"""Seals: the pause that a true match sets, and that legal alone ends (product.md 5)."""

from schemas.events import EventType
from schemas.people import SYSTEM
from schemas.proposal import Stage
from workflows import timekeeping
from workflows.dossier import Dossier
from workflows.tasks import Task


def seal(case: Dossier, seal: str, *, everywhere: bool = False, elsewhere: bool = False) -> None:
    if seal in case.seals:
        return
    timekeeping.stop_tasks(case)
    case.seals.add(seal)
    case.emit(
        EventType.HOLD_SET,
        SYSTEM,
        data={
            "kind": "seal",
            "seal": seal,
            "everywhere": everywhere,
            "elsewhere": elsewhere,
            "organization": case.submission.organization,
        },
    )


def end_seal(case: Dossier, task: Task) -> None:
    unseal(case, task.id, everywhere=bool(task.detail.get("everywhere")))


def unseal(case: Dossier, seal: str, *, everywhere: bool = False) -> None:
    if seal not in case.seals:
        return
    case.seals.discard(seal)
    due: dict[str, str | None] = {}
    if not case.seals and case.stage is not Stage.RETURNED:
        due = timekeeping.resume_tasks(case)
    case.emit(
        EventType.HOLD_ENDED,
        SYSTEM,
        data={
            "kind": "seal",
            "seal": seal,
            "everywhere": everywhere,
            "organization": case.submission.organization,
            "task_due": due,
        },
    )
