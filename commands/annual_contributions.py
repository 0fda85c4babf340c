"""Annual voluntary contributions of the fiscal year: who may be given one, and who has one.

Opening, writing and submitting one is what it is for every proposal (`commands.drafting`,
`commands.submitting`), by an officer of the program instead of a partner (product.md, section 3).
"""

from typing import Any

from commands.drafting import AVC, of_year
from commands.office import Office
from policy.rules import clocks, eligibility
from schemas.errors import Forbidden
from schemas.people import Role, Viewer
from store import people


def may_open(viewer: Viewer) -> bool:
    return viewer.holds(Role.PROGRAMME_OFFICER, AVC)


async def of_this_year(office: Office, viewer: Viewer) -> dict[str, Any]:
    """The organizations that policy names, each with its contribution of this fiscal year.

    `reference` is the contribution of an organization that has one already: a second in the year
    is refused. For officers of the program alone.
    """
    if not may_open(viewer):
        raise Forbidden("opened_by_officer", programme=AVC)
    named = office.catalogue.terms_in_force(AVC, office.today()).organizations
    async with office.database.reading() as session:
        organizations = await people.organizations(session)
        rows = await of_year(session, office.now())
    given = {row.organization: row for row in reversed(rows)}
    return {
        "programme": AVC,
        "fiscal_year": clocks.fiscal_year(office.today()),
        "items": [
            {
                "organization": each.id,
                "name": each.name,
                "reference": row.reference if (row := given.get(each.id)) else None,
                "stage": row.stage if row else None,
            }
            for each in organizations
            if eligibility.is_named(each.name, named)
        ],
    }
