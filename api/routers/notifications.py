"""Notifications, how one wishes to be told, and the ledger of e-mails."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, Version, ViewerDep
from commands import notifications
from schemas.notifications import MailState
from schemas.requests import NotificationPreferencesRequest
from schemas.values import digest

router = APIRouter(tags=["notifications"])

Preferences = Annotated[
    NotificationPreferencesRequest, Depends(JsonBody(NotificationPreferencesRequest))
]


@router.get("/notifications")
async def list_notifications(
    office: OfficeDep, viewer: ViewerDep, page: PageDep, unread: bool | None = None
) -> Response:
    """What one is told, the newest first; it goes with the sight of its proposal."""
    found = await notifications.listed(
        office, viewer, unread=unread, limit=page.limit, cursor=page.cursor
    )
    return answered(found)


@router.get("/notifications/counts")
async def notification_counts(office: OfficeDep, viewer: ViewerDep) -> Response:
    """How many there are, and how many of them are unread."""
    return answered(await notifications.counts(office, viewer))


@router.post("/notifications/read-all")
async def read_all(office: OfficeDep, viewer: ViewerDep, once: OnceDep, _: NothingDep) -> Response:
    """Mark all of them as read."""

    async def act(_: str) -> Response:
        return answered(await notifications.read_all(office, viewer))

    return await once(act)


@router.post("/notifications/{notification_id}/read")
async def read(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, notification_id: Id, _: NothingDep
) -> Response:
    """Mark one of them as read."""

    async def act(_: str) -> Response:
        return answered(await notifications.read(office, viewer, notification_id))

    return await once(act)


@router.get("/me/notification-preferences")
async def preferences(office: OfficeDep, viewer: ViewerDep) -> Response:
    """How one is told by e-mail; who never chose is told at once."""
    found, version = await notifications.preferences(office, viewer)
    return answered(found, version=version)


@router.put("/me/notification-preferences")
async def choose(
    office: OfficeDep, viewer: ViewerDep, version: Version, body: Preferences
) -> Response:
    """Choose to be told by e-mail at once, once a day, or not at all."""
    request_id = digest([viewer.id, "PUT", "notification-preferences", version, body])
    changed, now_at = await notifications.choose(office, viewer, body.email, version, request_id)
    return answered(changed, version=now_at)


@router.get("/operations/mail")
async def mail(
    office: OfficeDep, viewer: ViewerDep, page: PageDep, state: MailState | None = None
) -> Response:
    """Every e-mail with its state, the newest first (administrators, auditors)."""
    found = await notifications.ledger(
        office, viewer, state=state, limit=page.limit, cursor=page.cursor
    )
    return answered(found)


@router.post("/operations/mail/{notification_id}/retry")
async def retry(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, notification_id: Id, _: NothingDep
) -> Response:
    """Let an e-mail that failed, or was given up, leave again at once (administrators)."""

    async def act(request_id: str) -> Response:
        return answered(await notifications.send_again(office, viewer, notification_id, request_id))

    return await once(act)
