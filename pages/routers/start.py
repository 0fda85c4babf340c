"""The first page: what Accord is, or what waits for whoever is signed in."""

from fastapi import APIRouter, Response

from pages.asking import VisitDep
from schemas.people import Role

router = APIRouter()
_LOOK_OVER = (Role.ADMINISTRATOR, Role.AUDITOR, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
"""Whose day begins with more than tasks."""


@router.get("/")
async def start(asked: VisitDep) -> Response:
    """For partners their proposals, for staff their inbox or an overview; else what this is."""
    viewer = asked.visitor
    if viewer is not None and viewer.is_staff:
        looks_over = any(grant.role in _LOOK_OVER for grant in viewer.grants)
        return asked.see("/attention" if looks_over else "/tasks")
    if viewer is not None:
        return asked.see("/proposals")
    return await asked.page("start.html")
