"""Calls for proposals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Filter, Id, OfficeDep, OnceDep, PageDep, Version, ViewerDep
from commands import calls as commands
from policy.rules.calls import CallState
from schemas.requests import CallRequest
from schemas.values import digest

router = APIRouter(prefix="/calls", tags=["calls"])

Call = Annotated[CallRequest, Depends(JsonBody(CallRequest))]


@router.get("")
async def calls(
    *,
    office: OfficeDep,
    viewer: ViewerDep,  # noqa: ARG001 - whoever is signed in
    page: PageDep,
    programme: Filter = None,
    state: Annotated[CallState | None, Query()] = None,
) -> Response:
    """Every call, announced ones too, the latest to close first."""
    return answered(page.of(await commands.calls(office, programme, state)))


@router.post("", status_code=201)
async def announce(office: OfficeDep, viewer: ViewerDep, once: OnceDep, body: Call) -> Response:
    """Announce a call of a program (its officers); it opens and closes by itself, to the second."""

    async def act(request_id: str) -> Response:
        made = await commands.announce(office, viewer, body, request_id)
        location = f"/calls/{made['id']}"
        return answered(made, status=201, version=made["version"], location=location)

    return await once(act)


@router.get("/{call_id}")
async def call(
    office: OfficeDep,
    viewer: ViewerDep,  # noqa: ARG001 - whoever is signed in
    call_id: Id,
) -> Response:
    """One call, with the closing that counts now."""
    found = await commands.call(office, call_id)
    return answered(found, version=found["version"])


@router.put("/{call_id}")
async def change(
    office: OfficeDep, viewer: ViewerDep, call_id: Id, version: Version, body: Call
) -> Response:
    """Replace what is written of a call that has not opened yet (officers of its program)."""
    request_id = digest([viewer.id, "PUT", call_id, version, body])
    changed = await commands.change(office, viewer, call_id, body, version, request_id)
    return answered(changed, version=changed["version"])
