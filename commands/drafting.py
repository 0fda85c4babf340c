"""Writing a proposal: drafts, their checks, and edits of a returned proposal.

Edits are not events: a draft is the partner's own until it is submitted, and a submission
freezes it (see docs/decisions). Creation and deletion are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import calls, views
from commands.office import Office
from policy.rules import clocks, completeness, eligibility, sections
from schemas.documents import Attached
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused, Stale
from schemas.events import Event, EventType
from schemas.people import Actor, Candidate, Role, Viewer
from schemas.proposal import Check, Content, Outcome, PartnerKind, Section
from schemas.terms import Terms
from store import documents, recording, visibility
from store.tables import DraftRow, EventRow, OrganizationRow, ProposalRow, ReferenceRow

AVC = "ACCBP-AVC"


async def create(
    office: Office, viewer: Viewer, content: Content, organization: str | None, request_id: str
) -> tuple[dict[str, Any], int]:
    """A new draft of the person's organization; equal drafts are separate proposals."""
    by_officer = content.programme == AVC
    owner = (
        await _receiver(office, viewer, organization)
        if by_officer
        else _own_organization(viewer, organization)
    )
    content = _with_documents(content, ())
    _terms(office, content.programme)
    now = office.now()
    async with office.database.writing() as session:
        known = await _created_by(session, request_id)
        if known is None and by_officer:
            await _check_first_of_year(session, owner, now)
        if known is None:
            known = await _next_reference(session, content.programme, clocks.toronto_day(now).year)
            session.add(
                DraftRow(
                    reference=known,
                    organization=owner,
                    programme=content.programme,
                    created_by=viewer.id,
                    title=content.title or "",
                    content=content.model_dump(mode="json"),
                    saved_at=now,
                )
            )
            event = Event(
                subject=known,
                source="draft",
                source_seq=1,
                type=EventType.CREATED,
                occurred_at=now,
                actor=officer_of(viewer, AVC) if by_officer else actor_of(viewer, owner),
                request_id=request_id,
                data={
                    "organization": owner,
                    "programme": content.programme,
                    **({"by_officer": True} if by_officer else {}),
                },
            )
            await recording.record_event(session, event, now=now)
    return await views.proposal_view(office, viewer, known)


async def _receiver(office: Office, viewer: Viewer, organization: str | None) -> str:
    """The organization that an annual contribution is for: only a program's officer opens one."""
    if not viewer.holds(Role.PROGRAMME_OFFICER, AVC):
        raise Forbidden("opened_by_officer", programme=AVC)
    if organization is None:
        raise Malformed(Gap(pointer="/organization", code="required"))
    async with office.database.reading() as session:
        if await session.get(OrganizationRow, organization) is None:
            raise Malformed(Gap(pointer="/organization", code="unknown_organization"))
    return organization


async def _check_first_of_year(session: AsyncSession, organization: str, now: datetime) -> None:
    """An organization is given one a fiscal year; what came to nothing does not count."""
    earlier = [row for row in await of_year(session, now) if row.organization == organization]
    if earlier:
        year = clocks.fiscal_year(clocks.toronto_day(now))
        raise Refused("second_in_year", fiscal_year=year, reference=earlier[0].reference)


async def of_year(session: AsyncSession, now: datetime) -> Sequence[ProposalRow]:
    """The annual contributions that were opened in the fiscal year of *now*, and count."""
    year = clocks.fiscal_year(clocks.toronto_day(now))
    begins = clocks.end_of_day(clocks.fiscal_year_start(year) - timedelta(days=1))
    found = await session.exec(
        select(ProposalRow)
        .where(
            ProposalRow.programme == AVC,
            col(ProposalRow.created_at) > begins,
            or_(col(ProposalRow.outcome).is_(None), col(ProposalRow.outcome) == Outcome.APPROVED),
        )
        .order_by(col(ProposalRow.created_at))
    )
    return found.all()


