"""How one proposal under way is spoken to: what it asks for, what may be said, what follows.

Pure and deterministic: no engine, no clock, no store. `workflows.proposal` says when these
functions are called; `policy.rules` says whether an act is allowed; everything that happens is
left in `outbox` as events, in order, for one writer to record.

Functions named `check_...` refuse and change nothing. All others are total: they run inside
update handlers, where an exception would wedge the workflow.
"""

from datetime import datetime

from policy.rules import holds, outcomes, separation
from schemas.errors import Refused
from schemas.holds import HoldKind
from schemas.messages import (
    Decision,
    MoneyAnswer,
    Notice,
    NoticeKind,
    PartnerAct,
    ScreeningResult,
    StaffAct,
    Submission,
    TermsMove,
)
from schemas.proposal import Outcome, Stage
from schemas.repairs import Repair, RepairEnd
from schemas.tasks import (
    OUTCOMES,
    ConditionFact,
    ConditionState,
    Effect,
    Gate,
    OutcomeChoice,
    RiskLevel,
    TaskKind,
    TaskState,
)
from schemas.values import digest
from workflows import (
    conditions,
    endings,
    findings,
    funding,
    holding,
    notices,
    opening_reviews,
    partner_acts,
    questions,
    quorum,
    reconsidering,
    reliance,
    renewing,
    repairs,
    repairs_ending,
    returns,
    reviews,
    screening,
    sealing,
    signatures,
    stages,
    suspending,
    terms,
    timekeeping,
    undoing,
    year_end,
)
from workflows.docket import told
from workflows.dossier import Dossier
from workflows.tasks import Task, act_of

_COMMITTING = frozenset(
    {
        (TaskKind.APPROVE, "approve"),
        (TaskKind.APPROVE, "approve_in_part"),
        (TaskKind.RECORD_DECISION, "approved"),
        (TaskKind.RECORD_DECISION, "approved_in_part"),
        (TaskKind.SIGN_AGREEMENT, "sign"),
    }
)


