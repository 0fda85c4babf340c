"""Which conditions hold up which step."""

from __future__ import annotations

from schemas.tasks import Gate


def holding_up(step: Gate) -> frozenset[Gate]:
    """The gates of the conditions that must be met, or waived, before *step* is taken.

    A payment waits for what holds up every payment, the first one, and the agreement: nobody signs
    an annual contribution. `closing` waits for everything that is left.
    """
    match step:
        case Gate.AGREEMENT:
            return frozenset({Gate.AGREEMENT})
        case Gate.FIRST_PAYMENT | Gate.PAYMENT:
            return frozenset({Gate.AGREEMENT, Gate.FIRST_PAYMENT, Gate.PAYMENT})
        case Gate.CLOSING:
            return frozenset(Gate)
