"""A human task inside a proposal's life: what it is, and who may take each kind.

Claims, drafts of answers and comments are not here: they are kept in the store and cost the
engine nothing. Here is only what decides.
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.rules import delegation
from policy.rules.ladder import Rung
from schemas.acts import Act
from schemas.events import TextRef
from schemas.messages import Facts
from schemas.people import ALL, SYSTEM, Actor, Candidate, Desk, Level, Role
from schemas.proposal import Section, Stage
from schemas.repairs import RepairEnd
from schemas.tasks import TaskKind, TaskState


@dataclass
class Task:
    """One task; `stands` turns false when a later revision or a return re-opens its question."""

    id: str
    kind: TaskKind
    stage: Stage
    revision: int
    candidates: tuple[Candidate, ...]
    opened_at: datetime
    due_at: datetime
    subject: str | None = None
    confirms: str | None = None
    arbitrates: str | None = None
    previous: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    state: TaskState = TaskState.OPEN
    outcome: str | None = None
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    facts: Facts = field(default_factory=Facts)
    sections: tuple[Section, ...] = ()
    texts: dict[str, TextRef] = field(default_factory=dict)
    """The words of its decision, by name: `message_to_partner`, `agreement` ..."""
    group: str | None = None
    """Its seats, where the terms ask several people: named after the first of them."""
    joined: bool = False
    """Decided, and counted together with the one answer of its seats that leads on."""
    disputed: bool = False
    """Its seats differ: what counts is what arbitration says."""
    stands: bool = True
    settled: bool = False
    """A confirmation, an arbitration or legal has settled what the outcome left open."""
    ended: RepairEnd | None = None
    """Why the repair that it confirms was not done."""
    days_left: int | None = None
    """Whole business days left while its clock stands still."""
    rungs: tuple[Rung, ...] = ()
    """The steps of its ladder that are still to come while its clock runs, the next one first."""
    reached: set[str] = field(default_factory=set)
    """The steps that it has come to: none is taken twice, whatever the clock does."""

    @property
    def is_open(self) -> bool:
        return self.state is TaskState.OPEN

    @property
    def question(self) -> str:
        """What all its seats are named after: the first of them; of one person's task itself."""
        return self.group or self.id

    @property
    def awaits_arbitration(self) -> bool:
        """Its seats differ, and nobody has said yet what counts."""
        return self.disputed and not self.settled

    @property
    def is_sealing(self) -> bool:
        """Legal disposes of a match here, whatever else pauses; ending it ends the seal."""
        return self.kind is TaskKind.LEGAL and bool(self.detail.get("seal"))

    @property
    def is_repair(self) -> bool:
        """It confirms a repair; no pause of the proposal holds it up."""
        return bool(self.detail.get("repair"))

    @property
    def decider(self) -> Actor:
        return self.decided_by or SYSTEM

    @property
    def answers_to(self) -> tuple[TaskKind, str | None]:
        """The question that the task answers; a later task with the same one replaces it."""
        return (self.kind, self.subject or self.confirms or self.arbitrates)


def question_of(kind: TaskKind, about: str | None) -> str:
    """What a task `answers_to` as one word, by which a next execution is told of it."""
    return f"{kind}:{about or ''}"


def id_of(reference: str, number: int, seed: str | None) -> str:
    """The id of the task that opens as the *number*th of its proposal.

    Drawn from a seed that no reader knows: numbers would have gaps where tasks lie that a reader
    must not know of, a screening task above all. An id tells neither order nor how many there are.
    """
    if seed is None:
        return f"{reference}-T{number:02d}"
    drawn = hmac.digest(bytes.fromhex(seed), str(number).encode(), "sha256")
    return f"{reference}-T{base64.b32encode(drawn[:5]).decode()}"


def act_of(task: Task, tasks: dict[str, Task]) -> Act:
    """What *task*'s decision counts for in separation of duties."""
    assert task.decided_by is not None  # noqa: S101 - only decided tasks are acts
    return Act(
        task=task.id,
        kind=task.kind,
        person=task.decided_by.id,
        on_behalf_of=task.decided_by.on_behalf_of,
        outcome=task.outcome or "",
        stands=task.stands,
        confirms=task.confirms,
        confirms_kind=tasks[task.confirms].kind if task.confirms else None,
    )


def candidates_for(
    kind: TaskKind, programme: str, *, desk: str | None = None, rung: Level | None = None
) -> tuple[Candidate, ...]:
    """Who may take a task of *kind* (api.md, Tasks), higher levels included."""
    match kind:
        case (
            TaskKind.ELIGIBILITY
            | TaskKind.RELEASE
            | TaskKind.RECORD_DECISION
            | TaskKind.RECORD_RECONSIDERATION
        ):
            return (Candidate(role=Role.PROGRAMME_OFFICER, scope=programme),)
        case TaskKind.ADJUDICATE:
            return (Candidate(role=Role.REVIEWER, scope="screening"),)
        case TaskKind.LEGAL:
            return (Candidate(role=Role.LEGAL, scope=ALL),)
        case TaskKind.ARBITRATE | TaskKind.APPROVE | TaskKind.RECONSIDER:
            levels = delegation.levels_from(rung or Level.DIRECTOR_GENERAL)
            return tuple(Candidate(role=Role.APPROVER, scope=level) for level in levels)
        case TaskKind.CONSULT:
            scope = Desk(desk or "")
            return (
                Candidate(role=Role.DESK_OFFICER, scope=scope),
                Candidate(role=Role.HEAD_OF_DESK, scope=scope),
            )
        case TaskKind.DETERMINE:
            return (Candidate(role=Role.REVIEWER, scope="environment"),)
        case TaskKind.SIGN_OFF | TaskKind.CLEAR_NOTICE:
            return (Candidate(role=Role.HEAD_OF_DESK, scope=Desk(desk or "")),)
        case TaskKind.RECOMMEND:
            return (Candidate(role=Role.FINANCE_OFFICER, scope=programme),)
        case TaskKind.SIGN_AGREEMENT:
            return (Candidate(role=Role.SIGNING_AUTHORITY, scope=programme),)
        case _:
            return (Candidate(role=Role.REVIEWER, scope=kind.value.removeprefix("compliance.")),)
