"""Screening a signed agreement again when a list changes, and what a match means then.

The hits and their evidence stay in the store, as for a proposal (`workflows.screening`). A true or
unsure match seals: nothing is certified, paid or judged until legal has disposed of it, and money
stops without a word to the partner (product.md, section 5).
"""

from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import PartyHits, ScreeningResult
from schemas.people import SYSTEM
from schemas.tasks import TaskKind, TaskState
from workflows import timekeeping
from workflows.docket import Docket, Hold
from workflows.tasks import Task, candidates_for


def take(life: Docket, result: ScreeningResult) -> None:
    """Hits without a judgement become tasks, one per party; what is open is asked with all."""
    if not result.lists:
        return
    life.emit(
        EventType.SCREENED,
        SYSTEM,
        data={
            "lists": list(result.lists),
            "parties": [party.model_dump(mode="json") for party in result.parties],
        },
    )
    for party in result.parties:
        asked = _open(life, party)
        if asked is not None:
            if set(party.hits) <= set(asked.detail.get("hits", ())):
                continue
            life.cancel(asked)
        life.open(
            TaskKind.ADJUDICATE,
            subject=party.party,
            detail={"hits": list(party.hits), "owner": party.owner},
            candidates=candidates_for(TaskKind.ADJUDICATE, life.rules.programme),
        )


def follow_adjudication(life: Docket, task: Task, organization: str) -> None:
    """No match: a second person where policy asks for one. Else it is sealed, and legal asked."""
    if task.outcome == "no_match":
        if task.facts.confirm_needed:
            life.open(TaskKind.CONFIRM, confirms=task.id, candidates=task.candidates)
        return
    _ask_legal(life, task, organization, is_match=task.outcome == "match")


def follow_confirmation(life: Docket, task: Task, judged: Task, organization: str) -> None:
    """What two people do not agree on is nobody's to clear but legal's."""
    if task.outcome == "agree":
        judged.settled = True
    else:
        _ask_legal(life, judged, organization, is_match=False)


def follow_legal(life: Docket, task: Task, organization: str) -> None:
    """It is not the listed party, or an instrument allows it: what was sealed goes on."""
    about = life.tasks.get(str(task.detail.get("about")))
    if about is not None:
        about.settled = True
    unseal(life, task.id, organization, everywhere=bool(task.detail.get("everywhere")))


def seal(
    life: Docket, name: str, organization: str, *, everywhere: bool = False, elsewhere: bool = False
) -> None:
    """Stop the clocks of what people are asked; a second time changes nothing."""
    if name in life.holds:
        return
    life.holds[name] = Hold(name, HoldKind.SEAL, life.now)
    timekeeping.pause_tasks(life)
    life.emit(
        EventType.HOLD_SET,
        SYSTEM,
        data={
            "kind": HoldKind.SEAL,
            "seal": name,
            "everywhere": everywhere,
            "elsewhere": elsewhere,
            "organization": organization,
        },
    )


def unseal(life: Docket, name: str, organization: str, *, everywhere: bool = False) -> None:
    if name not in life.holds:
        return
    del life.holds[name]
    due = {} if life.holds else timekeeping.resume_tasks(life)
    life.emit(
        EventType.HOLD_ENDED,
        SYSTEM,
        data={
            "kind": HoldKind.SEAL,
            "seal": name,
            "everywhere": everywhere,
            "organization": organization,
            "task_due": due,
        },
    )


def _ask_legal(life: Docket, judged: Task, organization: str, *, is_match: bool) -> None:
    everywhere = is_match and bool(judged.detail.get("owner"))
    legal = life.open(
        TaskKind.LEGAL,
        subject=judged.id,
        detail={"about": judged.id, "seal": True, "everywhere": everywhere},
        candidates=candidates_for(TaskKind.LEGAL, life.rules.programme),
    )
    seal(life, legal.id, organization, everywhere=everywhere)


def _open(life: Docket, party: PartyHits) -> Task | None:
    return next(
        (
            task
            for task in life.tasks.values()
            if task.kind is TaskKind.ADJUDICATE
            and task.subject == party.party
            and task.state is TaskState.OPEN
        ),
        None,
    )
