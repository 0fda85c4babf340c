"""Which of the low findings a second person looks at: drawn from the task, not by chance."""

from __future__ import annotations

from schemas.values import digest

_SLOTS = 100


def sampled(task_id: str, percent: int) -> bool:
    """Whether the task is in a sample of *percent*; the same task always gets the same answer.

    The digest of the id is used as a number, so that nobody can choose who is sampled and a
    replay draws the same.
    """
    return int(digest(task_id), 16) % _SLOTS < percent
