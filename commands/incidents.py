"""Incidents and country events: reported, what they touch paused, ended by a new assessment.

A report pauses at once what it touches and is not signed: a message of its own to each, left in
parts, so that a country with thousands of proposals is no different from one proposal. Two people
end it: one assesses, another confirms, and everything goes on, found on anew where it was so.
"""

from __future__ import annotations

from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import incident_views
from commands.office import Office
from policy.rules import clocks
from policy.rules import incidents as rules
from schemas.errors import Gap, Malformed, Refused
from schemas.events import INSTALLATION, EventType, TextRef
from schemas.in_force import Regions
from schemas.incidents import IncidentOutcome, IncidentState
from schemas.people import Actor, Viewer
from schemas.requests import AssessmentRequest, IncidentRequest
from schemas.values import digest, instant
from store import incidents as store
from store import notifications, texts, visibility
from store.chain import installation_event, recorded_request
from store.tables import IncidentRow, OrganizationRow, ProposalRow

log = structlog.get_logger()
PARTS_A_ROUND = 5


async def report(
    office: Office, viewer: Viewer, asked: IncidentRequest, request_id: str
) -> dict[str, Any]:
    """Record what happened, and pause what it touches."""
    rules.check_may_report(viewer, asked.kind, asked.organization)
    now, by_partner = office.now(), rules.reports_as_partner(viewer)
    rules.check_instants(asked.occurred_at, asked.learned_at, now)
    organization = viewer.organization if by_partner else asked.organization
    rules.check_scope(
        asked.kind,
        {
            "organization": organization or (),
            "countries": asked.countries,
            "parties": asked.parties,
            "references": asked.references,
        },
    )
    in_force = office.catalogue.in_force(office.today())
    policy, incident = in_force.incidents, digest(["incident", request_id])[:32]
    async with office.database.writing() as session:
        if (known := await session.get(IncidentRow, incident)) is not None:
            return (await incident_views.shown(session, viewer, [known], now))[0]
        await _check_known(office, session, viewer, asked)
        said = {
            "what": asked.what,
            "parties": [party.model_dump(mode="json") for party in asked.parties],
        }
        content = await texts.put(
            session, f"incident:{incident}", f"incident-{incident}", said, now=now
        )
        row = IncidentRow(
            id=incident,
            kind=asked.kind,
            state=IncidentState.OPEN,
            organization=organization,
            countries=list(asked.countries),
            references=list(dict.fromkeys(asked.references)),
            names_parties=bool(asked.parties),
            content=content.id,
            reported_by=viewer.id,
            by_partner=by_partner,
            occurred_at=asked.occurred_at,
            learned_at=asked.learned_at,
            due_at=rules.due_at(asked.learned_at, asked.kind, policy),
            reported_at=now,
            assess_by=clocks.due_at(now, policy.assess_within_days, in_force.calendar.holidays),
            policy_version=policy.version,
            anew=[each.value for each in policy.rule(asked.kind).asks_anew],
        )
        scope = _scope(row, said, in_force.regions)
        store.begin(row, await store.count(session, scope))
        session.add(row)
        await session.flush()
        await store.touch_next(session, row, scope, now)
        data = {"programmes": list(await store.programmes(session, scope))}
        await record(
            session, office, EventType.INCIDENT_REPORTED, Actor(
                id=viewer.id, role=rules.acting_role(viewer),
                organization=viewer.organization if by_partner else None,
            ), row, request_id, said={"content": content}, data=data,
        )  # fmt: skip
        log.info("incident_reported", incident=row.id, kind=row.kind, late=now > row.due_at)
        return (await incident_views.shown(session, viewer, [row], now))[0]


async def assess(
    office: Office, viewer: Viewer, incident: str, asked: AssessmentRequest, request_id: str
) -> dict[str, Any]:
    """Say what it was found to be; nothing goes on before another person has confirmed it."""
    now = office.now()
    async with office.database.writing() as session:
        row = await incident_views.found(session, viewer, incident, to_change=True)
        rules.check_may_assess(viewer)
        if not await recorded_request(session, INSTALLATION, request_id):
            _check_is(row, IncidentState.OPEN)
            findings = await texts.put(
                session,
                f"incident:{row.id}",
                f"incident-{row.id}-{digest([request_id])[:12]}",
                asked.findings,
                now=now,
            )
            row.state, row.outcome, row.findings = (
                IncidentState.ASSESSED,
                asked.outcome,
                findings.id,
            )
            row.assessed_by, row.assessed_at = viewer.id, now
            session.add(row)
            await record(
                session, office, EventType.INCIDENT_ASSESSED,
                Actor(id=viewer.id, role=rules.acting_role(viewer)), row, request_id,
                said={"findings": findings}, data={"outcome": row.outcome},
            )  # fmt: skip
        return (await incident_views.shown(session, viewer, [row], now))[0]


async def confirm(office: Office, viewer: Viewer, incident: str, request_id: str) -> dict[str, Any]:
    """The second person's yes: it is closed, and what it paused goes on."""
    now = office.now()
    async with office.database.writing() as session:
        row = await incident_views.found(session, viewer, incident, to_change=True)
        if not await recorded_request(session, INSTALLATION, request_id):
            rules.check_may_confirm(viewer, row.assessed_by)
            _check_is(row, IncidentState.ASSESSED)
            row.state, row.closed_by, row.closed_at = IncidentState.CLOSED, viewer.id, now
            store.begin(row, await store.touched_by(session, row.id))
            session.add(row)
            await session.flush()
            await store.lift_next(session, row, _anew(row), now)
            await record(
                session, office, EventType.INCIDENT_CLOSED,
                Actor(id=viewer.id, role=rules.acting_role(viewer)), row, request_id,
                data={"outcome": row.outcome, "anew": list(_anew(row))},
            )  # fmt: skip
            log.info("incident_closed", incident=row.id, outcome=row.outcome)
        return (await incident_views.shown(session, viewer, [row], now))[0]


