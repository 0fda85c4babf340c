"""Free text beside the chain: salted, and forgotten under a rule."""

import json
from datetime import timedelta

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


async def test_a_disposed_text_is_gone_with_its_salt_and_says_under_which_rule(database):
    kept = await put(database, "one", "A name.")
    for later in (0, 1):  # a second time changes nothing
        async with database.writing() as session:
            await texts.dispose(session, "one", f"rule-{later}", NOW + timedelta(days=later))

    row = await row_of(database, "one")
    assert (row.body, row.salt, row.digest) == (None, "", kept.digest)
    assert (row.disposed_at, row.disposed_under) == (NOW, "rule-0")
    async with database.reading() as session:
        assert await texts.read(session, ["one"]) == {}


def test_a_text_has_one_written_form():
    assert canonical({"b": "é", "a": 1}) == '{"a":1,"b":"é"}'.encode()
