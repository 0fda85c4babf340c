"""Sanctions and terrorist lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import Upload, upload
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from commands import screening

router = APIRouter(prefix="/lists", tags=["lists"])


@router.get("")
async def lists(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """The lists that are known, imported or not."""
    return answered(page.of(await screening.lists(office, viewer)))


@router.get("/{list_id}/snapshots")
async def snapshots(office: OfficeDep, viewer: ViewerDep, page: PageDep, list_id: Id) -> Response:
    """Every import that changed the list, the newest first, with what it changed."""
    return answered(page.of(await screening.snapshots(office, viewer, list_id)))


@router.post("/{list_id}/snapshots", status_code=201)
async def import_list(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    list_id: Id,
    file: Annotated[Upload, Depends(upload)],
) -> Response:
    """Import a dated snapshot; the answer says what changed."""

    async def act(request_id: str) -> Response:
        changed = await screening.import_list(
            office, viewer, list_id, file.fields.get("name"), file.data, request_id
        )
        return answered(changed, status=201)

    return await once(act)
