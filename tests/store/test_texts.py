"""Free text beside the chain: salted, and the first under an id."""

import json

from sqlalchemy import event

from schemas.values import canonical
from store import texts
from store.tables import TextRow
from tests.store.others import NOW, SUBJECT


async def put(database, text_id, body):
    async with database.writing() as session:
        return await texts.put(session, SUBJECT, text_id, body, now=NOW)


async def row_of(database, text_id):
    async with database.reading() as session:
        return await session.get(TextRow, text_id)


async def test_equal_texts_have_different_digests(database):
    one = await put(database, "one", "Agreed.")
    two = await put(database, "two", "Agreed.")

    assert one.digest != two.digest


async def test_the_first_text_under_an_id_is_kept(database):
    first = await put(database, "one", {"words": "Agreed."})

    assert await put(database, "one", "Something else.") == first
    row = await row_of(database, "one")
    assert json.loads(row.body) == {"words": "Agreed."}
    assert texts.salted_digest(row.salt, row.body) == first.digest


async def test_a_reader_asks_for_a_text_once(database):
    await put(database, "one", {"words": "Agreed."})
    asked: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def _count(_connection, _cursor, statement, *_):
        asked.append(statement)

    async with database.reading() as session:
        first = await texts.read_one(session, "one")
        again = await texts.read_one(session, "one")

    assert first == again == {"words": "Agreed."}
    assert len([statement for statement in asked if "FROM texts" in statement]) == 1


def test_a_text_has_one_written_form():
    assert canonical({"b": "é", "a": 1}) == '{"a":1,"b":"é"}'.encode()
