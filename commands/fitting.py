"""Which program fits an idea: the automatic checks of each, run on what is known so far.

Nothing is kept, and nothing is decided: whoever writes the proposal is told the same by its checks.
"""

from typing import Any

from commands import views
from commands.office import Office
from policy.rules import eligibility
from schemas.people import Viewer
from schemas.proposal import CheckResult, Content, PartnerKind
from schemas.terms import Terms
from store.tables import OrganizationRow

_ASKED = {
    "programme_fit": ("focus_areas",),
    "envelope_fit": ("smuggling",),
    "named_organization": (),
    "partner_kind": (),
    "places": ("countries", "regions"),
    "focus_area": ("focus_areas",),
    "assistance": ("assistance",),
    "amount": ("amount",),
    "instrument": (),
}
"""What each check rests on; one whose fields are all empty says nothing yet."""


async def fit(
    office: Office, viewer: Viewer, content: Content, partner_kind: PartnerKind | None
) -> list[dict[str, Any]]:
    """Every program with what its checks say, the best first; *content* may lack anything."""
    name, own_kind = await _organization(office, viewer)
    kind = partner_kind or own_kind
    regions = office.catalogue.in_force(office.today()).regions
    found = []
    for terms in office.catalogue.programmes(office.today()):
        checks = [
            check
            for check in eligibility.run_checks(
                content.model_copy(update={"programme": terms.code}),
                kind or PartnerKind.NGO,
                name,
                terms,
                regions,
                office.today(),
            )
            if _is_told(check.code, content, kind)
        ]
        found.append(
            {
                "code": terms.code,
                "result": eligibility.worst(checks).value,
                "checks": [views.check_view(office, check, viewer.language) for check in checks],
                "opened_by_officer": _is_opened_by_officer(terms),
            }
        )
    order = [CheckResult.PASS, CheckResult.NEEDS_JUDGEMENT, CheckResult.FAIL]
    return sorted(found, key=lambda each: order.index(CheckResult(each["result"])))


def _is_told(code: str, content: Content, kind: PartnerKind | None) -> bool:
    if code not in _ASKED or (code in ("partner_kind", "instrument") and kind is None):
        return False
    fields = _ASKED[code]
    return not fields or any(getattr(content, field) for field in fields)


def _is_opened_by_officer(terms: Terms) -> bool:
    return bool(terms.organizations)


async def _organization(office: Office, viewer: Viewer) -> tuple[str, PartnerKind | None]:
    if viewer.organization is None:
        return "", None
    async with office.database.reading() as session:
        row = await session.get(OrganizationRow, viewer.organization)
    return (row.name, PartnerKind(row.kind)) if row is not None else ("", None)
