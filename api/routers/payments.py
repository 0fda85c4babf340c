"""Reports and payments of an agreement that runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, ViewerDep
from commands import payment_views, payments
from schemas.requests import ClaimRequest, PaidRequest, ReceivedRequest, ReportRequest

router = APIRouter(prefix="/proposals/{reference}", tags=["proposals"])


@router.get("/payments")
async def of_agreement(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """The schedule of a signed agreement: reports, tranches, payments, and what holds each up."""
    return answered(await payment_views.of_agreement(office, viewer, reference))


@router.post("/reports/{report_id}")
async def hand_in(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    report_id: Id,
    body: Annotated[ReportRequest, Depends(JsonBody(ReportRequest))],
) -> Response:
    """Hand a report in; it opens a `report.review`."""

    async def act(request_id: str) -> Response:
        return answered(
            await payments.hand_in(office, viewer, reference, report_id, body, request_id)
        )

    return await once(act)


@router.post("/payments")
async def claim(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[ClaimRequest, Depends(JsonBody(ClaimRequest))],
) -> Response:
    """Claim a payment out of a tranche; it opens a `payment.certify`."""

    async def act(request_id: str) -> Response:
        return answered(await payments.claim(office, viewer, reference, body, request_id))

    return await once(act)


@router.post("/payments/{payment_id}/paid")
async def advise_paid(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    payment_id: Id,
    body: Annotated[PaidRequest, Depends(JsonBody(PaidRequest))],
) -> Response:
    """Take in the financial system's advice that a requisitioned payment was made."""

    async def act(request_id: str) -> Response:
        return answered(
            await payments.advise_paid(office, viewer, reference, payment_id, body, request_id)
        )

    return await once(act)


@router.post("/receipts")
async def take_in_receipt(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[ReceivedRequest, Depends(JsonBody(ReceivedRequest))],
) -> Response:
    """Take in that an overpayment came back; once nothing is owed, the agreement closes."""

    async def act(request_id: str) -> Response:
        return answered(await payments.take_in_receipt(office, viewer, reference, body, request_id))

    return await once(act)
