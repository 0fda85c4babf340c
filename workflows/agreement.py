"""The life of one signed agreement in the engine: years long, begun by its proposal.

This module says *when* things happen; `workflows.life` holds the state and what follows from each
act. How what happens comes to the store is `workflows.recorder`'s.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schemas.errors import Refused
    from schemas.messages import (
        AgreementAct,
        Decision,
        Notice,
        PartnerAct,
        ScreeningRequest,
        StaffAct,
        Taken,
    )
    from schemas.repairs import Repair
    from workflows.agreement_start import AgreementStart
    from workflows.life import Life
    from workflows.ports import AgreementActivities, ProposalActivities
    from workflows.recorder import FOR_EVER, Recorder, refusals


@workflow.defn(name="Agreement")
class AgreementWorkflow(Recorder):
    """One life per agreement, with workflow id `agreement:<reference>`.

    It is continued as a new execution whenever its history has grown long: between two acts, with
    all that it has said in the store, and with all that it knows handed on (decision 0017).
    """

    @workflow.init
    def __init__(self, start: AgreementStart) -> None:
        # Here rather than in `run`: an update may be handled before `run` begins.
        # An execution that got as far under earlier code has nothing of it in its history.
        life = Life(start, workflow.now(), lambda: workflow.patched("closing:agreement:1"))
        super().__init__(life, first=start.emitted - (1 if start.last else 0))
        self._agreement = life
        self._entries = [start.last] if start.last else []
        self._recorded = start.emitted
        self._screenings = start.screenings
        self._screening: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, start: AgreementStart) -> str | None:
        life = self._agreement
        if life.particulars is None:
            particulars = await workflow.execute_activity_method(
                AgreementActivities.particulars,
                life.reference,
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=FOR_EVER,
                summary="read what was signed",
            )
            life.begin(particulars, workflow.now())
        while life.is_running:
            if self._is_too_long:
                await self._continue_when_all_is_told()
            await self._until_something_happens()
        await self._until_all_is_told()
        return life.outcome

    @property
    def _is_too_long(self) -> bool:
        known = self._agreement.particulars
        long = known and workflow.info().get_current_history_length() > known.most_history
        is_screened = self._agreement.screenings == self._agreement.screenings_wanted
        return bool(long) and is_screened and workflow.all_handlers_finished()

    async def _continue_when_all_is_told(self) -> None:
        """Begin a new execution, unless somebody has come meanwhile: then when they are answered.

        What somebody else brings to the store is brought there again: only then is it certain.
        """
        self._keep()
        if not self._is_settled:
            await self._record()
        if workflow.all_handlers_finished() and self._is_settled:
            workflow.continue_as_new(
                self._agreement.carried(self._entries[-1] if self._entries else None)
            )

    def _begin_work(self) -> None:
        wanted = self._agreement.screenings_wanted
        if wanted > self._screenings:
            self._screenings = wanted
            self._screening = asyncio.create_task(self._screen(wanted))

    async def _screen(self, asked: int) -> None:
        life = self._agreement
        result = await workflow.execute_activity_method(
            ProposalActivities.screen,
            ScreeningRequest(reference=life.reference, revision=life.revision),
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=FOR_EVER,
            summary="screen every party",
        )
        life.take_screening(result, asked, workflow.now())
        self._changed = True

    # ---- what may be said to an agreement, by the names that a proposal gives the same

    @workflow.update
    async def decide(self, decision: Decision) -> Taken:
        """Take a decision on a task."""
        since = self._since(decision.known)
        if self._agreement.is_new(decision.request_id):
            self._agreement.decide(decision, workflow.now())
        return await self._taken(since)

    @decide.validator
    def _check_decide(self, decision: Decision) -> None:
        with refusals():
            if self._agreement.is_new(decision.request_id):
                self._agreement.check_decide(decision, workflow.now())

    @workflow.update
    async def act(self, act: PartnerAct) -> Taken:
        """The partner gives evidence for a condition."""
        since = self._since(act.known)
        if self._agreement.is_new(act.request_id):
            self._agreement.take_partner_act(act, workflow.now())
        return await self._taken(since)

    @act.validator
    def _check_act(self, act: PartnerAct) -> None:
        with refusals():
            if self._agreement.is_new(act.request_id):
                self._agreement.check_partner_act(act, workflow.now())

    @workflow.update
    async def staff_act(self, act: StaffAct) -> Taken:
        """Staff give the department's evidence, or ask that a condition be judged."""
        since = self._since(act.known)
        if self._agreement.is_new(act.request_id):
            self._agreement.take_staff_act(act, workflow.now())
        return await self._taken(since)

    @staff_act.validator
    def _check_staff_act(self, act: StaffAct) -> None:
        with refusals():
            if self._agreement.is_new(act.request_id):
                self._agreement.check_staff_act(act, workflow.now())

    @workflow.update
    async def agreement_act(self, act: AgreementAct) -> Taken:
        """A report is handed in, a payment claimed, or advised as paid."""
        since = self._since(act.known)
        if self._agreement.is_new(act.request_id):
            self._agreement.take_agreement_act(act, workflow.now())
        return await self._taken(since)

    @agreement_act.validator
    def _check_agreement_act(self, act: AgreementAct) -> None:
        with refusals():
            if self._agreement.is_new(act.request_id):
                self._agreement.check_agreement_act(act)

    @workflow.update
    async def notify(self, notice: Notice) -> Taken:
        """Take what the store tells; what no longer fits changes nothing."""
        since = self._since(notice.known)
        if self._agreement.is_new(notice.id):
            self._agreement.take_notice(notice, workflow.now())
        return await self._taken(since)

    @workflow.update
    async def repair(self, _repair: Repair) -> Taken:
        """Never taken: a repair leads back to a stage of the proposal, or is of the store's."""
        return await self._taken()

    @repair.validator
    def _check_repair(self, _repair: Repair) -> None:
        with refusals():
            raise Refused("proposal_closed")
