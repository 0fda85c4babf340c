"""Accord through its gateway: the same acts as over HTTP, said to the engine directly.

Drafts and frozen revisions are made beforehand; what is timed begins with the submission.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

from bench.installation import Installation, frozen
from bench.journey import Step
from bench.sample import Sample
from schemas.errors import AccordError, NotFound, Unavailable
from schemas.events import TextRef
from schemas.messages import Decision, PartnerAct, ProposalStart

_NOT_YET = frozenset({"task_unknown", "no_agreement_yet", "screening_open"})
_PATIENCE_SECONDS = 60.0


async def drive(accord: Installation, proposals: int, at_a_time: int) -> Sample:
    """Take *proposals* to an active agreement, so many at a time."""
    ready = []
    for _ in range(proposals):
        start = await frozen(accord, uuid.uuid4().hex)
        ready.append((start, await accord.steps_of(start)))
    lanes = asyncio.Semaphore(at_a_time)
    sample = Sample(proposals, at_a_time, 0.0)

    async def one(start: ProposalStart, steps: list[Step]) -> None:
        async with lanes:
            await _one(accord, start, steps, sample)

    began = time.perf_counter()
    await asyncio.gather(*(one(*each) for each in ready))
    sample.seconds = time.perf_counter() - began
    sample.updates = sum(len(steps) + 1 for _, steps in ready) / proposals
    sample.references = [start.submission.reference for start, _ in ready]
    return sample


async def _one(
    accord: Installation, start: ProposalStart, steps: list[Step], sample: Sample
) -> None:
    gateway, reference = accord.office.gateway, start.submission.reference
    await once_open(lambda: gateway.submit(start), sample)
    for step in steps:
        request_id = uuid.uuid4().hex

        async def act(step: Step = step, request_id: str = request_id) -> None:
            if step.task is None:
                said = {"act": step.outcome, "actor": step.actor, "request_id": request_id}
                await gateway.act(reference, PartnerAct.model_validate(said))
            else:
                await gateway.decide(reference, _decision(step, step.task, request_id))

        sample.latencies.append(await once_open(act, sample))


async def once_open(act: Callable[[], Awaitable[None]], sample: Sample) -> float:
    """Do *act* until it is done; the milliseconds that it took.

    What is not open yet is asked again, and only the last attempt counts. Whoever is told that
    the engine is late asks again with the same request id, and all of it counts.
    """
    began = time.perf_counter()
    give_up = began + _PATIENCE_SECONDS
    while True:
        try:
            await act()
        except AccordError as refused:
            if time.perf_counter() > give_up or not (_is_not_yet(refused) or _is_late(refused)):
                raise
            await asyncio.sleep(0.005)
            if _is_late(refused):
                sample.late += 1
            else:
                sample.waits += 1
                began = time.perf_counter()
        else:
            return (time.perf_counter() - began) * 1000


def _is_late(refused: AccordError) -> bool:
    return refused.status == Unavailable.status


def _is_not_yet(refused: AccordError) -> bool:
    return isinstance(refused, NotFound) or refused.code in _NOT_YET


def _decision(step: Step, task: str, request_id: str) -> Decision:
    """As a command would say it: with the digests of its words, but without keeping them."""
    words = ("reason", "answers", *(("document", "agreement") if "approve" in step.kind else ()))
    return Decision(
        task=task,
        outcome=step.outcome,
        actor=step.actor,
        request_id=request_id,
        facts=step.facts,
        texts={name: TextRef(id=f"{request_id}-{name}", digest="0" * 64) for name in words},
    )
