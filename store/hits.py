"""Screening evidence: possible matches of named parties with list entries, and their judgements.

A judgement holds for one pair - this party as it was identified, this entry as it was listed -
on every proposal, until either changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store import questions
from store.tables import HitRow, TaskRow

NO_MATCH = "no_match"


async def hits_of(
    session: AsyncSession, reference: str, party: str | None = None
) -> Sequence[HitRow]:
    """The hits of a proposal (of one party of it), the closest first."""
    query = select(HitRow).where(HitRow.reference == reference)
    if party is not None:
        query = query.where(HitRow.party == party)
    found = await session.exec(query.order_by(col(HitRow.score).desc(), HitRow.id))
    return found.all()


async def judge(
    session: AsyncSession,
    reference: str,
    judgements: Mapping[str, str],
    person: str,
    now: datetime,
) -> None:
    """Keep the judgement of each hit id; ids of other proposals are passed over.

    The same judgement by the same person a second time changes nothing; a later one replaces
    it, and the events tell both.
    """
    rows = await session.exec(
        select(HitRow).where(HitRow.reference == reference, col(HitRow.id).in_(list(judgements)))
    )
    for row in rows:
        judgement = judgements[row.id]
        if (row.judgement, row.judged_by) == (judgement, person):
            continue
        row.judgement, row.judged_by, row.judged_at = judgement, person, now
        session.add(row)
    await session.flush()


async def holding(
    session: AsyncSession, found: Iterable[HitRow], since: datetime
) -> dict[tuple[str, str, str, str], HitRow]:
    """For each pair among *found*, the last judgement anywhere, where it was "no match".

    A match or a doubt is not carried: it belongs to the proposal where it was said. Nor is what
    was said before *since*, or what waits for a second person or was not agreed to.
    """
    wanted = {pair_of(row) for row in found}
    if not wanted:
        return {}
    identities = sorted({pair[0] for pair in wanted})
    last: dict[tuple[str, str, str, str], HitRow] = {}
    for start in range(0, len(identities), 500):
        rows = await session.exec(
            select(HitRow)
            .where(
                col(HitRow.party_identity).in_(identities[start : start + 500]),
                col(HitRow.judgement).is_not(None),
                col(HitRow.judged_at) >= since,
            )
            .order_by(col(HitRow.judged_at), HitRow.id)
        )
        last.update({pair_of(row): row for row in rows if pair_of(row) in wanted})
    said = {pair: row for pair, row in last.items() if row.judgement == NO_MATCH}
    return {pair: row for pair, row in said.items() if await _is_settled(session, row)}


async def _is_settled(session: AsyncSession, hit: HitRow) -> bool:
    """Whether nobody is still to agree to the judgement of *hit*, or has disagreed for good."""
    tasks = (
        await session.exec(
            select(TaskRow)
            .where(TaskRow.reference == hit.reference)
            .order_by(col(TaskRow.opened_at))
        )
    ).all()
    judged = [task for task in tasks if hit.id in task.detail.get("hits", ()) and task.outcome]
    if not judged or not (judged[-1].facts or {}).get("confirm_needed"):
        return True
    if questions.is_seat(judged[-1]):
        return True  # kept only once all had judged alike
    return any(
        (task.confirms, task.outcome) == (judged[-1].id, "agree")
        or (task.arbitrates, task.outcome) == (judged[-1].id, "proceed")
        for task in tasks
    )


def pair_of(row: HitRow) -> tuple[str, str, str, str]:
    """What a judgement is about: the party's identity, and the entry's on its list."""
    return row.party_identity, row.list_id, row.entry, row.identity
