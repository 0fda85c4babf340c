"""Agreements over HTTP: both sign, and it begins."""

from commands.verifying import verify
from schemas.events import AGREEMENT
from store import chain


async def signed(client, reference):
    """Both sign; returns once the agreement has begun."""
    [signing] = await client.open_tasks(reference, "agreement.sign")
    await client.decide(signing, by=await client.taker(signing))
    return await begun(client, reference)


async def begun(client, reference):
    for _ in range(500):
        said = [e for e in await events(client, reference) if e.source == AGREEMENT]
        if said:
            return said
        await client.installation.settle()
    raise AssertionError("the agreement has not begun")


async def events(client, reference):
    async with client.installation.office.database.reading() as session:
        return list(await chain.events_of(session, reference))


async def differences(client):
    office = client.installation.office
    return (await verify(office, office.gateway)).differences
