"""Reusable records: baselines, vettings and due diligence that reviews rely on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, ReasonDep, ViewerDep
from commands import record_views, reusable_records
from schemas.requests import RecordRequest
from schemas.reusable_records import RecordKind, RecordState

router = APIRouter(prefix="/records", tags=["reusable records"])


@router.get("")
async def records(
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    kind: RecordKind | None = None,
    state: RecordState | None = None,
    country: Id | None = None,
    organization: Id | None = None,
    *,
    ends_soon: bool = False,
) -> Response:
    """The records that one may see, the newest first; `ends_soon`: those to be renewed."""
    found = await record_views.records(
        office, viewer, kind=kind, state=state, country=country, organization=organization,
        ends_soon=ends_soon, limit=page.limit, cursor=page.cursor,
    )  # fmt: skip
    return answered(found)


@router.post("", status_code=201)
async def propose(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    asked: Annotated[RecordRequest, Depends(JsonBody(RecordRequest))],
) -> Response:
    """Propose a record; it may be relied on once another person has confirmed it."""

    async def act(request_id: str) -> Response:
        made = await reusable_records.propose(office, viewer, asked, request_id)
        return answered(made, status=201)

    return await once(act)


@router.get("/{record_id}")
async def record(office: OfficeDep, viewer: ViewerDep, record_id: Id) -> Response:
    """One record, with what was found and how many proposals rely on it."""
    return answered(await record_views.record(office, viewer, record_id))


@router.get("/{record_id}/uses")
async def uses(office: OfficeDep, viewer: ViewerDep, page: PageDep, record_id: Id) -> Response:
    """The proposals that rely on it, as far as one sees them."""
    found = await record_views.uses(office, viewer, record_id)
    return answered(page.of(found, "reference"))


@router.post("/{record_id}/confirm")
async def confirm(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, record_id: Id, _: NothingDep
) -> Response:
    """The second person's yes; what it follows is over."""

    async def act(request_id: str) -> Response:
        return answered(await reusable_records.confirm(office, viewer, record_id, request_id))

    return await once(act)


@router.post("/{record_id}/refuse")
async def refuse(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, record_id: Id, body: ReasonDep
) -> Response:
    """Refuse what another proposed, or take back what one proposed oneself."""

    async def act(request_id: str) -> Response:
        done = await reusable_records.refuse(office, viewer, record_id, body.reason, request_id)
        return answered(done)

    return await once(act)


@router.post("/{record_id}/withdraw")
async def withdraw(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, record_id: Id, body: ReasonDep
) -> Response:
    """Let nobody rely on it any more: findings that do are asked anew."""

    async def act(request_id: str) -> Response:
        done = await reusable_records.withdraw(office, viewer, record_id, body.reason, request_id)
        return answered(done)

    return await once(act)
