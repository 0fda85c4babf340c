"""Whether the service lives, and whether it can work."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import OfficeDep
from api.errors import RETRY_AFTER_SECONDS
from commands import health

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> Response:
    return answered({"status": "ok"})


@router.get("/ready")
async def ready(office: OfficeDep) -> Response:
    """200 once the installation is seeded and engine, worker and store answer; else 503."""
    is_ready, parts = await health.ready(office)
    answer = answered(parts, status=200 if is_ready else 503)
    if not is_ready:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
