"""Incidents and country events: reported, what they touch, and how they end."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Filter,
    Id,
    NothingDep,
    OfficeDep,
    OnceDep,
    PageDep,
    ReasonDep,
    ViewerDep,
)
from commands import incident_views, incidents
from schemas.incidents import IncidentKind, IncidentState
from schemas.requests import AssessmentRequest, IncidentRequest

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("")
async def all_incidents(
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    kind: IncidentKind | None = None,
    state: IncidentState | None = None,
    organization: Filter = None,
    reference: Filter = None,
) -> Response:
    """The incidents that one may read, the latest first; a partner those it reported itself."""
    found = await incident_views.incidents(
        office, viewer, kind=kind, state=state, organization=organization, reference=reference
    )
    return answered(page.of(found))


@router.post("", status_code=201)
async def report(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    asked: Annotated[IncidentRequest, Depends(JsonBody(IncidentRequest))],
) -> Response:
    """Report what happened; what it touches and is not signed is paused at once."""

    async def act(request_id: str) -> Response:
        made = await incidents.report(office, viewer, asked, request_id)
        return answered(made, status=201, location=f"/incidents/{made['id']}")

    return await once(act)


@router.get("/{incident_id}")
async def incident(office: OfficeDep, viewer: ViewerDep, incident_id: Id) -> Response:
    """One incident, as its reader may see it."""
    return answered(await incident_views.incident(office, viewer, incident_id))


@router.get("/{incident_id}/touched")
async def touched(office: OfficeDep, viewer: ViewerDep, incident_id: Id, page: PageDep) -> Response:
    """The proposals and agreements that it touches, as far as one sees them as staff."""
    found = await incident_views.touched(office, viewer, incident_id)
    return answered(page.of(found, "reference"))


@router.post("/{incident_id}/assess")
async def assess(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    incident_id: Id,
    asked: Annotated[AssessmentRequest, Depends(JsonBody(AssessmentRequest))],
) -> Response:
    """Say what it was found to be; nothing goes on before another person confirms it."""

    async def act(request_id: str) -> Response:
        return answered(await incidents.assess(office, viewer, incident_id, asked, request_id))

    return await once(act)


@router.post("/{incident_id}/confirm")
async def confirm(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, incident_id: Id, _: NothingDep
) -> Response:
    """The second person's yes: it is closed, and what it paused goes on."""

    async def act(request_id: str) -> Response:
        return answered(await incidents.confirm(office, viewer, incident_id, request_id))

    return await once(act)


@router.post("/{incident_id}/refuse")
async def refuse(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, incident_id: Id, body: ReasonDep
) -> Response:
    """The second person's no: it is assessed anew, and stays paused."""

    async def act(request_id: str) -> Response:
        done = await incidents.refuse(office, viewer, incident_id, body.reason, request_id)
        return answered(done)

    return await once(act)