async def save(
    office: Office, viewer: Viewer, reference: str, content: Content, version: int
) -> tuple[dict[str, Any], int]:
    """The whole content anew; while returned, only the sections that the return named."""
    async with office.database.writing() as session:
        row, draft = await editable(session, viewer, reference, office.now())
        before = Content.model_validate(draft.content)
        content = _with_documents(content, before.documents)
        _check_version(draft, version, content)
        if content.programme != row.programme:
            raise Malformed(
                Gap(
                    pointer="/programme", code="programme_fixed", facts={"programme": row.programme}
                )
            )
        if row.stage == "returned" and content.call != before.call:
            raise Malformed(Gap(pointer="/call", code="call_fixed"))
        if row.stage == "returned":
            check_open_sections(row, before, content)
        if content != before:
            draft.content = content.model_dump(mode="json")
            draft.title = content.title or ""
            draft.version += 1
            draft.saved_at = office.now()
            session.add(draft)
    return await views.proposal_view(office, viewer, reference)


async def delete(office: Office, viewer: Viewer, reference: str) -> None:
    """A draft that was never submitted; what was submitted is withdrawn, never deleted."""
    now = office.now()
    async with office.database.writing() as session:
        row, draft = await editable(session, viewer, reference, now)
        if row.submitted_at is not None:
            raise Refused("already_submitted")
        event = Event(
            subject=reference,
            source="draft",
            source_seq=2,
            type=EventType.DELETED,
            occurred_at=now,
            actor=writer_of(viewer, row),
        )
        for document in await documents.of_proposal(session, reference):
            await documents.remove(session, document, writer_of(viewer, row), now=now)
        await session.delete(draft)
        await recording.record_event(session, event, now=now)


