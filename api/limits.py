"""How many requests one person may make: a bucket of tokens per person, in this process."""

import math
import time
from collections.abc import Callable

from schemas.errors import AccordError

REQUESTS_A_SECOND = 200
BURST = 400
MOST_BUCKETS = 10_000


class TooManyRequests(AccordError):
    """The person asks faster than the limit (429)."""

    status = 429


class Limits:
    """Takes one token per request; a bucket fills again as time passes."""

    def __init__(
        self,
        rate: float = REQUESTS_A_SECOND,
        burst: float = BURST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, person: str) -> None:
        """Count a request of *person*, or refuse it and say when to come back."""
        now = self._clock()
        tokens, since = self._buckets.get(person, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        if tokens < 1:
            wait = max(1, math.ceil((1 - tokens) / self._rate))
            raise TooManyRequests("too_many_requests", retry_after=wait)
        if len(self._buckets) >= MOST_BUCKETS:
            self._forget_full(now)
        self._buckets[person] = (tokens - 1, now)

    def _forget_full(self, now: float) -> None:
        """A full bucket says nothing: without it the person starts with a full one again."""
        self._buckets = {
            person: (tokens, since)
            for person, (tokens, since) in self._buckets.items()
            if tokens + (now - since) * self._rate < self._burst
        }
