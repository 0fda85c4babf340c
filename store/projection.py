"""The read model as a fold over events: pure, so that it can be rebuilt and compared.

`project` changes rows in memory only; `store.recording` loads and saves them. What is shown to
people (sentences, names) is made when it is read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.rules import access, holds, separation
from schemas.events import EventType, Recorded
from schemas.holds import HoldKind, QuestionState
from schemas.people import Candidate, Role
from schemas.tasks import RISK_LEVELS, TaskKind
from store import obligations, questions, running
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


def fold(events: Iterable[Recorded]) -> View:
    """The read model that *events* amount to, from nothing."""
    view = View()
    for event in events:
        project(view, event)
    return view


def project(view: View, event: Recorded) -> None:
    """Let *event* change *view*; types that change nothing read are passed over."""
    handler = _HANDLERS.get(event.type)
    if handler is not None:
        handler(view, event)
    if view.proposal is not None:
        _pause_tasks(view)
        view.proposal.chain_position = event.position
        view.proposal.chain_head = event.hash


def _pause_tasks(view: View) -> None:
    kinds = {HoldKind(hold["kind"]) for hold in view.row.state["holds"]}
    for task in view.tasks.values():
        waits = task.state == "open" and not task.detail.get("repair")
        paused = waits and holds.is_paused(
            kinds, TaskKind(task.kind), ends_a_seal=bool(task.detail.get("seal"))
        )
        if task.paused is not paused:
            task.paused = paused


def _created(view: View, event: Recorded) -> None:
    view.proposal = ProposalRow(
        reference=event.subject,
        organization=event.data["organization"],
        programme=event.data["programme"],
        created_at=event.occurred_at,
        placed_at=event.occurred_at,
        stage="draft",
        by_officer=bool(event.data.get("by_officer")),
        state={"holds": [], "clock": None},
    )
    if view.proposal.by_officer:
        view.admit((Candidate(role=Role.PROGRAMME_OFFICER, scope=view.proposal.programme),))


def _deleted(view: View, _event: Recorded) -> None:
    view.proposal = None


def _submitted(view: View, event: Recorded) -> None:
    row = view.row
    row.submitted_at = row.placed_at = event.occurred_at
    row.policy_version = event.policy_version
    row.call = event.data.get("call")
    view.admit(access.entries_on_submission(row.programme))
    view.set(
        holds=[],
        screening={"state": "pending", "since": _z(event.occurred_at), "lists": []},
        clock={"due_at": event.data["due_at"], "paused": False, "business_days_left": None},
        since=_z(event.occurred_at),
        conditions=[],
        money=None,
        agreement=None,
        returned=None,
    )
    _revised(view, event)


def _resubmitted(view: View, event: Recorded) -> None:
    _take_time(view, event)
    for task_id in event.data["superseded"]:
        if task_id in view.tasks:
            view.tasks[task_id].stands = False
    _new_due_dates(view, event.data["task_due"])
    view.set(
        returned=None,
        since=_z(event.occurred_at),
        holds=[hold for hold in view.row.state["holds"] if hold["kind"] != "return"],
        clock=_clock(event.data["due_at"], event.data.get("days_left")),
    )
    for task in view.tasks.values():
        if task.state == "open":
            task.revision = event.data["revision"]
    _revised(view, event)
    _weigh(view)


def _asked_anew(view: View, event: Recorded) -> None:
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    _weigh(view)


def _review_opened(view: View, event: Recorded) -> None:
    """By a sentence: an approval that was asked for rests on the review too."""
    opened = {
        "by": event.actor.id,
        "at": _z(event.occurred_at),
        "reason": event.texts["reason"].id,
    }
    reviews = view.row.state.get("reviews", {})
    view.set(reviews={**reviews, event.data["trigger"]: opened})
    _asked_anew(view, event)


def _moved(view: View, event: Recorded) -> None:
    """Under newer terms: their checks, and without the answers that they make void."""
    checks = event.texts.get("checks")
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.policy_version = event.data["to"]
    view.set(checks=event.data["checks"], checks_text=checks.id if checks else None)
    _weigh(view)


def _revised(view: View, event: Recorded) -> None:
    if view.row.state.get("checks_text"):
        view.set(checks_text=None)  # the revision has its own again
    view.row.revision = event.data["revision"]
    view.set(
        checks=event.data["checks"],
        triggers=event.data["triggers"],
        desks=event.data["desks"],
        lead=event.data["lead"],
        amount_cents=event.data["amount_cents"],
    )


def _entered(view: View, event: Recorded) -> None:
    _take_time(view, event)
    view.row.stage = event.data["stage"]
    view.set(since=_z(event.occurred_at))
    _stage_clock(view, event.data.get("due_at"), event.data.get("stage_days_left"))


def _take_time(view: View, event: Recorded) -> None:
    """How long the proposal stood in the stage that it leaves, all its times there together."""
    since = view.row.state.get("since")
    if since is None or view.row.stage == "draft":
        return
    stood = (event.occurred_at - _instant(since)).total_seconds()
    took = view.row.state.get("took", {})
    stage = view.row.stage
    view.set(took={**took, stage: took.get(stage, 0) + max(round(stood), 0)})


def _clock(due_at: str | None, days_left: int | None = None) -> dict[str, Any]:
    paused = due_at is None and days_left is not None
    return {"due_at": due_at, "paused": paused, "business_days_left": days_left}


def _stage_clock(view: View, due_at: str | None, days_left: int | None = None) -> None:
    """The stage's own clock, under terms that promise how long a stage takes."""
    if due_at is not None or days_left is not None or "stage_clock" in view.row.state:
        clock = _clock(due_at, days_left)
        view.set(stage_clock=clock if due_at or clock["paused"] else None)


