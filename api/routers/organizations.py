"""Organizations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, Version, ViewerDep
from commands import organizations as commands
from commands.organizations import OrganizationContent
from schemas.values import digest

router = APIRouter(tags=["organizations"])

Organization = Annotated[OrganizationContent, Depends(JsonBody(OrganizationContent))]


@router.get("/organizations")
async def organizations(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """All for staff; a partner's own."""
    return answered(page.of(await commands.organizations(office, viewer)))


@router.post("/organizations", status_code=201)
async def create_organization(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, body: Organization
) -> Response:
    async def act(request_id: str) -> Response:
        made = await commands.create_organization(office, viewer, body, request_id)
        location = f"/organizations/{made['id']}"
        return answered(made, status=201, version=made["version"], location=location)

    return await once(act)


@router.get("/organizations/{organization_id}")
async def organization(office: OfficeDep, viewer: ViewerDep, organization_id: Id) -> Response:
    found = await commands.organization(office, viewer, organization_id)
    return answered(found, version=found["version"])


@router.put("/organizations/{organization_id}")
async def update_organization(
    office: OfficeDep, viewer: ViewerDep, organization_id: Id, version: Version, body: Organization
) -> Response:
    """Replace what is written about it; a programme officer's edit confirms its kind."""
    request_id = digest([viewer.id, "PUT", organization_id, version, body])
    changed = await commands.update_organization(
        office, viewer, organization_id, body, version, request_id
    )
    return answered(changed, version=changed["version"])
