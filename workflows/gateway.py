"""How the rest of the system talks to a running proposal.

The only module outside the worker that holds a Temporal client. It speaks the language of
`schemas` in both directions: callers never see a Temporal type.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from schemas.agreements import Adopted, Beginning
from schemas.engine import Then, Trail, Trouble, Work
from schemas.errors import NotFound, Refused, Unavailable
from schemas.events import AGREEMENT, WORKFLOW
from schemas.messages import (
    AgreementAct,
    Batch,
    Decision,
    Notice,
    PartnerAct,
    ProposalStart,
    StaffAct,
    Submission,
    Taken,
    TermsMove,
    TermsPreview,
)
from schemas.repairs import Repair
from schemas.terms import ProcessRules
from workflows import handing_over, pending
from workflows.agreement import AgreementWorkflow
from workflows.agreement_start import AgreementStart, Handover
from workflows.ids import agreement_id, proposal_id
from workflows.proposal import ProposalWorkflow
from workflows.recorder import Snapshot

TASK_QUEUE = "proposals"
_BETWEEN_TRIES = 0.05
PATIENCE = timedelta(seconds=8)
UPDATES_AT_A_TIME = 8
ALIVE_WITHIN = timedelta(seconds=2)
REFERENCE = SearchAttributeKey.for_keyword("AccordReference")
PROGRAMME = SearchAttributeKey.for_keyword("AccordProgramme")


_HANDED_ON = frozenset({"proposal_closed", "handed_over"})
"""What a proposal answers whose agreement has begun, or is about to."""


def workflow_id(reference: str, source: str = WORKFLOW) -> str:
    """The id of the workflow whose events come from *source*."""
    return agreement_id(reference) if source == AGREEMENT else proposal_id(reference)


def _searched(reference: str, rules: ProcessRules) -> TypedSearchAttributes:
    """What a workflow is found by; set when it starts, and never changed."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(REFERENCE, reference),
            SearchAttributePair(PROGRAMME, rules.programme),
        ]
    )


