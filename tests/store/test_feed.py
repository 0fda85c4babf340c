"""The order of the feed: given to what is committed, whatever clocks say, and never changed."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from store import chain, feed
from store.tables import FeedRow
from tests.store.others import NOW, an_event

ONE, TWO = "CTCBP-2026-000001", "CTCBP-2026-000002"

pytestmark = pytest.mark.on_both_databases


async def recorded(database, subject, number, seconds):
    async with database.writing(subject) as session:
        event = an_event(subject=subject, source="workflow", source_seq=number)
        return await chain.append(session, event, now=NOW + timedelta(seconds=seconds))


async def placed(database):
    """Give places to all that waits; the events in their order."""
    async with database.writing(feed.FEED) as session:
        rows = await feed.waiting(session, NOW, 100)
        found = await feed.unplaced(session, {row.subject for row in rows}, feed.STAFF)
        every = [(event, feed.STAFF) for events in found.values() for event in events]
        await feed.give_places(session, every)
        await feed.done(session, rows)
    async with database.reading() as session:
        rows = (await session.exec(select(FeedRow).order_by(col(FeedRow.place)))).all()
    return [row.event for row in rows]


async def test_an_event_that_was_stamped_before_others_comes_behind_those_that_were_told(database):
    second = await recorded(database, TWO, 1, seconds=10)
    assert await placed(database) == [second.id]

    first = await recorded(database, ONE, 1, seconds=0)

    assert await placed(database) == [second.id, first.id]


async def test_the_events_of_a_subject_keep_their_order_whatever_the_clocks_say(database):
    ahead = await recorded(database, ONE, 1, seconds=60)
    other = await recorded(database, TWO, 1, seconds=30)
    behind = await recorded(database, ONE, 2, seconds=0)

    assert await placed(database) == [other.id, ahead.id, behind.id]
