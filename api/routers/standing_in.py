"""Standing in for others: delegations, absences, and the tasks that nobody may take."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, Version, ViewerDep
from commands import absences, delegating, unattended
from schemas.requests import AbsenceRequest, DelegationRequest

router = APIRouter(tags=["standing in"])


@router.get("/me/delegations")
async def my_delegations(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """What one has given and received, the newest first."""
    return answered(page.of(await delegating.mine(office, viewer)))


@router.post("/me/delegations", status_code=201)
async def delegate(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    body: Annotated[DelegationRequest, Depends(JsonBody(DelegationRequest))],
) -> Response:
    """Let somebody act on one's behalf for a time, with some of one's own grants."""

    async def act(request_id: str) -> Response:
        return answered(await delegating.give(office, viewer, body, request_id), status=201)

    return await once(act)


@router.post("/me/delegations/{delegation_id}/end")
async def end_delegation(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, delegation_id: Id, _: NothingDep
) -> Response:
    """End it at once, by either of the two; what is held under it goes back to the group."""

    async def act(request_id: str) -> Response:
        return answered(await delegating.end(office, viewer, delegation_id, request_id))

    return await once(act)


@router.get("/me/absence")
async def my_absence(office: OfficeDep, viewer: ViewerDep) -> Response:
    """When one is out of office; both days are null where one is not."""
    found = await absences.absence(office, viewer)
    return answered(found, version=found["version"])


@router.put("/me/absence")
async def be_absent(
    office: OfficeDep,
    viewer: ViewerDep,
    version: Version,
    body: Annotated[AbsenceRequest, Depends(JsonBody(AbsenceRequest))],
) -> Response:
    """Say when one is out of office: tasks that one holds are rerouted then, and come back."""
    said = await absences.put(office, viewer, body, version)
    return answered(said, version=said["version"])


@router.delete("/me/absence", status_code=204)
async def be_back(office: OfficeDep, viewer: ViewerDep) -> Response:
    """One is back: what was rerouted comes back now."""
    await absences.take_back(office, viewer)
    return Response(status_code=204)


@router.get("/delegations")
async def delegations(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Every delegation that was ever made (administrators, auditors)."""
    return answered(page.of(await delegating.every(office, viewer)))


@router.get("/operations/unattended")
async def unattended_tasks(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Open tasks that nobody may take, or all of whose candidates are out of office."""
    return answered(page.of(await unattended.listed(office, viewer)))
