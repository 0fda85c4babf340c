"""One's own account: who one is, how one is told by e-mail, and what one is told."""

from fastapi import APIRouter, Response

from commands import notifications
from pages.asking import AskedByPerson, PersonDep
from policy.notifications import OF_PAYMENTS
from schemas.errors import Gap, Malformed
from schemas.notifications import MailWish, NotificationKind

router = APIRouter()
A_PAGE = 50
_PLACES = {
    NotificationKind.RECORD_EXPIRING: "/records?state=ends_soon",
    NotificationKind.INCIDENT_REPORTED: "/incidents?state=open",
    NotificationKind.INCIDENT_OVERDUE: "/incidents",
    NotificationKind.INCIDENT_ASSESSED: "/incidents?state=assessed",
    NotificationKind.INCIDENT_CLOSED: "/incidents?state=closed",
}
"""Where what is told of no proposal is looked at."""


@router.get("/account")
async def account(asked: PersonDep, saved: bool = False) -> Response:
    return await _account(asked, saved=saved)


@router.post("/account")
async def choose(asked: PersonDep) -> Response:
    """Choose how to be told by e-mail."""
    form = await asked.form()
    try:
        wish = MailWish(form.get("email"))
        version = int(form.get("version"))
    except ValueError:
        raise Malformed(Gap(pointer="/email", code="unknown_value")) from None
    await notifications.choose(asked.office, asked.viewer, wish, version, asked.request_id(form))
    return asked.see("/account?saved=true")


async def _account(asked: AskedByPerson, *, saved: bool) -> Response:
    preferences, version = await notifications.preferences(asked.office, asked.viewer)
    return await asked.page(
        "account.html", preferences=preferences, version=version, saved=saved, wishes=list(MailWish)
    )


@router.get("/notifications")
async def told(asked: PersonDep, cursor: str | None = None) -> Response:
    """What one is told, the newest first."""
    found = await notifications.listed(
        asked.office, asked.viewer, unread=None, limit=A_PAGE, cursor=cursor
    )
    return await asked.page("notifications.html", found=found)


@router.post("/notifications")
async def read_all(asked: PersonDep) -> Response:
    """Mark everything as read."""
    await notifications.read_all(asked.office, asked.viewer)
    return asked.see("/notifications")


@router.post("/notifications/{notification_id}")
async def read(asked: PersonDep, notification_id: str) -> Response:
    """Mark one as read, and open what it is about."""
    found = await notifications.read(asked.office, asked.viewer, notification_id)
    if found["task"]:
        return asked.see(f"/tasks/{found['task']}")
    if found["reference"]:
        part = "/payments" if found["kind"] in OF_PAYMENTS else ""
        return asked.see(f"/proposals/{found['reference']}{part}")
    return asked.see(_PLACES.get(found["kind"], "/notifications"))
