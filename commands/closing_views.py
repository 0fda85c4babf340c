"""What an agreement comes to: the figures beside its closing, what is owed, and how it closed."""

from collections.abc import Mapping
from typing import Any

from policy.rules import closing
from schemas.agreements import PaymentState
from schemas.values import Money


def figures(known: Mapping[str, Any]) -> dict[str, Any]:
    """What was agreed and what became of it, for staff: who states what was eligible reads it."""
    states = (PaymentState.CERTIFIED, PaymentState.REQUISITIONED)
    certified = sum(p["certified_cents"] for p in known["payments"] if p["state"] in states)
    paid = sum(p["certified_cents"] for p in known["payments"] if p["state"] == PaymentState.PAID)
    agreed = sum(each["cents"] for each in known["tranches"])
    return {
        "agreed": _money(agreed),
        "committed": _money(agreed - certified - paid),
        "certified": _money(certified),
        "paid": _money(paid),
        "held_back": _money(
            sum(_unclaimed(each, known) for each in known["tranches"] if each["holdback"])
        ),
        "unclaimed": _money(sum(_unclaimed(each, known) for each in known["tranches"])),
        "reported": [
            {"category": name, "amount": _money(cents)}
            for name, cents in sorted(closing.costs_reported(known["reports"]).items())
        ],
    }


def eligible_cents(known: Mapping[str, Any]) -> int:
    """What was reported in all, up to what was agreed: the example of who states it."""
    agreed = sum(int(each["cents"]) for each in known["tranches"])
    return min(agreed, sum(closing.costs_reported(known["reports"]).values()))


def ending(known: Mapping[str, Any]) -> dict[str, Any] | None:
    """What two people have agreed on: to the partner as to staff; None before that."""
    found = known.get("closing")
    if found is None:
        return None
    names = ("eligible", "paid", "owed", "left", "recovered", "let_go")
    return {
        "state": found["state"],
        **{name: _money(found.get(f"{name}_cents", 0)) for name in names},
        "due_at": found["due_at"],
        "overdue": found["overdue"],
        "closed_at": found.get("closed_at"),
        "receipts": [
            {
                "amount": _money(each["cents"]),
                **{name: each[name] for name in ("number", "received_on", "at")},
            }
            for each in found["receipts"]
        ],
    }


def _unclaimed(tranche: Mapping[str, Any], known: Mapping[str, Any]) -> int:
    of_it = [p for p in known["payments"] if p["tranche"] == tranche["id"]]
    taken = sum(int(p["claimed_cents"]) for p in of_it if PaymentState(p["state"]).counts)
    return int(tranche["cents"]) - taken


def _money(cents: int) -> dict[str, str]:
    return Money.of_cents(cents).model_dump(mode="json")