async def check(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """What a submission of the draft as it stands would be told: gaps, and automatic checks."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        draft = await session.get(DraftRow, reference)
        check_writes(viewer, row)
        if draft is None:
            raise NotFound
        content = Content.model_validate(draft.content)
        organization = await session.get(OrganizationRow, row.organization)
        terms = await calls.within_limits(session, content, pinned_terms(office, row))
        gaps = (*gaps_of(office, content, terms), *await calls.gaps(session, content))
    found = () if organization is None else checks_of(office, content, organization, terms)
    return {
        "gaps": [views.gap_view(gap, viewer.language) for gap in gaps],
        "checks": [views.check_view(office, c, viewer.language) for c in found],
    }


# ---- shared with submitting


async def editable(
    session: AsyncSession,
    viewer: Viewer,
    reference: str,
    now: datetime,
    *,
    otherwise: str = "not_editable",
) -> tuple[ProposalRow, DraftRow]:
    """The proposal and its working copy, if this person may edit it now; else *otherwise*."""
    row = await visibility.find(session, viewer, reference)
    draft = await session.get(DraftRow, reference)
    check_writes(viewer, row)
    if draft is None:
        raise NotFound
    if row.stage not in ("draft", "returned"):
        told = views.is_told(row, now)
        raise Refused(otherwise, stage=views.partner_stage(row, told=told))
    if draft.submitting is not None:
        raise Refused("being_submitted")
    return row, draft


def check_open_sections(row: ProposalRow, before: Content, after: Content) -> None:
    """While returned, only the sections that the return named may change."""
    opened = tuple(Section(s) for s in row.state["returned"]["sections"])
    closed = sections.fields_outside(before, after, opened)
    if closed:
        raise Refused(
            "section_not_open", sections=[str(s) for s in closed], open=[str(s) for s in opened]
        )


def gaps_of(office: Office, content: Content, terms: Terms) -> tuple[Gap, ...]:
    """What keeps the content from being submitted under these terms."""
    return completeness.gaps(content, office.catalogue.known(terms))


def checks_of(
    office: Office, content: Content, organization: OrganizationRow, terms: Terms
) -> tuple[Check, ...]:
    in_force = office.catalogue.in_force(office.today())
    return eligibility.run_checks(
        content,
        PartnerKind(organization.kind),
        organization.name,
        terms,
        in_force.regions,
        office.today(),
    )


def pinned_terms(office: Office, row: ProposalRow) -> Terms:
    """The terms that the proposal is judged under: pinned at submission, before that today's."""
    if row.policy_version:
        return office.catalogue.terms(row.policy_version)
    return _terms(office, row.programme)


def check_writes(viewer: Viewer, row: ProposalRow) -> None:
    """What the partner is still writing is the partner's own until it is submitted; an annual
    contribution is written by the program's officers."""
    if row.by_officer and not viewer.holds(Role.PROGRAMME_OFFICER, row.programme):
        raise Forbidden("opened_by_officer", programme=row.programme)
    if not row.by_officer and not visibility.sees_partner_view(viewer, row):
        raise Forbidden("partner_only")


def may_submit(viewer: Viewer, programme: str, organization: str) -> bool:
    """Whether this person submits what is written: who signs, or opened it as an officer."""
    if programme == AVC:
        return viewer.holds(Role.PROGRAMME_OFFICER, programme)
    return viewer.holds(Role.SIGNATORY, organization)


def writer_of(viewer: Viewer, row: ProposalRow) -> Actor:
    """Whoever writes the proposal, as events know them."""
    if row.by_officer:
        return officer_of(viewer, row.programme)
    return actor_of(viewer, row.organization)


def officer_of(viewer: Viewer, programme: str) -> Actor:
    return viewer.acting_as(Candidate(role=Role.PROGRAMME_OFFICER, scope=programme))


def actor_of(viewer: Viewer, organization: str) -> Actor:
    """The partner's person as events know them."""
    role = Role.SIGNATORY if viewer.holds(Role.SIGNATORY, organization) else Role.CONTRIBUTOR
    return Actor(id=viewer.id, role=role, organization=organization)


def _own_organization(viewer: Viewer, organization: str | None) -> str:
    own = [g.scope for g in viewer.grants if g.role in (Role.CONTRIBUTOR, Role.SIGNATORY)]
    if not own:
        raise Forbidden("partner_only")
    if organization is not None and organization not in own:
        raise Forbidden("other_organization")
    return organization or own[0]


def _terms(office: Office, programme: str) -> Terms:
    try:
        return office.catalogue.terms_in_force(programme, office.today())
    except NotFound:
        raise Malformed(
            Gap(pointer="/programme", code="unknown_programme", facts={"programme": programme})
        ) from None


def _check_version(draft: DraftRow, version: int, content: Content) -> None:
    if version != draft.version:
        theirs = Content.model_validate(draft.content)
        changed = sections.changed_sections(theirs, content)
        raise Stale("stale_version", version=draft.version, changed=[str(s) for s in changed])


def _with_documents(content: Content, attached: Sequence[Attached]) -> Content:
    """*content* with the documents that are attached, whichever of them it names.

    They come and go by requests of their own: a copy from before one was attached takes none away.
    """
    known = {each.id for each in attached}
    unknown = [n for n, each in enumerate(content.documents) if each.id not in known]
    if unknown:
        raise Malformed(
            *(Gap(pointer=f"/documents/{n}", code="document_unknown") for n in unknown),
        )
    return content.model_copy(update={"documents": tuple(attached)})


async def _created_by(session: AsyncSession, request_id: str) -> str | None:
    found = await session.exec(
        select(EventRow.subject).where(
            EventRow.request_id == request_id, EventRow.type == EventType.CREATED
        )
    )
    return found.first()


async def _next_reference(session: AsyncSession, programme: str, year: int) -> str:
    series = f"{programme}-{year}"
    row = (
        await session.exec(
            select(ReferenceRow).where(ReferenceRow.series == series).with_for_update()
        )
    ).first() or ReferenceRow(series=series, last=0)
    row.last += 1
    session.add(row)
    await session.flush()
    return f"{series}-{row.last:06d}"
