"""Giving a task to somebody else: who holds it loses it, and the chain says who gave it to whom.

A courtesy lock changes hands; the engine hears nothing of it.
"""

from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking, task_views
from commands.deciding import check_open, claim_of, named
from commands.office import Office
from policy.rules import on_behalf
from schemas.errors import Gap, Malformed, Refused, Stale
from schemas.events import Event, EventType
from schemas.people import ALL, Candidacy, Candidate, Delegated, Role, Viewer
from schemas.requests import ReassignRequest
from schemas.values import instant
from store import chain, delegations, inboxes, people, recording, texts
from store.tables import ClaimRow, PersonRow, ProposalRow, TaskRow

log = structlog.get_logger()


async def reassign(
    office: Office,
    viewer: Viewer,
    task_id: str,
    request: ReassignRequest,
    request_id: str,
    version: int | None = None,
) -> tuple[dict[str, Any], int]:
    """Give an open task to a person who may take it; who has it already keeps it.

    An administrator may, and whoever could take the task. With *version* only as long as nobody
    has taken, released or given it since: of many who do so at once, one does.
    """
    async with office.database.writing() as session:
        row, task = await taking.find_task(session, viewer, task_id)
        if not await chain.recorded_request(session, row.reference, request_id):
            role, receiver = await givable(office, session, viewer, task, request.person)
            held = await claim_of(session, task_id)
            if version is not None and version != held.version:
                raise Stale(
                    "stale_version",
                    version=held.version,
                    by=await named(session, held.person),
                    since=instant(held.since) if held.since else None,
                )
            if held.person != receiver.id:
                await _give(office, session, viewer, role, row, held, receiver, request, request_id)
    return await task_views.task_view(office, viewer, task_id)


async def givable(
    office: Office, session: AsyncSession, viewer: Viewer, task: TaskRow, person: str
) -> tuple[Candidacy, Viewer]:
    """In which role *viewer* gives the task, and to whom; refuses as `reassign` does."""
    role = _role(viewer, task)
    await check_open(session, task)
    return role, await _receiver(office, session, task, person)


async def receivers(office: Office, viewer: Viewer, task_id: str) -> list[dict[str, Any]]:
    """Everybody to whom *viewer* may give the task, by name, with how many tasks each holds."""
    async with office.database.reading() as session:
        _, task = await taking.find_task(session, viewer, task_id)
        _role(viewer, task)
        found = []
        stand_ins = {row.receiver for row, _ in await delegations.in_force(session, office.today())}
        for row, grants in await people.all_people(session):
            given: tuple[Delegated, ...] = ()
            if row.id in stand_ins:
                given = await people.delegated_to(session, row.id, office.today())
            person = people.viewer(row, grants, office.today(), given)
            if person is None or not _is_candidate(person, task):
                continue
            if await inboxes.may_take(session, person, task.id):
                holds = await inboxes.held_by(session, person.id)
                found.append({"id": person.id, "name": person.name, "holds": holds})
    return found


def _role(viewer: Viewer, task: TaskRow) -> Candidacy:
    if viewer.holds(Role.ADMINISTRATOR):
        return Candidacy(candidate=Candidate(role=Role.ADMINISTRATOR, scope=ALL))
    return taking.candidacies(viewer, task)[0]


async def _receiver(office: Office, session: AsyncSession, task: TaskRow, person: str) -> Viewer:
    """The person, who is a candidate and is not barred: the task stands in their group's inbox."""
    row = await session.get(PersonRow, person)
    if row is None or not row.active:
        raise Malformed(Gap(pointer="/person", code="unknown_person"))
    receiver = await people.viewer_of_person(session, row, office.today())
    if receiver is None or not _is_candidate(receiver, task):
        raise Refused("receiver_not_a_candidate", person=await named(session, person))
    if not await inboxes.may_take(session, receiver, task.id):
        raise Refused("receiver_barred", person=await named(session, person))
    return receiver


def _is_candidate(person: Viewer, task: TaskRow) -> bool:
    return bool(on_behalf.candidacies(person, taking.candidates_of(task), task.reference))


def _under(way: Candidacy) -> dict[str, str | None]:
    """For whom the receiver holds it, where it is not in their own right."""
    if way.on_behalf_of is None:
        return {}
    return {"on_behalf_of": way.on_behalf_of, "delegation": way.delegation}


async def _give(
    office: Office,
    session: AsyncSession,
    viewer: Viewer,
    role: Candidacy,
    row: ProposalRow,
    held: ClaimRow,
    receiver: Viewer,
    request: ReassignRequest,
    request_id: str,
) -> None:
    now = office.now()
    before = held.person
    task = await session.get_one(TaskRow, held.task)
    ways = taking.candidacies(receiver, task)
    way = await taking.candidacy(session, receiver, row, task, ways)
    taking.hold(held, receiver.id, way, now)
    session.add(held)
    words = {}
    if request.reason:
        words["reason"] = await texts.put(
            session, row.reference, f"{request_id}-reason", request.reason, now=now
        )
    event = Event(
        subject=row.reference,
        source=f"reassign:{request_id}",
        source_seq=1,
        type=EventType.TASK_REASSIGNED,
        occurred_at=now,
        actor=viewer.acting_as(role),
        request_id=request_id,
        policy_version=row.policy_version,
        data={"task": held.task, "from": before, "to": receiver.id, **_under(way)},
        texts=words,
    )
    await recording.record_event(session, event, now=now)
    log.info("task_reassigned", proposal=row.reference, task=held.task)
