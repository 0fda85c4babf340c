"""What people hold follows absences and delegations: tasks are rerouted, and come back.

Nobody is asked: an absence begins, or a delegation ends, at midnight. Housekeeping looks for
claims that no longer fit, and whoever changes an absence or a delegation looks at once. A claim
is a courtesy lock, so that until then nothing wrong can be decided: a decision asks anew.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking
from commands.office import Office
from policy.rules.clocks import toronto_day
from schemas.events import Event, EventType
from schemas.people import SYSTEM
from store import delegations, people, recording
from store.tables import AbsenceRow, ClaimRow, ProposalRow, TaskRow

AT_A_TIME = 200


async def reroute(office: Office) -> int:
    """Reroute what does not fit any more; returns how many claims changed hands."""
    async with office.database.reading() as session:
        wanted = bool(await _suspects(session, office))
    if not wanted:
        return 0
    async with office.database.writing() as session:
        return await reroute_in(session, office)


async def reroute_in(session: AsyncSession, office: Office) -> int:
    """The same inside a transaction that may write about every proposal."""
    moved = 0
    away = await delegations.away(session, office.today())
    for claim in await _suspects(session, office):
        moved += await _settle(session, office, claim, away)
    return moved


async def _suspects(session: AsyncSession, office: Office) -> Sequence[ClaimRow]:
    """Claims of the absent, claims under a delegation, and those that are to come back."""
    today = office.today()
    absent = await session.exec(
        select(ClaimRow, AbsenceRow)
        .join(AbsenceRow, col(AbsenceRow.person) == col(ClaimRow.person))
        .where(delegations.away_on(today))
        .order_by(col(ClaimRow.task))
        .limit(AT_A_TIME)
    )
    found = {
        claim.task: claim
        for claim, absence in absent
        if claim.since is not None and _before(claim, absence)
    }
    others = await session.exec(
        select(ClaimRow)
        .where(or_(col(ClaimRow.delegation).is_not(None), col(ClaimRow.comes_back_to).is_not(None)))
        .order_by(col(ClaimRow.task))
    )
    away = await delegations.away(session, today)
    for claim in others:
        ended = claim.delegation is not None and not await _goes_on(session, office, claim)
        back = claim.comes_back_to is not None and claim.comes_back_to not in away
        if ended or back:
            found.setdefault(claim.task, claim)
    return [found[task] for task in sorted(found)]


def _before(claim: ClaimRow, absence: AbsenceRow) -> bool:
    """Whether it was claimed before the absence: what one takes while away one means to do."""
    assert claim.since is not None  # noqa: S101 - the caller has looked
    assert absence.starts_on is not None  # noqa: S101 - an absence that covers a day has one
    return claim.since <= absence.set_at or toronto_day(claim.since) < absence.starts_on


async def _goes_on(session: AsyncSession, office: Office, claim: ClaimRow) -> bool:
    given = await people.delegated_to(session, claim.person or "", office.today())
    return any(each.delegation == claim.delegation for each in given)


async def _settle(
    session: AsyncSession, office: Office, claim: ClaimRow, away: frozenset[str]
) -> bool:
    """Give one claim to whom it belongs now; whether it changed hands."""
    task = await session.get(TaskRow, claim.task)
    row = await session.get(ProposalRow, task.reference) if task else None
    if task is None or row is None or task.state != "open":
        return False
    was, under = claim.person, claim.delegation
    home: str | None
    who = {each.person: each for each in await taking.takers(session, row, task, office.today())}
    if claim.comes_back_to is not None and claim.comes_back_to not in away:
        home, why, type_ = claim.comes_back_to, "back", EventType.CAME_BACK
        takes, claim.comes_back_to = who.get(claim.comes_back_to), None
    elif was in away and (under is None or await _goes_on(session, office, claim)):
        home, why, type_ = claim.comes_back_to or was, "absent", EventType.REROUTED
        takes = await taking.least_busy(session, await _standing_in(session, office, who, home))
    elif was in who and was not in away:
        # The delegation is over, and they may take it all the same: in their own right, say.
        way = who[was].candidacy
        claim.on_behalf_of, claim.delegation = way.on_behalf_of, way.delegation
        session.add(claim)
        return False
    else:
        home, why, type_ = claim.comes_back_to, "delegation_ended", EventType.REROUTED
        takes = None
    taking.let_go(claim)
    if takes is not None:
        taking.hold(claim, takes.person, takes.candidacy, office.now())
    if type_ is EventType.REROUTED:
        claim.comes_back_to = home
    session.add(claim)
    await _record(session, office, row, claim, type_, was, under, why)
    return True


async def _standing_in(
    session: AsyncSession, office: Office, who: Mapping[str, taking.Taker], home: str | None
) -> list[taking.Taker]:
    """Of those who may take the task, the ones to whom *home* has delegated."""
    given = await delegations.in_force(session, office.today())
    receivers = {row.receiver for row, giver in given if giver.id == home}
    return [each for each in who.values() if each.person in receivers]


async def _record(
    session: AsyncSession,
    office: Office,
    row: ProposalRow,
    claim: ClaimRow,
    type_: EventType,
    was: str | None,
    under: str | None,
    why: str,
) -> None:
    await session.flush()
    event = Event(
        subject=row.reference,
        source=f"claim:{claim.task}:{claim.version}",
        source_seq=1,
        type=type_,
        occurred_at=office.now(),
        actor=SYSTEM,
        data={
            "task": claim.task,
            "from": was,
            "to": claim.person,
            "on_behalf_of": claim.on_behalf_of,
            "delegation": claim.delegation or under,
            "why": why,
        },
    )
    await recording.record_event(session, event, now=office.now())
