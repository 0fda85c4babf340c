"""Letters, agreements, approvals and cases on paper: accessible PDF in the reader's language."""

from typing import Any

from fastapi import APIRouter, Response

from api.answers import paper
from api.dependencies import Id, OfficeDep, ViewerDep
from commands import approval_papers, case_papers, printing
from papers.typesetting import MEDIA_TYPE

router = APIRouter(prefix="/proposals/{reference}", tags=["proposals"])

_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper, as an attachment.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/case.pdf", response_class=Response, responses=_PDF)
async def case_paper(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """The whole case as one may have it, to be read by people (PDF/UA-1)."""
    return paper(await case_papers.case_paper(office, viewer, reference))


@router.get("/agreement.pdf", response_class=Response, responses=_PDF)
async def agreement(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """The agreement with its schedule, conditions and signatures (PDF/UA-1)."""
    return paper(await printing.agreement(office, viewer, reference))


@router.get("/approvals/{task_id}.pdf", response_class=Response, responses=_PDF)
async def approval(office: OfficeDep, viewer: ViewerDep, reference: Id, task_id: Id) -> Response:
    """The document that an approval is asked for, or was given; bears its SHA-256 (PDF/UA-1)."""
    return paper(await approval_papers.approval_paper(office, viewer, reference, task_id))


@router.get("/letters/{letter_id}.pdf", response_class=Response, responses=_PDF)
async def letter(office: OfficeDep, viewer: ViewerDep, reference: Id, letter_id: Id) -> Response:
    """A letter to the partner, once it is told (PDF/UA-1)."""
    return paper(await printing.letter(office, viewer, reference, letter_id))
