"""The recommendation, the money it asks for, and when the approval may be asked for.

Money itself lives in the store: here is only what was asked and what the store has answered.
"""

from datetime import datetime

from policy.rules import delegation
from schemas.events import EventType
from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from schemas.people import ON_PAPER, SYSTEM, Level
from schemas.proposal import Stage
from schemas.tasks import RiskLevel, TaskKind
from workflows import findings
from workflows.dossier import Dossier, Reservation
from workflows.tasks import Task


def ask_for_money_and_decision(case: Dossier) -> None:
    """Recommendation, then - once the money is reserved - the approval (Funding)."""
    recommended, held = case.standing(TaskKind.RECOMMEND), case.reservation
    offered = held is not None and held.state == "offered"
    if recommended is None or (held and offered and held.offer_task is None):
        if recommended is not None and recommended.is_open:
            case.cancel(recommended)
        task = case.open(TaskKind.RECOMMEND, detail={"offer": True} if offered else {})
        if held and offered:
            held.offer_task = task.id
        return
    if recommended.is_open or recommended.outcome != "recommend":
        return
    if recommended.awaits_arbitration:
        return
    if held is None or held.state != "reserved":
        return
    if case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION):
        return
    rung = rung_for(case, recommended)
    on_paper = rung in ON_PAPER
    kind = TaskKind.RECORD_DECISION if on_paper else TaskKind.APPROVE
    in_part = case.approves_in_part and Stage.AGREEMENT in case.rules.stages
    case.open(kind, rung=rung, detail={"rung": rung, **({"part": True} if in_part else {})})


def follow_recommendation(case: Dossier, task: Task) -> None:
    held = case.reservation
    if task.outcome == "pass_over" and held is not None:
        held.state, held.queued_since, held.wait = "queued", case.now, None
    elif held is not None and held.state == "offered":
        held.state = "reserved"


def take_money(case: Dossier, reservation: str, answer: MoneyAnswer) -> None:
    """The store's answer to money asked for; a queue is a wait, not an error."""
    held = case.reservation
    if held is None or held.id != reservation:
        return
    if held.moved_from is not None:
        if answer is MoneyAnswer.QUEUED:  # another year had not as much: all stays as it was
            held.slices = held.moved_from
        held.moved_from = None
        return
    if held.state != "asked":
        return
    held.state = "reserved" if answer is MoneyAnswer.RESERVED else "queued"
    if held.state == "queued":
        held.queued_since, held.wait = case.now, None


def take_offer(case: Dossier, reservation: str) -> None:
    held = case.reservation
    if held is None or held.id != reservation or held.state not in ("queued", "asked"):
        return
    held.state, held.queued_since, held.offer_task = "offered", None, None


def money_of(case: Dossier, task: Task) -> MoneyRequest | None:
    """The move of money that goes with a decision, in the same transaction."""
    match (task.kind, task.outcome):
        case (TaskKind.RECOMMEND, "recommend"):
            return reserve(case, task)
        case (TaskKind.RECOMMEND, "pass_over") if case.reservation:
            return MoneyRequest(reservation=case.reservation.id, move=MoneyMove.PASS_OVER)
        case (TaskKind.SIGN_AGREEMENT, "sign"):
            return _commit(case)
        case (TaskKind.APPROVE, "approve") if Stage.AGREEMENT not in case.rules.stages:
            return _commit(case)
        case (TaskKind.CONFIRM, "agree") if Stage.AGREEMENT not in case.rules.stages:
            confirmed = case.tasks[task.confirms or ""]
            on_paper = confirmed.kind is TaskKind.RECORD_DECISION
            return _commit(case) if on_paper and confirmed.outcome == "approved" else None
        case _:
            return None


def release_money(case: Dossier, why: str) -> None:
    held = case.reservation
    if held is None or held.state in ("released", "committed"):
        return
    case.reservation = None
    case.emit(
        EventType.RELEASED,
        SYSTEM,
        data={"reservation": held.id, "why": why},
        money=MoneyRequest(reservation=held.id, move=MoneyMove.RELEASE),
    )


def waits_to_be_told(case: Dossier) -> bool:
    """Whether a decision against the partner keeps its money: it may still be taken back.

    A place in the order is not kept; who takes the decision back asks for one anew.
    """
    held, ended = case.reservation, case.ended
    kept = case.keeps_money_untold and held is not None and held.state in ("reserved", "offered")
    return kept and ended is not None and (ended.told_at or case.now) > case.now


def let_go_once_told(case: Dossier) -> None:
    """What a decision kept comes free for others as soon as nobody can take it back any more."""
    if case.closed_at is not None and case.outcome and not waits_to_be_told(case):
        release_money(case, case.outcome)


def approve_in_part(case: Dossier, part: tuple[Slice, ...]) -> None:
    """Keep what was approved apart; the rest stays reserved until the partner is told."""
    if case.reservation is not None:
        case.reservation.part = part


def part_is_told_at(case: Dossier) -> datetime | None:
    """When money that was not approved comes free; None where there is none."""
    held = case.reservation
    is_pending = held is not None and held.part is not None and case.outcome is not None
    return case.told_at if is_pending else None


def let_go_unapproved(case: Dossier) -> None:
    """What an approval in part has left comes free once nobody can take it back any more."""
    held = case.reservation
    if held is None or held.part is None or case.is_untold(case.now):
        return
    part = held.part
    held.slices, held.part = part, None
    case.emit(
        EventType.REDUCED,
        SYSTEM,
        data={
            "reservation": held.id,
            "slices": [each.model_dump(mode="json") for each in part],
        },
        money=MoneyRequest(reservation=held.id, move=MoneyMove.REDUCE, slices=part),
    )


def slices(case: Dossier) -> tuple[Slice, ...]:
    """The money that the proposal has, or was approved of what it has."""
    held = case.reservation
    if held is None:
        return ()
    return held.slices if held.part is None else held.part


def _commit(case: Dossier) -> MoneyRequest | None:
    """Money is firm at the department's signature; without an agreement, at the approval."""
    if case.reservation is None:
        return None
    let_go_unapproved(case)
    case.reservation.state = "committed"
    recommended = case.standing(TaskKind.RECOMMEND)
    certified_by = recommended.decided_by.id if recommended and recommended.decided_by else None
    return MoneyRequest(
        reservation=case.reservation.id, move=MoneyMove.COMMIT, certified_by=certified_by
    )


def reserve(case: Dossier, task: Task) -> MoneyRequest | None:
    held, facts = case.reservation, task.facts
    if held is not None:
        if held.slices == facts.slices and (
            held.state != "queued" or held.priority == facts.priority
        ):
            return None  # it keeps its money, or its place in the order
        release_money(case, "recommended_anew")
    case.reservations += 1
    reservation = f"{case.submission.reference}:{case.reservations}"
    case.reservation = Reservation(reservation, facts.slices, facts.priority, "asked")
    return MoneyRequest(
        reservation=reservation,
        move=MoneyMove.RESERVE,
        slices=task.facts.slices,
        priority=task.facts.priority,
    )


def rung_for(case: Dossier, recommended: Task) -> Level:
    """The least level that may approve what was recommended, as the findings stand."""
    return delegation.required_rung(
        recommended.facts.rung or Level.TREASURY_BOARD,
        findings.residual(case) or RiskLevel.LOW,
        findings.gender_code(case),
        case.rules,
    )
