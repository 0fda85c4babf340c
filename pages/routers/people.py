"""People and what they are granted: by two people, for a time, attested once a year."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import grants, organizations, passwords, people
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from schemas.errors import Malformed, Refused, Stale
from schemas.people import ALL, Desk, Discipline, Level, Role
from schemas.requests import EndRequest, GrantRequest, InvitationRequest, PersonRequest

router = APIRouter()
A_PAGE = 25
Choice = Annotated[str, Query(max_length=200)]
Cursor = Annotated[str | None, Query(max_length=1000)]
STATES = {
    "proposed": N_("Waits for the second person"),
    "upcoming": N_("Begins later"),
    "in_force": N_("In force"),
    "to_attest": N_("To be attested soon"),
    "lapsed": N_("Lapsed, since nobody attested it"),
    "ended": N_("Ended"),
    "dropped": N_("Not granted"),
}
SAYS = {
    "email": N_("Write an e-mail address, such as name@dept.example."),
    "name": N_("Write the name."),
    "starts_on": N_("Write the first day as 2027-04-01."),
    "ends_on": N_("Write the last day as 2027-04-01."),
    "scope": N_("Choose for what."),
    "role": N_("Choose a role."),
    "reason": N_("Say why, in a few words."),
}


@router.get("/people")
async def all_people(
    *, asked: PersonDep, q: Choice = "", role: Choice = "", active: Choice = "",
    cursor: Cursor = None,
) -> Response:  # fmt: skip
    """Everyone with their grants; a signatory's own organization."""
    wanted = {"q": q, "role": role if role in list(Role) else "", "active": active}
    found = await people.people(
        asked.office, asked.viewer, q=q or None,
        role=Role(wanted["role"]) if wanted["role"] else None,
        active={"yes": True, "no": False}.get(active), limit=A_PAGE, cursor=cursor,
    )  # fmt: skip
    kept = {name: value for name, value in wanted.items() if value}
    return await asked.page(
        "people.html", people=found["items"], of=await _organizations(asked),
        filters=wanted, roles=list(Role),
        following=urlencode({**kept, "cursor": found["next"]}) if found["next"] else None,
    )  # fmt: skip


@router.get("/people/new")
async def invite_page(asked: PersonDep, email: Choice = "") -> Response:
    """A one-time link for a new person, or for one who has forgotten the password."""
    return await _invite(asked, {"email": email})


@router.post("/people/new")
async def invite(asked: PersonDep) -> Response:
    """Make the link; without e-mail it is shown once, to be handed over."""
    form = await asked.form()
    fields = ("email", "name", "organization", "role", "language")
    typed = {name: form.get(name) for name in fields}
    try:
        request = InvitationRequest.model_validate({k: v for k, v in typed.items() if v})
        made = await passwords.invite(asked.office, asked.viewer, request, asked.request_id(form))
    except (ValidationError, Malformed, Refused) as wrong:
        return await _invite(asked, typed, *told_of(asked, wrong, SAYS))
    return await asked.page("invited.html", made=made, address=asked.request.base_url)


@router.get("/people/{person_id}")
async def person(asked: PersonDep, person_id: str, signed_out: bool = False) -> Response:
    """One person, what they may do, and what an administrator may change."""
    return await _person(asked, person_id, signed_out=signed_out)


