"""Which open tasks nobody may take: looked for where there can be any, not through all of them.

Of those who hold what a task asks for, one who has had nothing to do with its proposal may take
it. So nobody may only where all of them had, or where nobody holds it: these few are found by
what each person did, and asked one by one (`duties.nobody_may_take`).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import ALL
from schemas.tasks import TaskKind
from store import delegations, duties, people
from store.tables import (
    GrantRow,
    PersonRow,
    ProposalRow,
    RecusalRow,
    RevisionRow,
    TaskCandidateRow,
    TaskRow,
)

_AT_ONCE = 500
_ASKED_OF = 8
"""Of so many who hold the same, what each did is looked at: more leave no fewer tasks."""


async def nobody_may_take(
    session: AsyncSession, day: date, *, present: bool = False, most: int
) -> list[str]:
    """At most *most* open tasks that no one may take in their own right; *present*: and is here."""
    found: list[str] = []
    doubtful = await _doubtful(session, day, present=present, most=most)
    for start in range(0, len(doubtful), _AT_ONCE):
        some = doubtful[start : start + _AT_ONCE]
        rows = await session.exec(
            select(TaskRow.id)
            .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
            .where(
                col(TaskRow.id).in_(some),
                TaskRow.state == "open",
                duties.nobody_may_take(day, present=present),
            )
        )
        found += rows
        if len(found) >= most:
            break
    return found[:most]


async def _doubtful(session: AsyncSession, day: date, *, present: bool, most: int) -> list[str]:
    """Every open task that perhaps nobody may take, and of those that none holds at most *most*."""
    row = TaskCandidateRow
    groups = list(await session.exec(select(row.role, row.scope).distinct()))
    holders = await _holders(session, day, present=present)
    staffed: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    unstaffed = []
    for role, scope in groups:
        held = holders.get((role, scope), set()) | holders.get((role, ALL), set())
        if held:
            staffed.setdefault(tuple(sorted(held)[:_ASKED_OF]), []).append((role, scope))
        else:
            unstaffed.append((role, scope))
    found: dict[str, None] = {}
    for persons, of in staffed.items():
        found |= dict.fromkeys(await _touched_by_all(session, persons, of))
    arbitrations = select(TaskRow.id).where(
        TaskRow.state == "open", TaskRow.kind == TaskKind.ARBITRATE.value
    )
    found |= dict.fromkeys(await session.exec(arbitrations))
    if unstaffed:
        other = aliased(TaskCandidateRow)
        elsewhere = and_(
            col(other.task) == col(row.task),
            ~_any_of(unstaffed, col(other.role), col(other.scope)),
        )
        alone = select(row.task).where(
            _any_of(unstaffed, col(row.role), col(row.scope)),
            ~exists(col(other.task)).where(elsewhere).correlate_except(other),
        )
        ordered = alone.order_by(col(row.due_at), col(row.task)).limit(most)
        found |= dict.fromkeys(await session.exec(ordered))
    return list(found)


async def _holders(
    session: AsyncSession, day: date, *, present: bool
) -> dict[tuple[str, str], set[str]]:
    """Who holds each role and scope on *day*."""
    rows = await session.exec(
        select(GrantRow.role, GrantRow.scope, GrantRow.person)
        .join(PersonRow, col(PersonRow.id) == col(GrantRow.person))
        .where(col(PersonRow.active).is_(True), *people.held_on(GrantRow, day))
    )
    away = await delegations.away(session, day) if present else frozenset()
    found: dict[tuple[str, str], set[str]] = {}
    for role, scope, person in rows:
        if person not in away:
            found.setdefault((role, scope), set()).add(person)
    return found


async def _touched_by_all(
    session: AsyncSession, persons: Sequence[str], groups: Iterable[tuple[str, str]]
) -> Sequence[str]:
    """The open tasks for one of *groups* on proposals that each of *persons* had to do with."""
    touched = [_touched_by(person) for person in persons]
    mine = and_(
        col(TaskCandidateRow.task) == col(TaskRow.id),
        _any_of(groups, col(TaskCandidateRow.role), col(TaskCandidateRow.scope)),
    )
    found = await session.exec(
        select(TaskRow.id).where(
            TaskRow.state == "open",
            *(col(TaskRow.reference).in_(each) for each in touched),
            exists(col(TaskCandidateRow.task)).where(mine).correlate_except(TaskCandidateRow),
        )
    )
    return found.all()


def _touched_by(person: str) -> Any:
    """The proposals with anything in them that could bar *person* from a task, but arbitrations."""
    organization = select(PersonRow.organization).where(PersonRow.id == person)
    return union_all(
        select(TaskRow.reference).where(TaskRow.decided_by == person),
        select(TaskRow.reference).where(TaskRow.on_behalf_of == person),
        select(RecusalRow.reference).where(RecusalRow.person == person),
        select(RevisionRow.reference).where(RevisionRow.submitted_by == person),
        select(ProposalRow.reference).where(
            col(ProposalRow.organization) == organization.scalar_subquery()
        ),
    )


def _any_of(groups: Iterable[tuple[str, str]], role: Any, scope: Any) -> ColumnElement[bool]:
    scopes: dict[str, list[str]] = {}
    for each, of in groups:
        scopes.setdefault(each, []).append(of)
    return or_(*(and_(role == each, scope.in_(of)) for each, of in sorted(scopes.items())))