async def refuse(
    office: Office, viewer: Viewer, incident: str, reason: str, request_id: str
) -> dict[str, Any]:
    """The second person's no: it is to be assessed anew, and stays paused."""
    now = office.now()
    async with office.database.writing() as session:
        row = await incident_views.found(session, viewer, incident, to_change=True)
        if not await recorded_request(session, INSTALLATION, request_id):
            rules.check_may_confirm(viewer, row.assessed_by)
            _check_is(row, IncidentState.ASSESSED)
            said = await texts.put(
                session,
                f"incident:{row.id}",
                f"incident-{row.id}-{digest([request_id])[:12]}",
                reason,
                now=now,
            )
            row.state, row.refusal = IncidentState.OPEN, said.id
            row.outcome = row.findings = row.assessed_by = row.assessed_at = None
            session.add(row)
            await record(
                session, office, EventType.INCIDENT_REFUSED,
                Actor(id=viewer.id, role=rules.acting_role(viewer)), row, request_id,
                said={"reason": said},
            )  # fmt: skip
        return (await incident_views.shown(session, viewer, [row], now))[0]


async def go_on(office: Office) -> int:
    """Go through more of what incidents touch; a part of housekeeping. Returns how many."""
    gone_through = 0
    async with office.database.reading() as session:
        waiting = await store.under_way(session)
    for incident in waiting:
        for _ in range(PARTS_A_ROUND):
            async with office.database.writing() as session:
                row = await session.get(IncidentRow, incident)
                if row is None or row.gone_through_at is not None:
                    break
                before = row.looked
                if row.state == IncidentState.CLOSED:
                    await store.lift_next(session, row, _anew(row), office.now())
                else:
                    said = await texts.read_one(session, row.content)
                    regions = office.catalogue.in_force(office.today()).regions
                    scope = _scope(row, said or {}, regions)
                    await store.touch_next(session, row, scope, office.now())
                gone_through += row.looked - before
    return gone_through


async def go_on_with_newer(office: Office) -> int:
    """Pause what was submitted after a report and is touched; a part of housekeeping."""
    async with office.database.reading() as session:
        waiting = [
            each for each in await store.still_open(session) if await store.has_newer(session, each)
        ]
    paused = 0
    for incident in waiting:
        async with office.database.writing() as session:
            row = await session.get(IncidentRow, incident)
            if row is None or row.state == IncidentState.CLOSED:
                continue
            said = await texts.read_one(session, row.content)
            regions = office.catalogue.in_force(office.today()).regions
            found = await store.touch_newer(
                session, row, _scope(row, said or {}, regions), office.now()
            )
            paused += len(found)
    if paused:
        log.info("newer_proposals_suspended", count=paused)
    return paused


def _check_is(row: IncidentRow, state: IncidentState) -> None:
    if row.state != state:
        raise Refused("incident_is_not", state=row.state, needed=state.value)


def _anew(row: IncidentRow) -> tuple[str, ...]:
    return rules.anew(IncidentOutcome(str(row.outcome)), row.anew)


def _scope(row: IncidentRow, said: dict[str, Any], regions: Regions) -> store.Scope:
    """Where to look. A partner that names proposals means those, not all of its own."""
    places = set(row.countries) | {
        region.code for region in regions.regions if set(region.countries) & set(row.countries)
    }
    narrowed = bool(row.countries or row.names_parties)
    is_wide = not row.by_partner or narrowed or not row.references
    return store.Scope(
        references=tuple(row.references),
        organization=row.organization if is_wide else None,
        places=places,
        parties=tuple((each["name"], each["country"]) for each in said.get("parties", ())),
    )


async def _check_known(
    office: Office, session: AsyncSession, viewer: Viewer, asked: IncidentRequest
) -> None:
    """Everything that is named exists, and the proposals are those that the reader may see."""
    gaps = [
        Gap(pointer=f"/countries/{number}", code="unknown_value")
        for number, country in enumerate(asked.countries)
        if country not in office.catalogue.known_countries
    ]
    if (
        asked.organization is not None
        and await session.get(OrganizationRow, asked.organization) is None
    ):
        gaps.append(Gap(pointer="/organization", code="unknown_organization"))
    seen = await session.exec(
        select(ProposalRow.reference).where(
            col(ProposalRow.reference).in_(asked.references),
            col(ProposalRow.submitted_at).is_not(None),
            visibility.visible(viewer),
        )
    )
    known = set(seen)
    gaps += [
        Gap(pointer=f"/references/{number}", code="unknown_value")
        for number, reference in enumerate(asked.references)
        if reference not in known
    ]
    if gaps:
        raise Malformed(*gaps)


async def record(
    session: AsyncSession,
    office: Office,
    event_type: EventType,
    actor: Actor,
    row: IncidentRow,
    request_id: str | None,
    *,
    said: dict[str, TextRef] | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Record what became of it, in codes and ids: what happened, and to whom, stays in the text."""
    told = {
        "incident": row.id,
        "kind": row.kind,
        "organization": row.organization,
        "countries": list(row.countries),
        "references": list(row.references),
        "by_partner": row.by_partner,
        "reported_by": row.reported_by,
        "learned_at": instant(row.learned_at),
        "due_at": instant(row.due_at),
        "late": row.reported_at > row.due_at,
        "policy": row.policy_version,
    }
    event = installation_event(
        event_type,
        actor,
        f"incident:{row.id}:{digest([event_type.value, request_id])[:16]}",
        office.now(),
        data={**told, **(data or {})},
        texts=said,
        request_id=request_id,
    )
    await notifications.record(session, event, now=office.now())
