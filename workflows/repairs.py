"""Repairs by four eyes: proposed by one, confirmed by who owns the stage, then done here.

One repair is under way at a time. What it was proposed for is noted; once the proposal has moved
on from there the repair ends by itself, so nobody confirms what they have not read.
"""

from policy.rules import holds, repairs
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import Decision
from schemas.people import SYSTEM
from schemas.proposal import Outcome, Stage
from schemas.repairs import Repair, RepairEnd, RepairKind, RepairPlan
from schemas.tasks import TaskKind, TaskState
from workflows import endings, repairs_ending
from workflows.dossier import Dossier, RepairUnderWay
from workflows.repairs_ending import ground
from workflows.tasks import Task


def check(case: Dossier, repair: Repair) -> None:
    """Refuse a second repair, and what is not possible where the proposal stands."""
    if (under_way := case.repair) is not None:
        raise Refused(
            "repair_under_way",
            repair=under_way.id,
            kind=under_way.plan.kind,
            task=under_way.task,
        )
    if repair.plan.kind is RepairKind.REASSIGN:
        task = case.tasks.get(repair.plan.task or "")
        if task is None or task.is_repair:
            raise Refused("task_unknown", task=repair.plan.task)
    _check_possible(case, repair.plan)


def propose(case: Dossier, repair: Repair) -> None:
    case.repairs += 1
    plan, repair_id = repair.plan, f"{case.submission.reference}-R{case.repairs:02d}"
    task = case.tasks.get(plan.task or "")
    stage = repairs.concerned(plan, case.stage, task.stage if task else None)
    case.emit(
        EventType.REPAIR_PROPOSED,
        repair.actor,
        request_id=repair.request_id,
        texts=repair.texts,
        data={"repair": repair_id, **told(plan), "stands_at": case.stage},
    )
    asked = case.open(
        TaskKind.CONFIRM,
        subject=repair_id,
        detail={"repair": repair_id, "proposed_by": repair.actor.id},
        candidates=repairs.owners(stage, case.rules.programme, case.submission.lead),
    )
    case.repair = RepairUnderWay(
        id=repair_id,
        plan=plan,
        proposed_by=repair.actor,
        texts=repair.texts,
        task=asked.id,
        ground=ground(case, plan),
    )


def check_decide(case: Dossier, task: Task, decision: Decision) -> None:
    """Refuse who proposed it, and a repair of which the proposal has moved on."""
    under_way = case.repair
    if under_way is None or under_way.task != task.id:
        raise Refused("task_cancelled", at=None)
    deciding = {decision.actor.id, decision.actor.on_behalf_of}
    if deciding & {under_way.proposed_by.id, under_way.proposed_by.on_behalf_of} - {None}:
        raise Refused("separation_of_duties", rule="own_repair", duty=None, held=None)
    if decision.outcome == "agree":
        if moved := repairs.changed(under_way.plan, under_way.ground, ground(case, under_way.plan)):
            raise Refused("repair_stale", changed=list(moved))
        _check_possible(case, under_way.plan)


def follow(case: Dossier, task: Task) -> None:
    """What the confirmation leads to: the repair is done, or it ends."""
    under_way = case.repair
    if under_way is None:
        return
    if task.outcome != "agree":
        repairs_ending.end(case, under_way, RepairEnd.DISAGREED)
        return
    case.repair = None
    gone = _superseded(case, under_way.plan.stage) if under_way.plan.kind is _REWIND else []
    case.emit(
        EventType.REPAIR_DONE,
        task.decider,
        texts=under_way.texts,
        data={
            "repair": under_way.id,
            **told(under_way.plan),
            "proposed_by": under_way.proposed_by.id,
            "superseded": [each.id for each in gone],
        },
    )
    match under_way.plan.kind:
        case RepairKind.UNSTICK:
            case.unstuck += 1
            if case.screening.answered == case.screening.wanted and not case.screening.is_done:
                case.screening.wanted += 0 if case.call_is_open else 1
        case RepairKind.REWIND:
            _rewind(case, under_way.plan, gone)
        case RepairKind.CANCEL_DUPLICATE:
            endings.close(case, Outcome.WITHDRAWN, task=task)
        case RepairKind.RESEND:
            case.emit(EventType.LETTER_SENT_AGAIN, SYSTEM, data={"letter": under_way.plan.letter})
        case RepairKind.REASSIGN:
            pass  # a courtesy lock: it changes hands in the store, with the event


def told(plan: RepairPlan) -> dict[str, str]:
    """The plan as events tell it."""
    return plan.model_dump(mode="json", exclude_none=True)


_REWIND = RepairKind.REWIND


def _check_possible(case: Dossier, plan: RepairPlan) -> None:
    hold = holds.first(case.hold_kinds)
    repairs.check_possible(plan, ground(case, plan), case.rules.stages, hold=hold)


def _rewind(case: Dossier, plan: RepairPlan, gone: list[Task]) -> None:
    """Nothing that was answered from the stage on stands; money stays, as after a return.

    The next recommendation keeps the money where it names the same, and asks anew where not.
    """
    for task in gone:
        if task.is_open:
            case.cancel(task)
        task.stands = False
    case.asks = [asked for asked in case.asks if case.tasks[asked].stands]
    if plan.stage is not None:
        case.enter(plan.stage)


def _superseded(case: Dossier, stage: Stage | None) -> list[Task]:
    """What is asked or was answered from *stage* on; judgements of hits hold (product.md 5)."""
    order = case.rules.stages
    if stage not in order:
        return []
    later = order[order.index(stage) :]
    gone = {
        task.id
        for task in case.tasks.values()
        if task.stands
        and task.state is not TaskState.CANCELLED
        and not task.is_repair
        and (task.stage in later or (task.kind is TaskKind.RELEASE and task.is_open))
        and not _is_of_screening(case, task)
    }
    return [case.tasks[task_id] for task_id in case.tasks if task_id in gone]


def _is_of_screening(case: Dossier, task: Task) -> bool:
    about = case.tasks.get(task.confirms or task.arbitrates or str(task.detail.get("about")))
    return (
        task.kind is TaskKind.ADJUDICATE
        or task.is_sealing
        or (about is not None and _is_of_screening(case, about))
    )
