"""Recusal: who has an interest in a proposal loses sight of it, and somebody else is drawn.

One recuses oneself, by saying so or by declaring an interest in the form of a task; nobody is
recused by another. It is not taken back: a declared interest does not end.
"""

from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking, unattended
from commands.office import Office
from schemas.errors import Refused
from schemas.events import Event, EventType
from schemas.people import SYSTEM, Viewer
from store import chain, recording, texts
from store.tables import ClaimRow, ProposalRow, TaskRow

log = structlog.get_logger()


async def recuse(
    office: Office,
    viewer: Viewer,
    task_id: str,
    reason: str,
    request_id: str,
    *,
    declared: bool = False,
) -> dict[str, Any]:
    """Take the person out of the proposal of a task that they may take.

    From the moment it is recorded they see nothing of it. What they held of it goes to the
    candidate with the least open work, and so does this task when nobody holds it.
    """
    async with office.database.reading() as session:
        known = await session.get(TaskRow, task_id)
        done = known is not None and await chain.recorded_request(
            session, known.reference, request_id
        )
        if known is None or not done:
            _, known = await taking.find_task(session, viewer, task_id)
    if not done:
        async with office.database.writing(known.reference) as session:
            row, task = await taking.find_task(session, viewer, task_id)
            way = taking.candidacies(viewer, task)[0]
            if task.state != "open":
                raise Refused("task_not_open", state=task.state)
            now = office.now()
            event = Event(
                subject=row.reference,
                source=f"recusal:{viewer.id}",
                source_seq=1,
                type=EventType.RECUSED,
                occurred_at=now,
                actor=viewer.acting_as(way),
                request_id=request_id,
                data={"task": task_id, "declared": declared},
                texts={
                    "reason": await texts.put(
                        session, row.reference, f"{request_id}-reason", reason, now=now
                    )
                },
            )
            await recording.record_event(session, event, now=now)
            await _pass_on(session, office, row, task, viewer.id, now)
        log.info("person_recused", proposal=known.reference, task=task_id, declared=declared)
    return {"task": task_id, "reference": known.reference, "recused": True}


async def _pass_on(
    session: AsyncSession,
    office: Office,
    row: ProposalRow,
    task: TaskRow,
    person: str,
    now: datetime,
) -> None:
    """Draw a substitute for all that *person* held, or that others held on their behalf."""
    opened = await session.exec(
        select(TaskRow, ClaimRow)
        .join(ClaimRow, col(ClaimRow.task) == col(TaskRow.id), isouter=True)
        .where(TaskRow.reference == row.reference, TaskRow.state == "open")
        .order_by(col(TaskRow.opened_at), col(TaskRow.id))
    )
    for each, kept in opened.all():
        claim = kept or ClaimRow(task=each.id)
        theirs = person in (claim.person, claim.on_behalf_of)
        if claim.answers_by == person:
            claim.answers, claim.answers_by = None, None
        if claim.comes_back_to == person:
            claim.comes_back_to = None
        if theirs:
            taking.let_go(claim)
        if theirs or (each.id == task.id and claim.person is None):
            await draw(session, row, each, claim, instead_of=person, now=now, office=office)
        if kept is not None or claim.person is not None:
            session.add(claim)
        await session.flush()
    await unattended.look_at(session, office, row, now)


async def draw(
    session: AsyncSession,
    row: ProposalRow,
    task: TaskRow,
    claim: ClaimRow,
    *,
    instead_of: str,
    now: datetime,
    office: Office,
) -> None:
    """Let the candidate with the least open work hold the task; nobody where none is free."""
    who = await taking.takers(session, row, task, office.today())
    drawn = await taking.least_busy(session, who)
    if drawn is None:
        return
    taking.hold(claim, drawn.person, drawn.candidacy, now)
    event = Event(
        subject=row.reference,
        source=f"substitute:{task.id}:{instead_of}",
        source_seq=1,
        type=EventType.SUBSTITUTE_DRAWN,
        occurred_at=now,
        actor=SYSTEM,
        data={
            "task": task.id,
            "person": drawn.person,
            "on_behalf_of": drawn.candidacy.on_behalf_of,
            "delegation": drawn.candidacy.delegation,
        },
    )
    await recording.record_event(session, event, now=now)
