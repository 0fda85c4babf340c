"""What is killed when: a schedule drawn from a seed and counted in acknowledged acts.

Counted so, and not in seconds, a seed kills at the same places again on a machine of another
speed. A kill waits a few milliseconds after its act, so that it falls into the work of others.
"""

import asyncio
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.chaos.running import PARTS, Running, until

SUPERVISOR = "supervisor"
CTRL_C = "Ctrl-C"
_MOST_LAG = 0.06


@dataclass(frozen=True)
class Kill:
    """After so many acknowledged acts, and a moment, this is killed."""

    acts: int
    victim: str
    lag: float

    def __str__(self) -> str:
        return f"{self.victim} after {self.acts} acts + {self.lag * 1000:.0f} ms"


def schedule(seed: int, first: int, last: int, victims: Iterable[str]) -> list[Kill]:
    """The victims in an order and at numbers of acts between *first* and *last* of the seed's."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, no secret
    drawn = list(victims)
    chance.shuffle(drawn)
    numbers = sorted(chance.sample(range(first, last), len(drawn)))
    return [
        Kill(number, victim, chance.uniform(0, _MOST_LAG))
        for number, victim in zip(numbers, drawn, strict=True)
    ]


def endless(seed: int, every: tuple[int, int]) -> Iterable[Kill]:
    """One kill after another, with so many acts between them.

    Each part is among the first three, and four times among each fourteen: a short run kills
    everything too.
    """
    chance = random.Random(seed)  # noqa: S311 - a schedule, no secret
    acts = 0
    while True:
        first = chance.sample(PARTS, len(PARTS))
        others = [*PARTS] * 3 + [SUPERVISOR, CTRL_C]
        chance.shuffle(others)
        for victim in (*first, *others):
            acts += chance.randint(*every)
            yield Kill(acts, victim, chance.uniform(0, _MOST_LAG))


@dataclass
class Killer:
    """Carries a schedule out while the load runs."""

    accord: Running
    done: list[Kill] = field(default_factory=list)
    replaced: list[tuple[str, int, int]] = field(default_factory=list)
    """Part, the process that was killed, and the one that took its place."""

    _busy: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def carry_out(self, kill: Kill) -> None:
        async with self._busy:
            await asyncio.sleep(kill.lag)
            await asyncio.to_thread(self._carry_out, kill)
            self.done.append(kill)

    async def until_idle(self) -> None:
        """Until what was taken down has been started: then nothing is half-way."""
        async with self._busy:
            return

    def _carry_out(self, kill: Kill) -> None:
        if kill.victim in PARTS:
            killed = self.accord.kill_part(kill.victim)
            while (now := self.accord.pid(kill.victim)) in (None, killed):
                assert self.accord.is_running, "the supervisor ended with a part"
                time.sleep(0.02)
            self.replaced.append((kill.victim, killed, now or 0))
            return
        # One that has only just been started runs nothing yet.
        until(lambda: self.accord.has_all_parts or not self.accord.is_running)
        if kill.victim == SUPERVISOR:
            self.accord.kill()
        else:
            code = self.accord.interrupt()
            assert code == 0, f"Ctrl-C ended it with exit code {code}"
        self.accord.start()
