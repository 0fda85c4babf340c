"""Tasks of which the terms ask several people: seats, opened together, each for another person.

One answer counts for the question: the last that came in, or the first that needs no others. The
others are joined to it, and stand in the file beside it. What they set (triggers, conditions,
sections) is what all have set together.
"""

from policy.rules import quorum
from schemas.errors import Refused
from schemas.people import Actor
from schemas.proposal import Section, Trigger
from schemas.tasks import TaskKind, TaskState
from workflows.dossier import Dossier
from workflows.tasks import Task


def check_another_person(case: Dossier, task: Task, actor: Actor) -> None:
    """Refuse a second answer of one person, for themselves or on behalf of another."""
    deciding = {actor.id, actor.on_behalf_of} - {None}
    for seat in case.seats(task):
        taken = seat.decided_by
        if taken is not None and deciding & {taken.id, taken.on_behalf_of}:
            raise Refused("separation_of_duties", rule="one_answer", duty=None, held=None)


def join(case: Dossier, task: Task) -> bool:
    """Take *task*'s answer among those of its seats; True: the question has its answer.

    Called once the task is decided, and before it is told what that leads to.
    """
    others = [seat for seat in case.seats(task) if seat is not task]
    if not others:
        return True
    still_open = [seat for seat in others if seat.is_open]
    if quorum.counts_at_once(task.kind, task.outcome or ""):
        return True
    if still_open:
        task.joined = True
        return False
    task.sections = _together(case, task)
    return True


def ask_no_more(case: Dossier, task: Task) -> None:
    """Nobody is asked the question of *task* any more."""
    for seat in case.seats(task):
        if seat.is_open:
            case.cancel(seat)


def pick(case: Dossier, task: Task) -> Task | None:
    """The recommendation that arbitration lets stand, which counts from now on; None: no other.

    Money can be asked for once, and two people asked for it otherwise. Where arbitration names
    none the last that came in stands.
    """
    target = case.tasks.get(task.arbitrates or "")
    if target is None or target.kind is not TaskKind.RECOMMEND or task.outcome != "proceed":
        return None
    seats = case.seats(target)
    picked = next((seat for seat in seats if seat.id == task.facts.picked), target)
    for seat in seats:
        seat.joined = seat is not picked
    return picked


def differ(case: Dossier, task: Task) -> bool:
    """Whether the answers of all seats are more than one, and none of them counts alone.

    A bar that comes last is legal's like one that comes first: nobody arbitrates it away.
    """
    if quorum.counts_at_once(task.kind, task.outcome or ""):
        return False
    done = [seat for seat in case.seats(task) if seat.state is TaskState.DONE]
    return quorum.differ(task.kind, [(seat.outcome or "", seat.facts) for seat in done])


def triggers(case: Dossier, task: Task) -> frozenset[Trigger]:
    """What any of those who answered has ticked."""
    return frozenset(trigger for seat in case.seats(task) for trigger in seat.facts.triggers)


def _together(case: Dossier, task: Task) -> tuple[Section, ...]:
    asked = {section for seat in case.seats(task) for section in seat.sections}
    return tuple(section for section in Section if section in asked)
