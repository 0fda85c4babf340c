"""Reusable records as they are read: in a list, one by one, by what relies on them, in forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules import reusable_records as rules
from policy.rules.forms.findings import risk_types
from schemas.errors import NotFound
from schemas.people import SYSTEM, Discipline, Viewer
from schemas.proposal import BeneficiaryKind, Content
from schemas.reusable_records import RecordKind, RecordLine, RecordResult, RecordState
from schemas.tasks import RiskLevel
from schemas.values import Bilingual, instant
from store import people, texts, visibility
from store import reusable_records as store
from store.paging import behind, cursor_after, read_cursor
from store.tables import OrganizationRow, ProposalRow, RecordUseRow, ReusableRecordRow, RevisionRow


async def records(
    office: Office,
    viewer: Viewer,
    *,
    kind: RecordKind | None = None,
    state: RecordState | None = None,
    country: str | None = None,
    organization: str | None = None,
    ends_soon: bool = False,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """A page of the records that the reader may see, the newest first.

    *ends_soon*: only those in force of whose end the reviewers are warned.
    """
    kinds = [each for each in RecordKind if rules.may_read(viewer, each)]
    query = select(ReusableRecordRow).where(col(ReusableRecordRow.kind).in_(kinds))
    for column, asked in (
        (ReusableRecordRow.kind, kind),
        (ReusableRecordRow.state, RecordState.IN_FORCE if ends_soon else state),
        (ReusableRecordRow.country, country),
        (ReusableRecordRow.organization, organization),
    ):
        if asked is not None:
            query = query.where(col(column) == asked)
    if ends_soon:
        until = office.today() + rules.WARNED_BEFORE
        query = query.where(col(ReusableRecordRow.valid_until) <= until)
    by, key = col(ReusableRecordRow.made_at), col(ReusableRecordRow.id)
    if cursor is not None:
        query = query.where(*behind(by, key, *read_cursor(cursor, instant=True), descending=True))
    query = query.order_by(by.desc(), key.desc()).limit(limit + 1)
    async with office.database.reading() as session:
        rows = (await session.exec(query)).all()
        page, is_last = rows[:limit], len(rows) <= limit
        return {
            "items": await shown(session, office, viewer, page),
            "next": None if is_last else cursor_after(page[-1].made_at, page[-1].id),
        }


async def record(office: Office, viewer: Viewer, record_id: str) -> dict[str, Any]:
    """One record, with what was found and how many proposals rely on it."""
    async with office.database.reading() as session:
        row = await found(session, viewer, record_id)
        return (await shown(session, office, viewer, [row]))[0]


async def known_among(
    office: Office, viewer: Viewer, record_ids: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Those of *record_ids* that the reader may read, by id."""
    kinds = [each for each in RecordKind if rules.may_read(viewer, each)]
    query = select(ReusableRecordRow).where(
        col(ReusableRecordRow.id).in_(record_ids), col(ReusableRecordRow.kind).in_(kinds)
    )
    async with office.database.reading() as session:
        rows = (await session.exec(query)).all()
        return {each["id"]: each for each in await shown(session, office, viewer, rows)}


async def uses(office: Office, viewer: Viewer, record_id: str) -> list[dict[str, Any]]:
    """The proposals whose findings rely on the record, as far as the reader sees them as staff."""
    async with office.database.reading() as session:
        row = await found(session, viewer, record_id)
        relying = await session.exec(
            select(ProposalRow, RevisionRow.title)
            .join(
                RevisionRow,
                and_(
                    col(RevisionRow.reference) == col(ProposalRow.reference),
                    col(RevisionRow.number) == col(ProposalRow.revision),
                ),
            )
            .where(
                col(ProposalRow.reference).in_(
                    select(RecordUseRow.reference).where(RecordUseRow.record == row.id)
                ),
                visibility.visible_as_staff(viewer),
            )
            .order_by(ProposalRow.reference)
        )
        return [
            {
                "reference": proposal.reference,
                "title": title,
                "organization": proposal.organization,
                "stage": proposal.stage,
            }
            for proposal, title in relying
        ]


