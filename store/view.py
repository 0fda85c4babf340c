"""Everything that is read about one proposal, as events change it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas.events import Recorded
from schemas.people import Candidate
from schemas.tasks import RISK_LEVELS, TaskKind
from store import obligations, questions
from store.tables import LetterRow, ProposalRow, TaskRow


@dataclass
class View:
    """Everything that is read about one proposal."""

    proposal: ProposalRow | None = None
    tasks: dict[str, TaskRow] = field(default_factory=dict)
    letters: dict[str, LetterRow] = field(default_factory=dict)
    audience: set[tuple[str, str]] = field(default_factory=set)
    recused: set[str] = field(default_factory=set)

    @property
    def row(self) -> ProposalRow:
        assert self.proposal is not None  # noqa: S101 - events of a life come after its creation
        return self.proposal

    def set(self, **facts: Any) -> None:
        """Change parts of the proposal's state (a new value: rows notice no change in place)."""
        self.row.state = {**self.row.state, **facts}

    def admit(self, entries: Iterable[Candidate]) -> None:
        self.audience |= {(entry.role.value, entry.scope) for entry in entries}


def take_time(view: View, event: Recorded) -> None:
    """How long the proposal stood in the stage that it leaves, all its times there together."""
    since = view.row.state.get("since")
    if since is None or view.row.stage == "draft":
        return
    stood = (event.occurred_at - datetime.fromisoformat(since)).total_seconds()
    took = view.row.state.get("took", {})
    stage = view.row.stage
    view.set(took={**took, stage: took.get(stage, 0) + max(round(stood), 0)})


def clock_at(due_at: str | None, days_left: int | None = None) -> dict[str, Any]:
    paused = due_at is None and days_left is not None
    return {"due_at": due_at, "paused": paused, "business_days_left": days_left}


def set_stage_clock(view: View, due_at: str | None, days_left: int | None = None) -> None:
    """The stage's own clock, under terms that promise how long a stage takes."""
    if due_at is not None or days_left is not None or "stage_clock" in view.row.state:
        clock = clock_at(due_at, days_left)
        view.set(stage_clock=clock if due_at or clock["paused"] else None)


def weigh(view: View) -> None:
    """Residual risk and conditions, from the answers that stand."""
    standing = [t for t in view.tasks.values() if t.state == "done" and t.stands and t.facts]
    proceeding = (t for t in standing if t.arbitrates and t.outcome == "proceed")
    named = {t.arbitrates: (t.facts or {}).get("level") for t in proceeding}
    found = [task for task in standing if TaskKind(task.kind).is_finding]
    # Where several people answer, one answer counts for all of them.
    counts = {task.kind: task.id for task in found if not (task.facts or {}).get("joined")}
    levels = [
        named.get(counts[task.kind]) or (task.facts or {})["residual"]
        for task in found
        if task.kind in counts and (task.facts or {}).get("residual")
    ]
    waiting = questions.unanswered(view.tasks.values())
    states = obligations.states(view.row.state.get("obligations", {}))
    view.row.residual_risk = max(levels, key=list(RISK_LEVELS).index, default=None)
    view.set(
        conditions=[
            {**condition, "task": task.id, "state": states.get(condition["id"], "open")}
            for task in standing
            if not (questions.is_seat(task) and questions.of(task) in waiting)
            for condition in (task.facts or {}).get("conditions", [])
        ]
    )


def set_due_dates(view: View, due: dict[str, str]) -> None:
    for task_id, due_at in due.items():
        if task_id in view.tasks:
            view.tasks[task_id].due_at = datetime.fromisoformat(due_at)