def _returned(view: View, event: Recorded) -> None:
    data = event.data
    _take_time(view, event)
    view.row.stage = "returned"
    since = _z(event.occurred_at)
    view.set(
        since=since,
        returned={"sections": data["sections"], "due_at": data["due_at"], "task": data["task"]},
        holds=[*view.row.state["holds"], {"kind": "return", "since": since, "seal": None}],
        clock={"due_at": None, "paused": True, "business_days_left": data["days_left"]},
    )
    _stage_clock(view, None, data.get("stage_days_left"))


def _opened(view: View, event: Recorded) -> None:
    data = event.data
    for earlier in (data["previous"], *data.get("replaced", ())):
        if earlier in view.tasks:
            view.tasks[earlier].stands = False
    view.tasks[data["task"]] = TaskRow(
        id=data["task"],
        reference=event.subject,
        programme=view.row.programme,
        kind=data["kind"],
        stage=data["stage"],
        number=len(view.tasks) + 1,
        revision=data["revision"],
        state="open",
        candidates=data["candidates"],
        opened_at=event.occurred_at,
        due_at=_instant(data["due_at"]),
        confirms=data["confirms"],
        arbitrates=data["arbitrates"],
        previous=data["previous"],
        subject=data["subject"],
        duty=_duty(view, data),
        evidence=_tells_of_a_match(view, data),
        detail=data["detail"],
        texts={},
        ladder={**data["ladder"], "reached": []} if "ladder" in data else None,
    )
    view.admit(Candidate.model_validate(candidate) for candidate in data["candidates"])
    if data["detail"].get("repair"):
        view.set(
            repairs=[
                {**each, "confirm": data["task"], "due_at": data["due_at"]}
                if each["id"] == data["detail"]["repair"]
                else each
                for each in view.row.state["repairs"]
            ]
        )
    if data["previous"] in view.tasks:
        _weigh(view)  # what the earlier answer set no longer stands


def _duty(view: View, data: dict[str, Any]) -> str | None:
    confirmed = view.tasks.get(data["confirms"] or "")
    return separation.duty(TaskKind(data["kind"]), TaskKind(confirmed.kind) if confirmed else None)


def _tells_of_a_match(view: View, data: dict[str, Any]) -> bool:
    """A screening task, what confirms or arbitrates it, and what legal disposes of it."""
    if data["kind"] == TaskKind.ADJUDICATE or data["detail"].get("seal"):
        return True
    about = view.tasks.get(data["confirms"] or data["arbitrates"] or "")
    return about is not None and about.evidence


def _decided(view: View, event: Recorded) -> None:
    task = view.tasks[event.data["task"]]
    task.state, task.outcome = "done", event.data["outcome"]
    task.decided_by, task.decided_at = event.actor.id, event.occurred_at
    task.on_behalf_of = event.actor.on_behalf_of
    task.facts = {**event.data["facts"], "sections": event.data["sections"]}
    if event.data.get("joined"):
        task.facts["joined"] = True
    if picked := view.tasks.get(event.data["facts"].get("picked", "")):
        _count(view, picked)
    task.texts = {name: ref.model_dump() for name, ref in event.texts.items()}
    _weigh(view)


