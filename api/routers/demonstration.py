"""The accounts of a demonstration."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import OfficeDep
from commands import demonstration
from schemas.errors import NotFound

router = APIRouter(tags=["demonstration"])


@router.get("/demo/accounts")
async def demo_accounts(office: OfficeDep) -> Response:
    """E-mail, password and grants of every account, in demonstration mode only."""
    if not office.demonstration:
        raise NotFound
    items = await demonstration.accounts(office, office.demonstration_password or "")
    return answered({"items": items, "next": None})
