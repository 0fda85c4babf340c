"""Where one is signed in, and signing out there."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, TokenDep, ViewerDep
from commands import sessions

router = APIRouter(tags=["signing in"])


@router.get("/me/sessions")
async def my_sessions(
    office: OfficeDep, viewer: ViewerDep, token: TokenDep, page: PageDep
) -> Response:
    """One's own sessions, the newest first; `used_at` is told to the hour."""
    return answered(page.of(await sessions.mine(office, viewer, token)))


@router.post("/me/sessions/end-others")
async def end_others(
    office: OfficeDep, viewer: ViewerDep, token: TokenDep, once: OnceDep, _: NothingDep
) -> Response:
    """Sign out everywhere but here."""

    async def act(_: str) -> Response:
        return answered({"ended": await sessions.end_others(office, viewer, token)})

    return await once(act)


@router.post("/me/sessions/{session_id}/end")
async def end_session(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, session_id: Id, _: NothingDep
) -> Response:
    """Sign out of one session."""

    async def act(_: str) -> Response:
        await sessions.end(office, viewer, session_id)
        return answered({"ended": 1})

    return await once(act)


@router.post("/people/{person_id}/sessions/end")
async def end_sessions_of(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, person_id: Id, _: NothingDep
) -> Response:
    """Sign somebody out everywhere (administrator); they may sign in again."""

    async def act(_: str) -> Response:
        return answered({"ended": await sessions.end_all_of(office, viewer, person_id)})

    return await once(act)
