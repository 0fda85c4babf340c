"""What an agreement comes to at its end: what was spent, and what was paid beyond that.

Whatever is overpaid is a debt to the Crown, to be paid back (domain.md 1.4).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from policy.rules import clocks, ladder
from policy.rules.ladder import Rung
from schemas.agreements import ReportKind, ReportState
from schemas.messages import Slice
from schemas.terms import ClockRule

DEBT_DAYS = 30
"""Calendar days to pay an overpayment back (configuration, published: false)."""


def debt_due(now: datetime) -> datetime:
    """Until when what is owed from *now* on is to be paid back."""
    return clocks.end_of_day(clocks.toronto_day(now) + timedelta(days=DEBT_DAYS))


def reminders(
    remind: tuple[int, ...], due_at: datetime, holidays: Collection[date]
) -> tuple[Rung, ...]:
    """When who owes is reminded: before the day that it is due, and once it has passed."""
    return ladder.rungs(ClockRule(remind=remind, escalate=()), due_at, holidays)


def costs_reported(reports: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Cents by category, as the last accepted financial report says.

    Each of them says what was spent up to its own end, so the last holds those before it.
    """
    accepted = [
        each
        for each in reports
        if each["kind"] == ReportKind.FINANCIAL
        and each["state"] == ReportState.ACCEPTED
        and each["given"]
    ]
    if not accepted:
        return {}
    last = max(accepted, key=lambda each: str(each["covers_to"]))
    return dict(last["given"][-1]["costs"])


def taken_back(paid: Sequence[Slice], recovered: Sequence[Slice], cents: int) -> tuple[Slice, ...]:
    """*cents* of what was *paid* and not *recovered* yet, of the fund that paid last first."""
    left: dict[str, int] = {}
    for part in paid:
        left[part.fund] = left.pop(part.fund, 0) + part.cents
    for part in recovered:
        left[part.fund] -= part.cents
    found = []
    for fund, most in reversed(left.items()):
        if taken := min(cents, most):
            found.append(Slice(fund=fund, cents=taken))
            cents -= taken
    return tuple(found)
