"""Organizations and people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Id,
    LinkOnceDep,
    NothingDep,
    OfficeDep,
    OnceDep,
    PageDep,
    Version,
    ViewerDep,
)
from commands import passwords, people
from commands.people import OrganizationContent
from schemas.requests import EndRequest, GrantRequest, InvitationRequest, PasswordRequest
from schemas.values import digest

router = APIRouter(tags=["organizations and people"])

Organization = Annotated[OrganizationContent, Depends(JsonBody(OrganizationContent))]


@router.get("/organizations")
async def organizations(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """All for staff; a partner's own."""
    return answered(page.of(await people.organizations(office, viewer)))


@router.post("/organizations", status_code=201)
async def create_organization(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, body: Organization
) -> Response:
    async def act(request_id: str) -> Response:
        made = await people.create_organization(office, viewer, body, request_id)
        location = f"/organizations/{made['id']}"
        return answered(made, status=201, version=made["version"], location=location)

    return await once(act)


@router.get("/organizations/{organization_id}")
async def organization(office: OfficeDep, viewer: ViewerDep, organization_id: Id) -> Response:
    found = await people.organization(office, viewer, organization_id)
    return answered(found, version=found["version"])


@router.put("/organizations/{organization_id}")
async def update_organization(
    office: OfficeDep, viewer: ViewerDep, organization_id: Id, version: Version, body: Organization
) -> Response:
    """Replace what is written about it; a programme officer's edit confirms its kind."""
    request_id = digest([viewer.id, "PUT", organization_id, version, body])
    changed = await people.update_organization(
        office, viewer, organization_id, body, version, request_id
    )
    return answered(changed, version=changed["version"])


@router.get("/people")
async def list_people(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Everyone with their grants (administrators, auditors); a signatory's own organization."""
    return answered(page.of(await people.people(office, viewer)))


@router.post("/people/invitations", status_code=201)
async def invite(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    asked: Annotated[InvitationRequest, Depends(JsonBody(InvitationRequest))],
) -> Response:
    """A one-time link to a first or forgotten password.

    Made by an administrator, or by a signatory for its own organization, and handed over by
    whoever made it. It works once, for three days; a newer one ends it.
    """

    async def act(request_id: str) -> Response:
        return answered(await passwords.invite(office, viewer, asked, request_id), status=201)

    return await once(act)


@router.post("/people/passwords")
async def set_password(
    request: Request,
    office: OfficeDep,
    once: LinkOnceDep,
    sent: Annotated[PasswordRequest, Depends(JsonBody(PasswordRequest))],
) -> Response:
    """Set a password with a one-time link; nobody is signed in yet. Ends every session."""
    address = request.client.host if request.client else ""
    mine = once.belonging_to(f"link:{digest(sent.link)}")

    async def act(request_id: str) -> Response:
        return answered(
            await passwords.set_password(office, sent.link, sent.password, address, request_id)
        )

    return await mine(act)


@router.post("/people/{person_id}/grants", status_code=201)
async def grant(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    person_id: Id,
    body: Annotated[GrantRequest, Depends(JsonBody(GrantRequest))],
) -> Response:
    """Grant a role (administrator); one that decides holds once a second has confirmed it."""

    async def act(request_id: str) -> Response:
        granted = await people.grant(
            office,
            viewer,
            person=person_id,
            role=body.role,
            scope=body.scope,
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            request_id=request_id,
        )
        return answered(granted, status=201)

    return await once(act)


@router.post("/grants/{grant_id}/confirm")
async def confirm_grant(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, grant_id: Id, _: NothingDep
) -> Response:
    """The second administrator's yes."""

    async def act(request_id: str) -> Response:
        return answered(await people.confirm_grant(office, viewer, grant_id, request_id))

    return await once(act)


@router.post("/grants/{grant_id}/end")
async def end_grant(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    grant_id: Id,
    body: Annotated[EndRequest, Depends(JsonBody(EndRequest))],
) -> Response:
    """End a grant on a day, earlier than it said (administrator; signatory, its own people)."""

    async def act(request_id: str) -> Response:
        return answered(await people.end_grant(office, viewer, grant_id, body.ends_on, request_id))

    return await once(act)