@router.post("/people/{person_id}")
async def change(asked: PersonDep, person_id: str) -> Response:
    """Another name, address or language."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("name", "email", "language")}
    version = int(form.get("version")) if form.get("version").isdigit() else 0
    try:
        request = PersonRequest.model_validate(typed)
        await people.change(
            asked.office, asked.viewer, person_id, request, version, asked.request_id(form)
        )
    except (ValidationError, Refused, Stale) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _person(asked, person_id, told, typed, status)
    return asked.see(f"/people/{person_id}")


@router.post("/people/{person_id}/active")
async def set_active(asked: PersonDep, person_id: str) -> Response:
    """Let the person sign in no more, or again."""
    form = await asked.form()
    reason = form.get("active-reason")
    if not reason:
        fault = Fault("active-reason", asked.gettext(SAYS["reason"]))
        return await _person(asked, person_id, [fault], status=422)
    await people.set_active(
        asked.office, asked.viewer, person_id, reason, asked.request_id(form),
        active=form.get("active") == "yes",
    )  # fmt: skip
    return asked.see(f"/people/{person_id}")


@router.post("/people/{person_id}/grants")
async def grant(asked: PersonDep, person_id: str) -> Response:
    """Grant a role, or propose it where two people must."""
    form = await asked.form()
    role, _, scope = form.get("role").partition(":")
    typed = {
        "role": role,
        "scope": scope or form.get("scope") or ALL,
        "starts_on": form.get("starts_on"),
        "ends_on": form.get("ends_on") or None,
        "reason": form.get("reason") or None,
    }
    shown = {**typed, "role": form.get("role"), "scope": form.get("scope")}
    try:
        request = GrantRequest.model_validate(typed)
        await grants.grant(asked.office, asked.viewer, person_id, request, asked.request_id(form))
    except (ValidationError, Malformed, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _person(asked, person_id, told, shown, status)
    return asked.see(f"/people/{person_id}")


@router.get("/grants")
async def all_grants(
    *, asked: PersonDep, state: Choice = "", role: Choice = "", cursor: Cursor = None
) -> Response:
    """Every grant: what waits for a second person, what lapses soon, what ended."""
    wanted = {
        "state": state if state in STATES else "",
        "role": role if role in list(Role) else "",
    }
    found = await grants.grants(
        asked.office, asked.viewer, state=wanted["state"] or None,
        role=Role(wanted["role"]) if wanted["role"] else None, limit=A_PAGE, cursor=cursor,
    )  # fmt: skip
    kept = {name: value for name, value in wanted.items() if value}
    return await asked.page(
        "grants.html", grants=found["items"], of=await _organizations(asked),
        filters=wanted, roles=list(Role), states=STATES,
        names=await _names(asked, found["items"]),
        following=urlencode({**kept, "cursor": found["next"]}) if found["next"] else None,
    )  # fmt: skip


@router.get("/grants/{grant_id}")
async def one_grant(asked: PersonDep, grant_id: str, person: Choice) -> Response:
    """One grant of a person, with what an administrator may do about it."""
    return await _grant(asked, grant_id, person)


@router.post("/grants/{grant_id}/{act}")
async def act_on_grant(asked: PersonDep, grant_id: str, act: str) -> Response:
    """Confirm, refuse, attest or end it."""
    form = await asked.form()
    person_id = form.get("person")
    office, viewer, request_id = asked.office, asked.viewer, asked.request_id(form)
    try:
        match act:
            case "confirm":
                await grants.confirm_grant(office, viewer, grant_id, request_id)
            case "attest":
                await grants.attest_grant(office, viewer, grant_id, request_id)
            case "refuse" if form.get("reason"):
                await grants.drop_grant(office, viewer, grant_id, form.get("reason"), request_id)
            case "end":
                day = EndRequest.model_validate({"ends_on": form.get("ends_on")}).ends_on
                await grants.end_grant(office, viewer, grant_id, day, request_id)
            case _:
                fault = Fault("reason", asked.gettext(SAYS["reason"]))
                return await _grant(asked, grant_id, person_id, [fault], 422)
    except (ValidationError, Malformed, Refused) as wrong:
        return await _grant(asked, grant_id, person_id, *told_of(asked, wrong, SAYS))
    return asked.see(f"/people/{person_id}")


# ---- what is drawn


async def _person(
    asked: AskedByPerson,
    person_id: str,
    faults: list[Fault] | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
    *,
    signed_out: bool = False,
) -> Response:
    found = await people.person(asked.office, asked.viewer, person_id)
    return await asked.page(
        "person.html", status, person=found, faults=faults or [], typed=typed or {},
        signed_out=signed_out, of=await _organizations(asked),
        states=STATES, choices=_choices(asked, found), today=asked.office.today().isoformat(),
        names=await _names(asked, found["grants"]),
        may_grant=asked.viewer.holds(Role.ADMINISTRATOR) and found["id"] != asked.viewer.id,
    )  # fmt: skip


async def _grant(
    asked: AskedByPerson,
    grant_id: str,
    person_id: str,
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    found = await people.person(asked.office, asked.viewer, person_id)
    chosen = next((each for each in found["grants"] if each["id"] == grant_id), None)
    if chosen is None:
        return asked.see(f"/people/{person_id}")
    return await asked.page(
        "grant.html", status, person=found, grant=chosen, of=await _organizations(asked),
        faults=faults or [], states=STATES,
        names=await _names(asked, [chosen]), today=asked.office.today().isoformat(),
    )  # fmt: skip


async def _invite(
    asked: AskedByPerson,
    typed: dict[str, str],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    known = await organizations.organizations(asked.office, asked.viewer)
    return await asked.page(
        "invite.html", status, typed=typed, faults=faults or [], organizations=known
    )


async def _organizations(asked: AskedByPerson) -> dict[str, str]:
    """What the organizations are called that roles are granted for."""
    found = await organizations.organizations(asked.office, asked.viewer)
    return {each["id"]: each["name"] for each in found}


async def _names(asked: AskedByPerson, found: list[dict[str, Any]]) -> dict[str, str]:
    """Who is named in grants, as far as the reader may list them; others stay ids."""
    ids = {
        who
        for each in found
        for who in (each["person"], each["granted_by"], each["confirmed_by"], each["attested_by"])
        if who
    }
    named = await people.names(asked.office, asked.viewer, ids)
    return {each: named.get(each, each) for each in ids}


def _choices(asked: AskedByPerson, found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Each role with the scopes that it may be granted in, as a list of `role:scope`."""
    programmes = [t.code for t in asked.office.catalogue.programmes(asked.office.today())]
    scopes: dict[Role, list[str]] = {
        Role.REVIEWER: [each.value for each in Discipline],
        Role.DESK_OFFICER: [ALL, *(each.value for each in Desk)],
        Role.HEAD_OF_DESK: [ALL, *(each.value for each in Desk)],
        Role.APPROVER: [each.value for each in Level],
        Role.LEGAL: [ALL],
        Role.ADMINISTRATOR: [ALL],
        Role.AUDITOR: [ALL],
    }
    own = [found["organization"]] if found["organization"] else []
    partner = {Role.CONTRIBUTOR: own, Role.SIGNATORY: own}
    return [(role.value, partner.get(role, scopes.get(role, [ALL, *programmes]))) for role in Role]
