"""A life lived again in simulated time, under the terms that it had or under others.

No engine and no store: the pure case, what people did in the record, and a clock that jumps.
Everybody is taken to do what they did, as long after they were asked as it took them then. Where
other terms ask what nobody was asked in the record, it is taken to be answered so that work goes
on, on the day it is due, by somebody else; what a rule refuses to the person who did it then is
noted, and taken to be done by somebody else.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schemas.errors import Refused
from schemas.events import Event, EventType
from schemas.messages import (
    Decision,
    Facts,
    MoneyAnswer,
    MoneyMove,
    Notice,
    NoticeKind,
    PartnerAct,
    ProposalStart,
    ScreeningResult,
    StaffAct,
    Submission,
)
from schemas.people import Actor
from schemas.proposal import Stage
from schemas.tasks import OUTCOMES, Effect, RiskLevel, TaskKind
from schemas.values import Value
from workflows.case import Case
from workflows.tasks import Task
from workflows.unattended import go_on

_LONGEST = timedelta(days=3650)
_MOST_STEPS = 5_000
_WAITS = frozenset({"on_hold", "screening_open", "findings_open", "condition_not_met"})
"""Refusals that say "not yet": it is tried again when something has happened."""

Question = tuple[TaskKind, str | None]


class Answer(Value):
    """What was decided on a task, and how long after it was asked."""

    task: str
    after: timedelta
    decision: Decision


class PartnersAct(Value):
    """A new revision, or an act, so long after the partner could."""

    after: timedelta
    act: Submission | PartnerAct


class Record(Value):
    """What people, lists and money did in a life that is over; drawn from its events."""

    start: ProposalStart
    asked: tuple[tuple[TaskKind, str | None, str], ...]
    """Every task that was opened: its question (`Task.answers_to`) and id, in order."""
    answers: tuple[Answer, ...]
    revisions: tuple[PartnersAct, ...] = ()
    acts: tuple[PartnersAct, ...] = ()
    """Accepting the conditions and signing, in order."""
    withdrawn: tuple[datetime, PartnerAct] | None = None
    screened: tuple[tuple[datetime, ScreeningResult], ...] = ()
    money: dict[str, MoneyAnswer] = {}
    """The first answer to every reservation."""
    offers: tuple[tuple[datetime, str], ...] = ()
    said: tuple[tuple[datetime, StaffAct | Notice], ...] = ()
    """Holds of officers, and seals that were set and ended elsewhere."""


class Life(Value):
    """What a life came to."""

    outcome: str | None
    stage: str
    decided_at: datetime | None
    ended_at: datetime
    rung: str | None
    """The level that was asked to approve, the last time."""
    residual: RiskLevel | None
    asked: dict[str, int]
    """How many tasks of each kind were opened."""
    overdue: dict[str, int]
    missed: tuple[str, ...]
    """Service standards that were not kept."""
    days: dict[str, float]
    """Days in each stage, and with the partner (`returned`)."""
    refused: tuple[tuple[str, str, str], ...] = ()
    """Acts of the record that a rule refused: kind, outcome, code."""
    assumed: dict[str, int] = {}
    """Answers that the record does not have, by kind."""
    waits_for: tuple[str, ...] = ()
    """What nobody would ever have answered, so that it did not end."""


def live(record: Record) -> Life:
    """Live *record* again under the terms of its start; always ends, and gives the same twice."""
    return _Rehearsal(record).run()


class _RecordedCase(Case):
    """A case whose tasks bear the ids that they had in the record, where they were asked then."""

    def __init__(self, record: Record) -> None:
        self._ids: defaultdict[Question, list[str]] = defaultdict(list)
        for kind, about, task in record.asked:
            self._ids[kind, about].append(task)
        self._question: Question = (TaskKind.ELIGIBILITY, None)
        super().__init__(record.start, record.start.submission.submitted_at)

    def open(self, kind: TaskKind, **asked: Any) -> Task:
        about = asked.get("subject") or asked.get("confirms") or asked.get("arbitrates")
        self._question = (kind, about)
        return super().open(kind, **asked)

    def _next_id(self) -> str:
        before = sum(task.answers_to == self._question for task in self.tasks.values())
        ids = self._ids[self._question]
        if before < len(ids):
            return ids[before]
        return f"{self.submission.reference}-N{len(self.tasks) + 1:02d}"


@dataclass
class _Rehearsal:
    """One run: what is still to come, and what was noted on the way."""

    record: Record
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        record = self.record
        self.now = record.start.submission.submitted_at
        self.case = _RecordedCase(record)
        self.answers = {answer.task: answer for answer in record.answers}
        self.known = {task for _, _, task in record.asked}
        self.revisions, self.acts = list(record.revisions), list(record.acts)
        self.screened, self.offers = list(record.screened), list(record.offers)
        self.said = list(record.said)
        self.events: list[Event] = []
        self.refused: list[tuple[str, str, str]] = []
        self.assumed: Counter[str] = Counter()
        self.waiting: set[str] = set()
        self.asked_partner = self.now

    def run(self) -> Life:
        self._settle()
        end = self.now + _LONGEST
        for _ in range(_MOST_STEPS):
            if not self.case.is_under_way:
                break
            step = self._next()
            if step is None or step[0] > end:
                break
            self.now = max(self.now, step[0])
            step[2](self)
            self._settle()
        return self._told()

    def _next(self) -> tuple[datetime, int, Any] | None:
        """What happens next: its moment, its place among what happens at once, and how."""
        case, steps = self.case, []
        deadline = case.next_deadline()
        if deadline is not None:
            steps.append((max(deadline, self.now), 0, _Rehearsal._time))
        if self.said:
            steps.append((self.said[0][0], 1, _Rehearsal._say))
        if self.screened and case.screening.wanted == case.screening.answered:
            steps.append((self.screened[0][0], 2, _Rehearsal._rescreen))
        held = case.reservation
        if self.offers and held and held.state == "queued":
            steps.append((self.offers[0][0], 3, _Rehearsal._offer))
        if self.record.withdrawn and case.closed_at is None:
            steps.append((self.record.withdrawn[0], 4, _Rehearsal._withdraw))
        if case.stage is Stage.RETURNED and self.revisions:
            steps.append((self.asked_partner + self.revisions[0].after, 5, _Rehearsal._resubmit))
        if case.stage is Stage.AGREEMENT and self.acts:
            steps.append((self.asked_partner + self.acts[0].after, 5, _Rehearsal._partner_acts))
        steps += [
            (moment, 6 + place, _deciding(task))
            for place, task in enumerate(case.open_tasks())
            if task.id not in self.waiting and (moment := self._moment(task)) is not None
        ]
        coming = [(max(moment, self.now), place, how) for moment, place, how in steps]
        return min(coming, key=lambda step: step[:2], default=None)

    def _moment(self, task: Task) -> datetime | None:
        answer = self.answers.get(task.id)
        if answer is not None:
            return task.opened_at + answer.after
        return None if task.id in self.known else task.due_at

    # ---- what happens

    def _time(self) -> None:
        before = self.case.next_deadline()
        self.case.take_time(self.now)
        if self.case.next_deadline() == before and before is not None:
            self.case.now = self.now + timedelta(seconds=1)  # nothing is left to ring then

    def _say(self) -> None:
        _, said = self.said.pop(0)
        if isinstance(said, Notice):
            self.case.take_notice(said, self.now)
            return
        try:
            self.case.check_staff_act(said, self.now)
        except Refused as refused:
            self.refused.append((said.act, said.act, refused.code))
            return
        self.case.take_staff_act(said, self.now)

    def _rescreen(self) -> None:
        self.case.take_notice(Notice(id="rescreen", kind=NoticeKind.RESCREEN), self.now)
        if self.case.screening.wanted == self.case.screening.answered:
            self.screened.pop(0)  # it no longer concerns what has ended

    def _offer(self) -> None:
        _, reservation = self.offers.pop(0)
        notice = Notice(id="offer", kind=NoticeKind.OFFER, data={"reservation": reservation})
        self.case.take_notice(notice, self.now)

    def _withdraw(self) -> None:
        assert self.record.withdrawn is not None  # noqa: S101 - asked by `_next`
        self._take_partner_act(self.record.withdrawn[1])

    def _partner_acts(self) -> None:
        act = self.acts.pop(0).act
        if isinstance(act, PartnerAct):
            self._take_partner_act(act)

    def _take_partner_act(self, act: PartnerAct) -> None:
        try:
            self.case.check_partner_act(act, self.now)
        except Refused as refused:
            self.refused.append((act.act, act.act, refused.code))
            return
        self.case.take_partner_act(act, self.now)

    def _resubmit(self) -> None:
        given = self.revisions.pop(0).act
        if isinstance(given, Submission):
            number = self.case.submission.revision + 1
            self.case.resubmit(given.model_copy(update={"revision": number}), self.now)

    def decide(self, task: Task) -> None:
        """Take the answer of the record, or one that is taken to have been given."""
        answer = self.answers.get(task.id)
        decision = answer.decision if answer else _advancing(self.case, task)
        code = self._decided(decision)
        if code in _WAITS:
            self.waiting.add(task.id)
            return
        if code is not None:
            self.refused.append((task.kind.value, decision.outcome, code))
            other = decision.model_copy(update={"actor": _somebody_else(task)})
            code = self._decided(other)
            if code is not None:
                self.waiting.add(task.id)
                return
        if answer is None:
            self.assumed[task.kind.value] += 1

    def _decided(self, decision: Decision) -> str | None:
        try:
            self.case.check_decide(decision, self.now)
        except Refused as refused:
            return refused.code
        self.case.decide(decision, self.now)
        return None

    def _settle(self) -> None:
        """Let follow what follows at once: what is asked, screening, and the answer of money."""
        before = len(self.events)
        while True:
            said = go_on(self.case)
            for entry in said:
                self.events.append(entry.event)
                if entry.event.type in (EventType.RETURNED, EventType.AGREEMENT_GENERATED):
                    self.asked_partner = entry.event.occurred_at
                if entry.money is not None and entry.money.move is MoneyMove.RESERVE:
                    id_ = entry.money.reservation
                    answer = self.record.money.get(id_, MoneyAnswer.RESERVED)
                    self.case.take_money(id_, answer)
            if not self._screen() and not said:
                break
        if len(self.events) > before:
            self.waiting.clear()
        self.case.now = self.now

    def _screen(self) -> bool:
        screening = self.case.screening
        if screening.wanted == screening.answered or self.case.closed_at is not None:
            return False
        result = ScreeningResult(lists=screening.lists or ("assumed",), parties=())
        if self.screened and (self.screened[0][0] <= self.now or not screening.answered):
            result = self.screened.pop(0)[1]
        self.case.take_screening(result, screening.wanted, self.now)
        return True

    # ---- what it came to

    def _told(self) -> Life:
        case = self.case
        opened = [e for e in self.events if e.type is EventType.TASK_OPENED]
        overdue = Counter(
            str(e.data["kind"]) for e in self.events if e.type is EventType.TASK_OVERDUE
        )
        decisions = [t for t in case.tasks.values() if t.detail.get("rung")]
        decided = [e for e in self.events if e.type in _DECIDED]
        return Life(
            outcome=case.outcome,
            stage=case.stage,
            decided_at=decided[0].occurred_at if decided else None,
            ended_at=case.closed_at or self.now,
            rung=str(decisions[-1].detail["rung"]) if decisions else None,
            residual=case.residual(),
            asked=dict(sorted(Counter(str(e.data["kind"]) for e in opened).items())),
            overdue=dict(sorted(overdue.items())),
            missed=tuple(sorted(case.missed)),
            days=_days(self.events, case.closed_at or self.now),
            refused=tuple(self.refused),
            assumed=dict(sorted(self.assumed.items())),
            waits_for=tuple(sorted(t.kind.value for t in case.open_tasks())),
        )


_DECIDED = frozenset(
    {
        EventType.APPROVED,
        EventType.DECLINED,
        EventType.INELIGIBLE,
        EventType.UNFUNDED,
        EventType.LAPSED,
        EventType.WITHDRAWN,
    }
)


def _deciding(task: Task) -> Any:
    return lambda rehearsal: rehearsal.decide(task)


def _somebody_else(task: Task) -> Actor:
    return Actor(id=f"somebody-else-{task.id}")


def _advancing(case: Case, task: Task) -> Decision:
    """The answer with which work goes on; of a finding, the lowest level."""
    choices = case.offered(task)
    advancing = [choice.code for choice in choices if choice.effect is Effect.ADVANCE]
    outcome = advancing[0] if advancing else next(iter(OUTCOMES[task.kind]))
    facts: dict[str, Any] = {}
    rated = {rule.code for rule in case.rules.findings if rule.rated}
    if task.kind.is_finding and task.kind.value.removeprefix("compliance.") in rated:
        facts = {"inherent": RiskLevel.LOW, "residual": RiskLevel.LOW}
    if task.kind is TaskKind.ADJUDICATE:
        facts = {"hits": dict.fromkeys(task.detail["hits"], outcome)}
    if task.kind is TaskKind.RECOMMEND and case.reservation is not None:
        before = case.reservation
        facts = {"slices": before.slices, "priority": before.priority}
    # Who is assumed beside somebody who has answered is assumed to agree.
    agreed = [s.facts for s in case.seats(task) if s is not task and s.outcome == outcome]
    return Decision(
        task=task.id,
        outcome=outcome,
        actor=_somebody_else(task),
        request_id=f"assumed-{task.id}",
        facts=agreed[0] if agreed else Facts(**facts),
    )


def _days(events: list[Event], end: datetime) -> dict[str, float]:
    """Days between entering each stage and leaving it, to a hundredth."""
    spent: defaultdict[str, timedelta] = defaultdict(timedelta)
    stage, since = None, end
    for event in events:
        entered = event.data.get("stage") if event.type is EventType.STAGE_ENTERED else None
        if event.type is EventType.RETURNED:
            entered = Stage.RETURNED
        if event.type is EventType.CLOSED:
            entered = Stage.CLOSED
        if entered is None:
            continue
        if stage is not None:
            spent[str(stage)] += event.occurred_at - since
        stage, since = entered, event.occurred_at
    if stage not in (None, Stage.CLOSED, Stage.ACTIVE) and end > since:
        spent[str(stage)] += end - since
    return {name: round(time / timedelta(days=1), 2) for name, time in spent.items()}
