"""Reusable records: what reviews rely on by reference, made by one and confirmed by another."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import record_views, reusable_records
from commands.organizations import organizations
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of, words_of
from pages.languages import N_
from pages.sent import Sent
from policy import wording
from policy.rules import reusable_records as rules
from schemas.errors import Forbidden, Malformed, Refused
from schemas.people import Viewer
from schemas.requests import RecordRequest
from schemas.reusable_records import RecordKind, RecordResult, RecordState
from schemas.tasks import RiskLevel

router = APIRouter()
A_PAGE = 50
Choice = Annotated[str, Query(max_length=100)]
Cursor = Annotated[str | None, Query(max_length=1000)]
KINDS = {
    RecordKind.COUNTRY_BASELINE: N_("Country baseline"),
    RecordKind.UNIT_VETTING: N_("Vetting of a unit"),
    RecordKind.PERSON_VETTING: N_("Vetting of a person"),
    RecordKind.PARTNER_DUE_DILIGENCE: N_("Due diligence of a partner"),
}
STATES = {
    RecordState.PROPOSED: N_("Waits for the second person"),
    RecordState.REFUSED: N_("Refused"),
    RecordState.IN_FORCE: N_("In force"),
    RecordState.SUPERSEDED: N_("Followed by another"),
    RecordState.WITHDRAWN: N_("Withdrawn"),
    RecordState.EXPIRED: N_("Expired"),
}
RESULTS = {
    RecordResult.CLEARED: N_("Cleared"),
    RecordResult.CONCERNS: N_("Concerns"),
}
ENDS_SOON = "ends_soon"
"""Beside the states, a filter: in force, and to be renewed."""
FIELDS = ("country", "organization", "name", "result", "findings", "sources", "valid_until")
SAYS = {
    "country": N_("Choose a country."),
    "organization": N_("Choose a partner."),
    "name": N_("Write the name."),
    "levels": N_("Choose a level for one risk or more."),
    "result": N_("Choose one of these."),
    "findings": N_("Say what was found."),
    "sources": N_("Write one source a line."),
    "valid_until": N_("Write the day as 2027-04-01."),
}


@router.get("/records")
async def all_records(
    *, asked: PersonDep, kind: Choice = "", state: Choice = "", country: Choice = "",
    organization: Choice = "", cursor: Cursor = None,
) -> Response:  # fmt: skip
    """The records that the reader may see, the newest first; the filters stand in the address."""
    _check_staff(asked.viewer)
    wanted = {
        "kind": kind if kind in list(RecordKind) else "",
        "state": state if state in [*RecordState, ENDS_SOON] else "",
        "country": country if country in wording.country_names(asked.language) else "",
        "organization": organization,
    }
    kept = {name: value for name, value in wanted.items() if value}
    narrowed: dict[str, Any] = kept | {ENDS_SOON: wanted["state"] == ENDS_SOON}
    if narrowed[ENDS_SOON]:
        del narrowed["state"]
    found = await record_views.records(
        asked.office, asked.viewer, **narrowed, limit=A_PAGE, cursor=cursor
    )
    return await asked.page(
        "records.html", records=found["items"], filters=wanted, **_words(asked),
        kinds={kind: KINDS[kind] for kind in RecordKind if rules.may_read(asked.viewer, kind)},
        may_make=[kind for kind in RecordKind if rules.may_make(asked.viewer, kind)],
        countries=_countries(asked), organizations=await organizations(asked.office, asked.viewer),
        following=urlencode({**kept, "cursor": found["next"]}) if found["next"] else None,
    )  # fmt: skip


@router.get("/records/new")
async def new(asked: PersonDep, kind: Choice = "", follows: Choice = "") -> Response:
    """The form of one kind; *follows*: filled in with the record that it is to follow."""
    made = [each for each in RecordKind if rules.may_make(asked.viewer, each)]
    if not made:
        raise Forbidden("record_not_for_role", kind=kind)
    typed: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"levels": {}}
    chosen = next((each for each in made if each == kind), made[0])
    if follows:
        before = await record_views.record(asked.office, asked.viewer, follows)
        chosen = RecordKind(before["kind"])
        rules.check_may_make(asked.viewer, chosen)
        typed |= {name: before[name] or "" for name in ("country", "organization", "name")}
        typed |= {"levels": before["levels"], "sources": "\n".join(before["sources"])}
    return await _form(asked, chosen, typed)


@router.post("/records/new")
async def propose(asked: PersonDep) -> Response:
    """Propose it; findings may rely on it once another person has confirmed it."""
    form = await asked.form()
    chosen = next((each for each in RecordKind if each == form.get("kind")), None)
    if chosen is None:
        raise Malformed
    typed = {name: form.get(name) for name in FIELDS} | {"levels": _levels(asked, form)}
    try:
        request = RecordRequest.model_validate(_sent(chosen, typed))
        made = await reusable_records.propose(
            asked.office, asked.viewer, request, asked.request_id(form)
        )
    except (ValidationError, Malformed, Forbidden) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _form(asked, chosen, typed, [_placed(each) for each in told], status)
    return asked.see(f"/records/{made['id']}")


@router.get("/records/{record_id}")
async def record(asked: PersonDep, record_id: str) -> Response:
    """One record, what relies on it, and what the reader may do about it."""
    return await _page(asked, record_id)


@router.post("/records/{record_id}/confirm")
async def confirm(asked: PersonDep, record_id: str) -> Response:
    """The second person's yes."""
    form = await asked.form()
    try:
        await reusable_records.confirm(
            asked.office, asked.viewer, record_id, asked.request_id(form)
        )
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _page(asked, record_id, told, status=refused.status)
    return asked.see(f"/records/{record_id}")


