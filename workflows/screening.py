"""What screening found, and whether every hit has been judged.

Matching itself is an activity; the hits and their evidence stay in the store.
"""

from schemas.events import EventType
from schemas.messages import PartyHits, ScreeningResult
from schemas.people import SYSTEM
from schemas.proposal import Stage
from schemas.tasks import TaskKind, TaskState
from workflows import findings, quorum
from workflows.dossier import Dossier
from workflows.tasks import Task


def take(case: Dossier, result: ScreeningResult, request: int) -> None:
    """Hits become tasks, one per party; no list means that screening is not done."""
    if request != case.screening.wanted:
        return  # of an earlier revision, or before a list changed: the next answer counts
    case.screening.answered = request
    case.screening.lists = result.lists
    if case.closed_at is not None or case.stage is Stage.ACTIVE:
        return
    if not result.lists:
        if not case.screening.said_missing:
            case.screening.said_missing = True
            case.emit(EventType.SCREENING_MISSING, SYSTEM)
        return
    case.emit(
        EventType.SCREENED,
        SYSTEM,
        data={
            "lists": list(result.lists),
            "parties": [p.model_dump(mode="json") for p in result.parties],
        },
    )
    for party in result.parties:
        standing = case.standing(TaskKind.ADJUDICATE, party.party)
        if standing is not None and not _is_new(party, standing):
            continue
        if standing is not None and standing.is_open:
            quorum.ask_no_more(case, standing)  # opened anew with all that is found now
        case.open(
            TaskKind.ADJUDICATE,
            subject=party.party,
            detail={"hits": list(party.hits), "owner": party.owner},
        )


def hits_are_judged(case: Dossier) -> bool:
    judged = (
        t
        for t in case.tasks.values()
        if t.kind is TaskKind.ADJUDICATE and t.stands and not t.joined
    )
    return all(
        task.state is TaskState.CANCELLED
        or task.settled
        or (task.outcome == "no_match" and not findings.needs_confirmation(case, task))
        for task in judged
    )


def is_disputed(case: Dossier, task: Task) -> bool:
    """A judgement of hits that was arbitrated, and sent back to the partner."""
    return task.kind is TaskKind.ADJUDICATE and any(
        t.arbitrates == task.id and t.outcome == "return" for t in case.tasks.values()
    )


def _is_new(party: PartyHits, standing: Task) -> bool:
    return bool(set(party.hits) - set(standing.detail.get("hits", ())))
