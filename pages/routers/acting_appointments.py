"""Acting appointments, by two administrators: what became of each, and proposing another."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import acting_appointments
from commands.grants import check_administers
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, done_or_told, told_of, words_of
from pages.languages import N_
from pages.routers.fund_corrections import STATES
from pages.routers.standing_in import A_DAY
from schemas.errors import Malformed, Refused
from schemas.people import Candidate, Role
from schemas.requests import ActingAppointmentRequest

router = APIRouter()
SAYS = {
    "holder": N_("Write the e-mail address of a colleague."),
    "acting": N_("Write the e-mail address of a colleague."),
    "reason": N_("Say why, in a few words."),
    "starts_on": A_DAY,
    "ends_on": A_DAY,
}
_FIELDS = ("holder", "acting", "starts_on", "ends_on", "reason")


@router.get("/acting")
async def appointments(asked: PersonDep, holder: str = "") -> Response:
    """Every appointment, and the form of another once it is said in whose position."""
    if not holder or not asked.viewer.holds(Role.ADMINISTRATOR):
        return await _page(asked)
    try:
        position = await acting_appointments.position_of(asked.office, asked.viewer, holder)
    except Malformed as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _page(asked, told, {"holder": holder}, status)
    if not position:
        return await _page(
            asked, [Fault("holder", words_of(Refused("nothing_to_act_in"), asked.language))],
            {"holder": holder}, 409,
        )  # fmt: skip
    chosen = [f"{each.role}:{each.scope}" for each in position]
    return await _page(asked, typed={"holder": holder, "grants": chosen}, position=position)


@router.post("/acting")
async def propose(asked: PersonDep) -> Response:
    """Propose one; it gives nothing before another administrator has confirmed it."""
    check_administers(asked.viewer)
    form = await asked.form()
    chosen = form.all("grants")
    typed: dict[str, Any] = {name: form.get(name) for name in _FIELDS}
    named = [dict(zip(("role", "scope"), each.split(":", 1), strict=False)) for each in chosen]
    try:
        request = ActingAppointmentRequest.model_validate({**typed, "grants": named})
        await acting_appointments.propose(
            asked.office, asked.viewer, request, asked.request_id(form)
        )
    except (ValidationError, Malformed, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        try:
            position = await acting_appointments.position_of(
                asked.office, asked.viewer, typed["holder"]
            )
        except Malformed:
            position = ()
        return await _page(asked, told, {**typed, "grants": chosen}, status, position)
    return asked.see("/acting")


@router.post("/acting/{appointment_id}/confirm")
async def confirm(asked: PersonDep, appointment_id: str) -> Response:
    """The second administrator's yes."""
    form = await asked.form()
    act = acting_appointments.confirm(
        asked.office, asked.viewer, appointment_id, asked.request_id(form)
    )
    return await done_or_told(asked, act, _page, "/acting")


@router.post("/acting/{appointment_id}/refuse")
async def refuse(asked: PersonDep, appointment_id: str) -> Response:
    """Refuse it, or take one's own back."""
    form = await asked.form()
    field = f"answer-{appointment_id}"
    if not form.get(field):
        return await _page(asked, [Fault(field, asked.gettext(SAYS["reason"]))], status=422)
    act = acting_appointments.refuse(
        asked.office, asked.viewer, appointment_id, form.get(field), asked.request_id(form)
    )
    return await done_or_told(asked, act, _page, "/acting")


@router.post("/acting/{appointment_id}/end")
async def end(asked: PersonDep, appointment_id: str) -> Response:
    """End one before its last day, at once."""
    form = await asked.form()
    act = acting_appointments.end(
        asked.office, asked.viewer, appointment_id, asked.request_id(form)
    )
    return await done_or_told(asked, act, _page, "/acting")


async def _page(
    asked: AskedByPerson,
    faults: list[Fault] | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
    position: tuple[Candidate, ...] = (),
) -> Response:
    return await asked.page(
        "acting.html", status,
        appointments=await acting_appointments.appointments(asked.office, asked.viewer),
        administers=asked.viewer.holds(Role.ADMINISTRATOR), names=STATES, position=position,
        today=asked.office.today().isoformat(), faults=faults or [], typed=typed or {},
    )  # fmt: skip
