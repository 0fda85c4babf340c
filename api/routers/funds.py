"""Funds, what is committed in them, and how they are corrected by two finance officers."""

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
from commands import authority_coverage, fund_corrections, fund_months, fund_openings, funds
from schemas.requests import FundCorrectionRequest, FundOpeningRequest

router = APIRouter(prefix="/funds", tags=["funds"])
openings_router = APIRouter(prefix="/fund-openings", tags=["funds"])
authorities_router = APIRouter(prefix="/authorities", tags=["funds"])


@router.get("")
async def all_funds(
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    programme: Filter = None,
    vote: Filter = None,
    fiscal_year: Filter = None,
) -> Response:
    """Every fund with its balance, and the order of those who wait for its money."""
    asked = {"programme": programme, "vote": vote, "fiscal_year": fiscal_year}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return answered(page.of(await funds.funds(office, viewer, wanted)))


@router.get("/{fund_id}/months")
async def months(office: OfficeDep, viewer: ViewerDep, fund_id: Id, page: PageDep) -> Response:
    """The fund at the end of each of its months, oldest first: how its money came to be used."""
    return answered(page.of(await fund_months.of_fund(office, viewer, fund_id), "month"))


@router.get("/{fund_id}/commitments")
async def commitments(office: OfficeDep, viewer: ViewerDep, fund_id: Id, page: PageDep) -> Response:
    """What is reserved, committed or waiting on the fund, of the proposals that one sees."""
    return answered(page.of(await funds.commitments(office, viewer, fund_id)))


@authorities_router.get("")
async def authorities(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """How many people could use each of the five authorities today, by level and program."""
    return answered(page.of(await authority_coverage.coverage(office, viewer)))


# ---- opened by four eyes


@openings_router.get("")
async def openings(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Every fund that was proposed, oldest first: by whom, why, and what became of it."""
    return answered(page.of(await fund_openings.openings(office, viewer)))


@openings_router.post("", status_code=201)
async def propose_opening(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    body: Annotated[FundOpeningRequest, Depends(JsonBody(FundOpeningRequest))],
) -> Response:
    """Propose a fund (finance officer of the program); there is none before a second one has
    confirmed it."""

    async def act(request_id: str) -> Response:
        return answered(await fund_openings.propose(office, viewer, body, request_id), status=201)

    return await once(act)


@openings_router.post("/{opening_id}/confirm")
async def confirm_opening(
    *, office: OfficeDep, viewer: ViewerDep, once: OnceDep, opening_id: Id, _: NothingDep
) -> Response:
    """The second finance officer's yes, before the due date: the fund is opened, and whoever waits
    for its money is offered it."""

    async def act(request_id: str) -> Response:
        return answered(await fund_openings.confirm(office, viewer, opening_id, request_id))

    return await once(act)


@openings_router.post("/{opening_id}/refuse")
async def refuse_opening(
    *, office: OfficeDep, viewer: ViewerDep, once: OnceDep, opening_id: Id, body: ReasonDep
) -> Response:
    """Refuse what another finance officer proposed, or withdraw what one proposed oneself."""

    async def act(request_id: str) -> Response:
        return answered(
            await fund_openings.refuse(office, viewer, opening_id, body.reason, request_id)
        )

    return await once(act)


# ---- corrections by four eyes


@router.get("/{fund_id}/corrections")
async def corrections(office: OfficeDep, viewer: ViewerDep, fund_id: Id, page: PageDep) -> Response:
    """Every correction that touches the fund, oldest first: by whom, why, and what became of it."""
    return answered(page.of(await fund_corrections.corrections(office, viewer, fund_id)))


@router.post("/{fund_id}/corrections", status_code=201)
async def propose_correction(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    fund_id: Id,
    body: Annotated[FundCorrectionRequest, Depends(JsonBody(FundCorrectionRequest))],
) -> Response:
    """Propose a correction (finance officer of the program); nothing changes before a second one
    has confirmed it.

    `budget` of the kind `budget`, `fund_state` of the kind `state`; `to` and `amount` of the kind
    `transfer`, which stays within the program and the vote line.
    """

    async def act(request_id: str) -> Response:
        return answered(
            await fund_corrections.propose(office, viewer, fund_id, body, request_id), status=201
        )

    return await once(act)


@router.post("/{fund_id}/corrections/{correction_id}/confirm")
async def confirm_correction(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    fund_id: Id,
    correction_id: Id,
    _: NothingDep,
) -> Response:
    """The second finance officer's yes, before the due date: the fund changes, and money that
    comes free by it is offered to those who wait, in their order."""

    async def act(request_id: str) -> Response:
        return answered(
            await fund_corrections.confirm(office, viewer, fund_id, correction_id, request_id)
        )

    return await once(act)


@router.post("/{fund_id}/corrections/{correction_id}/refuse")
async def refuse_correction(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    fund_id: Id,
    correction_id: Id,
    body: ReasonDep,
) -> Response:
    """Refuse what another finance officer proposed, or withdraw what one proposed oneself."""

    async def act(request_id: str) -> Response:
        return answered(
            await fund_corrections.refuse(
                office, viewer, fund_id, correction_id, body.reason, request_id
            )
        )

    return await once(act)