class Case(Dossier):
    """One proposal from its submission on."""

    # ---- where it stands, and what it asks: each of these opens what is missing, and no more

    @property
    def is_under_way(self) -> bool:
        """False once nothing more can happen here."""
        if self.open_tasks():
            return True  # legal disposes of a match even after a withdrawal
        if self.stage is Stage.ACTIVE:
            return False
        if self.closed_at is None:
            return True
        return timekeeping.reconsideration_ends(self) > self.now

    @property
    def is_followed(self) -> bool:
        """Whether a condition is still to be met though both have signed."""
        return conditions.are_followed(self)

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it is decided for good but for an undo window that still runs."""
        return self.stage in (Stage.CLOSED, Stage.ACTIVE) and self.is_untold(self.now)

    def enter_next_stage(self) -> Stage:
        """Where work stands now: the first stage whose questions are not all settled."""
        repairs_ending.end_if_over(self)
        if self.stage in (Stage.CLOSED, Stage.RETURNED, Stage.ACTIVE):
            return self.stage
        for stage in self.rules.stages:
            if not stages.is_settled(self, stage):
                if stage is not self.stage and not (
                    self.outcome is Outcome.APPROVED and stage is not Stage.AGREEMENT
                ):
                    self.enter(stage)
                return self.stage
        return self.stage

    def ask_for_eligibility(self) -> None:
        """A programme officer confirms every automatic check (product.md 3, Eligibility)."""
        reviews.ask_for_eligibility(self)

    def ask_for_findings(self) -> None:
        """Every finding that the program or a trigger calls for, in parallel (Compliance)."""
        reviews.ask_for_findings(self)

    def ask_the_desks(self) -> None:
        """The consulted desks answer once each; then the head of the lead desk signs (Desk)."""
        reviews.ask_the_desks(self)

    def ask_for_money_and_decision(self) -> None:
        """Recommendation, then - once the money is reserved - the approval (Funding)."""
        funding.ask_for_money_and_decision(self)

    def ask_for_signatures(self) -> None:
        """Once the partner has signed, the department signs (Agreement)."""
        signatures.ask_for_signatures(self)

    def ask_for_release(self) -> None:
        """One return for all that was asked, when the parallel findings are in (Return)."""
        returns.ask_for_release(self)

    # ---- what can be read

    def offered(self, task: Task) -> tuple[OutcomeChoice, ...]:
        """The outcomes that *task* offers."""
        confirmed = self.tasks.get(task.confirms or "")
        choices = outcomes.offered(
            task.kind,
            sealing=task.is_sealing,
            offer=bool(task.detail.get("offer")),
            in_part=bool(task.detail.get("part")),
            confirms=confirmed.kind if confirmed else None,
        )
        if self.outcome is Outcome.APPROVED:
            # A return is sent from a review; what was approved is not changed behind the approval.
            choices = tuple(c for c in choices if c.effect is not Effect.RETURN)
        return choices

    def residual(self) -> RiskLevel | None:
        """The highest level that stands: a finding's residual, or what arbitration named."""
        return findings.residual(self)

    def conditions(self) -> tuple[ConditionFact, ...]:
        """Every condition that a standing answer sets."""
        return findings.conditions(self)

    def digest(self) -> str:
        """SHA-256 of everything that later decisions depend on."""
        return digest(
            {
                "stage": self.stage,
                "outcome": self.outcome,
                "tasks": [
                    (t.id, t.kind, t.state, t.outcome, t.stands, t.settled, told(t.due_at))
                    for t in self.tasks.values()
                ],
                "triggers": sorted(self.triggers),
                "asks": self.asks,
                "seals": sorted(self.seals),
                "reservation": (
                    (self.reservation.id, self.reservation.state) if self.reservation else None
                ),
                "clock": (told(self.clock.due_at), self.clock.days_left),
                "deadline": told(self.next_deadline()),
                "residual": findings.residual(self),
                "conditions": [c.id for c in findings.conditions(self)],
                "emitted": self.emitted,
                **self._of_conditions(),
                **({"call": "open"} if self.call_is_open else {}),
                **self._held(),
                **({"terms": self.policy_version} if self.moves else {}),
                **({"repair": self.repair.id} if self.repair else {}),
            }
        )

    def _of_conditions(self) -> dict[str, list[tuple[str, str]]]:
        """What has become of conditions; nothing where nobody has said anything of one."""
        said = [(each.id, each.state.value) for each in self.obligations.values()]
        moved = [(id_, state) for id_, state in said if state != ConditionState.OPEN]
        return {"obligations": moved} if moved else {}

    def _held(self) -> dict[str, list[str]]:
        """What else than a seal or a return pauses it; those two are told by seals and stage."""
        others = {HoldKind.HOLD, HoldKind.QUESTION, HoldKind.SUSPENSION}
        held = sorted(hold.id for hold in self.holds.values() if hold.kind in others)
        return {"holds": held} if held else {}

    # ---- what people do

    def check_decide(self, decision: Decision, now: datetime | None = None) -> None:
        """Refuse what is late or early, barred from this person, on hold, or not on offer."""
        task = self.tasks.get(decision.task)
        if task is None:
            raise Refused("task_unknown", task=decision.task)
        if task.state is TaskState.DONE:
            by = task.decided_by.id if task.decided_by else None
            raise Refused("already_decided", by=by, at=told(task.decided_at))
        if task.state is TaskState.CANCELLED:
            if task.ended is RepairEnd.STALE:
                raise Refused("repair_stale", changed=list(task.detail["changed"]))
            raise Refused("task_cancelled", at=told(task.decided_at))
        if task.is_repair:
            repairs.check_decide(self, task, decision)
        is_alive = self.closed_at is None or task.kind in reconsidering.KINDS
        if is_alive and self.is_paused(task):
            raise Refused("on_hold", hold=holds.first(self.hold_kinds))
        choices = {c.code for c in self.offered(task)}
        if decision.outcome not in choices:
            raise Refused("outcome_not_offered", outcome=decision.outcome, offered=sorted(choices))
        confirmed = self.tasks.get(task.confirms or "")
        committing = _commits(task, decision.outcome, confirmed)
        if committing and not stages.is_settled(self, Stage.COMPLIANCE):
            raise Refused(findings.what_is_open(self))
        if task.kind is TaskKind.SIGN_AGREEMENT:
            conditions.check_gate(self, Gate.AGREEMENT)
            notices.check_may_sign(self)
            renewing.check_may_sign(self)
            reliance.check_may_sign(self)
            if self.agreement is not None and self.agreement.is_outdated:
                raise Refused("agreement_outdated")
        if task.kind is TaskKind.DETERMINE:
            notices.check_decide(task, now or self.now)
        if conditions.is_about(self, task):
            conditions.check_decide(self, task, decision.actor.id, decision.actor.on_behalf_of)
        quorum.check_another_person(self, task, decision.actor)
        arbitrated = self.tasks.get(task.arbitrates or "")
        separation.check_may_decide(
            kind=task.kind,
            confirms=act_of(confirmed, self.tasks) if confirmed else None,
            confirms_kind=confirmed.kind if confirmed else None,
            arbitrates_kind=arbitrated.kind if arbitrated else None,
            person=decision.actor.id,
            on_behalf_of=decision.actor.on_behalf_of,
            person_organization=decision.actor.organization,
            principal_organization=decision.principal_organization,
            organization=self.submission.organization,
            acts=[act_of(t, self.tasks) for t in self.tasks.values() if t.decided_by],
            submitted_by=self.submission.actor.id,
        )

    def decide(self, decision: Decision, now: datetime) -> None:
        """Take a decision that `check_decide` let through, and what follows from it."""
        self.now = now
        task = self.tasks[decision.task]
        self.take_decision(task, decision, now)
        effect = OUTCOMES[task.kind][decision.outcome]
        if effect is Effect.RETURN:
            task.sections = decision.sections or returns.default_sections(self, task)
        answered = quorum.join(self, task)
        differs = self.closed_at is None and answered and quorum.differ(self, task)
        picked = quorum.pick(self, task)
        moves = answered and not differs
        self.tell_decision(
            task, decision, funding.money_of(self, picked or task) if moves else None
        )
        if task.is_repair:
            repairs.follow(self, task)
            return
        if not answered:
            return
        if task.kind is TaskKind.ELIGIBILITY and effect is Effect.ADVANCE:
            # A tick opens a review; its absence closes none.
            self.triggers = self.triggers | quorum.triggers(self, task)
        quorum.ask_no_more(self, task)
        if differs:
            task.disputed = True
            self.open(TaskKind.ARBITRATE, arbitrates=task.id)
        elif self.closed_at is None:
            self._follow(task, effect, picked)
        else:
            reconsidering.follow(self, task)

    def check_partner_act(self, act: PartnerAct, now: datetime) -> None:
        """Refuse what the partner may not do now; a seal changes none of these answers."""
        partner_acts.check(self, act, now)

    def take_partner_act(self, act: PartnerAct, now: datetime) -> None:
        self.now = now
        partner_acts.take(self, act)

    def check_staff_act(self, act: StaffAct, now: datetime) -> None:
        """Refuse what staff may not do now beside deciding tasks."""
        match act.act:
            case "ask":
                questions.check_ask(self, act, now)
            case "withdraw_question":
                questions.check_over(self, act.question)
            case "undo":
                undoing.check(self, act, now)
            case "give_evidence":
                conditions.check_evidence(self, act, now)
            case "judge_condition":
                conditions.check_judgement(self, act, now)
            case "open_review":
                opening_reviews.check(self, act)
            case "post_notice":
                notices.check_post(self, act, now)
            case "reprofile":
                year_end.check(self, act)
            case _:
                holding.check(self, act)

    def take_staff_act(self, act: StaffAct, now: datetime) -> None:
        self.now = now
        match act.act:
            case "ask":
                questions.ask(self, act)
            case "withdraw_question":
                questions.withdraw(self, act)
            case "undo":
                undoing.take(self, act)
            case "give_evidence":
                conditions.give(self, act)
            case "judge_condition":
                conditions.ask_for_judgement(self, act)
            case "open_review":
                opening_reviews.take(self, act)
            case "post_notice":
                notices.post(self, act)
            case "reprofile":
                year_end.take(self, act)
            case _:
                holding.take(self, act)

    def check_repair(self, repair: Repair) -> None:
        """Refuse a second repair at a time, and what is neither back nor sideways."""
        repairs.check(self, repair)

    def propose_repair(self, repair: Repair, now: datetime) -> None:
        """Ask who owns the stage to confirm a repair; until then nothing is done."""
        self.now = now
        repairs.propose(self, repair)

    def check_resubmit(self, submission: Submission) -> None:
        returns.check_resubmit(self, submission)

    def resubmit(self, submission: Submission, now: datetime) -> None:
        """Take a new revision: what depends on a change opens anew, the rest stands."""
        self.now = now
        returns.resubmit(self, submission)

    def check_move(self, move: TermsMove) -> None:
        """Refuse a move to terms that do not fit, or that was previewed on another standing."""
        terms.check_move(self, move)

    def move(self, move: TermsMove, now: datetime) -> None:
        """Go on under newer terms: what they make void opens anew, the rest stands."""
        self.now = now
        terms.move(self, move)

    # ---- what the store and time tell

    def check_notice(self, notice: Notice) -> None:
        """A notice is never refused: what no longer fits is taken and changes nothing."""

    def take_notice(self, notice: Notice, now: datetime) -> None:
        """Money that came free, a changed list, a seal set or ended elsewhere, a call closed."""
        self.now = now
        if self.closed_at is not None or self.stage is Stage.ACTIVE:
            return
        match notice.kind:
            case NoticeKind.OFFER:
                funding.take_offer(self, str(notice.data.get("reservation")))
            case NoticeKind.RESCREEN:
                # What waits for its call to close is screened then.
                self.screening.wanted += 0 if self.call_is_open else 1
            case NoticeKind.CALL_CLOSED if self.call_is_open:
                self.call_is_open = False
                self.screening.wanted += 1
                self.enter(self.stage)
            case NoticeKind.SEAL:
                sealing.seal(self, str(notice.data.get("seal")), elsewhere=True)
            case NoticeKind.RECORD:
                reliance.end(self, notice)
            case NoticeKind.SUSPEND:
                suspending.suspend(self, notice)
            case NoticeKind.RESUME:
                suspending.resume(self, notice)
            case NoticeKind.UNSEAL:
                sealing.unseal(self, str(notice.data.get("seal")))

    def take_money(self, reservation: str, answer: MoneyAnswer) -> None:
        """The store's answer to money asked for; a queue is a wait, not an error."""
        funding.take_money(self, reservation, answer)

    def take_screening(self, result: ScreeningResult, request: int, now: datetime) -> None:
        """Hits become tasks, one per party; no list means that screening is not done."""
        self.now = now
        screening.take(self, result, request)

    def next_deadline(self) -> datetime | None:
        """The next moment at which time alone changes something."""
        moments = (
            timekeeping.next_deadline(self),
            conditions.next_step(self),
            year_end.next_step(self),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def take_time(self, now: datetime) -> None:
        """Let what has fallen due take effect: people are told, silence lapses, money short ends.

        Whoever is silent is reminded and those above are asked too; nothing is decided by it.
        """
        self.now = now
        questions.ring(self, now)
        conditions.ring(self, now)
        year_end.ring(self, now)
        ends = None if self.closed_at is not None else timekeeping.end_of_wait(self)
        ended = ends is not None and ends <= now
        timekeeping.ring(self, ends if ends is not None and ended else now)
        repairs_ending.end_if_over(self)
        funding.let_go_once_told(self)
        funding.let_go_unapproved(self)
        if not ended:
            return
        if self.stage is Stage.FUNDING:
            endings.close(self, Outcome.UNFUNDED)
        else:
            endings.close(self, Outcome.LAPSED)

    # ---- what follows from a decision

    def _follow(self, task: Task, effect: Effect, picked: Task | None) -> None:
        if effect is Effect.RETURN and task.kind not in (TaskKind.ELIGIBILITY, TaskKind.RELEASE):
            if task.kind is TaskKind.LEGAL and task.is_sealing:
                sealing.end_seal(self, task)
            self.asks.append(task.id)
            return
        match task.kind:
            case TaskKind.ELIGIBILITY:
                reviews.follow_eligibility(self, task, effect)
            case TaskKind.ADJUDICATE:
                reviews.follow_adjudication(self, task)
            case TaskKind.CONFIRM:
                reviews.follow_confirmation(self, task)
            case TaskKind.ARBITRATE:
                reviews.follow_arbitration(self, task, picked)
            case TaskKind.LEGAL:
                reviews.follow_legal(self, task)
            case TaskKind.CONSULT | TaskKind.SIGN_OFF:
                if effect is Effect.ESCALATE:
                    self.open(TaskKind.ARBITRATE, arbitrates=task.id)
            case TaskKind.RELEASE:
                returns.follow_release(self, task)
            case TaskKind.RECOMMEND:
                funding.follow_recommendation(self, task)
            case TaskKind.APPROVE:
                signatures.follow_approval(self, task, approved=task.outcome != "decline")
            case TaskKind.RECORD_DECISION:
                self.open(TaskKind.CONFIRM, confirms=task.id)
            case TaskKind.SIGN_AGREEMENT:
                signatures.become_active(self, task)
            case TaskKind.CLEAR_NOTICE:
                notices.follow_clearance(self, task)
            case TaskKind.DETERMINE:
                notices.follow_determination(self, task)
            case TaskKind.CONDITION:
                conditions.follow_judgement(self, task)
            case _:
                reviews.follow_finding(self, task)


def _commits(task: Task, outcome: str, confirmed: Task | None) -> bool:
    """Whether the decision approves or signs: nobody does while a hit is not judged."""
    if task.kind is TaskKind.CONFIRM and confirmed is not None and outcome == "agree":
        return (confirmed.kind, confirmed.outcome) in _COMMITTING
    return (task.kind, outcome) in _COMMITTING
