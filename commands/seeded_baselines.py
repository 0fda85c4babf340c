"""Country baselines of the demonstration: one for each country that the programs focus on.

All say the least, so that no example of a form falls below the baseline that it may rely on.
"""

from commands import reusable_records
from commands.office import Office
from policy.rules.clocks import toronto_day
from schemas.people import Viewer
from schemas.requests import RecordRequest
from schemas.reusable_records import RecordKind
from schemas.tasks import RISK_LEVELS
from store import people
from store.reusable_records import in_force_of
from store.tables import PersonRow

FOCUS = ("americas", "sahel", "west_africa", "middle_east", "south_asia", "southeast_asia")
"""The regions that the programs name as their focus (product.md, section 1)."""
_MAKER, _CONFIRMER = "demo-human-rights-reviewer-1", "demo-human-rights-reviewer-2"
_RISK = "torture"


async def seed_baselines(office: Office) -> None:
    """Propose and confirm what is missing, by two people as anybody would."""
    regions = office.catalogue.in_force(office.today()).regions.regions
    countries = sorted({c for region in regions if region.code in FOCUS for c in region.countries})
    maker, confirmer = await _viewer(office, _MAKER), await _viewer(office, _CONFIRMER)
    if maker is None or confirmer is None:
        return
    kind = RecordKind.COUNTRY_BASELINE
    for country in countries:
        async with office.database.reading() as session:
            if await in_force_of(session, kind, country):
                continue
        asked = RecordRequest(
            kind=kind,
            country=country,
            levels={_RISK: RISK_LEVELS[0]},
            findings="Invented for the demonstration.",
        )
        request = f"demonstration-baseline-{country}-{office.today().isoformat()}"
        made = await reusable_records.propose(office, maker, asked, request)
        await reusable_records.confirm(office, confirmer, made["id"], f"{request}-confirmed")


async def _viewer(office: Office, person: str) -> Viewer | None:
    async with office.database.reading() as session:
        row = await session.get(PersonRow, person)
        if row is None:
            return None
        return await people.viewer_of_person(session, row, toronto_day(office.now()))
