"""A session that only reads gives the rows that the mapper's own would give."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

import store.schema  # noqa: F401 - gathers every table
from store.database import Database
from store.reading import entity_of
from store.tables import AudienceRow, ClaimRow, PersonRow

pytestmark = pytest.mark.on_both_databases

_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_CLASSES = sorted(
    (mapper.class_ for mapper in SQLModel._sa_registry.mappers), key=lambda each: each.__name__
)


@pytest.fixture
async def kept(database):
    async with database.writing() as session:
        session.add(ClaimRow(task="T1", person="pia", since=_NOW, version=3, answers={"a": [1]}))
        session.add(ClaimRow(task="T2", version=1))
    return database


async def test_a_row_reads_as_the_mapper_reads_it(kept: Database):
    async with kept.reading() as session, AsyncSession(kept.engine) as mapper:
        for task in ("T1", "T2"):
            found = await session.get_one(ClaimRow, task)

            assert found.model_dump() == (await mapper.get_one(ClaimRow, task)).model_dump()


async def test_every_table_gives_its_columns_in_the_order_of_the_table(kept: Database):
    async with kept.reading() as session:
        connection = await session.connection()
        for table in _CLASSES:
            asked = await connection.execute(select(table).limit(1))

            assert list(asked.keys()) == entity_of(table).columns


async def test_a_row_is_made_once_and_found_again_by_its_key(kept: Database):
    async with kept.reading() as session:
        by_list = (await session.exec(select(ClaimRow).order_by(ClaimRow.task))).all()

        assert await session.get(ClaimRow, "T1") is by_list[0]
        assert await session.get(ClaimRow, "T3") is None
        with pytest.raises(NoResultFound):
            await session.get_one(ClaimRow, "T3")


async def test_rows_and_values_may_stand_beside_each_other(kept: Database):
    other = aliased(ClaimRow)
    beside = (
        select(ClaimRow, other, ClaimRow.version + 1, func.length(ClaimRow.task))
        .join(other, col(other.version) > col(ClaimRow.version), isouter=True)
        .order_by(ClaimRow.task)
    )
    async with kept.reading() as session:
        [first, second] = (await session.exec(beside)).all()
        count = (await session.exec(select(func.count()).select_from(ClaimRow))).one()
        pair = (await session.exec(select(ClaimRow.task, ClaimRow.version))).first()

    assert (first[0].task, first[1], first[2], first[3]) == ("T1", None, 4, 2)
    assert (second[0].task, second[1], second[2]) == ("T2", first[0], 2)
    assert count == 2
    assert pair is not None
    assert pair.version in (1, 3)


async def test_a_row_that_was_read_is_changed_by_whoever_adds_it_to_a_transaction(kept: Database):
    async with kept.reading() as session:
        row = await session.get_one(ClaimRow, "T2")
    async with kept.writing() as session:
        row.person = "rosa"
        session.add(row)

    async with kept.reading() as session:
        assert (await session.get_one(ClaimRow, "T2")).person == "rosa"
        assert len((await session.exec(select(ClaimRow))).all()) == 2


async def test_what_is_changed_while_reading_is_thrown_away(kept: Database):
    async with kept.reading() as session:
        (await session.get_one(ClaimRow, "T2")).version = 9
        await session.exec(select(PersonRow))
        await session.exec(select(AudienceRow))

    async with kept.reading() as session:
        assert (await session.get_one(ClaimRow, "T2")).version == 1


async def test_a_row_that_is_let_go_is_asked_for_anew(kept: Database):
    async with kept.reading() as session:
        row = await session.get_one(ClaimRow, "T1")
        session.expunge(row)

        assert await session.get(ClaimRow, "T1") is not row