class TemporalGateway:
    """Delivers acts to proposals and records what they did; safe to repeat with the same id.

    The engine has kept an act, with its instant and its place, when it answers it; only then
    the store hears of it (decision 0013). Whoever calls has said in the store that the act is
    under way, so that `recover` is called if this process dies between the two.

    Raises Refused when the rules say no, Unavailable when the engine does not answer in time
    (the outcome is then unknown: the same request id picks the answer up).
    """

    def __init__(
        self,
        client: Client,
        trail: Trail,
        task_queue: str = TASK_QUEUE,
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._client = client
        self._patience = patience.total_seconds()
        self._trail = trail
        self._task_queue = task_queue
        self._lanes: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(UPDATES_AT_A_TIME)
        )

    async def submit(self, start: ProposalStart) -> None:
        """Start the proposal's workflow; its terms are fixed from this moment."""
        submission = start.submission

        def call() -> Awaitable[Any]:
            operation = WithStartWorkflowOperation(
                ProposalWorkflow.run,
                start,
                id=workflow_id(submission.reference),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=_searched(submission.reference, start.rules),
                static_summary=submission.reference,
            )
            return self._client.execute_update_with_start_workflow(
                ProposalWorkflow.submit,
                submission.request_id,
                start_workflow_operation=operation,
                id=submission.request_id,
            )

        await self._deliver(submission.reference, submission.request_id, call)

    async def decide(
        self,
        reference: str,
        decision: Decision,
        *,
        standing: tuple[str, int] | None = None,
        then: Then | None = None,
    ) -> None:
        """*standing*, as the trail gives it, from whoever has just asked the store for it."""
        update, request_id = ProposalWorkflow.decide, decision.request_id
        await self._tell(reference, update, decision, request_id, standing=standing, then=then)

    async def act(self, reference: str, act: PartnerAct) -> None:
        await self._tell(reference, ProposalWorkflow.act, act, act.request_id)

    async def staff_act(self, reference: str, act: StaffAct) -> None:
        await self._tell(reference, ProposalWorkflow.staff_act, act, act.request_id)

    async def agreement_act(self, reference: str, act: AgreementAct) -> None:
        await self._tell(reference, AgreementWorkflow.agreement_act, act, act.request_id)

    async def repair(self, reference: str, repair: Repair) -> None:
        await self._tell(reference, ProposalWorkflow.repair, repair, repair.request_id)

    async def resubmit(self, submission: Submission) -> None:
        await self._tell(
            submission.reference, ProposalWorkflow.resubmit, submission, submission.request_id
        )

    async def move(self, reference: str, move: TermsMove) -> None:
        await self._tell(reference, ProposalWorkflow.move, move, move.request_id)

    async def preview(self, reference: str, move: TermsMove) -> TermsPreview | None:
        """What a move would do now; None when the engine knows nothing of the proposal."""
        found: TermsPreview | None = await self._ask(
            reference, WORKFLOW, ProposalWorkflow.preview, move
        )
        return found

    async def notify(self, reference: str, notice: Notice) -> None:
        """Tell a proposal something; one that has ended needs to hear nothing."""
        try:
            await self._tell(reference, ProposalWorkflow.notify, notice, notice.id)
        except NotFound:
            return
        except Refused as refused:
            if refused.code != "proposal_closed":
                raise

    async def hand_over(self, reference: str, request_id: str) -> None:
        """Let a proposal that both have signed under earlier code begin its agreement."""

        def call() -> Awaitable[Any]:
            return self._handle(reference, WORKFLOW).execute_update(
                ProposalWorkflow.hand_over, request_id, id=request_id
            )

        await self._deliver(reference, request_id, call)

    async def adopt(self, adopted: Adopted) -> bool:
        """Begin the agreement of a proposal whose workflow has ended; whether it had not begun."""
        return await self._start(handing_over.start_of_adopted(adopted))

    async def begin_agreement(self, reference: str) -> Beginning:
        """Begin the agreement that a proposal has handed over; harmless twice.

        Raises NotFound where the engine knows nothing of the proposal.
        """
        handover: Handover | None = await self._ask(reference, WORKFLOW, ProposalWorkflow.agreement)
        if handover is None:
            raise NotFound
        if not handover.is_relayed:
            return Beginning.BY_ITSELF
        if handover.start is None:
            return Beginning.NOT_YET
        began = await self._start(handover.start)
        return Beginning.BEGUN if began else Beginning.HAD_BEGUN

    async def _start(self, start: AgreementStart) -> bool:
        """Whether it had not begun: of one id the engine begins one, for as long as it knows it."""
        try:
            async with asyncio.timeout(self._patience):
                await self._client.start_workflow(
                    AgreementWorkflow.run,
                    start,
                    id=agreement_id(start.reference),
                    task_queue=self._task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    search_attributes=_searched(start.reference, start.rules),
                    static_summary=start.reference,
                )
        except WorkflowAlreadyStartedError:
            return False
        except (RPCError, TimeoutError) as failed:
            raise Unavailable("engine_unavailable") from failed
        return True

    async def redrain(
        self, reference: str, after: int, request_id: str, source: str = WORKFLOW
    ) -> None:
        def call() -> Awaitable[Any]:
            return self._handle(reference, source).execute_update(
                ProposalWorkflow.redrain, after, id=request_id
            )

        await self._deliver(reference, request_id, call)

    async def recover(self, reference: str) -> bool:
        """Record what the engine has of a proposal and the store has not: an asker has died.

        Whether there was anything.
        """
        found = False
        source, _ = await self._trail.standing(reference)
        for each in (WORKFLOW, AGREEMENT) if source == AGREEMENT else (WORKFLOW,):
            found = await self._recover(reference, each) or found
        return found

    async def _recover(self, reference: str, source: str) -> bool:
        known = await self._trail.length(reference, source)
        batch = await self._ask(reference, source, ProposalWorkflow.entries, known)
        if batch is None or len(batch.entries) <= min(known, 1):
            return False
        await self._trail.record(batch, None)
        return True

    async def snapshot(self, reference: str, source: str = WORKFLOW) -> Snapshot | None:
        """Where the proposal, or its agreement, stands in the engine; None when it knows none."""
        found: Snapshot | None = await self._ask(reference, source, ProposalWorkflow.snapshot)
        return found

    async def troubles(self, reference: str) -> tuple[Trouble, ...]:
        """What the engine is trying again for a proposal."""
        source, _ = await self._trail.standing(reference)
        return await pending.troubles(self._client, workflow_id(reference, source))

    async def hasten(self, reference: str) -> tuple[Work, ...]:
        """Let what the engine is trying again be tried now; returns what that was."""
        source, _ = await self._trail.standing(reference)
        return await pending.hasten(self._client, workflow_id(reference, source))

    async def _ask(self, reference: str, source: str, query: Any, *arguments: Any) -> Any:
        try:
            async with asyncio.timeout(self._patience):
                return await self._handle(reference, source).query(query, *arguments)
        except WorkflowQueryFailedError as failed:
            raise Unavailable("engine_unavailable") from failed
        except RPCError as failed:
            if failed.status is RPCStatusCode.NOT_FOUND:
                return None
            raise Unavailable("engine_unavailable") from failed
        except TimeoutError as failed:
            raise Unavailable("engine_unavailable") from failed

    async def is_alive(self) -> bool:
        """Whether the engine answers now; one that is busy is asked again for two seconds."""
        try:
            async with asyncio.timeout(ALIVE_WITHIN.total_seconds()):
                while not await self._says_it_is_healthy():  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.1)
        except TimeoutError:
            return False
        return True

    async def _says_it_is_healthy(self) -> bool:
        try:
            return await self._client.service_client.check_health()
        except RPCError:
            return False

    def _handle(self, reference: str, source: str) -> WorkflowHandle[ProposalWorkflow, str | None]:
        """The workflow whose events come from *source*; a proposal's and its agreement's give
        the same names to what may be said to both."""
        return self._client.get_workflow_handle_for(
            ProposalWorkflow.run, workflow_id(reference, source)
        )

    async def _tell(
        self,
        reference: str,
        update: Any,
        said: Any,
        request_id: str,
        *,
        standing: tuple[str, int] | None = None,
        then: Then | None = None,
    ) -> None:
        source, known = standing or await self._trail.standing(reference)
        try:
            await self._tell_one(reference, source, known, update, said, request_id, then)
        except Refused as refused:
            if source == AGREEMENT:
                # A proposal that began it by itself may have taken the act, and nobody said so.
                await self._recover(reference, WORKFLOW)
                if await self._trail.is_recorded(reference, request_id):
                    return
                raise
            if refused.code not in _HANDED_ON:
                raise
            await self._recover(reference, AGREEMENT)
            known = await self._trail.length(reference, AGREEMENT)
            if not known:
                if refused.code == "handed_over" or await self._is_about_to_begin(reference):
                    raise Unavailable("engine_unavailable") from refused
                raise
            await self._tell_one(reference, AGREEMENT, known, update, said, request_id, then)

    async def _is_about_to_begin(self, reference: str) -> bool:
        """Whether a proposal that takes nothing any more has handed over to its agreement."""
        handover: Handover | None = await self._ask(reference, WORKFLOW, ProposalWorkflow.agreement)
        return handover is not None and handover.start is not None

    async def _tell_one(
        self,
        reference: str,
        source: str,
        known: int,
        update: Any,
        said: Any,
        request_id: str,
        then: Then | None,
    ) -> None:
        argument = said.model_copy(update={"known": known})

        def call() -> Awaitable[Taken]:
            return self._handle(reference, source).execute_update(update, argument, id=request_id)

        await self._deliver(reference, request_id, call, then)

    async def _deliver(
        self,
        reference: str,
        request_id: str,
        call: Callable[[], Awaitable[Taken]],
        then: Then | None = None,
    ) -> None:
        taken = await self._taken(reference, request_id, call)
        if taken is not None and taken.entries:
            batch = Batch(reference=reference, entries=taken.entries)
            await self._trail.record(batch, request_id, then)

    async def _taken(
        self, reference: str, request_id: str, call: Callable[[], Awaitable[Taken]]
    ) -> Taken | None:
        """The engine's answer; None where it had closed, and the act is recorded already."""
        lane = self._lanes[reference]
        try:
            async with asyncio.timeout(self._patience), lane:
                return await _once_ready(call)
        except WorkflowUpdateFailedError as failed:
            if await self._trail.is_recorded(reference, request_id):
                return None
            cause = failed.cause
            if (
                isinstance(cause, ApplicationError)
                and cause.type != "AcceptedUpdateCompletedWorkflow"
            ):
                facts = cause.details[0] if cause.details else {}
                raise Refused(cause.type or "refused", **facts) from failed
            raise Unavailable("engine_unavailable") from failed
        except WorkflowAlreadyStartedError as failed:
            if not await self._was_taken(reference, request_id):
                raise Refused("proposal_closed") from failed
            return None
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as failed:
            raise Unavailable("engine_unavailable") from failed
        except RPCError as failed:
            if failed.status is not RPCStatusCode.NOT_FOUND:
                raise Unavailable("engine_unavailable") from failed
            if await self._was_taken(reference, request_id):
                return None
            if await self._trail.is_known(reference):
                raise Refused("proposal_closed") from failed
            raise NotFound from failed
        finally:
            if lane._value == UPDATES_AT_A_TIME:  # noqa: SLF001 - idle lanes are forgotten
                self._lanes.pop(reference, None)

    async def _was_taken(self, reference: str, request_id: str) -> bool:
        """Whether a proposal that has ended had taken the act; then it is recorded now."""
        if await self._trail.is_recorded(reference, request_id):
            return True
        await self.recover(reference)
        return await self._trail.is_recorded(reference, request_id)


async def _once_ready(call: Callable[[], Awaitable[Taken]]) -> Taken:
    """Ask again while the engine gives the workflow's task out anew.

    It does so when something reached the workflow as it was about to end, and then throws out an
    update that came with that task. The same update id is taken once, however often it is asked.
    """
    while True:
        try:
            return await call()
        except RPCError as failed:
            if failed.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_BETWEEN_TRIES)
