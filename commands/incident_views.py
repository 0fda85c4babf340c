"""Incidents as they are read: by staff with what they touch, by a partner as it reported them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules import incidents as rules
from schemas.errors import NotFound
from schemas.holds import HoldKind
from schemas.incidents import IncidentKind, IncidentState
from schemas.people import PARTNER_ROLES, Viewer
from schemas.proposal import Stage
from schemas.values import instant
from store import incidents as store
from store import people, texts, visibility
from store.tables import IncidentRow, IncidentTouchRow, OrganizationRow, ProposalRow, RevisionRow


async def incidents(
    office: Office,
    viewer: Viewer,
    *,
    kind: IncidentKind | None = None,
    state: IncidentState | None = None,
    organization: str | None = None,
    reference: str | None = None,
) -> list[dict[str, Any]]:
    """The incidents that the reader may see, the latest first; *reference*: those that touch it."""
    query = select(IncidentRow)
    if not viewer.is_staff:
        own = [grant.scope for grant in viewer.grants if grant.role in PARTNER_ROLES]
        query = query.where(
            col(IncidentRow.by_partner).is_(True), col(IncidentRow.organization).in_(own)
        )
        state = reference = None  # what only staff may know is not asked for by a partner either
    for column, asked in (
        (IncidentRow.kind, kind),
        (IncidentRow.state, state),
        (IncidentRow.organization, organization),
    ):
        if asked is not None:
            query = query.where(col(column) == asked)
    async with office.database.reading() as session:
        if reference is not None:
            await visibility.find(session, viewer, reference)
            touched = select(IncidentTouchRow.incident).where(
                IncidentTouchRow.reference == reference
            )
            query = query.where(col(IncidentRow.id).in_(touched))
        query = query.order_by(col(IncidentRow.reported_at).desc(), IncidentRow.id)
        return await shown(session, viewer, list(await session.exec(query)), office.now())


async def incident(office: Office, viewer: Viewer, incident_id: str) -> dict[str, Any]:
    """One incident, as its reader may see it."""
    async with office.database.reading() as session:
        row = await found(session, viewer, incident_id)
        return (await shown(session, viewer, [row], office.now()))[0]


async def touched(office: Office, viewer: Viewer, incident_id: str) -> list[dict[str, Any]]:
    """What it touches, as far as the reader sees it as staff; a partner reads nothing here."""
    async with office.database.reading() as session:
        row = await found(session, viewer, incident_id)
        pairs = await session.exec(
            select(ProposalRow, IncidentTouchRow, RevisionRow.title)
            .join(IncidentTouchRow, col(IncidentTouchRow.reference) == col(ProposalRow.reference))
            .join(
                RevisionRow,
                and_(
                    col(RevisionRow.reference) == col(ProposalRow.reference),
                    col(RevisionRow.number) == col(ProposalRow.revision),
                ),
            )
            .where(IncidentTouchRow.incident == row.id, visibility.visible_as_staff(viewer))
            .order_by(ProposalRow.reference)
        )
        return [
            {
                "reference": proposal.reference,
                "title": title,
                "organization": proposal.organization,
                "stage": proposal.stage,
                "stage_when_found": touch.stage,
                "paused": any(
                    hold.get("hold") == row.id and hold["kind"] == HoldKind.SUSPENSION
                    for hold in proposal.state.get("holds", ())
                ),
                "signed": touch.stage == Stage.ACTIVE,
            }
            for proposal, touch, title in pairs
        ]


async def found(
    session: AsyncSession, viewer: Viewer, incident_id: str, *, to_change: bool = False
) -> IncidentRow:
    """The incident, if *viewer* may read it; NotFound whether unknown or another's."""
    row = await session.get(IncidentRow, incident_id, with_for_update=to_change or None)
    if row is None or not rules.may_read(viewer, row.organization, by_partner=row.by_partner):
        raise NotFound
    return row


async def shown(
    session: AsyncSession, viewer: Viewer, rows: Sequence[IncidentRow], now: datetime
) -> list[dict[str, Any]]:
    """Rows as *viewer* reads them: a partner its own words, and when they were received."""
    words = await texts.read(
        session, [each for row in rows for each in (row.content, row.findings, row.refusal) if each]
    )
    names = await people.names_of(
        session, [who for r in rows for who in (r.reported_by, r.assessed_by, r.closed_by)]
    )
    organizations = {
        row.id: row.name
        for row in await session.exec(
            select(OrganizationRow).where(
                col(OrganizationRow.id).in_({row.organization for row in rows if row.organization})
            )
        )
    }

    def person(who: str | None) -> dict[str, str] | None:
        return {"id": who, "name": names.get(who, who)} if who else None

    read = []
    for row in rows:
        said = words.get(row.content) or {}
        told: dict[str, Any] = {
            "id": row.id,
            "kind": row.kind,
            "organization": row.organization,
            "organization_name": organizations.get(row.organization or ""),
            "countries": list(row.countries),
            "references": list(row.references),
            "parties": said.get("parties", []),
            "what": said.get("what"),
            "occurred_at": instant(row.occurred_at),
            "learned_at": instant(row.learned_at),
            "reported_at": instant(row.reported_at),
            "reported_by": person(row.reported_by),
            "due_at": instant(row.due_at),
            "late": row.reported_at > row.due_at,
        }
        read.append(told | (_for_staff(row, viewer, words, now) if viewer.is_staff else {}))
        if viewer.is_staff:
            told_of = {"assessed_by": row.assessed_by, "closed_by": row.closed_by}
            read[-1] |= {name: person(who) for name, who in told_of.items()}
            read[-1]["touched"] = await store.touched_by(session, row.id)
    return read


def _for_staff(
    row: IncidentRow, viewer: Viewer, words: dict[str, Any], now: datetime
) -> dict[str, Any]:
    is_open = row.state != IncidentState.CLOSED
    return {
        "by_partner": row.by_partner,
        "state": row.state,
        "assess_by": instant(row.assess_by),
        "overdue": is_open and now > row.assess_by,
        "anew": list(row.anew),
        "outcome": row.outcome,
        "findings": words.get(row.findings or ""),
        "assessed_at": instant(row.assessed_at) if row.assessed_at else None,
        "refusal": words.get(row.refusal or ""),
        "closed_at": instant(row.closed_at) if row.closed_at else None,
        "progress": {
            "looked": row.looked,
            "of": row.total,
            "done": row.gone_through_at is not None,
        },
        "may_assess": row.state == IncidentState.OPEN and rules.may_assess(viewer),
        "may_confirm": row.state == IncidentState.ASSESSED
        and rules.may_confirm(viewer, row.assessed_by),
    }
