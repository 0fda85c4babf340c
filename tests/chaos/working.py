"""A load on a running Accord whose processes are killed by a schedule meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.chaos.hasty import hasty
from tests.chaos.kills import Kill, Killer
from tests.chaos.load import Load
from tests.chaos.running import Running

_TIMEOUT = httpx.Timeout(30.0)


@asynccontextmanager
async def a_load(accord: Running, seed: int) -> AsyncIterator[Load]:
    async with httpx.AsyncClient(base_url=accord.url, timeout=_TIMEOUT) as client:
        load = await Load.meet(client, seed)
        async with hasty(accord.settings, load.partner) as load.submit_hastily:
            yield load


async def work_under_fire(
    load: Load, killer: Killer, kills: Iterable[Kill], work: Coroutine[Any, Any, Any]
) -> None:
    """Do the work while the schedule is carried out, as far as acts are acknowledged.

    Who kills and finds that Accord did not come back ends the work, which would wait for ever.
    """
    acknowledged = asyncio.Event()
    load.ledger.watchers.append(lambda _: acknowledged.set())

    async def follow() -> None:
        for kill in kills:
            while len(load.ledger.acts) < kill.acts:
                acknowledged.clear()
                await acknowledged.wait()
            await killer.carry_out(kill)

    working, following = asyncio.ensure_future(work), asyncio.create_task(follow())
    try:
        await asyncio.wait({working, following}, return_when=asyncio.FIRST_COMPLETED)
        if following.done():
            following.result()
        await working
        # A kill under way is finished: what it takes down, it also starts.
        await killer.until_idle()
    finally:
        working.cancel()
        following.cancel()
