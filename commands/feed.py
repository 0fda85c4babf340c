"""The feed: every event that a person may read, in one order, once it can be read.

An event has its place from the moment at which its readers may know of it, not before: what stood
in a draft once it is submitted, what came for a call once that has closed, what a partner is told
late once it is told. Afterwards nothing comes in between, so that whoever goes on from the last
cursor misses nothing and reads nothing twice.

Whose rights grow reads on from there; what happened before stands in the history of the proposal.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import histories, visible_documents, watching
from commands.office import Office
from policy.catalogue import Catalogue
from schemas.events import PARTNER_EVENTS, EventType, Recorded
from schemas.people import Viewer
from store import chain, feed
from store.feed import FEED, PARTNER, STAFF
from store.tables import CallRow, EventRow, FeedRow, ProposalRow

AT_A_TIME = 500
"""Events that are looked at in one transaction, while others wait to write."""
A_PAGE = 50
_OF_DOCUMENTS = frozenset({EventType.DOCUMENT_ADDED, EventType.DOCUMENT_REMOVED})


# ---- giving places


async def go_on(office: Office) -> bool:
    """Give places to what waits for them; whether there may be more."""
    now = office.now()
    async with office.database.reading() as session:
        if not await feed.is_waited_for(session, now):
            return False
    async with office.database.writing(FEED) as session:
        rows = await feed.waiting(session, now, AT_A_TIME)
        subjects = {row.subject for row in rows}
        late: dict[str, datetime] = {}
        placed: list[tuple[Recorded, str]] = []
        for reference, events in (await feed.unplaced(session, subjects, STAFF)).items():
            placed += [(e, STAFF) for e in await _for_staff(session, reference, events)]
        for reference, events in (await feed.unplaced(session, subjects, PARTNER)).items():
            theirs = [event for event in events if event.type in PARTNER_EVENTS]
            if theirs:
                known = {each.id for each in await histories.partners(session, reference, now)}
                placed += [(event, PARTNER) for event in theirs if event.id in known]
                told = {event.id: histories.told(event) for event in theirs}
                late |= {event: at for event, at in told.items() if at and at > now}
        await feed.give_places(session, placed)
        for row in rows:
            if row.event in late:
                row.until = late[row.event]
                session.add(row)
        await feed.done(session, [row for row in rows if row.event not in late])
    return len(rows) == AT_A_TIME


async def _for_staff(
    session: AsyncSession, reference: str, events: Sequence[Recorded]
) -> Sequence[Recorded]:
    row = await session.get(ProposalRow, reference)
    if row is None or row.submitted_at is None:
        return []
    if row.call is not None:
        call = await session.get_one(CallRow, row.call)
        if call.closed_at is None:
            return []
    if any(event.type in _OF_DOCUMENTS for event in events):
        history = await chain.events_of(session, reference)
        unsent = await visible_documents.unsent(session, row, history)
        return [event for event in events if event.position not in unsent]
    return events


# ---- reading


async def events(
    office: Office, viewer: Viewer, *, after: str | None, limit: int
) -> dict[str, Any]:
    """What happened behind the cursor *after*, oldest first; without one, from the beginning."""
    await go_on(office)
    async with office.database.reading() as session:
        place = await feed.place_of(session, after) if after else 0
        items, _ = await _read(office.catalogue, session, viewer, place, limit + 1)
    page = items[:limit]
    return {"items": page, "next": page[-1]["cursor"] if len(items) > limit else None}


async def _read(
    catalogue: Catalogue, session: AsyncSession, viewer: Viewer, place: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """*limit* items behind *place*, or all there are; and up to where was looked.

    What one may not know of is passed over in silence, so that no page is shorter for it.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    while len(found) < limit:
        rows = await feed.behind(session, viewer, place, limit)
        found += await _items(catalogue, session, viewer, rows)
        if rows:
            place = rows[-1][0].place
        if len(rows) < limit:
            break
    if len(found) > limit:
        place = found[limit - 1][0]
    return [item for _, item in found[:limit]], place


async def _items(
    catalogue: Catalogue,
    session: AsyncSession,
    viewer: Viewer,
    rows: Sequence[tuple[FeedRow, EventRow]],
) -> list[tuple[int, dict[str, Any]]]:
    of_subject: dict[tuple[str, str], list[Recorded]] = {}
    for row, event in rows:
        of_subject.setdefault((row.subject, row.audience), []).append(chain.event_of(event))
    told: dict[str, dict[str, Any]] = {}
    for (reference, audience), recorded in of_subject.items():
        proposal = await session.get_one(ProposalRow, reference)
        if audience == PARTNER:
            told |= await histories.to_partner(session, proposal, viewer, recorded)
        else:
            told |= await histories.to_staff(catalogue, session, proposal, viewer, recorded)
    return [
        (row.place, {"cursor": row.id, "reference": row.subject, **told[row.event]})
        for row, _ in rows
        if row.event in told
    ]


# ---- as a stream


async def stream(
    office: Office, token: str, language: str, after: str | None
) -> AsyncIterator[dict[str, Any] | None]:
    """Each event as it comes, behind *after* or from now on; None now and then, in a silence.

    It ends with the session. Raises before anything is told what `events` and watching raise.
    """
    await go_on(office)
    async with office.database.reading() as session:
        place = await feed.place_of(session, after) if after else await feed.last_place(session)
    house = watching.watch_of(office)
    async with aclosing(watching.stirrings(office, token, language)) as stirrings:  # type: ignore[type-var]
        async for viewer in stirrings:
            yield None
            while True:
                more = await go_on(office)
                async with house.turn(), office.database.reading() as session:
                    items, place = await _read(office.catalogue, session, viewer, place, A_PAGE)
                for each in items:
                    yield each
                if len(items) < A_PAGE and not more:
                    break