def _count(view: View, picked: TaskRow) -> None:
    """Of several answers to one question the one that arbitration lets stand."""
    for seat in view.tasks.values():
        if seat.facts is None or questions.of(seat) != questions.of(picked) or not seat.stands:
            continue
        facts = {name: fact for name, fact in seat.facts.items() if name != "joined"}
        seat.facts = facts if seat is picked else {**facts, "joined": True}


def _cancelled(view: View, event: Recorded) -> None:
    task = view.tasks[event.data["task"]]
    task.state, task.decided_at, task.stands = "cancelled", event.occurred_at, False
    if questions.is_seat(task):
        _weigh(view)  # who has answered is not waited for any more


def _reaches(step: str) -> Callable[[View, Recorded], None]:
    """A step of a task's ladder; of an escalation more people may take the task."""

    def reach(view: View, event: Recorded) -> None:
        task, data = view.tasks[event.data["task"]], event.data
        # What the stage or the whole has come to is no step of the task's own.
        taken = "standard" if "standard" in data else step
        reached = {"step": taken, "days": data.get("days", 0), "at": _z(event.occurred_at)}
        known = task.ladder or {"reached": []}
        task.ladder = {**known, "reached": [*known["reached"], reached]}
        if "candidates" in data:
            task.candidates = data["candidates"]
            view.admit(Candidate.model_validate(candidate) for candidate in data["candidates"])

    return reach


def _repair_proposed(view: View, event: Recorded) -> None:
    repair = {
        **{name: fact for name, fact in event.data.items() if name != "repair"},
        "id": event.data["repair"],
        "state": "proposed",
        "proposed_by": event.actor.id,
        "proposed_at": _z(event.occurred_at),
        "reason": event.texts["reason"].model_dump() if "reason" in event.texts else None,
        "confirm": None,
        "due_at": None,
        "ended_by": None,
        "ended_at": None,
        "why": None,
        "changed": [],
    }
    view.set(repairs=[*view.row.state.get("repairs", ()), repair])


def _repair_ends(state: str) -> Callable[[View, Recorded], None]:
    def end(view: View, event: Recorded) -> None:
        for task_id in event.data.get("superseded", ()):
            if task_id in view.tasks:
                view.tasks[task_id].stands = False
        over = {
            "state": state,
            "ended_by": event.actor.id,
            "ended_at": _z(event.occurred_at),
            "why": event.data.get("why"),
            "changed": event.data.get("changed", []),
        }
        view.set(
            repairs=[
                {**each, **over} if each["id"] == event.data["repair"] else each
                for each in view.row.state.get("repairs", ())
            ]
        )
        _weigh(view)

    return end


def _missed(view: View, event: Recorded) -> None:
    missed = {"standard": event.data["standard"], "due_at": event.data["due_at"]}
    view.set(missed=[*view.row.state.get("missed", ()), missed])


def _recused(view: View, event: Recorded) -> None:
    view.recused |= {event.actor.id}


def _weigh(view: View) -> None:
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


def _screened(view: View, event: Recorded) -> None:
    view.set(
        screening={
            "state": "done",
            "since": _z(event.occurred_at),
            "lists": event.data["lists"],
        }
    )


def _not_screened(view: View, event: Recorded) -> None:
    view.set(screening={"state": "missing", "since": _z(event.occurred_at), "lists": []})


def _held(view: View, event: Recorded) -> None:
    hold = {
        "kind": event.data["kind"],
        "since": _z(event.occurred_at),
        "seal": event.data.get("seal"),
    }
    if "hold" in event.data:
        hold["hold"] = event.data["hold"]
    if "reason" in event.texts:
        hold["reason"] = event.texts["reason"].id
    view.set(holds=[*view.row.state["holds"], hold])
    _stop_clocks(view, event.data)


def _hold_ended(view: View, event: Recorded) -> None:
    name = "hold" if "hold" in event.data else "seal"
    ended = event.data[name]
    view.set(holds=[h for h in view.row.state["holds"] if h.get(name) != ended])
    _start_clocks(view, event.data)


