"""The programs as they are in force today."""

from typing import Any

from commands import calls
from commands.office import Office
from policy.rules.calls import CallState
from schemas.people import Viewer
from schemas.values import Money


async def programmes(office: Office, viewer: Viewer) -> list[dict[str, Any]]:  # noqa: ARG001
    """Every program with what a partner needs to know before writing."""
    known = await calls.calls(office, state=CallState.OPEN)
    return [
        {
            "code": terms.code,
            "version": terms.version,
            "name": terms.name.model_dump(),
            "mandate": terms.mandate.model_dump(),
            "focus_areas": [area.model_dump() for area in terms.focus_areas],
            "partner_kinds": list(terms.partner_kinds),
            "assistance": list(terms.assistance),
            "instruments": list(terms.instruments),
            "limits": {
                "least": _money(terms.limits.least),
                "most": _money(terms.limits.most),
            },
            "regions": list(terms.regions),
            "countries": list(terms.countries),
            "stages": list(terms.rules.stages),
            "open_calls": [each for each in known if each["programme"] == terms.code],
        }
        for terms in office.catalogue.programmes(office.today())
    ]


def _money(amount: Any) -> dict[str, str] | None:
    return Money.of_cents(amount.cents).model_dump() if amount else None