@router.post("/records/{record_id}/refuse")
async def refuse(asked: PersonDep, record_id: str) -> Response:
    """The second person's no, or the maker's own."""
    return await _end(asked, record_id, reusable_records.refuse)


@router.post("/records/{record_id}/withdraw")
async def withdraw(asked: PersonDep, record_id: str) -> Response:
    """Let nobody rely on it any more."""
    return await _end(asked, record_id, reusable_records.withdraw)


async def _end(asked: AskedByPerson, record_id: str, act: Any) -> Response:
    form = await asked.form()
    reason = form.get("reason")
    if not reason:
        told = [Fault("reason", asked.gettext("Say why, in a few words."))]
        return await _page(asked, record_id, told, status=422)
    try:
        await act(asked.office, asked.viewer, record_id, reason, asked.request_id(form))
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _page(asked, record_id, told, reason, refused.status)
    return asked.see(f"/records/{record_id}")


# ---- what is typed, and what is drawn


def _check_staff(viewer: Viewer) -> None:
    """A partner is not told that there are records of it."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")


def _levels(asked: AskedByPerson, form: Sent) -> dict[str, str]:
    chosen = {risk: form.get(f"levels-{risk}") for risk in record_views.risks(asked.office)}
    return {risk: level for risk, level in chosen.items() if level}


def _sent(kind: RecordKind, typed: dict[str, Any]) -> dict[str, Any]:
    given = {name: typed[name] or None for name in FIELDS}
    return given | {
        "kind": kind,
        "findings": typed["findings"],
        "sources": [line.strip() for line in typed["sources"].splitlines() if line.strip()],
        "levels": typed["levels"],
    }


def _placed(fault: Fault) -> Fault:
    """At the control that it is about: `levels.torture` is that of the risk."""
    first, _, rest = fault.field.partition(".")
    return Fault(f"{first}-{rest}" if first == "levels" and rest else first, fault.text)


def _countries(asked: AskedByPerson) -> list[tuple[str, str]]:
    return sorted(wording.country_names(asked.language).items(), key=lambda each: each[1])


def _words(asked: AskedByPerson) -> dict[str, Any]:
    risks = record_views.risks(asked.office)
    return {
        "states": STATES,
        "results": RESULTS,
        "risks": {risk: name.in_language(asked.language) for risk, name in risks.items()},
    }


async def _form(
    asked: AskedByPerson,
    kind: RecordKind,
    typed: dict[str, Any],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    waits = asked.office.catalogue.in_force(asked.office.today()).waits
    is_of_partner = kind is RecordKind.PARTNER_DUE_DILIGENCE
    return await asked.page(
        "record_new.html", status, kind=kind, kinds=KINDS, typed=typed, faults=faults or [],
        **_words(asked), levels=list(RiskLevel), countries=_countries(asked),
        others=[each for each in RecordKind if rules.may_make(asked.viewer, each)],
        organizations=await organizations(asked.office, asked.viewer) if is_of_partner else [],
        days=waits.days(rules.VALIDITY[kind]),
    )  # fmt: skip


async def _page(
    asked: AskedByPerson,
    record_id: str,
    faults: list[Fault] | None = None,
    reason: str = "",
    status: int = 200,
) -> Response:
    found = await record_views.record(asked.office, asked.viewer, record_id)
    relying = await record_views.uses(asked.office, asked.viewer, record_id)
    return await asked.page(
        "record.html", status, record=found, relying=relying, kinds=KINDS, **_words(asked),
        faults=faults or [], reason=reason,
    )  # fmt: skip
