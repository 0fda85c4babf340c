"""What a decision costs over HTTP, as far as a busy machine cannot disturb it.

Time says little on a shared machine; the statements and the transactions of one request are the
same every time, and are what a decision's time goes with (docs/benchmarks.md).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from store.database import Database

MOST_TRANSACTIONS = 5
"""Signing in, the idempotency key, what the rules need, the words, and the recording."""
TO_ASK_ANOTHER = 4
"""Statements for the confirmation that a decision opens beside what it opens anyway."""
_NOT_COUNTED = ("BEGIN", "SELECT pg_advisory")
"""How a transaction begins, on either database."""


@dataclass
class Cost:
    statements: int = 0
    transactions: int = 0


@contextmanager
def counted(database: Database) -> Iterator[Cost]:
    """What this task asks of the store, and not what the worker asks beside it."""
    engine, cost, mine = database.engine.sync_engine, Cost(), asyncio.current_task()

    def asked(_connection, _cursor, statement, *_):
        if asyncio.current_task() is mine and not statement.startswith(_NOT_COUNTED):
            cost.statements += 1

    def ended(_connection):
        if asyncio.current_task() is mine:
            cost.transactions += 1

    listening = (("before_cursor_execute", asked), ("commit", ended), ("rollback", ended))
    for name, listener in listening:
        event.listen(engine, name, listener)
    try:
        yield cost
    finally:
        for name, listener in listening:
            event.remove(engine, name, listener)


@pytest.mark.parametrize(
    ("kind", "most_statements"),
    [
        pytest.param("compliance.norms", 57, id="a finding"),
        pytest.param("funding.approve", 80, id="an approval, with its document and agreement"),
    ],
)
async def test_a_decision_asks_the_store_no_more_than_it_did(client, kind, most_statements):
    reference = await client.submitted()
    task = await client.advance_to_task(reference, kind)
    person = await client.taker(task)
    assert person is not None
    form = (await person.read(f"/tasks/{task['id']}"))["form"]
    body = {
        "outcome": task["outcomes"][0]["code"],
        "reason": "For the file.",
        "message_to_partner": "For the partner.",
        "answers": form["examples"][0],
    }

    with counted(client.installation.office.database) as cost:
        answer = await person.post(f"/tasks/{task['id']}/decision", body)

    assert answer.status_code == 200, answer.text
    assert cost.transactions <= MOST_TRANSACTIONS
    # A sample of the low findings is confirmed; which ones, their ids say, drawn anew each time.
    confirming = await client.open_tasks(reference, "confirm")
    sampled = any(each["confirms"] == task["id"] for each in confirming)
    assert cost.statements <= most_statements + (TO_ASK_ANOTHER if sampled else 0)


async def test_a_claim_is_one_transaction_after_signing_in(client):
    reference = await client.submitted()
    task = await client.advance_to_task(reference, "compliance.norms")
    person = await client.taker(task)
    assert person is not None

    with counted(client.installation.office.database) as cost:
        answer = await person.post(f"/tasks/{task['id']}/claim")

    assert answer.status_code == 200, answer.text
    assert answer.json() == await person.read(f"/tasks/{task['id']}")
    assert cost.transactions == 2
    assert cost.statements <= 21