def _question_asked(view: View, event: Recorded) -> None:
    data, since = event.data, _z(event.occurred_at)
    question, text = data["question"], event.texts["question"].id
    hold = {"kind": "question", "since": since, "seal": None, "hold": question, "reason": text}
    view.set(holds=[*view.row.state["holds"], hold])
    asked = {
        "id": question,
        "state": QuestionState.OPEN.value,
        "task": data["task"],
        "asked_by": event.actor.id,
        "asked_at": since,
        "due_at": data["due_at"],
        "question": text,
        "answer": None,
        "answered_by": None,
        "ended_at": None,
    }
    _questions(view, [*view.row.state.get("questions", ()), asked])
    _stop_clocks(view, data)


def _question_ends(state: QuestionState) -> Callable[[View, Recorded], None]:
    def end(view: View, event: Recorded) -> None:
        answer = event.texts.get("answer")
        ended = {
            "state": state.value,
            "ended_at": _z(event.occurred_at),
            "answer": answer.id if answer else None,
            "answered_by": event.actor.id if answer else None,
            **({"documents": given} if (given := event.data.get("documents")) else {}),
        }
        which = event.data["question"]
        _questions(
            view,
            [{**q, **ended} if q["id"] == which else q for q in view.row.state["questions"]],
        )
        view.set(holds=[h for h in view.row.state["holds"] if h.get("hold") != which])
        _start_clocks(view, event.data)

    return end


def _questions(view: View, questions: list[dict[str, Any]]) -> None:
    view.set(questions=questions)
    view.row.asked = any(each["state"] == QuestionState.OPEN for each in questions)


_ASKED = {"return": "returned", "agreement": "agreement", "money": "money"}
"""Where the state keeps each thing that ends by silence."""


def _stop_clocks(view: View, data: dict[str, Any]) -> None:
    """What a hold stops keeps the whole days that it had left."""
    if "days_left" in data:
        view.set(clock=_clock(None, data["days_left"]))
    if "stage_days_left" in data:
        _stage_clock(view, None, data["stage_days_left"])
    for name, where in _ASKED.items():
        if f"{name}_days_left" in data:
            left = {"due_at": None, "business_days_left": data[f"{name}_days_left"]}
            view.set(**{where: {**view.row.state[where], **left}})


def _start_clocks(view: View, data: dict[str, Any]) -> None:
    if "decision_due" in data:
        view.set(clock=_clock(data["decision_due"]))
    if "stage_due" in data:
        _stage_clock(view, data["stage_due"])
    for name, where in _ASKED.items():
        if f"{name}_due" in data:
            due = {"due_at": data[f"{name}_due"], "business_days_left": None}
            view.set(**{where: {**view.row.state[where], **due}})
    _new_due_dates(view, data.get("task_due", {}))


def _new_due_dates(view: View, due: dict[str, str]) -> None:
    for task_id, due_at in due.items():
        if task_id in view.tasks:
            view.tasks[task_id].due_at = _instant(due_at)


def _letter(view: View, event: Recorded) -> None:
    data = event.data
    view.letters[data["letter"]] = LetterRow(
        id=data["letter"],
        reference=event.subject,
        kind=data["kind"],
        template=data["template"],
        data={"task": data["task"]},
        texts={name: ref.model_dump() for name, ref in event.texts.items()},
        written_at=event.occurred_at,
        told_at=_instant(data["told_at"]),
    )
    if data["kind"] == "upheld":
        reconsidered = {**view.row.state["reconsideration"], "told_at": data["told_at"]}
        view.set(reconsideration=reconsidered)
    elif data["kind"] not in ("returned", "reopened"):
        view.row.told_at = _instant(data["told_at"])


def _taken_back(view: View, event: Recorded) -> None:
    """The decision was never told: nothing of it is left that a partner could come to read."""
    view.letters.pop(event.data["letter"], None)
    view.row.told_at = None
    view.set(agreement=None)


def _undone(view: View, event: Recorded) -> None:
    """Undecided again, as it was; the letter was taken back before, the stage follows."""
    data = event.data
    for task_id in data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.outcome = view.row.decided_at = view.row.told_at = None
    view.set(obligations={})
    undone = {
        "tasks": data["tasks"],
        "by": event.actor.id,
        "at": _z(event.occurred_at),
        "reason": event.texts["reason"].id,
    }
    kept = data["decision_due"] is not None or data["days_left"] is not None
    view.set(
        decision=None,
        clock=_clock(data["decision_due"], data["days_left"]) if kept else None,
        undone=[*view.row.state.get("undone", ()), undone],
    )
    if paused := data.get("holds"):  # by staff: it pauses again what is open again
        held = [{"seal": None, **hold} for hold in paused]
        view.set(holds=[*view.row.state["holds"], *held])
    _weigh(view)


