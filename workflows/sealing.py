"""Seals: the pause that a true match sets, and that legal alone ends (product.md 5)."""

from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.people import SYSTEM
from workflows import timekeeping
from workflows.docket import Hold
from workflows.dossier import Dossier
from workflows.tasks import Task


def seal(case: Dossier, seal: str, *, everywhere: bool = False, elsewhere: bool = False) -> None:
    if seal in case.holds:
        return
    timekeeping.pause(case, Hold(seal, HoldKind.SEAL))
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
    unseal(case, task.question, everywhere=bool(task.detail.get("everywhere")))


def unseal(case: Dossier, seal: str, *, everywhere: bool = False) -> None:
    if seal not in case.seals:
        return
    due = timekeeping.go_on(case, seal)
    case.emit(
        EventType.HOLD_ENDED,
        SYSTEM,
        data={
            "kind": "seal",
            "seal": seal,
            "everywhere": everywhere,
            "organization": case.submission.organization,
            "task_due": due["task_due"],
        },
    )
