"""People, their passwords, and what they are granted."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Filter,
    Id,
    LinkOnceDep,
    NothingDep,
    OfficeDep,
    OnceDep,
    PageDep,
    ReasonDep,
    Version,
    ViewerDep,
)
from commands import grants, passwords, people
from schemas.people import Role
from schemas.requests import (
    EndRequest,
    GrantRequest,
    InvitationRequest,
    PasswordRequest,
    PersonRequest,
)
from schemas.values import digest

router = APIRouter(tags=["people"])


@router.get("/people")
async def list_people(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    q: Annotated[Filter, Query(description="Part of a name or an e-mail address.")] = None,
    role: Annotated[Role | None, Query()] = None,
    organization: Filter = None,
    active: Annotated[bool | None, Query()] = None,
) -> Response:
    """Everyone with their grants (administrators, auditors); a signatory's own organization.

    `role` finds those who hold it, those who are proposed for it, and those who will begin.
    """
    return answered(
        await people.people(
            office,
            viewer,
            q=q,
            role=role,
            organization=organization,
            active=active,
            limit=page.limit,
            cursor=page.cursor,
        )
    )


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


@router.get("/people/{person_id}")
async def person(office: OfficeDep, viewer: ViewerDep, person_id: Id) -> Response:
    """One person, to whoever may list them."""
    found = await people.person(office, viewer, person_id)
    return answered(found, version=found["version"])


@router.put("/people/{person_id}")
async def change_person(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    person_id: Id,
    version: Version,
    body: Annotated[PersonRequest, Depends(JsonBody(PersonRequest))],
) -> Response:
    """Another name, e-mail address or language (administrator; signatory, its own people).

    Another address ends every session and every link to a password.
    """
    request_id = digest([viewer.id, "PUT", person_id, version, body])
    changed = await people.change(office, viewer, person_id, body, version, request_id)
    return answered(changed, version=changed["version"])


@router.post("/people/{person_id}/deactivate")
async def deactivate(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, person_id: Id, body: ReasonDep
) -> Response:
    """Let a person sign in no more, from now on (administrator)."""

    async def act(request_id: str) -> Response:
        done = await people.set_active(
            office, viewer, person_id, body.reason, request_id, active=False
        )
        return answered(done, version=done["version"])

    return await once(act)


@router.post("/people/{person_id}/reactivate")
async def reactivate(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, person_id: Id, body: ReasonDep
) -> Response:
    """Let a person sign in again, with the grants that have not ended meanwhile (administrator)."""

    async def act(request_id: str) -> Response:
        done = await people.set_active(
            office, viewer, person_id, body.reason, request_id, active=True
        )
        return answered(done, version=done["version"])

    return await once(act)


# ---- grants


@router.get("/grants")
async def list_grants(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    state: Annotated[
        Literal["proposed", "dropped", "upcoming", "in_force", "lapsed", "ended", "to_attest"]
        | None,
        Query(description="to_attest: those that lapse within 30 days unless attested."),
    ] = None,
    role: Annotated[Role | None, Query()] = None,
    person: Filter = None,
) -> Response:
    """Every grant, the latest to begin first (administrators, auditors)."""
    return answered(
        await grants.grants(
            office, viewer, state=state, role=role, person=person,
            limit=page.limit, cursor=page.cursor,
        )
    )  # fmt: skip


@router.post("/people/{person_id}/grants", status_code=201)
async def grant(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    person_id: Id,
    body: Annotated[GrantRequest, Depends(JsonBody(GrantRequest))],
) -> Response:
    """Grant a role (administrator).

    One that decides, and the administrator's own, is proposed: it holds once another
    administrator has confirmed it. `warnings` name authorities that one person uses apart.
    """

    async def act(request_id: str) -> Response:
        granted = await grants.grant(office, viewer, person_id, body, request_id)
        return answered(granted, status=201)

    return await once(act)


@router.post("/grants/{grant_id}/confirm")
async def confirm_grant(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, grant_id: Id, _: NothingDep
) -> Response:
    """The second administrator's yes."""

    async def act(request_id: str) -> Response:
        return answered(await grants.confirm_grant(office, viewer, grant_id, request_id))

    return await once(act)


@router.post("/grants/{grant_id}/refuse")
async def refuse_grant(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, grant_id: Id, body: ReasonDep
) -> Response:
    """Refuse what another administrator proposed, or withdraw what one proposed oneself."""

    async def act(request_id: str) -> Response:
        return answered(await grants.drop_grant(office, viewer, grant_id, body.reason, request_id))

    return await once(act)


@router.post("/grants/{grant_id}/attest")
async def attest_grant(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, grant_id: Id, _: NothingDep
) -> Response:
    """Say that a grant that decides is still needed: it lapses a year after nobody has."""

    async def act(request_id: str) -> Response:
        return answered(await grants.attest_grant(office, viewer, grant_id, request_id))

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
        return answered(await grants.end_grant(office, viewer, grant_id, body.ends_on, request_id))

    return await once(act)
