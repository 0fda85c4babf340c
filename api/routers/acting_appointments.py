"""Acting appointments: who acts in whose position, proposed by one administrator and confirmed by
another."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, ReasonDep, ViewerDep
from commands import acting_appointments
from schemas.requests import ActingAppointmentRequest

router = APIRouter(prefix="/acting-appointments", tags=["standing in"])


@router.get("")
async def appointments(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Every appointment that was proposed, oldest first (administrators, auditors)."""
    return answered(page.of(await acting_appointments.appointments(office, viewer)))


@router.post("", status_code=201)
async def propose(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    body: Annotated[ActingAppointmentRequest, Depends(JsonBody(ActingAppointmentRequest))],
) -> Response:
    """Propose one (administrator); it gives nothing before another has confirmed it."""

    async def act(request_id: str) -> Response:
        said = await acting_appointments.propose(office, viewer, body, request_id)
        return answered(said, status=201)

    return await once(act)


@router.post("/{appointment_id}/confirm")
async def confirm(
    *, office: OfficeDep, viewer: ViewerDep, once: OnceDep, appointment_id: Id, _: NothingDep
) -> Response:
    """The second administrator's yes, before the due date: in force on its days."""

    async def act(request_id: str) -> Response:
        return answered(
            await acting_appointments.confirm(office, viewer, appointment_id, request_id)
        )

    return await once(act)


@router.post("/{appointment_id}/refuse")
async def refuse(
    *, office: OfficeDep, viewer: ViewerDep, once: OnceDep, appointment_id: Id, body: ReasonDep
) -> Response:
    """Refuse what another administrator proposed, or withdraw what one proposed oneself."""

    async def act(request_id: str) -> Response:
        return answered(
            await acting_appointments.refuse(
                office, viewer, appointment_id, body.reason, request_id
            )
        )

    return await once(act)


@router.post("/{appointment_id}/end")
async def end(
    *, office: OfficeDep, viewer: ViewerDep, once: OnceDep, appointment_id: Id, _: NothingDep
) -> Response:
    """End one that was made before its last day, at once; what is held under it goes back."""

    async def act(request_id: str) -> Response:
        return answered(await acting_appointments.end(office, viewer, appointment_id, request_id))

    return await once(act)
