"""What an agreement begins with: handed over by its proposal, and by each execution to the next.

Whatever `workflows.life.Life` keeps stands here too, or a long life would forget it the first
time that its execution is continued as a new one.
"""

from datetime import datetime

from schemas.acts import Act
from schemas.agreements import Particulars, Schedule
from schemas.messages import Entry
from schemas.terms import ProcessRules
from schemas.values import Value
from workflows.docket import Hold, Obligation
from workflows.tasks import Task


class AgreementStart(Value):
    """The whole of a life, between two executions."""

    reference: str
    revision: int
    organization: str
    submitted_by: str
    rules: ProcessRules
    policy_version: str
    seed: str | None
    signed_at: datetime
    acts: tuple[Act, ...]
    """Who has decided what: duties are separated from the first decision to the last payment."""
    obligations: tuple[Obligation, ...]
    tasks: tuple[Task, ...] = ()
    """The open ones, and what they are about."""
    tasks_opened: int
    holds: tuple[Hold, ...] = ()
    holds_set: int = 0
    particulars: Particulars | None = None
    schedule: Schedule | None = None
    screenings: int = 0
    """How often it was screened again since it began."""
    emitted: int = 0
    last: Entry | None = None
    """The last thing said: whoever asks for what is new is given what they know again with it."""
    answered: tuple[str, ...] = ()
    """The acts taken last: the engine knows a repeated one only within one execution."""
