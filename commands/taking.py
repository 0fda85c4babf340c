"""Who may take a task: as what a person acts on it, and who else could.

Grants, delegations, absences, recusals and separation of duties come together here; what each
of them means is told by `policy.rules` and `store`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import task_views
from policy.rules import on_behalf
from policy.rules.clocks import toronto_day
from schemas.errors import Forbidden, NotFound, Refused
from schemas.events import EventType
from schemas.people import ALL, Candidacy, Candidate, Role, Viewer
from store import delegations, people, visibility
from store.duties import duties_of
from store.tables import (
    ClaimRow,
    DelegationRow,
    EventRow,
    GrantRow,
    PersonRow,
    ProposalRow,
    RecusalRow,
    TaskRow,
)


@dataclass(frozen=True)
class Taker:
    """Somebody who may take a task, and as what."""

    person: str
    candidacy: Candidacy
    away: bool = False


async def find_task(
    session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[ProposalRow, TaskRow]:
    """A task of a proposal that this person sees as staff; NotFound otherwise."""
    task = await session.get(TaskRow, task_id)
    if task is None:
        raise NotFound
    row = await visibility.find(session, viewer, task.reference)
    if visibility.sees_partner_view(viewer, row) or not task_views.shows_task(viewer, task):
        raise NotFound
    return row, task


async def find_as_candidate(
    session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[ProposalRow, TaskRow, tuple[Candidacy, ...]]:
    """The task with its proposal, and as what *viewer* may take it.

    NotFound, or Forbidden for who sees it and is no candidate. Who held it under a delegation
    that has ended since is told so (`delegation_ended`): they know of the task.
    """
    try:
        row, task = await find_task(session, viewer, task_id)
        return row, task, candidacies(viewer, task)
    except (NotFound, Forbidden):
        await _check_held_no_longer(session, viewer, task_id)
        raise


async def _check_held_no_longer(session: AsyncSession, viewer: Viewer, task_id: str) -> None:
    task = await session.get(TaskRow, task_id)
    claim = await session.get(ClaimRow, task_id)
    if task is None or await is_recused(session, task.reference, viewer.id):
        return
    under = claim.delegation if claim is not None and claim.person == viewer.id else None
    rerouted = await session.exec(
        select(EventRow)
        .where(EventRow.subject == task.reference, EventRow.type == EventType.REROUTED.value)
        .order_by(col(EventRow.position))
    )
    for event in rerouted:
        if event.data["task"] == task_id and event.data["from"] == viewer.id:
            under = event.data["delegation"]
    row = await session.get(DelegationRow, under) if under else None
    if row is None or await is_recused(session, task.reference, row.giver):
        return
    giver = await session.get(PersonRow, row.giver)
    raise Refused(
        "delegation_ended",
        delegation=row.id,
        giver={"id": row.giver, "name": giver.name if giver else None},
        ended_on=(toronto_day(row.ended_at) if row.ended_at else row.ends_on).isoformat(),
    )


async def is_recused(session: AsyncSession, reference: str, *persons: str | None) -> bool:
    """Whether one of *persons* lost sight of the proposal."""
    found = [await session.get(RecusalRow, (reference, each)) for each in persons if each]
    return any(found)


def candidates_of(task: TaskRow) -> tuple[Candidate, ...]:
    return tuple(Candidate.model_validate(each) for each in task.candidates)


def candidacies(viewer: Viewer, task: TaskRow) -> tuple[Candidacy, ...]:
    """As what *viewer* may take the task, in their own right first; Forbidden when as nothing."""
    found = on_behalf.candidacies(viewer, candidates_of(task), task.reference)
    if not found:
        raise Forbidden("not_a_candidate", kind=task.kind)
    return found


async def candidacy(
    session: AsyncSession,
    viewer: Viewer,
    row: ProposalRow,
    task: TaskRow,
    among: Iterable[Candidacy],
) -> Candidacy:
    """The candidacy under which *viewer* acts: their own, else one that is not barred.

    Where all are barred it is the first, and the workflow says what bars it.
    """
    found = tuple(among)
    if found[0].on_behalf_of is None or len(found) == 1:
        return found[0]
    done = await duties_of(session, row)
    for each in found:
        if done.may_decide(task, viewer.id, viewer.organization, each):
            return each
    return found[0]


def hold(claim: ClaimRow, person: str, candidacy: Candidacy, now: datetime) -> None:
    """Let *person* hold the task, in this candidacy."""
    claim.person, claim.since = person, now
    claim.on_behalf_of, claim.delegation = candidacy.on_behalf_of, candidacy.delegation
    claim.comes_back_to = None
    claim.version += 1


def let_go(claim: ClaimRow) -> None:
    """Nobody holds the task any more; a draft of its answers stays."""
    claim.person = claim.since = claim.on_behalf_of = claim.delegation = None
    claim.version += 1


async def takers(session: AsyncSession, row: ProposalRow, task: TaskRow, day: date) -> list[Taker]:
    """Everybody who may take *task* on *day*, each once: in their own right before for another."""
    wanted = candidates_of(task)
    recused = frozenset(
        await session.exec(select(RecusalRow.person).where(RecusalRow.reference == row.reference))
    )
    away = await delegations.away(session, day)
    done = await duties_of(session, row)
    found: dict[str, Taker] = {}
    for person, candidacy in [
        *await _in_their_own_right(session, wanted, day),
        *await _for_others(session, wanted, task.reference, day),
    ]:
        if person.id in found or {person.id, candidacy.on_behalf_of} & recused:
            continue
        if done.may_decide(task, person.id, person.organization, candidacy):
            found[person.id] = Taker(person.id, candidacy, away=person.id in away)
    return list(found.values())


async def least_busy(session: AsyncSession, among: Iterable[Taker]) -> Taker | None:
    """Who is free and holds the fewest tasks, in their own right before for another.

    Of equals it is the first by id, so that the same question has the same answer.
    """
    free = [each for each in among if not each.away]
    held = await session.exec(
        select(ClaimRow.person, func.count())
        .where(col(ClaimRow.person).in_([each.person for each in free]))
        .group_by(col(ClaimRow.person))
    )
    work = dict(held.all())
    return min(
        free,
        key=lambda t: (t.candidacy.on_behalf_of is not None, work.get(t.person, 0), t.person),
        default=None,
    )


async def _in_their_own_right(
    session: AsyncSession, wanted: tuple[Candidate, ...], day: date
) -> list[tuple[PersonRow, Candidacy]]:
    rows = await session.exec(
        select(PersonRow, GrantRow)
        .join(GrantRow, col(GrantRow.person) == col(PersonRow.id))
        .where(
            col(PersonRow.active).is_(True),
            col(GrantRow.role).in_({each.role.value for each in wanted}),
            col(GrantRow.scope).in_({each.scope for each in wanted} | {ALL}),
        )
        .order_by(col(PersonRow.id), col(GrantRow.id))
    )
    return [
        (person, Candidacy(candidate=each))
        for person, grant in rows
        for each in wanted
        if grant.role == each.role
        and grant.scope in (each.scope, ALL)
        and people.holds_on(grant, day)
    ]


async def _for_others(
    session: AsyncSession, wanted: tuple[Candidate, ...], reference: str, day: date
) -> list[tuple[PersonRow, Candidacy]]:
    found: list[tuple[PersonRow, Candidacy]] = []
    roles = {each.role for each in wanted}
    for row, _ in await delegations.in_force(session, day):
        if not any(Role(given["role"]) in roles for given in row.grants):
            continue
        person = await session.get(PersonRow, row.receiver)
        viewer = await people.viewer_of_person(session, person, day) if person else None
        if person is None or viewer is None:
            continue
        given = tuple(each for each in viewer.delegated if each.delegation == row.id)
        receiver = viewer.model_copy(update={"grants": (), "delegated": given})
        found += [(person, each) for each in on_behalf.candidacies(receiver, wanted, reference)]
    return found
