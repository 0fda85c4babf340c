"""An agreement that runs, as events tell it: pure, for the read model."""

from __future__ import annotations

from typing import Any

from schemas.events import Recorded
from schemas.values import instant


def begun(event: Recorded) -> dict[str, Any]:
    """The schedule as it was set, before anything of it is done."""
    data = event.data
    return {
        "began_at": instant(event.occurred_at),
        "reservation": data["reservation"],
        "instrument": data["instrument"],
        "basis": data["basis"],
        "starts_on": data["starts_on"],
        "ends_on": data["ends_on"],
        "reports": [{**report, "state": "due", "given": []} for report in data["reports"]],
        "tranches": data["tranches"],
        "payments": [],
    }
