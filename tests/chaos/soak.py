"""`make soak`: proposals on every way while everything is killed, for as long as is asked for.

Prints what was killed, acknowledged and repeated; exit code 1 says that something was lost, done
twice or told where it must not stand.
"""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos import aftermath
from tests.chaos.kills import Killer, endless
from tests.chaos.load import Load, Trouble
from tests.chaos.running import Running
from tests.chaos.working import a_load, work_under_fire

_AT_ONCE = 6
_EVERY = (8, 30)
"""Between two kills lie so many acknowledged acts."""
_REPEATED = 200


async def _people(load: Load, until: float, chance: random.Random) -> None:
    """Proposals one after another, while there is time."""
    ways = (
        load.is_approved,
        load.is_approved,
        load.is_returned_and_improved,
        load.is_ineligible,
        load.is_declined,
        load.is_withdrawn,
    )
    while time.monotonic() < until:
        await chance.choice(ways)()


async def _short_of_money(load: Load, until: float) -> None:
    """One pair after another, since each of them wants the whole fund."""
    while time.monotonic() < until:
        await load.waits_for_money()


async def _work(load: Load, until: float, seed: int) -> None:
    chances = [random.Random(seed + number) for number in range(_AT_ONCE - 1)]  # noqa: S311
    await asyncio.gather(
        *(_people(load, until, chance) for chance in chances), _short_of_money(load, until)
    )


async def soak(folder: Path, minutes: float, seed: int) -> int:
    accord = Running(folder / "data")
    killer = Killer(accord)
    found: list[str] = []
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
            _tell(load, killer, took, found)
    finally:
        accord.end()
    return 1 if found else 0


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
    options = asked.parse_args()
    print(f"Seed      {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="accord-soak-") as folder:
        return asyncio.run(soak(Path(folder), options.minutes, options.seed))


if __name__ == "__main__":
    sys.exit(main())
