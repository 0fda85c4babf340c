"""The state of one proposal under way, and how each act changes it.

Pure and deterministic: no engine, no clock, no store. `workflows.proposal` says when these
functions are called; `policy.rules` says whether an act is allowed; everything that happens is
left in `outbox` as events, in order, for one writer to record.

Functions named `check_...` refuse and change nothing. All others are total: they run inside
update handlers, where an exception would wedge the workflow.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from policy.rules import clocks, delegation, outcomes, sampling, separation
from schemas.errors import Refused
from schemas.events import Event, EventType, TextRef
from schemas.messages import (
    Decision,
    Entry,
    MoneyAnswer,
    MoneyMove,
    MoneyRequest,
    Notice,
    NoticeKind,
    PartnerAct,
    PartyHits,
    ProposalStart,
    ScreeningResult,
    Slice,
    Submission,
)
from schemas.people import ON_PAPER, SYSTEM, Actor, Level
from schemas.proposal import Outcome, Section, Stage, Trigger
from schemas.tasks import (
    OUTCOMES,
    RISK_LEVELS,
    ConditionFact,
    Effect,
    Gate,
    RiskLevel,
    TaskKind,
    TaskState,
    finding_kind,
)
from schemas.terms import FindingRule
from schemas.values import digest
from workflows.tasks import Task, act_of, candidates_for

SOURCE = "workflow"

ENDINGS = {
    Outcome.INELIGIBLE: EventType.INELIGIBLE,
    Outcome.DECLINED: EventType.DECLINED,
    Outcome.UNFUNDED: EventType.UNFUNDED,
    Outcome.LAPSED: EventType.LAPSED,
    Outcome.WITHDRAWN: EventType.WITHDRAWN,
}
RECONSIDERED = frozenset({Outcome.INELIGIBLE, Outcome.DECLINED, Outcome.UNFUNDED})
_COMMITTING = frozenset(
    {
        (TaskKind.APPROVE, "approve"),
        (TaskKind.RECORD_DECISION, "approved"),
        (TaskKind.SIGN_AGREEMENT, "sign"),
    }
)
WITHDRAWABLE = frozenset(
    {
        Stage.ELIGIBILITY,
        Stage.COMPLIANCE,
        Stage.DESK,
        Stage.FUNDING,
        Stage.AGREEMENT,
        Stage.RETURNED,
    }
)


@dataclass
class Reservation:
    """Money asked for: `asked` until the store has answered."""

    id: str
    slices: tuple[Slice, ...]
    priority: int
    state: str
    queued_since: datetime | None = None
    offer_task: str | None = None
    """The recommendation that answers the offer; None: it is still to be asked for."""


@dataclass
class Clock:
    """The time to a decision, in business days; stopped while the partner holds the ball."""

    due_at: datetime | None
    days_left: int | None = None


@dataclass
class Returned:
    """What the partner was asked to change, and by when."""

    sections: tuple[Section, ...]
    due_at: datetime


@dataclass
class Agreement:
    """Who has signed, and until when the partner may."""

    told_at: datetime
    due_at: datetime
    conditions_accepted: bool = False
    partner_signed: bool = False
    department_signed: bool = False


@dataclass
class Screening:
    """`wanted` counts requests; screening is done when the last one has been answered."""

    wanted: int = 1
    answered: int = 0
    lists: tuple[str, ...] = ()
    said_missing: bool = False

    @property
    def is_done(self) -> bool:
        return self.answered == self.wanted and bool(self.lists)


class Case:
    """One proposal from its submission on."""

    def __init__(self, start: ProposalStart, now: datetime) -> None:
        self.rules = start.rules
        self.policy_version = start.policy_version
        self.submission = start.submission
        self.stage = Stage.ELIGIBILITY
        self.outcome: Outcome | None = None
        self.tasks: dict[str, Task] = {}
        self.asks: list[str] = []
        self.seals: set[str] = set()
        self.triggers: frozenset[Trigger] = frozenset(start.submission.triggers)
        self.reservation: Reservation | None = None
        self.reservations = 0
        self.returned: Returned | None = None
        self.agreement: Agreement | None = None
        self.screening = Screening()
        self.closed_at: datetime | None = None
        self.letters = 0
        self.outbox: deque[Entry] = deque()
        self.emitted = 0
        self.now = now
        self.clock = Clock(self._due(self.rules.decision_days, start.submission.submitted_at))
        self._emit(
            EventType.SUBMITTED,
            self.submission.actor,
            occurred_at=self.submission.submitted_at,
            request_id=self.submission.request_id,
            texts={"content": self.submission.content},
            data={
                **_revision_facts(self.submission),
                "organization": self.submission.organization,
                "programme": self.rules.programme,
                "due_at": self.clock.due_at,
            },
        )
        self._enter(Stage.ELIGIBILITY)

    # ---- what the process asks: each of these opens what is missing, and no more

    @property
    def is_under_way(self) -> bool:
        """False once nothing more can happen here."""
        if self._open_tasks():
            return True  # legal disposes of a match even after a withdrawal
        if self.stage is Stage.ACTIVE:
            return False
        if self.closed_at is None:
            return True
        return self._reconsideration_ends() > self.now

    def enter_next_stage(self) -> Stage:
        """Where work stands now: the first stage whose questions are not all settled."""
        if self.stage in (Stage.CLOSED, Stage.RETURNED, Stage.ACTIVE):
            return self.stage
        for stage in self.rules.stages:
            if not self._is_settled(stage):
                if stage is not self.stage and not (
                    self.outcome is Outcome.APPROVED and stage is not Stage.AGREEMENT
                ):
                    self._enter(stage)
                return self.stage
        return self.stage

    def ask_for_eligibility(self) -> None:
        """A programme officer confirms every automatic check (product.md 3, Eligibility)."""
        if self._standing(TaskKind.ELIGIBILITY) is None:
            self._open(TaskKind.ELIGIBILITY)

    def ask_for_findings(self) -> None:
        """Every finding that the program or a trigger calls for, in parallel (Compliance)."""
        for rule in self._findings_needed():
            kind = finding_kind(rule.code)
            if self._standing(kind) is None:
                self._open(kind)

    def ask_the_desks(self) -> None:
        """The consulted desks answer once each; then the head of the lead desk signs (Desk)."""
        consulted = [share.desk for share in self._consulted()]
        for desk in consulted:
            if self._standing(TaskKind.CONSULT, desk) is None:
                self._open(TaskKind.CONSULT, subject=desk, desk=desk)
        if all(self._is_answered(TaskKind.CONSULT, desk) for desk in consulted):
            lead = self.submission.lead
            if self._standing(TaskKind.SIGN_OFF, lead) is None:
                self._open(TaskKind.SIGN_OFF, subject=lead, desk=lead)

    def ask_for_money_and_decision(self) -> None:
        """Recommendation, then - once the money is reserved - the approval (Funding)."""
        recommended, held = self._standing(TaskKind.RECOMMEND), self.reservation
        offered = held is not None and held.state == "offered"
        if recommended is None or (held and offered and held.offer_task is None):
            if recommended is not None and recommended.is_open:
                self._cancel(recommended)
            task = self._open(TaskKind.RECOMMEND, detail={"offer": True} if offered else {})
            if held and offered:
                held.offer_task = task.id
            return
        if recommended.is_open or recommended.outcome != "recommend":
            return
        if held is None or held.state != "reserved":
            return
        if self._standing(TaskKind.APPROVE) or self._standing(TaskKind.RECORD_DECISION):
            return
        rung = self._rung(recommended)
        on_paper = rung in ON_PAPER
        kind = TaskKind.RECORD_DECISION if on_paper else TaskKind.APPROVE
        self._open(kind, rung=rung, detail={"rung": rung})

    def ask_for_signatures(self) -> None:
        """Once the partner has signed, the department signs (Agreement)."""
        agreement = self.agreement
        signed = agreement is not None and agreement.partner_signed
        if signed and self._standing(TaskKind.SIGN_AGREEMENT) is None:
            self._open(TaskKind.SIGN_AGREEMENT)

    def ask_for_release(self) -> None:
        """One return for all that was asked, when the parallel findings are in (Return)."""
        if not self.asks or self.stage not in self.rules.stages:
            return
        release = self._standing(TaskKind.RELEASE)
        if release is not None and release.is_open:
            if release.detail["asked_by"] == self.asks:
                return
            self._cancel(release)  # asked for more meanwhile: still one return for all
        if not any(self._holds_up_release(task) for task in self._open_tasks()):
            detail = {"asked_by": list(self.asks), "sections": self._asked_sections()}
            self._open(TaskKind.RELEASE, detail=detail)

    def digest(self) -> str:
        """SHA-256 of everything that later decisions depend on."""
        return digest(
            {
                "stage": self.stage,
                "outcome": self.outcome,
                "tasks": [
                    (t.id, t.kind, t.state, t.outcome, t.stands, t.settled, _z(t.due_at))
                    for t in self.tasks.values()
                ],
                "triggers": sorted(self.triggers),
                "asks": self.asks,
                "seals": sorted(self.seals),
                "reservation": (
                    (self.reservation.id, self.reservation.state) if self.reservation else None
                ),
                "clock": (_z(self.clock.due_at), self.clock.days_left),
                "deadline": _z(self.next_deadline()),
                "residual": self.residual(),
                "conditions": [c.id for c in self.conditions()],
                "emitted": self.emitted,
            }
        )

    # ---- what people do

    def check_decide(self, decision: Decision) -> None:
        """Refuse what is late, barred from this person, on hold, or not on offer."""
        task = self.tasks.get(decision.task)
        if task is None:
            raise Refused("task_unknown", task=decision.task)
        if task.state is TaskState.DONE:
            by = task.decided_by.id if task.decided_by else None
            raise Refused("already_decided", by=by, at=_z(task.decided_at))
        if task.state is TaskState.CANCELLED:
            raise Refused("task_cancelled", at=_z(task.decided_at))
        if not (_is_sealing(task) or self.closed_at is not None):
            if self.seals:
                raise Refused("on_hold", hold="seal")
            if self.stage is Stage.RETURNED:
                raise Refused("on_hold", hold="return")
        choices = {c.code for c in self.offered(task)}
        if decision.outcome not in choices:
            raise Refused("outcome_not_offered", outcome=decision.outcome, offered=sorted(choices))
        confirmed = self.tasks.get(task.confirms or "")
        if _commits(task, decision.outcome, confirmed) and not self._is_settled(Stage.COMPLIANCE):
            raise Refused("screening_open")
        if task.kind is TaskKind.SIGN_AGREEMENT:
            unmet = [c.id for c in self.conditions() if c.gates is Gate.AGREEMENT]
            if unmet:
                raise Refused("condition_not_met", conditions=unmet)
        arbitrated = self.tasks.get(task.arbitrates or "")
        separation.check_may_decide(
            kind=task.kind,
            confirms=act_of(confirmed, self.tasks) if confirmed else None,
            confirms_kind=confirmed.kind if confirmed else None,
            arbitrates_kind=arbitrated.kind if arbitrated else None,
            person=decision.actor.id,
            on_behalf_of=decision.actor.on_behalf_of,
            person_organization=decision.actor.organization,
            organization=self.submission.organization,
            acts=[act_of(t, self.tasks) for t in self.tasks.values() if t.decided_by],
            submitted_by=self.submission.actor.id,
        )

    def offered(self, task: Task) -> tuple[Any, ...]:
        """The outcomes that *task* offers."""
        confirmed = self.tasks.get(task.confirms or "")
        choices = outcomes.offered(
            task.kind,
            sealing=_is_sealing(task),
            offer=bool(task.detail.get("offer")),
            confirms=confirmed.kind if confirmed else None,
        )
        if self.outcome is Outcome.APPROVED:
            # A return is sent from a review; what was approved is not changed behind the approval.
            choices = tuple(c for c in choices if c.effect is not Effect.RETURN)
        return choices

    def decide(self, decision: Decision, now: datetime) -> None:
        """Take a decision that `check_decide` let through, and what follows from it."""
        self.now = now
        task = self.tasks[decision.task]
        task.state, task.outcome = TaskState.DONE, decision.outcome
        task.decided_by, task.decided_at = decision.actor, now
        task.facts = decision.facts
        task.texts = decision.texts
        effect = OUTCOMES[task.kind][decision.outcome]
        if effect is Effect.RETURN:
            task.sections = decision.sections or self._default_sections(task)
        self._emit(
            EventType.TASK_DECIDED,
            decision.actor,
            request_id=decision.request_id,
            texts=decision.texts,
            data={
                "task": task.id,
                "kind": task.kind,
                "outcome": task.outcome,
                "effect": effect,
                "sections": list(task.sections),
                "facts": decision.facts.model_dump(mode="json", exclude_defaults=True),
            },
            money=self._money_of(task),
        )
        if self.closed_at is None:
            self._follow(task, effect)
        elif _is_sealing(task):
            self._end_seal(task)

    def check_partner_act(self, act: PartnerAct, now: datetime) -> None:
        """Refuse what the partner may not do now; a seal changes none of these answers."""
        if self.stage is Stage.CLOSED:
            raise Refused("proposal_closed")
        if act.act == "withdraw":
            if self.stage not in WITHDRAWABLE:
                raise Refused("too_late_to_withdraw")
            return
        agreement = self.agreement
        if self.stage is not Stage.AGREEMENT or agreement is None or now < agreement.told_at:
            raise Refused("no_agreement_yet")
        if act.act == "sign" and not agreement.conditions_accepted:
            raise Refused("conditions_not_accepted")
        if act.act == "sign" and agreement.partner_signed:
            raise Refused("already_signed")
        if act.act == "accept_conditions" and agreement.conditions_accepted:
            raise Refused("already_accepted")

    def take_partner_act(self, act: PartnerAct, now: datetime) -> None:
        self.now = now
        if act.act == "withdraw":
            self._close(Outcome.WITHDRAWN, act.actor, request_id=act.request_id, texts=act.texts)
        elif self.agreement is not None:
            accepting = act.act == "accept_conditions"
            if accepting:
                self.agreement.conditions_accepted = True
            else:
                self.agreement.partner_signed = True
            self._emit(
                EventType.CONDITIONS_ACCEPTED if accepting else EventType.PARTNER_SIGNED,
                act.actor,
                request_id=act.request_id,
                texts=act.texts,
            )

    def check_resubmit(self, submission: Submission) -> None:
        if self.stage is not Stage.RETURNED:
            raise Refused("not_returned")
        if submission.revision != self.submission.revision + 1:
            raise Refused("revision_out_of_order", revision=submission.revision)

    def resubmit(self, submission: Submission, now: datetime) -> None:
        """Take a new revision: what depends on a change opens anew, the rest stands."""
        self.now = now
        amount_changed = (
            Section.BUDGET in submission.changed
            or submission.amount_cents != self.submission.amount_cents
        )
        self.submission = submission
        self.triggers = self.triggers | frozenset(submission.triggers)
        kinds = {kind for s in submission.changed for kind in self.rules.reopens.get(s, ())}
        if amount_changed:
            kinds |= {TaskKind.RECOMMEND, TaskKind.APPROVE}
        if TaskKind.APPROVE in kinds:
            kinds.add(TaskKind.RECORD_DECISION)  # the same question, answered on paper
        asked = set(self.asks)
        reopened = self._supersede(kinds, asked)
        self.asks, self.returned = [], None
        if TaskKind.ADJUDICATE in kinds or any(_is_sealing(self.tasks[t]) for t in asked):
            self.screening.wanted += 1
        disputed = [t for t in self.tasks.values() if t.id in reopened and self._is_disputed(t)]
        self._resume_clocks()
        self._emit(
            EventType.RESUBMITTED,
            submission.actor,
            occurred_at=submission.submitted_at,
            request_id=submission.request_id,
            texts={"content": submission.content},
            data={
                **_revision_facts(submission),
                "changed": list(submission.changed),
                "superseded": sorted(reopened),
                "due_at": self.clock.due_at,
                "task_due": {t.id: _z(t.due_at) for t in self.tasks.values() if t.is_open},
            },
        )
        if amount_changed:
            self._release_money("budget_changed")
        stage = next((s for s in self.rules.stages if not self._is_settled(s)), self.stage)
        self._enter(stage)
        for task in disputed:
            # Its hits are judged in the store already: screening again would not ask again.
            self._reopen(task)

    # ---- what the store and time tell

    def check_notice(self, notice: Notice) -> None:
        """A notice is never refused: what no longer fits is taken and changes nothing."""

    def take_notice(self, notice: Notice, now: datetime) -> None:
        """Money that came free, a changed list, a seal set or ended elsewhere."""
        self.now = now
        if self.closed_at is not None or self.stage is Stage.ACTIVE:
            return
        match notice.kind:
            case NoticeKind.OFFER:
                self._take_offer(str(notice.data.get("reservation")))
            case NoticeKind.RESCREEN:
                self.screening.wanted += 1
            case NoticeKind.SEAL:
                self._seal(str(notice.data.get("seal")), elsewhere=True)
            case NoticeKind.UNSEAL:
                self._unseal(str(notice.data.get("seal")))

    def take_money(self, reservation: str, answer: MoneyAnswer) -> None:
        """The store's answer to money asked for; a queue is a wait, not an error."""
        held = self.reservation
        if held is None or held.id != reservation or held.state != "asked":
            return
        held.state = "reserved" if answer is MoneyAnswer.RESERVED else "queued"
        if held.state == "queued":
            held.queued_since = self.now

    def take_screening(self, result: ScreeningResult, request: int, now: datetime) -> None:
        """Hits become tasks, one per party; no list means that screening is not done."""
        self.now = now
        if request != self.screening.wanted:
            return  # of an earlier revision, or before a list changed: the next answer counts
        self.screening.answered = request
        self.screening.lists = result.lists
        if self.closed_at is not None or self.stage is Stage.ACTIVE:
            return
        if not result.lists:
            if not self.screening.said_missing:
                self.screening.said_missing = True
                self._emit(EventType.SCREENING_MISSING, SYSTEM)
            return
        self._emit(
            EventType.SCREENED,
            SYSTEM,
            data={
                "lists": list(result.lists),
                "parties": [p.model_dump(mode="json") for p in result.parties],
            },
        )
        for party in result.parties:
            standing = self._standing(TaskKind.ADJUDICATE, party.party)
            if standing is not None and not self._is_new(party, standing):
                continue
            if standing is not None and standing.is_open:
                self._cancel(standing)  # opened anew with all that is found now
            self._open(
                TaskKind.ADJUDICATE,
                subject=party.party,
                detail={"hits": list(party.hits), "owner": party.owner},
            )

    def next_deadline(self) -> datetime | None:
        """The next moment at which time alone changes something."""
        if self.closed_at is not None:
            ends = self._reconsideration_ends()
            return ends if ends > self.now else None
        if self.stage is Stage.RETURNED and self.returned:
            return self.returned.due_at
        if self.stage is Stage.AGREEMENT and self.agreement and not self.agreement.partner_signed:
            return self.agreement.due_at
        held = self.reservation
        if self.stage is Stage.FUNDING and held and held.queued_since and held.state == "queued":
            return self._due(self.rules.funding_wait_days, held.queued_since)
        return None

    def take_time(self, now: datetime) -> None:
        """Let the deadline that has passed take effect: silence lapses, money short ends."""
        self.now = now
        deadline = self.next_deadline()
        if deadline is None or now < deadline or self.closed_at is not None:
            return
        if self.stage is Stage.FUNDING:
            self._close(Outcome.UNFUNDED)
        else:
            self._close(Outcome.LAPSED)

    # ---- what follows from a decision

    def _follow(self, task: Task, effect: Effect) -> None:
        if effect is Effect.RETURN and task.kind not in (TaskKind.ELIGIBILITY, TaskKind.RELEASE):
            if task.kind is TaskKind.LEGAL and _is_sealing(task):
                self._end_seal(task)
            self.asks.append(task.id)
            return
        match task.kind:
            case TaskKind.ELIGIBILITY:
                self._follow_eligibility(task, effect)
            case TaskKind.ADJUDICATE:
                self._follow_adjudication(task)
            case TaskKind.CONFIRM:
                self._follow_confirmation(task)
            case TaskKind.ARBITRATE:
                self._follow_arbitration(task)
            case TaskKind.LEGAL:
                self._follow_legal(task)
            case TaskKind.CONSULT | TaskKind.SIGN_OFF:
                if effect is Effect.ESCALATE:
                    self._open(TaskKind.ARBITRATE, arbitrates=task.id)
            case TaskKind.RELEASE:
                self._follow_release(task)
            case TaskKind.RECOMMEND:
                self._follow_recommendation(task)
            case TaskKind.APPROVE:
                self._follow_approval(task, approved=task.outcome == "approve")
            case TaskKind.RECORD_DECISION:
                self._open(TaskKind.CONFIRM, confirms=task.id)
            case TaskKind.SIGN_AGREEMENT:
                self._become_active(task)
            case _:
                self._follow_finding(task)

    def _follow_eligibility(self, task: Task, effect: Effect) -> None:
        if effect is Effect.ADVANCE:
            # A tick opens a review; its absence closes none.
            self.triggers = self.triggers | frozenset(task.facts.triggers)
        elif effect is Effect.RETURN:
            self.asks.append(task.id)
            self._return(task, self._asked_sections())
        else:
            self._close(Outcome.INELIGIBLE, task=task)

    def _follow_finding(self, task: Task) -> None:
        if task.outcome == "recommend_refusal":
            self._open(TaskKind.ARBITRATE, arbitrates=task.id)
        elif task.outcome == "barred":
            self._open(TaskKind.LEGAL, subject=task.id, detail={"about": task.id})
        elif self._needs_confirmation(task):
            self._open(TaskKind.CONFIRM, confirms=task.id)

    def _follow_adjudication(self, task: Task) -> None:
        if task.outcome == "no_match":
            if task.facts.confirm_needed:
                self._open(TaskKind.CONFIRM, confirms=task.id)
            return
        everywhere = task.outcome == "match" and bool(task.detail.get("owner"))
        legal = self._open(
            TaskKind.LEGAL,
            subject=task.id,
            detail={"about": task.id, "seal": True, "everywhere": everywhere},
        )
        self._seal(legal.id, everywhere=everywhere)

    def _follow_confirmation(self, task: Task) -> None:
        target = self.tasks[task.confirms or ""]
        if target.kind is TaskKind.RECORD_DECISION:
            if task.outcome == "agree":
                target.settled = True
                self._follow_approval(target, approved=target.outcome == "approved")
            else:
                self._reopen(target)
        elif task.outcome == "agree":
            target.settled = True
        else:
            self._open(TaskKind.ARBITRATE, arbitrates=target.id)

    def _follow_arbitration(self, task: Task) -> None:
        target = self.tasks[task.arbitrates or ""]
        if task.outcome == "refuse":
            self._close(Outcome.DECLINED, task=task)
        else:
            target.settled = True

    def _follow_legal(self, task: Task) -> None:
        if task.outcome == "refuse":
            if _is_sealing(task):
                self._end_seal(task)
            self._close(Outcome.DECLINED, task=task)
            return
        about = self.tasks[str(task.detail["about"])]
        if _is_sealing(task):
            about.settled = True
            self._end_seal(task)
        elif self._needs_confirmation(about):
            self._open(TaskKind.CONFIRM, confirms=about.id)  # the bar is lifted, the rating stays
        else:
            about.settled = True

    def _follow_release(self, task: Task) -> None:
        if task.outcome == "release":
            self._return(task, task.sections)
            return
        asking, self.asks = self.asks, []
        for asked in asking:
            again = self._reopen(self.tasks[asked])
            if _is_sealing(again):
                self._seal(again.id, everywhere=bool(again.detail.get("everywhere")))

    def _follow_recommendation(self, task: Task) -> None:
        held = self.reservation
        if task.outcome == "pass_over" and held is not None:
            held.state, held.queued_since = "queued", self.now
        elif held is not None and held.state == "offered":
            held.state = "reserved"

    def _follow_approval(self, task: Task, *, approved: bool) -> None:
        if not approved:
            self._close(Outcome.DECLINED, task=task)
            return
        self.outcome = Outcome.APPROVED
        told_at = self.now + timedelta(minutes=self.rules.undo_minutes)
        recommended = self._standing(TaskKind.RECOMMEND)
        conditions = [c.model_dump(mode="json") for c in self.conditions()]
        self._emit(
            EventType.APPROVED,
            _decider(task),
            data={
                "document": task.facts.document,
                "rung": task.detail.get("rung"),
                "instrument": recommended.facts.instrument if recommended else None,
                "slices": [s.model_dump(mode="json") for s in self._slices()],
                "conditions": conditions,
                "reservation": self.reservation.id if self.reservation else None,
            },
        )
        self._letter("approved", told_at, task)
        due_at = self._due(self.rules.agreement_days, told_at)
        self.clock = Clock(None)
        if Stage.AGREEMENT not in self.rules.stages:
            self._activate()
        else:
            self.agreement = Agreement(told_at=told_at, due_at=due_at)
            self._enter(Stage.AGREEMENT)
            self._emit(
                EventType.AGREEMENT_GENERATED,
                SYSTEM,
                texts={"agreement": task.texts["agreement"]} if "agreement" in task.texts else None,
                data={
                    "template": "agreement/1",
                    "conditions": conditions,
                    "due_at": due_at,
                    "told_at": told_at,
                },
            )

    def _become_active(self, task: Task) -> None:
        if self.agreement is not None:
            self.agreement.department_signed = True
        self._emit(EventType.DEPARTMENT_SIGNED, _decider(task))
        self._activate()

    def _activate(self) -> None:
        self._enter(Stage.ACTIVE)
        self._emit(EventType.ACTIVATED, SYSTEM)
        for other in self._open_tasks():
            if other.kind is not TaskKind.LEGAL:
                self._cancel(other)

    def _take_offer(self, reservation: str) -> None:
        held = self.reservation
        if held is None or held.id != reservation or held.state not in ("queued", "asked"):
            return
        held.state, held.queued_since, held.offer_task = "offered", None, None

    def _return(self, task: Task, sections: Iterable[Section]) -> None:
        due_at = self._due(self.rules.return_days, self.now)
        self.returned = Returned(tuple(sections), due_at)
        self._stop_clocks()
        self.stage = Stage.RETURNED
        self._emit(
            EventType.RETURNED,
            _decider(task),
            data={
                "task": task.id,
                "sections": list(self.returned.sections),
                "due_at": due_at,
                "days_left": self.clock.days_left,
                "asked_by": list(self.asks),
            },
        )
        self._letter("returned", self.now, task)

    def _close(
        self,
        outcome: Outcome,
        actor: Actor = SYSTEM,
        *,
        task: Task | None = None,
        request_id: str | None = None,
        texts: dict[str, TextRef] | None = None,
    ) -> None:
        """End the proposal: outcome, tasks, money and letter in one go."""
        stage, actor = self.stage, _decider(task) if task else actor
        self.outcome, self.closed_at = outcome, self.now
        self.stage, self.returned = Stage.CLOSED, None
        self.clock = Clock(None)
        self._emit(
            ENDINGS[outcome],
            actor,
            request_id=request_id,
            texts=texts,
            data={"stage": stage, "outcome": outcome},
        )
        for other in self._open_tasks():
            if not _is_sealing(other):
                self._cancel(other)
        self._release_money(outcome)
        for seal in sorted(self.seals - {t.id for t in self._open_tasks()}):
            self._unseal(seal)  # set elsewhere; nobody will tell a closed proposal of its end
        told_at = self.now
        if outcome in RECONSIDERED:
            told_at = self.now + timedelta(minutes=self.rules.undo_minutes)
        if outcome is not Outcome.WITHDRAWN:
            self._letter(outcome, told_at, task)
        self._emit(EventType.CLOSED, SYSTEM, data={"outcome": outcome, "told_at": told_at})

    # ---- money

    def _money_of(self, task: Task) -> MoneyRequest | None:
        """The move of money that goes with a decision, in the same transaction."""
        match (task.kind, task.outcome):
            case (TaskKind.RECOMMEND, "recommend"):
                return self._reserve(task)
            case (TaskKind.RECOMMEND, "pass_over") if self.reservation:
                return MoneyRequest(reservation=self.reservation.id, move=MoneyMove.PASS_OVER)
            case (TaskKind.SIGN_AGREEMENT, "sign"):
                return self._commit()
            case (TaskKind.APPROVE, "approve") if Stage.AGREEMENT not in self.rules.stages:
                return self._commit()
            case (TaskKind.CONFIRM, "agree") if Stage.AGREEMENT not in self.rules.stages:
                confirmed = self.tasks[task.confirms or ""]
                on_paper = confirmed.kind is TaskKind.RECORD_DECISION
                return self._commit() if on_paper and confirmed.outcome == "approved" else None
            case _:
                return None

    def _commit(self) -> MoneyRequest | None:
        """Money is firm at the department's signature; without an agreement, at the approval."""
        if self.reservation is None:
            return None
        self.reservation.state = "committed"
        return MoneyRequest(reservation=self.reservation.id, move=MoneyMove.COMMIT)

    def _reserve(self, task: Task) -> MoneyRequest | None:
        held, facts = self.reservation, task.facts
        if held is not None:
            if held.slices == facts.slices and (
                held.state != "queued" or held.priority == facts.priority
            ):
                return None  # it keeps its money, or its place in the order
            self._release_money("recommended_anew")
        self.reservations += 1
        reservation = f"{self.submission.reference}:{self.reservations}"
        self.reservation = Reservation(reservation, facts.slices, facts.priority, "asked")
        return MoneyRequest(
            reservation=reservation,
            move=MoneyMove.RESERVE,
            slices=task.facts.slices,
            priority=task.facts.priority,
        )

    def _release_money(self, why: str) -> None:
        held = self.reservation
        if held is None or held.state in ("released", "committed"):
            return
        self.reservation = None
        self._emit(
            EventType.RELEASED,
            SYSTEM,
            data={"reservation": held.id, "why": why},
            money=MoneyRequest(reservation=held.id, move=MoneyMove.RELEASE),
        )

    def _slices(self) -> tuple[Slice, ...]:
        return self.reservation.slices if self.reservation else ()

    # ---- seals

    def _seal(self, seal: str, *, everywhere: bool = False, elsewhere: bool = False) -> None:
        if seal in self.seals:
            return
        self._stop_task_clocks()
        self.seals.add(seal)
        self._emit(
            EventType.HOLD_SET,
            SYSTEM,
            data={
                "kind": "seal",
                "seal": seal,
                "everywhere": everywhere,
                "elsewhere": elsewhere,
                "organization": self.submission.organization,
            },
        )

    def _end_seal(self, task: Task) -> None:
        self._unseal(task.id, everywhere=bool(task.detail.get("everywhere")))

    def _unseal(self, seal: str, *, everywhere: bool = False) -> None:
        if seal not in self.seals:
            return
        self.seals.discard(seal)
        due: dict[str, str | None] = {}
        if not self.seals and self.stage is not Stage.RETURNED:
            due = self._resume_tasks()
        self._emit(
            EventType.HOLD_ENDED,
            SYSTEM,
            data={
                "kind": "seal",
                "seal": seal,
                "everywhere": everywhere,
                "organization": self.submission.organization,
                "task_due": due,
            },
        )

    # ---- clocks

    @property
    def _holidays(self) -> tuple[Any, ...]:
        return self.rules.holidays

    def _due(self, days: int, start: datetime) -> datetime:
        return clocks.due_at(start, days, self._holidays)

    def _stop_clocks(self) -> None:
        if self.clock.due_at is not None:
            left = clocks.days_left(self.now, self.clock.due_at, self._holidays)
            self.clock = Clock(None, left)
        self._stop_task_clocks()

    def _stop_task_clocks(self) -> None:
        """Keep the whole days left of every task that waits; of two holds the first counts."""
        for task in self._open_tasks():
            if task.days_left is None and not _is_sealing(task):
                task.days_left = clocks.days_left(self.now, task.due_at, self._holidays)

    def _resume_clocks(self) -> None:
        if self.clock.days_left is not None:
            due_at = clocks.resume(self.now, self.clock.days_left, self._holidays)
            self.clock = Clock(due_at)
        if not self.seals:
            self._resume_tasks()

    def _resume_tasks(self) -> dict[str, str | None]:
        for task in self._open_tasks():
            if task.days_left is not None:
                task.due_at = clocks.resume(self.now, task.days_left, self._holidays)
                task.days_left = None
        return {t.id: _z(t.due_at) for t in self._open_tasks()}

    def _reconsideration_ends(self) -> datetime:
        if self.closed_at is None or self.outcome not in RECONSIDERED:
            return self.now
        return self._due(self.rules.reconsideration_days, self.closed_at)

    # ---- what stands

    def _findings_needed(self) -> tuple[FindingRule, ...]:
        return tuple(
            rule for rule in self.rules.findings if rule.when is None or rule.when in self.triggers
        )

    def _consulted(self) -> tuple[Any, ...]:
        lead = self.submission.lead
        return tuple(share for share in self.submission.desks if share.desk != lead)

    def _standing(self, kind: TaskKind, subject: str | None = None) -> Task | None:
        """The task that asks or has answered this question, if its answer still stands."""
        for task in reversed(self.tasks.values()):
            if (
                task.kind is kind
                and task.stands
                and task.state is not TaskState.CANCELLED
                and (subject is None or task.subject == subject)
            ):
                return task
        return None

    def _is_settled(self, stage: Stage) -> bool:
        """Whether every question of *stage* has an answer that stands."""
        match stage:
            case Stage.ELIGIBILITY:
                task = self._standing(TaskKind.ELIGIBILITY)
                return task is not None and task.outcome == "eligible"
            case Stage.COMPLIANCE:
                return (
                    self.screening.is_done
                    and self._hits_are_judged()
                    and all(
                        self._is_answered(finding_kind(rule.code))
                        for rule in self._findings_needed()
                    )
                )
            case Stage.DESK:
                return self._is_answered(TaskKind.SIGN_OFF, self.submission.lead) and all(
                    self._is_answered(TaskKind.CONSULT, share.desk) for share in self._consulted()
                )
            case Stage.FUNDING:
                return self.outcome is Outcome.APPROVED
            case Stage.AGREEMENT:
                return self.agreement is not None and self.agreement.department_signed
            case _:
                return False

    def _is_answered(self, kind: TaskKind, subject: str | None = None) -> bool:
        task = self._standing(kind, subject)
        if task is None or task.is_open:
            return False
        effect = OUTCOMES[kind][task.outcome or ""]
        if effect is Effect.ADVANCE:
            return task.settled or not self._needs_confirmation(task)
        return task.settled

    def _hits_are_judged(self) -> bool:
        judged = (t for t in self.tasks.values() if t.kind is TaskKind.ADJUDICATE and t.stands)
        return all(
            task.state is TaskState.CANCELLED
            or task.settled
            or (task.outcome == "no_match" and not task.facts.confirm_needed)
            for task in judged
        )

    def _is_new(self, party: PartyHits, standing: Task) -> bool:
        return bool(set(party.hits) - set(standing.detail.get("hits", ())))

    def _needs_confirmation(self, task: Task) -> bool:
        """A second person for every rated finding above low, and a sample of the low."""
        if task.kind is TaskKind.ADJUDICATE:
            return task.facts.confirm_needed
        if not task.kind.is_finding or task.facts.inherent is None:
            return False
        if task.facts.inherent != RiskLevel.LOW or task.facts.residual != RiskLevel.LOW:
            return True
        return sampling.sampled(task.id, self.rules.low_sample_percent)

    def residual(self) -> RiskLevel | None:
        """The highest level that stands: a finding's residual, or what arbitration named."""
        levels = []
        for rule in self._findings_needed():
            task = self._standing(finding_kind(rule.code))
            if task is not None and not task.is_open and task.facts.residual is not None:
                levels.append(self._arbitrated_level(task) or task.facts.residual)
        return max(levels, key=RISK_LEVELS.index, default=None)

    def _arbitrated_level(self, finding: Task) -> RiskLevel | None:
        for task in reversed(self.tasks.values()):
            if task.arbitrates == finding.id and task.outcome == "proceed" and task.stands:
                return task.facts.level
        return None

    def gender_code(self) -> int | None:
        task = self._standing(TaskKind.GENDER)
        return task.facts.gender_code if task and not task.is_open else None

    def conditions(self) -> tuple[ConditionFact, ...]:
        """Every condition that a standing answer sets."""
        done = (t for t in self.tasks.values() if t.state is TaskState.DONE and t.stands)
        return tuple(condition for task in done for condition in task.facts.conditions)

    def _rung(self, recommended: Task) -> Level:
        return delegation.required_rung(
            recommended.facts.rung or Level.TREASURY_BOARD,
            self.residual() or RiskLevel.LOW,
            self.gender_code(),
            self.rules,
        )

    def _default_sections(self, task: Task) -> tuple[Section, ...]:
        asked = task.detail.get("sections")
        if asked:
            return tuple(Section(s) for s in asked)
        kind = task.kind
        if task.kind is TaskKind.ARBITRATE:
            kind = self.tasks[task.arbitrates or ""].kind
        elif task.kind is TaskKind.LEGAL:
            kind = self.tasks[str(task.detail["about"])].kind
        return self.rules.return_sections.get(kind) or tuple(Section)

    def _supersede(self, kinds: set[TaskKind], asked: set[str]) -> set[str]:
        """Let answers of *kinds*, and those that asked for the return, no longer stand."""
        gone: set[str] = set()
        for task_id in asked:
            task = self.tasks[task_id]
            gone.add(task_id)
            about = task.arbitrates or task.detail.get("about")
            if about:
                gone.add(str(about))
        gone |= {t.id for t in self.tasks.values() if t.kind in kinds and t.stands}
        desks = {share.desk for share in self.submission.desks}
        gone |= {
            t.id
            for t in self.tasks.values()
            if t.stands
            and (
                (t.kind is TaskKind.CONSULT and t.subject not in desks)
                or (t.kind is TaskKind.CONSULT and t.subject == self.submission.lead)
                or (t.kind is TaskKind.SIGN_OFF and t.subject != self.submission.lead)
            )
        }
        gone -= {
            t
            for t in gone
            if self.tasks[t].kind is TaskKind.ADJUDICATE
            and t not in asked
            and self.tasks[t].is_open
        }
        gone |= {
            t.id
            for t in self.tasks.values()
            if t.stands and (t.confirms in gone or t.arbitrates in gone)
        }
        gone |= {
            t.id
            for t in self.tasks.values()
            if t.kind is TaskKind.LEGAL and not _is_sealing(t) and t.detail.get("about") in gone
        }
        for task_id in sorted(gone):
            task = self.tasks[task_id]
            if task.is_open:
                self._cancel(task)
            task.stands = False
        return gone

    def _is_disputed(self, task: Task) -> bool:
        """A judgement of hits that was arbitrated, and sent back to the partner."""
        return task.kind is TaskKind.ADJUDICATE and any(
            t.arbitrates == task.id and t.outcome == "return" for t in self.tasks.values()
        )

    def _holds_up_release(self, task: Task) -> bool:
        """Whether the one return waits for *task*: not for hits, nor for what waits itself."""
        if task.kind is TaskKind.ADJUDICATE or _is_sealing(task):
            return False
        order = self.rules.stages
        return task.stage in order[: order.index(self.stage) + 1]

    def _asked_sections(self) -> list[Section]:
        asked = {section for t in self.asks for section in self.tasks[t].sections}
        return [section for section in Section if section in asked]

    # ---- the outbox

    def _open_tasks(self) -> list[Task]:
        return [task for task in self.tasks.values() if task.is_open]

    def _open(
        self,
        kind: TaskKind,
        *,
        subject: str | None = None,
        confirms: str | None = None,
        arbitrates: str | None = None,
        desk: str | None = None,
        rung: Level | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Task:
        stage = self.stage if kind is not TaskKind.ADJUDICATE else Stage.COMPLIANCE
        confirmed = self.tasks.get(confirms or "")
        candidates = (
            confirmed.candidates
            if confirmed
            else candidates_for(kind, self.rules.programme, desk=desk, rung=rung)
        )
        task = Task(
            id=f"{self.submission.reference}-T{len(self.tasks) + 1:02d}",
            kind=kind,
            stage=stage,
            revision=self.submission.revision,
            candidates=candidates,
            opened_at=self.now,
            due_at=self._due(self.rules.task_days[kind], self.now),
            subject=subject,
            confirms=confirms,
            arbitrates=arbitrates,
            detail=detail or {},
        )
        if (self.seals or self.stage is Stage.RETURNED) and not _is_sealing(task):
            task.days_left = self.rules.task_days[kind]
        earlier = [t for t in self.tasks.values() if t.answers_to == task.answers_to]
        if earlier:
            earlier[-1].stands = False
            task.previous = earlier[-1].id
        self.tasks[task.id] = task
        self._emit(
            EventType.TASK_OPENED,
            SYSTEM,
            data={
                "task": task.id,
                "kind": kind,
                "stage": stage,
                "revision": task.revision,
                "candidates": [c.model_dump(mode="json") for c in candidates],
                "due_at": task.due_at,
                "subject": subject,
                "confirms": confirms,
                "arbitrates": arbitrates,
                "previous": task.previous,
                "detail": task.detail,
            },
        )
        return task

    def _reopen(self, task: Task) -> Task:
        """Ask the question of *task* again, as it was asked."""
        return self._open(
            task.kind,
            subject=task.subject,
            confirms=task.confirms,
            arbitrates=task.arbitrates,
            desk=task.subject if task.kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF) else None,
            rung=task.detail.get("rung"),
            detail=task.detail,
        )

    def _cancel(self, task: Task) -> None:
        task.state, task.decided_at = TaskState.CANCELLED, self.now
        self._emit(EventType.TASK_CANCELLED, SYSTEM, data={"task": task.id, "kind": task.kind})

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self._emit(EventType.STAGE_ENTERED, SYSTEM, data={"stage": stage})

    def _letter(self, kind: str, told_at: datetime, task: Task | None = None) -> None:
        """Leave a letter as data; the words for the partner are the deciding task's."""
        self.letters += 1
        message = task.texts.get("message_to_partner") if task else None
        self._emit(
            EventType.LETTER_WRITTEN,
            SYSTEM,
            data={
                "letter": f"{self.submission.reference}-L{self.letters:02d}",
                "kind": kind,
                "template": f"{kind}/1",
                "told_at": told_at,
                "task": task.id if task else None,
            },
            texts={"message": message} if message else None,
        )

    def _emit(
        self,
        event_type: EventType,
        actor: Actor,
        *,
        data: dict[str, Any] | None = None,
        texts: dict[str, TextRef] | None = None,
        request_id: str | None = None,
        occurred_at: datetime | None = None,
        money: MoneyRequest | None = None,
    ) -> None:
        self.emitted += 1
        event = Event(
            subject=self.submission.reference,
            source=SOURCE,
            source_seq=self.emitted,
            type=event_type,
            occurred_at=occurred_at or self.now,
            actor=actor,
            request_id=request_id,
            policy_version=self.policy_version,
            data={name: _plain(value) for name, value in (data or {}).items()},
            texts=texts or {},
        )
        self.outbox.append(Entry(event=event, money=money))


def _decider(task: Task) -> Actor:
    return task.decided_by or SYSTEM


def _commits(task: Task, outcome: str, confirmed: Task | None) -> bool:
    """Whether the decision approves or signs: nobody does while a hit is not judged."""
    if task.kind is TaskKind.CONFIRM and confirmed is not None and outcome == "agree":
        return (confirmed.kind, confirmed.outcome) == (TaskKind.RECORD_DECISION, "approved")
    return (task.kind, outcome) in _COMMITTING


def _is_sealing(task: Task) -> bool:
    return task.kind is TaskKind.LEGAL and bool(task.detail.get("seal"))


def _plain(value: Any) -> Any:
    return _z(value) if isinstance(value, datetime) else value


def _z(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


def _revision_facts(submission: Submission) -> dict[str, Any]:
    return {
        "revision": submission.revision,
        "sha256": submission.sha256,
        "checks": dict(submission.checks),
        "triggers": list(submission.triggers),
        "desks": [share.model_dump(mode="json") for share in submission.desks],
        "lead": submission.lead,
        "amount_cents": submission.amount_cents,
    }
