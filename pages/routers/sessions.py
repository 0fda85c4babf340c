"""Where one is signed in, and signing out there; administrators sign others out."""

from fastapi import APIRouter, Request, Response

from commands import sessions
from pages.asking import PersonDep
from pages.browsers import named

router = APIRouter()


@router.get("/account/sessions")
async def my_sessions(asked: PersonDep, request: Request, ended: bool = False) -> Response:
    """One's own sessions, the newest first."""
    found = await sessions.mine(asked.office, asked.viewer, asked.cookies.token(request) or "")
    shown = [{**each, "browser": named(each["agent"], asked.language)} for each in found]
    return await asked.page("sessions.html", sessions=shown, ended=ended)


@router.post("/account/sessions/end-others")
async def end_others(asked: PersonDep, request: Request) -> Response:
    """Sign out everywhere but here."""
    await asked.form()
    await sessions.end_others(asked.office, asked.viewer, asked.cookies.token(request) or "")
    return asked.see("/account/sessions?ended=true")


@router.post("/account/sessions/{session_id}/end")
async def end(asked: PersonDep, session_id: str) -> Response:
    """Sign out of one of them."""
    await asked.form()
    await sessions.end(asked.office, asked.viewer, session_id)
    return asked.see("/account/sessions?ended=true")


@router.post("/people/{person_id}/sessions/end")
async def end_all_of(asked: PersonDep, person_id: str) -> Response:
    """Sign somebody out everywhere (administrator)."""
    await asked.form()
    await sessions.end_all_of(asked.office, asked.viewer, person_id)
    return asked.see(f"/people/{person_id}?signed_out=true")
