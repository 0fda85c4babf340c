"""A proposal as it was, the whole case in one file, and what the engine keeps of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, ViewerDep
from commands import as_of, case_files, decoding, verifying_case
from schemas.codec import CodecPayloads

router = APIRouter()


@router.get("/proposals/{reference}/as-of", tags=["proposals"])
async def proposal_as_of(
    office: OfficeDep,
    viewer: ViewerDep,
    reference: Id,
    at: Annotated[AwareDatetime, Query(description="An instant, such as 2026-11-24T15:00:00Z.")],
) -> Response:
    """The proposal as it was at an instant: what was recorded by then."""
    return answered(await as_of.as_of(office, viewer, reference, at))


@router.get("/proposals/{reference}/verification", tags=["proposals"])
async def verification(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """Whether its chain holds, and all that rests on it agrees (administrators, auditors)."""
    return answered(await verifying_case.verify_case(office, viewer, reference))


@router.get("/proposals/{reference}/case.json", tags=["proposals"])
async def case_file(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """The whole case as one may have it, signed; its links can be checked anywhere."""
    answer = answered(await case_files.case_file(office, viewer, reference))
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}.json"'
    return answer


@router.post("/codec/decode", tags=["operations"])
async def decode(
    office: OfficeDep,
    viewer: ViewerDep,
    body: Annotated[CodecPayloads, Depends(JsonBody(CodecPayloads))],
) -> Response:
    """Temporal's remote codec, for administrators: decodes, and records that it did."""
    return answered(await decoding.decode(office, viewer, body))


@router.post("/codec/encode", tags=["operations"])
async def encode(
    viewer: ViewerDep,
    _: Annotated[CodecPayloads, Depends(JsonBody(CodecPayloads))],
) -> Response:
    """Always refused: what a workflow is told comes from Accord alone."""
    decoding.encode(viewer)
    return answered({})
