"""What operations look at first: what needs attention, and what fails."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import OfficeDep, PageDep, ViewerDep
from commands import attention, failing

router = APIRouter(prefix="/operations", tags=["operations"])


@router.get("/attention")
async def what_needs_attention(office: OfficeDep, viewer: ViewerDep) -> Response:
    """What needs somebody's attention now, as codes with counts (staff, each their own)."""
    return answered({"items": await attention.attention(office, viewer), "next": None})


@router.get("/failing")
async def what_fails(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Proposals for which a message, an e-mail or a record fails, the longest first."""
    return answered(page.of(await failing.listed(office, viewer), "reference"))
