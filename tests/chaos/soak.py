"""`make soak`: proposals on every way while everything is killed, for as long as is asked for.

Prints what was killed, acknowledged and repeated; exit code 1 says that something was lost, done
twice or told where it must not stand.
"""

import argparse
import asyncio
import contextlib
import logging
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import structlog

from tests import postgres
from tests.chaos import aftermath
from tests.chaos.kills import Killer, endless
from tests.chaos.load import Load, Trouble
from tests.chaos.running import PARTS, Running
from tests.chaos.working import a_load, work_under_fire

KINDS = ("sqlite", "postgresql")
_AT_ONCE = 6
_EVERY = (4, 20)
"""Between two kills lie so many acknowledged acts."""
_REPEATED = 200


_WAYS = (
    Load.is_approved,
    Load.is_approved,
    Load.is_returned_and_improved,
    Load.is_ineligible,
    Load.is_declined,
    Load.is_withdrawn,
    Load.lapses,
    Load.is_held,
)


def ways_of_lanes(seed: int) -> list[Iterator[str]]:
    """For each of those who work side by side, the ways that their proposals go, for ever."""

    def ways(chance: random.Random) -> Iterator[str]:
        while True:
            yield chance.choice(_WAYS).__name__

    return [ways(random.Random(seed + lane)) for lane in range(_AT_ONCE - 1)]  # noqa: S311


async def _people(load: Load, until: float, ways: Iterator[str]) -> None:
    """Proposals one after another, while there is time."""
    while time.monotonic() < until:
        await getattr(load, next(ways))()


async def _short_of_money(load: Load, until: float) -> None:
    """One pair after another, since each of them wants the whole fund."""
    while time.monotonic() < until:
        await load.waits_for_money()


async def _work(load: Load, until: float, seed: int) -> None:
    await asyncio.gather(
        *(_people(load, until, ways) for ways in ways_of_lanes(seed)),
        _short_of_money(load, until),
    )


async def soak(folder: Path, minutes: float, seed: int, database_url: str | None) -> int:
    accord = Running(folder / "data", database_url)
    killer = Killer(accord)
    found: list[str] = []
    if database_url is not None:  # a database of others has its key from an operator
        made = await asyncio.to_thread(accord.run, "keys", "new")
        assert made.returncode == 0, made.stderr
    accord.start()
    try:
        await asyncio.to_thread(accord.until_ready)
        async with a_load(accord, seed) as load:
            began = time.monotonic()
            try:
                work = _work(load, began + minutes * 60, seed)
                await work_under_fire(load, killer, endless(seed, _EVERY), work)
            except Trouble as trouble:
                found.append(str(trouble))
            took = time.monotonic() - began
            await asyncio.to_thread(accord.until_ready)
            acts = load.ledger.acts
            repeated = random.Random(seed).sample(acts, min(_REPEATED, len(acts)))  # noqa: S311
            found += await aftermath.all_troubles(load, accord, repeated)
            found += await asyncio.to_thread(aftermath.told_outside, accord)
            killed = {kill.victim for kill in killer.done}
            found += [
                f"{part} was never killed: run longer" for part in PARTS if part not in killed
            ]
            _tell(load, killer, took, found)
    finally:
        accord.end()
    if found:
        _keep(folder, seed)
    return 1 if found else 0


def _keep(folder: Path, seed: int) -> None:
    """What was found is looked into later: the folder, with its logs, outlives the run."""
    kept = Path("build") / f"soak-{seed}"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("*.sock"))
    print(f"Kept      {kept}")


def _tell(load: Load, killer: Killer, took: float, found: list[str]) -> None:
    ledger = load.ledger
    kills = Counter(kill.victim for kill in killer.done)
    ends = Counter(course.name for course in ledger.courses)
    print(f"Ran       {took:.0f} s")
    print(f"Kills     {_counted(kills)}")
    print(f"Proposals {_counted(ends)}")
    print(
        f"Acts      {len(ledger.acts)} acknowledged; the longest wait {ledger.longest_wait:.1f} s"
    )
    print(f"Repeats   {_counted(ledger.repeats)}")
    print(f"Differences {len(found)}")
    for each in found:
        print(f"  {each}")


def _counted(what: Counter[str]) -> str:
    told = ", ".join(f"{number} {name}" for name, number in what.most_common())
    return f"{what.total()}: {told}" if told else "0"


def main() -> int:
    asked = argparse.ArgumentParser(prog="soak", description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--minutes", type=float, default=3.0)
    asked.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked.add_argument("--database", choices=KINDS, default="sqlite")
    options = asked.parse_args()
    # What the office of `tests.chaos.hasty` logs in this process is no part of what is told.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"Seed      {options.seed}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="accord-soak-")))
        url = None
        if options.database == "postgresql":
            server = stack.enter_context(postgres.a_server())
            url = postgres.url_of("postgres", server.url)
        return asyncio.run(soak(folder, options.minutes, options.seed, url))


if __name__ == "__main__":
    sys.exit(main())