async def lines_for(
    office: Office, session: AsyncSession, row: ProposalRow, content: Content
) -> tuple[RecordLine, ...]:
    """What is in force today and concerns the proposal: its countries, partner, units, people."""
    names = [
        (each.name, each.country)
        for each in content.beneficiaries
        if each.kind is BeneficiaryKind.SECURITY_UNIT
    ] + [(party.name, party.country) for party in content.named_parties]
    concerning = await store.concerning(
        session,
        countries=[country.code for country in content.countries],
        organization=row.organization,
        names=names,
        day=office.today(),
    )
    words = await texts.read(session, [each.content for each in concerning])
    return tuple(
        RecordLine(
            id=each.id,
            kind=RecordKind(each.kind),
            subject=_subject(each, words.get(each.content)),
            valid_until=each.valid_until or office.today(),
            levels={risk: RiskLevel(level) for risk, level in each.levels.items()},
            result=RecordResult(each.result) if each.result else None,
        )
        for each in concerning
    )


def risks(office: Office) -> Mapping[str, Bilingual]:
    """The risk types of the human rights checklists in force: a baseline speaks their language."""
    return {
        risk: name
        for terms in office.catalogue.programmes(office.today())
        if Discipline.HUMAN_RIGHTS in terms.checklists
        for risk, name in risk_types(terms.checklists[Discipline.HUMAN_RIGHTS]).items()
    }


async def found(
    session: AsyncSession, viewer: Viewer, record_id: str, *, to_change: bool = False
) -> ReusableRecordRow:
    """The record, if *viewer* may read its kind; NotFound whether unknown or not for them."""
    row = await session.get(ReusableRecordRow, record_id, with_for_update=to_change or None)
    if row is None or not rules.may_read(viewer, RecordKind(row.kind)):
        raise NotFound
    return row


async def shown(
    session: AsyncSession, office: Office, viewer: Viewer, rows: Sequence[ReusableRecordRow]
) -> list[dict[str, Any]]:
    """Rows as *viewer* reads them, with what *viewer* may do about each."""
    names = await people.names_of(
        session, [who for r in rows for who in (r.made_by, r.confirmed_by, r.ended_by)]
    )
    words = await texts.read(
        session, [each for row in rows for each in (row.content, row.end_reason) if each]
    )
    relying = await store.uses_of(session, [row.id for row in rows])
    organizations = {
        row.id: row.name
        for row in await session.exec(
            select(OrganizationRow).where(
                col(OrganizationRow.id).in_({row.organization for row in rows if row.organization})
            )
        )
    }
    soon = office.today() + rules.WARNED_BEFORE

    def person(who: str | None) -> dict[str, str] | None:
        return {"id": who, "name": names.get(who, who)} if who not in (None, SYSTEM.id) else None

    read = []
    for row in rows:
        said, kind = words.get(row.content) or {}, RecordKind(row.kind)
        is_proposed, is_in_force = (
            row.state == state for state in (RecordState.PROPOSED, RecordState.IN_FORCE)
        )
        is_own, confirms = row.made_by == viewer.id, rules.may_confirm(viewer, kind)
        read.append(
            {
                "id": row.id,
                "kind": row.kind,
                "country": row.country,
                "organization": row.organization,
                "organization_name": organizations.get(row.organization or ""),
                "name": said.get("name"),
                "levels": dict(row.levels),
                "result": row.result,
                "findings": said.get("findings"),
                "sources": said.get("sources", []),
                "state": row.state,
                "made_by": person(row.made_by),
                "made_at": instant(row.made_at),
                "confirmed_by": person(row.confirmed_by),
                "confirmed_on": row.confirmed_on.isoformat() if row.confirmed_on else None,
                "valid_until": row.valid_until.isoformat() if row.valid_until else None,
                "ends_soon": is_in_force and row.valid_until is not None
                and row.valid_until <= soon,
                "ended_at": instant(row.ended_at) if row.ended_at else None,
                "ended_by": person(row.ended_by),
                "end_reason": words.get(row.end_reason or ""),
                "successor": row.successor,
                "used_by": len(relying.get(row.id, ())),
                "may_confirm": is_proposed and not is_own and confirms,
                "may_refuse": is_proposed and (is_own or confirms),
                "may_withdraw": is_in_force and (confirms or rules.may_make(viewer, kind)),
                "may_follow": is_in_force and rules.may_make(viewer, kind),
            }
        )  # fmt: skip
    return read


def _subject(row: ReusableRecordRow, words: dict[str, Any] | None) -> str:
    name = (words or {}).get("name")
    return str(name or row.organization or row.country)