def _ended(view: View, event: Recorded) -> None:
    view.row.outcome = event.data["outcome"]
    view.row.decided_at = event.occurred_at


def _reconsideration_asked(view: View, event: Recorded) -> None:
    view.set(
        reconsideration={
            "state": "asked",
            "asked_at": _z(event.occurred_at),
            "reason": event.texts["reason"].id,
            "rung": event.data["rung"],
            "told_at": None,
        }
    )


def _upheld(view: View, _event: Recorded) -> None:
    view.set(reconsideration={**view.row.state["reconsideration"], "state": "upheld"})


def _reopened(view: View, event: Recorded) -> None:
    """Undecided again; the stage follows. What was superseded no longer stands."""
    for task_id in event.data["superseded"]:
        view.tasks[task_id].stands = False
    view.row.outcome = view.row.decided_at = view.row.told_at = None
    view.set(
        reconsideration={**view.row.state["reconsideration"], "state": "reopened"},
        clock=_clock(event.data["decision_due"]) if event.data["decision_due"] else None,
    )
    _weigh(view)


def _closed(view: View, event: Recorded) -> None:
    _take_time(view, event)
    view.row.stage = "closed"
    if view.row.state.get("obligations"):
        view.set(obligations={})
        _weigh(view)
    if "reconsideration" in view.row.state:
        view.set(reconsideration=None)  # a decision of its own, reconsidered by itself
    view.row.told_at = _instant(event.data["told_at"])
    view.set(
        since=_z(event.occurred_at),
        returned=None,
        clock=None,
        holds=[hold for hold in view.row.state["holds"] if hold["kind"] == "seal"],
    )
    _stage_clock(view, None)
    if view.row.asked:
        over = {"state": QuestionState.CLOSED.value, "ended_at": _z(event.occurred_at)}
        still_open = QuestionState.OPEN
        asked = view.row.state["questions"]
        _questions(view, [{**q, **over} if q["state"] == still_open else q for q in asked])


def _approved(view: View, event: Recorded) -> None:
    view.row.outcome, view.row.decided_at = "approved", event.occurred_at
    view.set(obligations=obligations.begun(event))
    view.set(
        clock=None,
        decision={
            name: event.data[name]
            for name in ("document", "rung", "instrument", "slices", "conditions")
        },
    )


def _notice_posted(view: View, event: Recorded) -> None:
    posted = {name: event.data[name] for name in ("about", "posted_on", "not_before")}
    where = event.texts["where"].id
    view.set(notice={**posted, "by": event.actor.id, "where": where})


def _approved_anew(view: View, event: Recorded) -> None:
    """The decision goes on under another approval; conditions that stand go on as they are."""
    known = view.row.state["obligations"]
    begun = obligations.begun(event)
    view.set(
        obligations={each: known.get(each, new) for each, new in begun.items()},
        decision={
            **view.row.state["decision"],
            **{name: event.data[name] for name in ("document", "rung", "conditions")},
        },
    )
    _weigh(view)


def _generated(view: View, event: Recorded) -> None:
    view.set(
        agreement={
            "template": event.data["template"],
            "document": event.texts["agreement"].model_dump() if event.texts else None,
            "generated_at": _z(event.occurred_at),
            "told_at": event.data["told_at"],
            "due_at": event.data["due_at"],
            "conditions_accepted_at": None,
            "partner_signed_at": None,
            "department_signed_at": None,
        }
    )


def _signs(name: str) -> Callable[[View, Recorded], None]:
    def sign(view: View, event: Recorded) -> None:
        view.set(agreement={**view.row.state["agreement"], name: _z(event.occurred_at)})

    return sign


def _money(state: str) -> Callable[[View, Recorded], None]:
    def move(view: View, event: Recorded) -> None:
        view.set(
            money={
                "reservation": event.data["reservation"],
                "state": state,
                "since": _z(event.occurred_at),
            }
        )

    return move


def _began(view: View, event: Recorded) -> None:
    view.set(running=running.begun(event))


