"""The life of one proposal, from its submission to an active agreement or another outcome.

    eligibility -> compliance -> desk -> funding -> agreement -> active
         ^______ returned to the partner, then back to what the change re-opens

This module says *when* things happen. `workflows.case` holds the state and what follows from
each act; `policy.rules` says *whether* an act may be taken.
"""

import asyncio
import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from schemas.errors import Refused
    from schemas.messages import (
        Decision,
        Notice,
        PartnerAct,
        ProposalStart,
        Recording,
        ScreeningRequest,
        StaffAct,
        Submission,
        Taken,
        TermsMove,
        TermsPreview,
    )
    from schemas.proposal import Stage
    from schemas.repairs import Repair
    from workflows import handing_over
    from workflows.agreement import AgreementWorkflow
    from workflows.agreement_start import Handover
    from workflows.case import Case
    from workflows.ids import agreement_id
    from workflows.ports import ProposalActivities
    from workflows.recorder import FOR_EVER, Recorder, refusals
    from workflows.unattended import what_if


@workflow.defn(name="Proposal")
class ProposalWorkflow(Recorder):
    """One execution per proposal, with workflow id `proposal:<reference>`.

    How what happens comes to the store is `workflows.recorder`'s.
    """

    @workflow.init
    def __init__(self, start: ProposalStart) -> None:
        # Here rather than in `run`: an update may be handled before `run` begins.
        self._case = Case(start, workflow.now())
        super().__init__(self._case, by_answer=start.recording is Recording.BY_ANSWER)
        self._screenings = 0
        self._screening: asyncio.Task[None] | None = None
        self._returns = 0
        self._is_relayed = start.relays_agreement
        self._is_told_to = False
        self._has_handed_over = False

    @workflow.run
    async def run(self, start: ProposalStart) -> str | None:
        proposal = self._case
        self._waits_for_engine = self._by_answer or workflow.patched(
            "record-what-the-engine-has:start:1"
        )
        while self._goes_on():
            match proposal.enter_next_stage():
                case Stage.ELIGIBILITY:
                    proposal.ask_for_eligibility()
                case Stage.COMPLIANCE:
                    proposal.ask_for_findings()
                case Stage.DESK:
                    proposal.ask_the_desks()
                case Stage.FUNDING:
                    proposal.ask_for_money_and_decision()
                case Stage.AGREEMENT:
                    proposal.ask_for_signatures()
                case _:
                    pass  # with the partner, or decided
            proposal.ask_for_release()
            await self._until_something_happens()
        await self._until_all_is_told()
        if self._hands_over():
            await self._hand_over()
        return proposal.outcome

    def _goes_on(self) -> bool:
        proposal = self._case
        if self._hands_over():
            return self._may_be_taken_back()
        return proposal.is_under_way or proposal.is_followed or self._may_be_taken_back()

    def _hands_over(self) -> bool:
        """Whether both have signed, and an agreement with a life of its own takes it from here.

        A change to running workflows: earlier code followed conditions here, and began no
        agreement. Such a proposal is told to (`hand_over`).
        """
        if not handing_over.is_possible(self._case):
            return False
        return self._is_relayed or self._is_told_to or workflow.patched("hand-over:active:1")

    async def _hand_over(self) -> None:
        """Let the agreement begin, which outlives this. Nothing is taken here any more.

        Whoever relays has left themselves a message with what was recorded last, and asks for
        `agreement` (decision 0019). Proposals of earlier code begin theirs here.
        """
        self._has_handed_over = True
        if self._is_relayed:
            return
        reference = self._case.reference
        # That one of this id has begun already means that it was handed over before.
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await workflow.start_child_workflow(
                AgreementWorkflow.run,
                handing_over.start_of(self._case),
                id=agreement_id(reference),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=workflow.info().typed_search_attributes,
                static_summary=reference,
            )

    def _may_be_taken_back(self) -> bool:
        # A change to running workflows: earlier code ended at the approval, where no agreement
        # follows, though its letter was not told yet.
        return self._case.may_be_taken_back and (
            self._is_relayed or workflow.patched("stay-until-told:active:1")
        )

    # ---- what may be said to a proposal

    @workflow.update
    async def submit(self, request_id: str) -> Taken:
        """The first submission, with the first tasks."""
        if self._by_answer:
            await workflow.wait_condition(lambda: self._rests)
            return Taken(source_seq=len(self._entries), entries=tuple(self._entries))
        await workflow.wait_condition(lambda: self._recorded > 0)
        return Taken(source_seq=self._recorded)

    @workflow.update
    async def decide(self, decision: Decision) -> Taken:
        """Take a decision on a task."""
        since = self._since(decision.known)
        self._case.decide(decision, workflow.now())
        return await self._taken(since)

    @decide.validator
    def _check_decide(self, decision: Decision) -> None:
        # A refusal here leaves no trace in history, so asking twice is free.
        with self._open():
            self._case.check_decide(decision, workflow.now())

    @workflow.update
    async def act(self, act: PartnerAct) -> Taken:
        """The partner withdraws, accepts the conditions, signs, or answers a question."""
        since = self._since(act.known)
        self._case.take_partner_act(act, workflow.now())
        return await self._taken(since)

    @act.validator
    def _check_act(self, act: PartnerAct) -> None:
        with self._open():
            self._case.check_partner_act(act, workflow.now())

    @workflow.update
    async def staff_act(self, act: StaffAct) -> Taken:
        """Staff pause the proposal, let it go on, or ask the partner."""
        since = self._since(act.known)
        self._case.take_staff_act(act, workflow.now())
        return await self._taken(since)

    @staff_act.validator
    def _check_staff_act(self, act: StaffAct) -> None:
        with self._open():
            self._case.check_staff_act(act, workflow.now())

    @workflow.update
    async def resubmit(self, submission: Submission) -> Taken:
        """Take a new revision after a return."""
        since = self._since(submission.known)
        self._case.resubmit(submission, workflow.now())
        return await self._taken(since)

    @resubmit.validator
    def _check_resubmit(self, submission: Submission) -> None:
        with self._open():
            self._case.check_resubmit(submission)

    @workflow.update
    async def move(self, move: TermsMove) -> Taken:
        """Go on under newer terms of the program."""
        since = self._since(move.known)
        self._case.move(move, workflow.now())
        return await self._taken(since)

    @move.validator
    def _check_move(self, move: TermsMove) -> None:
        with self._open():
            self._case.check_move(move)

    @workflow.update
    async def repair(self, repair: Repair) -> Taken:
        """An administrator proposes a repair; who owns the stage is asked to confirm it."""
        since = self._since(repair.known)
        self._case.propose_repair(repair, workflow.now())
        return await self._taken(since)

    @repair.validator
    def _check_repair(self, repair: Repair) -> None:
        with self._open():
            self._case.check_repair(repair)

    @workflow.update
    async def notify(self, notice: Notice) -> Taken:
        """Take what the store tells; what no longer fits changes nothing."""
        since = self._since(notice.known)
        self._case.take_notice(notice, workflow.now())
        return await self._taken(since)

    @notify.validator
    def _check_notify(self, notice: Notice) -> None:
        with self._open():
            return  # a notice is never refused, but by a proposal that has handed over

    @workflow.query
    def preview(self, move: TermsMove) -> TermsPreview:
        """What `move` would do now; changes nothing."""
        return what_if(self._case, move)

    @workflow.query
    def agreement(self) -> Handover:
        """What the agreement begins with, once this has handed over; a closed one answers too."""
        start = handing_over.start_of(self._case) if self._has_handed_over else None
        return Handover(is_relayed=self._is_relayed, start=start if self._is_relayed else None)

    @property
    def _is_handed_on(self) -> bool:
        return self._is_relayed and self._has_handed_over

    @workflow.update
    async def hand_over(self, _request_id: str) -> Taken:
        """Begin the agreement of a proposal that both have signed under earlier code."""
        self._is_told_to = True
        return await self._taken()

    @hand_over.validator
    def _check_hand_over(self, _request_id: str) -> None:
        with self._open():
            if not handing_over.is_possible(self._case):
                raise Refused("not_active")

    def _open(self) -> refusals:
        """Turn refusals into rejections; once the agreement has begun all is rejected."""
        if self._has_handed_over:
            with refusals():
                raise Refused("handed_over")
        return refusals()

    # ---- what `run` waits for beside people and time

    def _begin_work(self) -> None:
        wanted = self._case.screening.wanted
        if wanted > self._screenings and not self._case.closed_at:
            self._screenings = wanted
            self._screening = asyncio.create_task(self._screen(wanted))

    async def _screen(self, request: int) -> None:
        result = await workflow.execute_activity_method(
            ProposalActivities.screen,
            ScreeningRequest(
                reference=self._case.submission.reference,
                revision=self._case.submission.revision,
            ),
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=FOR_EVER,
            summary="screen every party",
        )
        self._case.take_screening(result, request, workflow.now())
        self._changed = True

    def _was_armed(self) -> None:
        if self._case.stage is Stage.RETURNED:
            # A change to running workflows (docs/how-to/change-a-running-workflow.md): an
            # answered return ends its timer, so that Temporal's pages show no deadline that
            # is none. Returns armed by earlier code keep theirs, which then rings for nothing.
            self._returns += 1
            self._ends_idle_alarm = self._is_relayed or workflow.patched(
                f"end-idle-alarm:returned:{self._returns}"
            )
