"""The life of a signed agreement: how it is spoken to, what it asks for, and what follows.

Pure and deterministic, like `workflows.case`: what happens is left in `outbox`. Functions named
`check_...` refuse and change nothing; all others are total.
"""

from collections.abc import Callable
from datetime import datetime

from policy.rules import clocks, holds, outcomes, schedule, separation
from schemas.acts import Act
from schemas.agreements import Particulars, Schedule, Tranche
from schemas.errors import Refused
from schemas.events import AGREEMENT, EventType
from schemas.messages import (
    AgreementAct,
    Decision,
    Entry,
    MoneyAnswer,
    Notice,
    NoticeKind,
    PartnerAct,
    ScreeningResult,
    StaffAct,
)
from schemas.people import SYSTEM
from schemas.proposal import Outcome, Stage
from schemas.tasks import OutcomeChoice, TaskKind, TaskState
from schemas.values import digest
from workflows import (
    closing,
    conditions,
    paying,
    reassessing,
    reporting,
    screening_agreements,
    suspending_agreements,
    timekeeping,
)
from workflows.agreement_start import AgreementStart, Closing
from workflows.docket import Docket, told
from workflows.tasks import Task, act_of, question_of

_REMEMBERED = 200
"""How many acts back a repeated one is still known."""


class Life(Docket):
    """One agreement from the signature of both to its end."""

    source = AGREEMENT

    def __init__(
        self, start: AgreementStart, now: datetime, closes: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(
            reference=start.reference,
            rules=start.rules,
            policy_version=start.policy_version,
            seed=start.seed,
            now=now,
        )
        self._start = start
        self.stage, self.outcome = Stage.ACTIVE, Outcome.APPROVED
        self.tasks = {task.id: task for task in start.tasks}
        self.asked = {question_of(*task.answers_to): task.id for task in start.tasks} | start.asked
        self._opened_before = start.tasks_opened - len(start.tasks)
        self.holds = {hold.id: hold for hold in start.holds}
        self.holds_set = start.holds_set
        self.obligations = {each.id: each for each in start.obligations}
        self.particulars: Particulars | None = start.particulars
        self.schedule: Schedule | None = start.schedule
        self.screenings_wanted = self.screenings = start.screenings
        """How often it was asked to be screened again, and was."""
        self.reports = {each.id: each for each in start.reports}
        self.payments = {each.id: each for each in start.payments}
        self.payments_claimed = start.payments_claimed
        self.lapsed = {each.record: each for each in start.lapsed}
        """The records that no longer hold and that payments wait for, by id."""
        self.reassessed = dict(start.reassessed)
        self.closing: Closing | None = start.closing
        self.closes = closes
        """Whether the closing is asked for: executions that got there under earlier code go on."""
        self.answered = list(start.answered)
        """The request ids of the acts taken, the last ones."""
        self.emitted = start.emitted

    @property
    def revision(self) -> int:
        return self._start.revision

    @property
    def organization(self) -> str:
        return self._start.organization

    @property
    def tasks_opened(self) -> int:
        return self._opened_before + len(self.tasks)

    @property
    def tranches(self) -> dict[str, Tranche]:
        return {each.id: each for each in self.schedule.tranches} if self.schedule else {}

    @property
    def is_running(self) -> bool:
        """Whether something is still to come."""
        return self.stage is Stage.ACTIVE

    def is_new(self, request_id: str) -> bool:
        """Whether the act was not taken yet: by this execution, or by one shortly before it."""
        return request_id not in self.answered

    def carried(self, last: Entry | None) -> AgreementStart:
        """Everything that the next execution needs; *last* is what was said last."""
        kept = self._tasks_needed()
        return self._start.model_copy(
            update={
                "acts": tuple(self.acts),
                "obligations": tuple(self.obligations.values()),
                "tasks": tuple(kept),
                "tasks_opened": self.tasks_opened,
                "asked": dict(self.asked),
                "holds": tuple(self.holds.values()),
                "holds_set": self.holds_set,
                "particulars": self.particulars,
                "schedule": self.schedule,
                "screenings": self.screenings,
                "reports": tuple(self.reports.values()),
                "payments": tuple(self.payments.values()),
                "payments_claimed": self.payments_claimed,
                "lapsed": tuple(self.lapsed.values()),
                "reassessed": dict(self.reassessed),
                "closing": self.closing,
                "emitted": self.emitted,
                "last": last,
                "answered": tuple(self.answered[-_REMEMBERED:]),
            }
        )

    def _tasks_needed(self) -> list[Task]:
        """Open tasks, and those whose decisions they confirm or dispose of."""
        confirmed = {task.confirms for task in self.open_tasks()}
        confirmed |= {str(task.detail.get("about")) for task in self.open_tasks()}
        return [task for task in self.tasks.values() if task.is_open or task.id in confirmed]

    @property
    def acts(self) -> list[Act]:
        """Whoever decided what, on the proposal and since."""
        carried = {act.task: act for act in self._start.acts}
        for task in self.tasks.values():
            if task.decided_by is not None:
                carried[task.id] = act_of(task, self.tasks)
        return list(carried.values())

    def _take(self, request_id: str, now: datetime) -> None:
        self.now = now
        self.answered.append(request_id)

    # ---- what can be read

    def offered(self, task: Task) -> tuple[OutcomeChoice, ...]:
        """The outcomes that *task* offers."""
        confirmed = self.tasks.get(task.confirms or "")
        return outcomes.offered(
            task.kind,
            sealing=task.is_sealing,
            confirms=confirmed.kind if confirmed else None,
            signed=True,
        )

    def digest(self) -> str:
        ending = {"closing": self.closing and self.closing.left} if self.closing else {}
        return digest(
            {
                **ending,
                "stage": self.stage,
                "tasks": [
                    (t.id, t.kind, t.state, t.outcome, t.stands, t.settled, told(t.due_at))
                    for t in self.tasks.values()
                ],
                "holds": sorted(self.holds),
                "obligations": [(o.id, o.state) for o in self.obligations.values()],
                "schedule": self.schedule,
                "screenings": self.screenings,
                "reports": [(r.id, r.state) for r in self.reports.values()],
                "payments": [(p.id, p.state, p.certified) for p in self.payments.values()],
                "lapsed": [(each.record, each.kinds) for each in self.lapsed.values()],
                "deadline": told(self.next_deadline()),
                "emitted": self.emitted,
            }
        )

    # ---- its beginning

    def begin(self, particulars: Particulars, now: datetime) -> None:
        """Set the schedule: what is reported on when, and in which parts the money is paid."""
        self.now = now
        signed_on = clocks.toronto_day(self._start.signed_at)
        self.particulars = particulars
        self.schedule = schedule.drawn(particulars, self.rules.active, signed_on, self.holidays)
        self.reports = reporting.planned(self.schedule, self.rules, now)
        self.emit(
            EventType.AGREEMENT_BEGAN,
            SYSTEM,
            data={
                "reservation": particulars.reservation,
                **self.schedule.model_dump(mode="json"),
            },
        )

    # ---- what people do

    def check_decide(self, decision: Decision, now: datetime) -> None:
        """Refuse what is late, barred from this person, on hold, or not on offer."""
        self._check_running()
        task = self.tasks.get(decision.task)
        if task is None:
            raise Refused("task_unknown", task=decision.task)
        if task.state is TaskState.DONE:
            by = task.decided_by.id if task.decided_by else None
            raise Refused("already_decided", by=by, at=told(task.decided_at))
        if task.state is TaskState.CANCELLED:
            raise Refused("task_cancelled", at=told(task.decided_at))
        if self.is_paused(task):
            raise Refused("on_hold", hold=holds.first(self.hold_kinds))
        choices = {choice.code for choice in self.offered(task)}
        if decision.outcome not in choices:
            raise Refused("outcome_not_offered", outcome=decision.outcome, offered=sorted(choices))
        if conditions.is_about(self, task):
            conditions.check_decide(self, task, decision.actor.id, decision.actor.on_behalf_of)
        paying.check_decide(self, task, decision, now)
        closing.check_decide(self, task, decision)
        self._check_separation(task, decision)

    def _check_separation(self, task: Task, decision: Decision) -> None:
        confirmed = self.tasks.get(task.confirms or "")
        separation.check_may_decide(
            kind=task.kind,
            confirms=act_of(confirmed, self.tasks) if confirmed else None,
            confirms_kind=confirmed.kind if confirmed else None,
            person=decision.actor.id,
            on_behalf_of=decision.actor.on_behalf_of,
            person_organization=decision.actor.organization,
            principal_organization=decision.principal_organization,
            organization=self._start.organization,
            acts=self.acts,
            submitted_by=self._start.submitted_by,
        )

    def decide(self, decision: Decision, now: datetime) -> None:
        """Take a decision that `check_decide` let through, and what follows from it."""
        self._take(decision.request_id, now)
        task = self.tasks[decision.task]
        self.take_decision(task, decision, now)
        self.tell_decision(task, decision, paying.money_of(self, task, decision))
        self._follow(task)
        closing.look(self)

    def _follow(self, task: Task) -> None:
        confirmed = self.tasks.get(task.confirms or "")
        match task.kind:
            case TaskKind.CONFIRM if confirmed and confirmed.kind is TaskKind.ADJUDICATE:
                screening_agreements.follow_confirmation(self, task, confirmed, self.organization)
            case TaskKind.CONFIRM if confirmed and confirmed.kind.is_finding:
                reassessing.follow_confirmation(self, task, confirmed)
            case TaskKind.CONFIRM if confirmed and confirmed.kind is TaskKind.CLOSE:
                closing.follow_confirmation(self, task, confirmed)
            case TaskKind.CONFIRM if confirmed:
                conditions.follow_confirmation(self, task, confirmed)
            case TaskKind.CONDITION:
                conditions.follow_judgement(self, task)
            case TaskKind.ADJUDICATE:
                screening_agreements.follow_adjudication(self, task, self.organization)
            case TaskKind.LEGAL:
                screening_agreements.follow_legal(self, task, self.organization)
            case TaskKind.REPORT:
                reporting.follow(self, task)
            case TaskKind.CERTIFY | TaskKind.REQUISITION:
                paying.follow(self, task)
            case TaskKind.CLOSE:
                closing.follow(self, task)
            case kind if kind.is_finding:
                reassessing.follow(self, task)
            case _:
                pass

    def check_partner_act(self, act: PartnerAct, now: datetime) -> None:
        """Refuse what the partner cannot do once both have signed."""
        if act.act != "give_evidence" or not self.is_running:
            raise Refused("proposal_closed")
        conditions.check_evidence(self, act, now)

    def take_partner_act(self, act: PartnerAct, now: datetime) -> None:
        self._take(act.request_id, now)
        conditions.give(self, act)

    def check_staff_act(self, act: StaffAct, now: datetime) -> None:
        """Refuse what staff cannot do once both have signed."""
        self._check_running()
        match act.act:
            case "give_evidence":
                conditions.check_evidence(self, act, now)
            case "judge_condition":
                conditions.check_judgement(self, act, now)
            case _:
                raise Refused("too_late_to_hold")

    def take_staff_act(self, act: StaffAct, now: datetime) -> None:
        self._take(act.request_id, now)
        if act.act == "give_evidence":
            conditions.give(self, act)
        else:
            conditions.ask_for_judgement(self, act)

    def _check_running(self) -> None:
        if not self.is_running:
            raise Refused("proposal_closed")

    def check_agreement_act(self, act: AgreementAct) -> None:
        """Refuse a report that is not owed, a claim without a tranche, an advice that differs."""
        self._check_running()
        match act.act:
            case "report":
                reporting.check(self, act)
            case "claim":
                paying.check_claim(self, act)
            case "paid":
                paying.check_paid(self, act)
            case "recovered":
                closing.check_recovered(self, act)

    def take_agreement_act(self, act: AgreementAct, now: datetime) -> None:
        self._take(act.request_id, now)
        match act.act:
            case "report":
                reporting.hand_in(self, act)
            case "claim":
                paying.claim(self, act)
            case "paid":
                paying.take_advice(self, act)
            case "recovered":
                closing.recover(self, act)
        closing.look(self)

    # ---- what the store and time tell

    def take_notice(self, notice: Notice, now: datetime) -> None:
        """What no longer fits is taken and changes nothing."""
        self._take(notice.id, now)
        if not self.is_running:
            return
        seal = str(notice.data.get("seal"))
        match notice.kind:
            case NoticeKind.RESCREEN:
                self.screenings_wanted += 1
            case NoticeKind.SEAL:
                screening_agreements.seal(self, seal, self.organization, elsewhere=True)
            case NoticeKind.UNSEAL:
                screening_agreements.unseal(self, seal, self.organization)
            case NoticeKind.RECORD:
                reassessing.end_reliance(self, notice)
            case NoticeKind.SUSPEND:
                suspending_agreements.suspend(self, str(notice.data.get("incident")))
            case NoticeKind.RESUME:
                suspending_agreements.resume(self, str(notice.data.get("incident")))
            case _:
                pass
        closing.look(self)

    def take_screening(self, result: ScreeningResult, asked: int, now: datetime) -> None:
        """What was found; asked for again meanwhile, only the last answer counts."""
        self.now = now
        self.screenings = max(self.screenings, asked)
        if asked == self.screenings_wanted:
            screening_agreements.take(self, result)
            closing.look(self)

    def take_money(self, reservation: str, answer: MoneyAnswer) -> None:
        """Firm money is moved, never asked for: there is nothing to wait for."""

    def next_deadline(self) -> datetime | None:
        moments = (
            timekeeping.next_rung(self),
            conditions.next_step(self),
            reporting.next_step(self),
            paying.next_step(self),
            closing.next_step(self),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def take_time(self, now: datetime) -> None:
        """Remind whoever owes something; nothing is decided by silence."""
        self.now = now
        conditions.ring(self, now)
        reporting.ring(self, now)
        paying.ring(self, now)
        closing.ring(self, now)
        timekeeping.climb(self, now)