def _ran(view: View, event: Recorded) -> None:
    view.set(running=running.after(view.row.state["running"], event))


def _obliged(view: View, event: Recorded) -> None:
    view.set(obligations=obligations.after(view.row.state["obligations"], event))
    _weigh(view)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _z(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_HANDLERS: dict[EventType, Callable[[View, Recorded], None]] = {
    EventType.CREATED: _created,
    EventType.DELETED: _deleted,
    EventType.SUBMITTED: _submitted,
    EventType.RESUBMITTED: _resubmitted,
    EventType.STAGE_ENTERED: _entered,
    EventType.TERMS_CHANGED: _moved,
    EventType.RELIANCE_ENDED: _asked_anew,
    EventType.REVIEW_OPENED: _review_opened,
    EventType.NOTICE_POSTED: _notice_posted,
    EventType.APPROVAL_ASKED_ANEW: _asked_anew,
    EventType.APPROVAL_RENEWED: _approved_anew,
    EventType.RETURNED: _returned,
    EventType.TASK_OPENED: _opened,
    EventType.TASK_DECIDED: _decided,
    EventType.TASK_CANCELLED: _cancelled,
    EventType.TASK_REMINDED: _reaches("remind"),
    EventType.TASK_OVERDUE: _reaches("overdue"),
    EventType.TASK_ESCALATED: _reaches("escalate"),
    EventType.STANDARD_MISSED: _missed,
    EventType.RECUSED: _recused,
    EventType.REPAIR_PROPOSED: _repair_proposed,
    EventType.REPAIR_DONE: _repair_ends("done"),
    EventType.REPAIR_ENDED: _repair_ends("ended"),
    EventType.SCREENED: _screened,
    EventType.SCREENING_MISSING: _not_screened,
    EventType.QUESTION_ASKED: _question_asked,
    EventType.QUESTION_ANSWERED: _question_ends(QuestionState.ANSWERED),
    EventType.QUESTION_WITHDRAWN: _question_ends(QuestionState.WITHDRAWN),
    EventType.QUESTION_EXPIRED: _question_ends(QuestionState.EXPIRED),
    EventType.HOLD_SET: _held,
    EventType.HOLD_ENDED: _hold_ended,
    EventType.LETTER_WRITTEN: _letter,
    EventType.LETTER_TAKEN_BACK: _taken_back,
    EventType.DECISION_UNDONE: _undone,
    EventType.INELIGIBLE: _ended,
    EventType.DECLINED: _ended,
    EventType.UNFUNDED: _ended,
    EventType.LAPSED: _ended,
    EventType.WITHDRAWN: _ended,
    EventType.CLOSED: _closed,
    EventType.RECONSIDERATION_ASKED: _reconsideration_asked,
    EventType.UPHELD: _upheld,
    EventType.REOPENED: _reopened,
    EventType.APPROVED: _approved,
    EventType.AGREEMENT_GENERATED: _generated,
    EventType.CONDITIONS_ACCEPTED: _signs("conditions_accepted_at"),
    EventType.EVIDENCE_GIVEN: _obliged,
    EventType.CONDITION_REMINDED: _obliged,
    EventType.CONDITION_OVERDUE: _obliged,
    EventType.CONDITION_ESCALATED: _obliged,
    EventType.CONDITION_JUDGED: _obliged,
    EventType.PARTNER_SIGNED: _signs("partner_signed_at"),
    EventType.DEPARTMENT_SIGNED: _signs("department_signed_at"),
    EventType.AGREEMENT_BEGAN: _began,
    **dict.fromkeys(
        (
            EventType.REPORT_OVERDUE,
            EventType.REPORT_SUBMITTED,
            EventType.REPORT_READ,
            EventType.PAYMENT_CLAIMED,
            EventType.PAYMENT_RETURNED,
            EventType.PAYMENT_CERTIFIED,
            EventType.PAYMENT_REQUISITIONED,
            EventType.PAYMENT_GIVEN_BACK,
            EventType.PAYMENT_LATE,
            EventType.PAYMENT_MADE,
        ),
        _ran,
    ),
    EventType.RESERVED: _money("reserved"),
    EventType.QUEUED: _money("queued"),
    EventType.OFFERED: _money("offered"),
    EventType.RELEASED: _money("released"),
    EventType.COMMITTED: _money("committed"),
}
