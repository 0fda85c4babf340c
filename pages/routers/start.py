"""The first page: what Accord is, or what waits for whoever is signed in."""

from fastapi import APIRouter, Response

from pages.asking import VisitDep

router = APIRouter()


@router.get("/")
async def start(asked: VisitDep) -> Response:
    """For partners their proposals, for staff their inbox; for others what this is."""
    viewer = asked.visitor
    if viewer is not None:
        return asked.see("/tasks" if viewer.is_staff else "/proposals")
    return await asked.page("start.html")
