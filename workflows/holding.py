"""Hold and resume: what a programme officer pauses, and lets go on."""

from policy.rules import holds
from schemas.errors import Refused
from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import StaffAct
from schemas.proposal import Stage
from workflows import timekeeping
from workflows.docket import Hold
from workflows.dossier import Dossier


def check(case: Dossier, act: StaffAct) -> None:
    """Refuse what is over, to hold what is held already, and to resume what nobody holds."""
    check_under_way(case)
    held = held_by_officer(case)
    if act.act == "hold":
        if case.stage not in holds.RULES[HoldKind.HOLD].stages:
            raise Refused("too_late_to_hold")
        if held is not None:
            raise Refused("already_on_hold")
    elif held is None:
        raise Refused("not_held_by_officer")


def take(case: Dossier, act: StaffAct) -> None:
    held = held_by_officer(case)
    if act.act == "hold":
        case.holds_set += 1
        hold = Hold(
            f"{case.submission.reference}-H{case.holds_set:02d}",
            HoldKind.HOLD,
            case.now,
            act.texts["reason"].id,
        )
        stopped = timekeeping.pause(case, hold)
        _tell(case, EventType.HOLD_SET, act, hold, stopped)
    elif held is not None:
        due = timekeeping.go_on(case, held.id)
        _tell(case, EventType.HOLD_ENDED, act, held, due)


def check_under_way(case: Dossier) -> None:
    """Refuse an act on what has ended, or has left the engine's hands."""
    if case.stage is Stage.CLOSED:
        raise Refused("proposal_closed")
    if case.stage is Stage.ACTIVE:
        raise Refused("too_late_to_hold")


def held_by_officer(case: Dossier) -> Hold | None:
    return next((hold for hold in case.holds.values() if hold.kind is HoldKind.HOLD), None)


def _tell(
    case: Dossier, event: EventType, act: StaffAct, hold: Hold, clocks: dict[str, object]
) -> None:
    case.emit(
        event,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={"kind": hold.kind, "hold": hold.id, **clocks},
    )
