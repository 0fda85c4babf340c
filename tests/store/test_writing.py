"""A session that writes brings to the database what the mapper's own would have brought."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

import store.schema  # noqa: F401 - gathers every table
from store.database import Database
from store.tables import ClaimRow, DraftRow, OrganizationRow, PersonRow, TextRow

pytestmark = pytest.mark.on_both_databases

_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def kept(database):
    async with database.writing() as session:
        session.add_all(ClaimRow(task=f"T{n}", version=n, answers={"a": [n]}) for n in (1, 2, 3))
    return database


async def claims(database: Database):
    """What is kept, as the mapper reads it."""
    async with AsyncSession(database.engine) as session:
        found = await session.exec(select(ClaimRow).order_by(ClaimRow.task))
        return {row.task: (row.person, row.version, row.answers) for row in found}


def statements(database: Database):
    asked = []

    def listen(_connection, _cursor, statement, parameters, _context, many):
        if not statement.startswith(("BEGIN", "SELECT pg_advisory")):
            asked.append((statement.split()[0], len(parameters) if many else 1))

    event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
    return asked


async def test_new_rows_of_a_table_are_one_statement(database: Database):
    asked = statements(database)

    async with database.writing() as session:
        session.add_all(ClaimRow(task=f"T{number}") for number in range(20))

    assert asked == [("INSERT", 20)]
    assert len(await claims(database)) == 20


async def test_of_a_changed_row_the_changed_columns_are_written(kept: Database):
    async with kept.writing() as session:
        row = await session.get_one(ClaimRow, "T1")
        asked = statements(kept)
        row.person, row.version, row.answers = "rosa", 1, {"a": [1]}

    assert asked == [("UPDATE", 1)]
    assert (await claims(kept))["T1"] == ("rosa", 1, {"a": [1]})


async def test_a_row_that_did_not_change_is_not_written(kept: Database):
    async with kept.writing() as session:
        row = await session.get_one(ClaimRow, "T1")
        asked = statements(kept)
        row.version = 1
        session.add(row)

    assert asked == []


async def test_a_column_that_was_changed_beside_it_is_kept(kept: Database):
    async with kept.writing() as session:
        row = await session.get_one(ClaimRow, "T1")
        await session.exec(update(ClaimRow).where(col(ClaimRow.task) == "T1").values(version=9))
        row.person = "rosa"

    assert (await claims(kept))["T1"] == ("rosa", 9, {"a": [1]})


async def test_what_a_statement_changed_is_read_anew(kept: Database):
    async with kept.writing() as session:
        assert (await session.get_one(ClaimRow, "T1")).version == 1
        await session.exec(update(ClaimRow).values(version=col(ClaimRow.version) + 10))

        assert (await session.get_one(ClaimRow, "T1")).version == 11


async def test_a_row_that_is_changed_here_stays_so_among_others(kept: Database):
    async with kept.writing() as session:
        row = await session.get_one(ClaimRow, "T1")
        row.version = 50
        found = (await session.exec(select(ClaimRow).order_by(ClaimRow.task))).all()

        assert found[0] is row
        assert [each.version for each in found] == [50, 2, 3]


async def test_a_row_is_deleted_and_another_put_in_its_place(kept: Database):
    async with kept.writing() as session:
        await session.delete(await session.get_one(ClaimRow, "T1"))
        await session.flush()
        assert await session.get(ClaimRow, "T1") is None
        session.add(ClaimRow(task="T1", person="pia"))

    assert (await claims(kept))["T1"] == ("pia", 0, None)


async def test_what_a_statement_deleted_is_gone(kept: Database):
    async with kept.writing() as session:
        await session.get_one(ClaimRow, "T1")
        await session.exec(delete(ClaimRow).where(col(ClaimRow.task) == "T1"))

        assert await session.get(ClaimRow, "T1") is None


async def test_a_new_row_is_found_by_its_key_and_changed_once_it_is_written(database: Database):
    async with database.writing() as session:
        row = ClaimRow(task="T1")
        session.add(row)
        await session.flush()
        row.person = "rosa"

        assert await session.get(ClaimRow, "T1") is row

    assert (await claims(database))["T1"][0] == "rosa"


async def test_a_changed_row_that_is_gone_fails_loudly(kept: Database):
    async def change_what_is_gone():
        async with kept.writing() as session:
            row = await session.get_one(ClaimRow, "T1")
            row.version = 9
            await session.exec(delete(ClaimRow).where(col(ClaimRow.task) == "T1"))

    with pytest.raises(StaleDataError, match="claims"):
        await change_what_is_gone()

    assert len(await claims(kept)) == 3


async def test_nothing_of_a_failed_transaction_is_kept(kept: Database):
    async def change_and_fail():
        async with kept.writing() as session:
            (await session.get_one(ClaimRow, "T1")).person = "rosa"
            session.add(ClaimRow(task="T2"))

    with pytest.raises(IntegrityError):
        await change_and_fail()

    assert (await claims(kept))["T1"][0] is None


async def test_what_is_referred_to_is_written_first(database: Database):
    async with database.writing() as session:
        session.add(
            PersonRow(id="pia", name="P", email="p@x.example", organization="o", active=True)
        )
        session.add(OrganizationRow(id="o", name="O", kind="ngo"))

    async with database.reading() as session:
        assert (await session.get_one(PersonRow, "pia")).organization == "o"


async def test_what_a_table_derives_by_itself_is_written_too(database: Database):
    async with database.writing() as session:
        session.add(OrganizationRow(id="o", name="O", kind="ngo"))
        session.add(
            DraftRow(
                reference="R-1",
                organization="o",
                programme="CTCBP",
                title="École",
                content={},
                saved_at=_NOW,
                created_by="pia",
            )
        )
    async with database.writing() as session:
        (await session.get_one(DraftRow, "R-1")).title = "Sécurité"

    async with database.reading() as session:
        assert (await session.get_one(DraftRow, "R-1")).words == "r-1 securite"


async def test_a_part_that_is_taken_back_leaves_the_rest(kept: Database):
    async with kept.writing() as session:
        (await session.get_one(ClaimRow, "T1")).person = "rosa"
        savepoint = await session.begin_nested()
        await session.exec(update(ClaimRow).values(version=99))
        await savepoint.rollback()
        assert (await session.get_one(ClaimRow, "T2")).version == 2
        savepoint = await session.begin_nested()
        (await session.get_one(ClaimRow, "T3")).version = 30
        await savepoint.commit()

    found = await claims(kept)
    assert [found[task][:2] for task in sorted(found)] == [("rosa", 1), (None, 2), (None, 30)]


async def test_a_row_is_read_anew_where_that_is_asked_for(kept: Database):
    async with kept.writing() as session:
        row = await session.get_one(ClaimRow, "T1")
        row.version = 9
        await session.refresh(row)
        assert row.version == 1
        await session.exec(update(ClaimRow).values(version=5))
        again = await session.get_one(ClaimRow, "T1", populate_existing=True, with_for_update=True)

        assert again.version == 5


async def test_a_row_is_put_over_the_one_of_its_key(kept: Database):
    async with kept.writing() as session:
        await session.merge(ClaimRow(task="T1", person="pia", version=7))
        await session.merge(ClaimRow(task="T4", version=4))

    found = await claims(kept)
    assert (found["T1"][:2], found["T4"][:2]) == (("pia", 7), (None, 4))


async def test_instants_and_what_is_none_are_kept_as_they_are(database: Database):
    later = _NOW + timedelta(seconds=1)
    async with database.writing() as session:
        session.add(ClaimRow(task="T1", since=later, answers=None))
        session.add(TextRow(id="t", subject="R-1", salt="00", digest="d", body="é", stored_at=_NOW))

    async with AsyncSession(database.engine) as mapper:
        assert (await mapper.get_one(ClaimRow, "T1")).since == later
        assert (await mapper.get_one(TextRow, "t")).body == "é"
