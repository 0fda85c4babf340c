"""Letters sent again after the end: the engine no longer answers for a proposal that is over.

Proposed, confirmed or left unanswered, each in one transaction of the store under the lock of the
proposal, with the same events as the workflow's.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules import clocks, repairs
from schemas.errors import Refused
from schemas.events import Event, EventType, TextRef
from schemas.messages import Batch, Decision, Entry
from schemas.people import SYSTEM, Actor
from schemas.proposal import Stage
from schemas.repairs import RepairEnd, RepairKind, RepairPlan
from schemas.tasks import OUTCOMES, TaskKind
from schemas.values import instant
from store import chain, recording, texts
from store.tables import ProposalRow, TaskRow

log = structlog.get_logger()
LOOKED_AFTER = timedelta(minutes=1)


async def propose(
    office: Office, actor: Actor, reference: str, plan: RepairPlan, reason: str, request_id: str
) -> None:
    """Ask for a confirmation, as the workflow would."""
    if plan.kind is not RepairKind.RESEND:
        async with office.database.reading() as session:
            row = await session.get_one(ProposalRow, reference)
        raise Refused("proposal_closed" if row.stage == Stage.CLOSED else "repair_after_decision")
    async with office.database.writing(reference) as session:
        await chain.locked_head(session, reference)
        row = await session.get_one(ProposalRow, reference)
        if await chain.recorded_request(session, reference, request_id):
            return
        known = row.state.get("repairs", ())
        for each in known:
            if each["state"] == "proposed":
                raise Refused(
                    "repair_under_way", repair=each["id"], kind=each["kind"], task=each["confirm"]
                )
        # Ids of its own: a workflow that is taken up again goes on counting where it stopped.
        now, repair_id = office.now(), f"{reference}-RC{len(known) + 1:02d}"
        rules = office.catalogue.terms(row.policy_version or "").rules
        due_at = clocks.due_at(now, rules.task_days[TaskKind.CONFIRM], rules.holidays)
        owners = repairs.owners(Stage(row.stage), row.programme, row.state.get("lead") or "")
        words = {
            "reason": await texts.put(session, reference, f"{request_id}-reason", reason, now=now)
        }
        say = _Says(row, f"repair:{repair_id}", now)
        say(
            EventType.REPAIR_PROPOSED,
            actor,
            {
                "repair": repair_id,
                **plan.model_dump(mode="json", exclude_none=True),
                "stands_at": row.stage,
            },
            texts=words,
            request_id=request_id,
        )
        say(
            EventType.TASK_OPENED,
            SYSTEM,
            {
                "task": f"{repair_id}-T1",
                "kind": TaskKind.CONFIRM,
                "stage": row.stage,
                "revision": row.revision,
                "candidates": [each.model_dump(mode="json") for each in owners],
                "due_at": instant(due_at),
                "subject": repair_id,
                "confirms": None,
                "arbitrates": None,
                "previous": None,
                "detail": {"repair": repair_id, "proposed_by": actor.id, "closed": True},
            },
        )
        await recording.record(session, say.batch, now=now)


def is_one(task: TaskRow) -> bool:
    """Whether *task* confirms a repair of a proposal that had ended."""
    return bool(task.detail.get("repair") and task.detail.get("closed"))


async def decide(office: Office, task: TaskRow, decision: Decision) -> None:
    """Take the decision; of many who decide at once one does, the others are told who did."""
    async with office.database.writing(task.reference) as session:
        await chain.locked_head(session, task.reference)
        row = await session.get_one(ProposalRow, task.reference)
        kept = await session.get_one(TaskRow, task.id, populate_existing=True)
        if await chain.recorded_request(session, task.reference, decision.request_id):
            return
        if kept.state != "open":
            at = instant(kept.decided_at) if kept.decided_at else None
            if kept.state == "cancelled":
                raise Refused("task_cancelled", at=at)
            raise Refused("already_decided", by=kept.decided_by, at=at)
        repair = _repair_of(row, kept)
        if repair["proposed_by"] in (decision.actor.id, decision.actor.on_behalf_of):
            raise Refused("separation_of_duties", rule="own_repair", duty=None, held=None)
        say = _Says(row, f"repair:{repair['id']}", office.now(), after=2)
        effect = OUTCOMES[TaskKind.CONFIRM][decision.outcome]
        say(
            EventType.TASK_DECIDED,
            decision.actor,
            {
                "task": kept.id,
                "kind": kept.kind,
                "outcome": decision.outcome,
                "effect": effect,
                "sections": [],
                "facts": {},
            },
            texts=decision.texts,
            request_id=decision.request_id,
        )
        if decision.outcome == "agree":
            reason = {"reason": TextRef.model_validate(repair["reason"])}
            plan = {name: repair[name] for name in ("kind", "letter")}
            done = {"repair": repair["id"], **plan, "proposed_by": repair["proposed_by"]}
            done["superseded"] = []
            say(EventType.REPAIR_DONE, decision.actor, done, texts=reason)
            say(EventType.LETTER_SENT_AGAIN, SYSTEM, {"letter": repair["letter"]})
        else:
            say.ended(repair, decision.actor, RepairEnd.DISAGREED)
        await recording.record(session, say.batch, now=office.now())


async def end_silent(office: Office) -> int:
    """End what nobody has confirmed by its due date; returns how many."""
    now = office.now()
    async with office.database.reading() as session:
        found = await session.exec(
            select(TaskRow.id, TaskRow.reference).where(
                TaskRow.state == "open",
                TaskRow.kind == TaskKind.CONFIRM.value,
                col(TaskRow.stage).in_([Stage.CLOSED.value, Stage.ACTIVE.value]),
                col(TaskRow.due_at) <= now,
            )
        )
        late = list(found.all())
    for task_id, reference in late:
        async with office.database.writing(reference) as session:
            await chain.locked_head(session, reference)
            await _end(session, reference, task_id, now)
    return len(late)


async def _end(session: AsyncSession, reference: str, task_id: str, now: datetime) -> None:
    row = await session.get_one(ProposalRow, reference)
    task = await session.get_one(TaskRow, task_id, populate_existing=True)
    if task.state != "open" or not is_one(task):
        return
    repair = _repair_of(row, task)
    say = _Says(row, f"repair:{repair['id']}", now, after=2)
    say(EventType.TASK_CANCELLED, SYSTEM, {"task": task.id, "kind": task.kind})
    say.ended(repair, SYSTEM, RepairEnd.SILENT)
    await recording.record(session, say.batch, now=now)
    log.info("repair_ended", proposal=reference, why=RepairEnd.SILENT.value)


def _repair_of(row: ProposalRow, task: TaskRow) -> dict[str, Any]:
    repair_id = task.detail["repair"]
    found: dict[str, Any] = next(r for r in row.state["repairs"] if r["id"] == repair_id)
    return found


class _Says:
    """Collects the events of one transaction under the repair's own source."""

    def __init__(self, row: ProposalRow, source: str, now: datetime, *, after: int = 0) -> None:
        self._row, self._source, self._now, self._seq = row, source, now, after
        self._entries: list[Entry] = []

    @property
    def batch(self) -> Batch:
        return Batch(reference=self._row.reference, entries=tuple(self._entries))

    def __call__(
        self,
        event_type: EventType,
        actor: Actor,
        data: dict[str, Any],
        *,
        texts: dict[str, TextRef] | None = None,
        request_id: str | None = None,
    ) -> None:
        self._seq += 1
        event = Event(
            subject=self._row.reference,
            source=self._source,
            source_seq=self._seq,
            type=event_type,
            occurred_at=self._now,
            actor=actor,
            request_id=request_id,
            policy_version=self._row.policy_version,
            data=data,
            texts=texts or {},
        )
        self._entries.append(Entry(event=event))

    def ended(self, repair: dict[str, Any], actor: Actor, why: RepairEnd) -> None:
        data = {"repair": repair["id"], "proposed_by": repair["proposed_by"]}
        self(EventType.REPAIR_ENDED, actor, {**data, "why": why.value, "changed": []})
