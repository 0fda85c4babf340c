"""How a repair ends that is not done: refused, unanswered, or left behind by the proposal."""

from policy.rules import repairs
from policy.rules.repairs import Ground
from schemas.events import EventType
from schemas.repairs import RepairEnd, RepairPlan
from schemas.tasks import TaskState
from workflows.dossier import Dossier, RepairUnderWay


def ground(case: Dossier, plan: RepairPlan) -> Ground:
    """Where the proposal stands now, as far as *plan* rests on it."""
    task = case.tasks.get(plan.task or "")
    answered = (t for t in case.tasks.values() if t.state is TaskState.DONE and not t.is_repair)
    return Ground(
        stage=case.stage,
        revision=case.submission.revision,
        terms=case.policy_version,
        decided=case.outcome is not None,
        answers=sum(1 for _ in answered),
        task_open=task is not None and task.is_open,
    )


def moved_on(case: Dossier, under_way: RepairUnderWay) -> tuple[str, ...]:
    """What has changed since the repair was proposed, as far as it matters to it."""
    return repairs.changed(under_way.plan, under_way.ground, ground(case, under_way.plan))


def end_if_over(case: Dossier) -> None:
    """End the repair that is under way once the proposal has moved on, or nobody has answered."""
    under_way = case.repair
    if under_way is None:
        return
    task = case.tasks[under_way.task]
    if not task.is_open or moved_on(case, under_way):
        end(case, under_way, RepairEnd.STALE)
    elif task.due_at <= case.now:
        end(case, under_way, RepairEnd.SILENT)


def end(case: Dossier, under_way: RepairUnderWay, why: RepairEnd) -> None:
    """Nothing is done; the file says why, and another repair may be proposed."""
    changed = moved_on(case, under_way) if why is RepairEnd.STALE else ()
    case.repair = None
    task = case.tasks[under_way.task]
    if why is RepairEnd.STALE and not changed:
        changed = ("stage",)  # the proposal has ended, and with it every task
    if task.is_open:
        case.cancel(task)
    task.ended, task.detail = why, {**task.detail, "changed": list(changed)}
    case.emit(
        EventType.REPAIR_ENDED,
        task.decider,
        data={
            "repair": under_way.id,
            "proposed_by": under_way.proposed_by.id,
            "why": why,
            "changed": list(changed),
        },
    )
