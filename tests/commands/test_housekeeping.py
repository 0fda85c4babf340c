"""Of several workers one keeps house; messages are delivered in order, once, or say why not."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from commands import health, housekeeping
from commands.office import Office
from schemas.errors import Refused, Unavailable
from schemas.messages import NoticeKind
from store import messages, schema
from store.database import Database
from store.tables import LeaseRow, MessageRow
from tests.commands.lives import JORDAN
from tests.store.others import NOW


@dataclass
class Engine:
    """Remembers what it was told; answers as a test says."""

    told: list[str] = field(default_factory=list)
    answers: dict[str, Exception] = field(default_factory=dict)

    async def notify(self, reference, notice):
        self.told.append(notice.id)
        await asyncio.sleep(0)
        if answer := self.answers.get(notice.id) or self.answers.get(reference):
            raise answer

    async def is_alive(self):
        return True


@pytest_asyncio.fixture
async def office(database_url):
    database = Database(database_url)
    await schema.migrate(database)
    found = Office(
        database=database,
        catalogue=None,
        gateway=Engine(),
        keys=None,
        signer=None,
        hasher=None,
        clock=lambda: found.memory["now"],
        memory={"now": NOW},
    )
    yield found
    await database.close()


def later(office, **time):
    office.memory["now"] += timedelta(**time)


async def leave(office, message_id, reference="CTCBP-2026-000001", **facts):
    async with office.database.writing() as session:
        await messages.leave(
            session,
            message_id=message_id,
            reference=reference,
            kind=NoticeKind.RESCREEN,
            payload={},
            now=office.now(),
            **facts,
        )
    later(office, microseconds=1)


async def row_of(office, message_id):
    async with office.database.reading() as session:
        return await session.get(MessageRow, message_id)


# ---- who leads


async def test_one_of_several_workers_leads(office):
    led = await asyncio.gather(*(housekeeping.lead(office, f"worker-{n}") for n in range(5)))

    assert led.count(True) == 1


async def test_the_lease_is_renewed_by_its_holder_and_taken_when_it_ran_out(office):
    assert await housekeeping.lead(office, "one")
    later(office, seconds=8)
    assert await housekeeping.lead(office, "one")
    later(office, seconds=8)
    assert not await housekeeping.lead(office, "two")
    later(office, seconds=5)
    assert await housekeeping.lead(office, "two")
    assert not await housekeeping.lead(office, "one")


async def test_a_lease_holds_for_longer_than_a_round_takes(office):
    for _ in range(20):
        assert await housekeeping.lead(office, "one")
        later(office, seconds=8, milliseconds=900)
        async with office.database.reading() as session:
            assert (await session.get_one(LeaseRow, health.HOUSEKEEPING)).until > office.now()


async def test_who_stops_in_good_order_leaves_the_lease_to_the_next(office):
    stop = asyncio.Event()
    stop.set()
    assert await housekeeping.lead(office, "one")

    await housekeeping.keep_house(office, "one", stop)

    assert await housekeeping.lead(office, "two")


async def test_who_resigns_takes_nothing_from_another(office):
    await housekeeping.lead(office, "one")

    await housekeeping.resign(office, "two")

    assert not await housekeeping.lead(office, "two")


async def test_health_sees_a_worker_that_has_died(office):
    assert not (await health.ready(office))[0]
    await housekeeping.lead(office, "one")
    assert (await health.ready(office))[0]

    later(office, seconds=13)

    is_ready, parts = await health.ready(office)
    assert not is_ready
    assert parts["worker"] == "no worker has reported in the last seconds"


# ---- what is delivered


async def test_messages_of_a_proposal_are_delivered_in_order_one_at_a_time(office):
    for number in (3, 1, 2):
        await leave(office, f"m{number}")
    await leave(office, "other", "CTCBP-2026-000002")

    rounds = [await housekeeping.relay(office) for _ in range(4)]

    assert rounds == [2, 1, 1, 0]
    assert [m for m in office.gateway.told if m != "other"] == ["m3", "m1", "m2"]


async def test_a_message_that_is_held_for_its_request_holds_up_those_behind_it(office):
    await leave(office, "submission", held_for=timedelta(seconds=10))
    await leave(office, "behind")

    assert await housekeeping.relay(office) == 0
    later(office, seconds=10)
    assert await housekeeping.relay(office) == 1
    assert await housekeeping.relay(office) == 1
    assert office.gateway.told == ["submission", "behind"]


async def test_a_failing_message_is_tried_again_after_longer_and_longer_pauses(office):
    office.gateway.answers["m"] = Unavailable("engine_unavailable")
    await leave(office, "m")
    pauses = []
    for _ in range(12):
        assert await housekeeping.relay(office) == 0
        row = await row_of(office, "m")
        pauses.append((row.next_at - office.now()).total_seconds())
        assert await housekeeping.relay(office) == 0
        office.memory["now"] = row.next_at

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert len(office.gateway.told) == 12
    assert (row.tries, row.failure, row.delivered_at) == (12, "engine_unavailable", None)

    office.gateway.answers.clear()
    assert await housekeeping.relay(office) == 1
    row = await row_of(office, "m")
    assert (row.failure, row.delivered_at) == (None, office.now())


async def test_a_message_that_the_rules_refuse_is_not_tried_again_and_says_so(office):
    office.gateway.answers["refused"] = Refused("no_such_rule")
    await leave(office, "refused")
    await leave(office, "behind")

    for _ in range(3):
        await housekeeping.relay(office)

    assert office.gateway.told == ["refused", "behind"]
    row = await row_of(office, "refused")
    assert (row.failure, row.delivered_at is not None) == ("no_such_rule", True)


async def test_a_message_that_breaks_something_holds_up_no_other_proposal(office):
    office.gateway.answers["CTCBP-2026-000001"] = RuntimeError("a bug")
    await leave(office, "broken")
    await leave(office, "fine", "CTCBP-2026-000002")

    assert await housekeeping.relay(office) == 1

    row = await row_of(office, "broken")
    assert (row.failure, row.tries) == ("unexpected", 1)


async def test_many_that_cannot_be_delivered_hold_up_no_other(office):
    office.gateway.answers.update(
        {f"m{number}": Unavailable("engine_unavailable") for number in range(150)}
    )
    for number in range(150):
        await leave(office, f"m{number}", f"CTCBP-2026-{number:06d}")
    for _ in range(8):
        await housekeeping.relay(office)
    await leave(office, "fine", "ACCBP-2026-000001")

    assert await housekeeping.relay(office) == 1


async def test_messages_delivered_long_ago_are_forgotten_and_refused_ones_stay(office):
    office.gateway.answers["refused"] = Refused("no_such_rule")
    await leave(office, "refused", "CTCBP-2026-000002")
    await leave(office, "delivered")
    await housekeeping.relay(office)
    await leave(office, "waiting")

    later(office, days=31)
    await housekeeping.forget(office)

    async with office.database.reading() as session:
        assert sorted(await session.exec(select(MessageRow.id))) == ["refused", "waiting"]


# ---- with a real engine


async def test_two_relays_at_once_deliver_once(accord):
    reference = await accord.submit(JORDAN)
    before = (await accord.office.gateway.snapshot(reference)).emitted
    async with accord.office.database.writing() as session:
        await messages.leave(
            session,
            message_id="seal-elsewhere",
            reference=reference,
            kind=NoticeKind.SEAL,
            payload={"seal": "elsewhere"},
            now=accord.now(),
        )

    await asyncio.gather(*(housekeeping.relay(accord.office) for _ in range(4)))

    assert (await row_of(accord.office, "seal-elsewhere")).delivered_at is not None
    holds = (await accord.view(reference))["holds"]
    assert len(holds) == 1
    assert (await accord.office.gateway.snapshot(reference)).emitted >= before + 1


@pytest.mark.parametrize("kind", list(NoticeKind))
async def test_a_message_to_a_closed_proposal_is_done_with(accord, kind):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm", "ineligible")
    async with accord.office.database.writing() as session:
        await messages.leave(
            session,
            message_id=f"late-{kind}",
            reference=reference,
            kind=kind,
            payload={"seal": "s", "reservation": "r"},
            now=accord.now(),
        )

    assert await housekeeping.relay(accord.office) >= 1

    row = await row_of(accord.office, f"late-{kind}")
    assert (row.failure, row.delivered_at is not None) == (None, True)
