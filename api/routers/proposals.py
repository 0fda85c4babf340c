"""Proposals: drafts, submitting, what partners do, and everything that can be read of one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from api import failures
from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Filter,
    Id,
    NothingDep,
    Number,
    OfficeDep,
    OnceDep,
    OptionalVersion,
    PageDep,
    Version,
    ViewerDep,
)
from commands import decision_records, drafting, partner_acts, reading, retrying, submitting, views
from schemas.proposal import Content, Outcome, PartnerStatus, Stage
from schemas.requests import DraftRequest, ReasonRequest

router = APIRouter(prefix="/proposals", tags=["proposals"])

Sort = Literal[
    "reference", "-reference", "submitted_at", "-submitted_at", "created_at", "-created_at"
]


@router.get("")
async def proposals(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    sort: Annotated[Sort, Query()] = "-created_at",
    programme: Filter = None,
    stage: Annotated[Stage | Literal["review"] | None, Query()] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    organization: Filter = None,
    partner_status: Annotated[PartnerStatus | None, Query()] = None,
    q: Annotated[str | None, Query(max_length=400, description="In title or reference.")] = None,
) -> Response:
    """The proposals that one sees."""
    asked = {
        "programme": programme,
        "stage": stage,
        "outcome": outcome,
        "organization": organization,
        "partner_status": partner_status,
        "q": q,
    }
    filters = {name: str(value) for name, value in asked.items() if value is not None}
    return answered(
        await reading.proposals(
            office, viewer, limit=page.limit, cursor=page.cursor, sort=sort, filters=filters
        )
    )


@router.post("", status_code=201)
async def create(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    draft: Annotated[DraftRequest, Depends(JsonBody(DraftRequest))],
) -> Response:
    """Open a draft; everything but `programme` may be absent."""

    async def act(request_id: str) -> Response:
        made, version = await drafting.create(
            office, viewer, draft.content, draft.organization, request_id
        )
        location = f"/proposals/{made['reference']}"
        return answered(made, status=201, version=version, location=location)

    return await once(act)


@router.get("/{reference}")
async def proposal(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    found, version = await reading.proposal(office, viewer, reference)
    return answered(found, version=version)


@router.put("/{reference}")
async def save(
    office: OfficeDep,
    viewer: ViewerDep,
    reference: Id,
    version: Version,
    content: Annotated[Content, Depends(JsonBody(Content))],
) -> Response:
    """Save the whole content of a draft, or of a returned proposal's open sections."""
    saved, new_version = await drafting.save(office, viewer, reference, content, version)
    return answered(saved, version=new_version)


@router.delete("/{reference}", status_code=204)
async def delete(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """Delete a draft that was never submitted."""
    await drafting.delete(office, viewer, reference)
    return Response(status_code=204)


@router.post("/{reference}/submit")
async def submit(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    version: OptionalVersion,
    _: NothingDep,
) -> Response:
    """Submit, first or after a return; the answer is the receipt."""

    async def act(request_id: str) -> Response:
        receipt = await submitting.submit(office, viewer, reference, request_id, version)
        return answered(views.receipt_view(office, receipt, viewer.language))

    return await once(act)


@router.post("/{reference}/withdraw")
async def withdraw(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[ReasonRequest, Depends(JsonBody(ReasonRequest, optional=True))],
) -> Response:
    """Withdraw before both have signed."""

    async def act(request_id: str) -> Response:
        return answered(
            await partner_acts.withdraw(office, viewer, reference, body.reason, request_id)
        )

    return await once(act)


@router.post("/{reference}/accept-conditions")
async def accept_conditions(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, _: NothingDep
) -> Response:
    async def act(request_id: str) -> Response:
        return answered(await partner_acts.accept_conditions(office, viewer, reference, request_id))

    return await once(act)


@router.post("/{reference}/sign")
async def sign(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, _: NothingDep
) -> Response:
    """Sign the agreement for the partner."""

    async def act(request_id: str) -> Response:
        return answered(await partner_acts.sign(office, viewer, reference, request_id))

    return await once(act)


@router.get("/{reference}/check")
async def check(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """What submitting would say now: checks, and the gaps that it would refuse."""
    return answered(await drafting.check(office, viewer, reference))


@router.get("/{reference}/revisions/{n}")
async def revision(office: OfficeDep, viewer: ViewerDep, reference: Id, n: Number) -> Response:
    return answered(await reading.revision(office, viewer, reference, n))


@router.get("/{reference}/history")
async def history(office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep) -> Response:
    """What happened, oldest first."""
    return answered(
        await reading.history(office, viewer, reference, limit=page.limit, cursor=page.cursor)
    )


@router.get("/{reference}/decisions")
async def decisions(office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep) -> Response:
    """What each decision rested on: who was consulted, under which versions, on what evidence."""
    found = await decision_records.of_proposal(office, viewer, reference)
    return answered(page.of(found, "task"))


@router.get("/{reference}/tasks")
async def tasks(office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep) -> Response:
    """Every task of the proposal that one may know of, oldest first."""
    found = await reading.tasks_of(office, viewer, reference)
    return answered(page.of(found["items"]))


@router.get("/{reference}/waiting")
async def waiting(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """On whom it waits, since when, what happens next, what fails, and what one may do about it."""
    found = await reading.waiting(office, viewer, reference)
    return answered(failures.worded(found, viewer.language))


@router.post("/{reference}/retry")
async def retry(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, _: NothingDep
) -> Response:
    """Let what fails for the proposal and waits for its next try be tried now (administrators)."""

    async def act(request_id: str) -> Response:
        return answered(await retrying.retry(office, viewer, reference, request_id))

    return await once(act)


@router.get("/{reference}/receipt")
async def receipt(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    return answered(await reading.receipt(office, viewer, reference))
