"""Who could use each of the five authorities today, counted by level and program (product.md 2).

An authority that nobody holds stops every proposal that needs it; one that a single person holds
stops when that person is away, or is barred by separation of duties.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlmodel import select

from commands.funds import check_is_staff
from commands.office import Office
from policy.rules.grants import attest_by
from schemas.in_force import Delegation
from schemas.people import LEVELS, ON_PAPER, Role, Viewer
from schemas.values import Money
from store import people
from store.tables import GrantRow

OF_A_PROGRAMME = {
    Role.FINANCE_OFFICER: "commit",
    Role.SIGNING_AUTHORITY: "sign",
    Role.CERTIFIER: "certify",
    Role.PAYMENT_AUTHORITY: "requisition",
}
"""Financial Administration Act, s. 32 (commit), s. 34 (certify), s. 33 (requisition)."""


async def coverage(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Each authority with how many people hold it today, and until when all of them do."""
    check_is_staff(viewer)
    today = office.today()
    async with office.database.reading() as session:
        rows = (await session.exec(select(GrantRow).where(*people.held_on(GrantRow, today)))).all()
    delegation = office.catalogue.in_force(today).delegation
    held: defaultdict[tuple[str, str], list[GrantRow]] = defaultdict(list)
    for row in rows:
        held[row.role, row.scope].append(row)
    return [
        *_approvals(delegation, held),
        *(
            {
                "id": f"{authority}:{terms.code}",
                "authority": authority,
                "level": None,
                "programme": terms.code,
                "above": None,
                "up_to": None,
                "on_paper": False,
                **_counted([*held[role, terms.code], *held[role, "all"]]),
            }
            for role, authority in OF_A_PROGRAMME.items()
            for terms in office.catalogue.programmes(today)
        ),
    ]


def _approvals(
    delegation: Delegation, held: dict[tuple[str, str], list[GrantRow]]
) -> list[dict[str, Any]]:
    """Each rung with the amounts that it approves; who stands above it may approve them too."""
    found, above = [], 0
    for rung in delegation.rungs:
        upwards = LEVELS[LEVELS.index(rung.level) :]
        found.append(
            {
                "id": f"approve:{rung.level}",
                "authority": "approve",
                "level": rung.level,
                "programme": None,
                "above": Money.of_cents(above).model_dump(),
                "up_to": _amount(rung.up_to_cents),
                "on_paper": rung.level in ON_PAPER,
                **_counted([row for level in upwards for row in held[Role.APPROVER, level]]),
            }
        )
        above = rung.up_to_cents or above
    return found


def _counted(rows: Sequence[GrantRow]) -> dict[str, Any]:
    """How many people, and the last day on which all of them hold it, if nothing is done."""
    last = [day for row in rows for day in (row.ends_on, attest_by(people.grant_of(row))) if day]
    return {
        "people": len({row.person for row in rows}),
        "all_until": min(last).isoformat() if last else None,
    }


def _amount(cents: int | None) -> dict[str, str] | None:
    return None if cents is None else Money.of_cents(cents).model_dump()
