"""Moving proposals under way to newer terms of their program: previewed, recorded, one or many.

Terms are pinned at submission, and this is the one act that moves them (product.md, section 1).
An officer of the program takes it; administrators and auditors read what it would do. It creates
no finding, sign-off, approval or signature: it only opens, cancels and re-opens tasks.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import calls, drafting, submitting, views
from commands.office import Office
from policy.rules import term_changes
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused, Unavailable
from schemas.events import Event, EventType, TextRef
from schemas.messages import TermsMove, TermsPreview
from schemas.people import SYSTEM, Actor, Candidate, Role, Viewer
from schemas.proposal import Check
from schemas.requests import MoveRequest, MovesRequest
from schemas.tasks import TaskKind
from schemas.terms import Terms
from schemas.values import instant
from store import bulk, chain, messages, texts, visibility
from store.tables import BulkJobRow, DraftRow, OrganizationRow, ProposalRow

log = structlog.get_logger()
_PREVIEWS_AT_A_TIME = 8
_SETTLED = ("draft", "active", "closed", "agreement")
"""Stages in which the terms move no more: what was approved was approved under them."""


async def previews(
    office: Office, viewer: Viewer, programme: str, to: str, *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of what the terms *to* would change for each proposal under way, by reference."""
    terms = _terms(office, viewer, programme, to)
    condition = (
        visibility.visible(viewer),
        ProposalRow.programme == programme,
        col(ProposalRow.submitted_at).is_not(None),
        col(ProposalRow.stage).not_in(_SETTLED),
        col(ProposalRow.policy_version) < to,
        col(ProposalRow.reference) > (cursor or ""),
    )
    async with office.database.reading() as session:
        found = await session.exec(
            select(ProposalRow)
            .where(*condition)
            .order_by(col(ProposalRow.reference))
            .limit(limit + 1)
        )
        rows = found.all()
    lanes = asyncio.Semaphore(_PREVIEWS_AT_A_TIME)

    async def one(row: ProposalRow) -> dict[str, Any]:
        async with lanes:
            return await _preview(office, row, terms)

    return {
        "items": list(await asyncio.gather(*(one(row) for row in rows[:limit]))),
        "next": rows[limit - 1].reference if len(rows) > limit else None,
    }


async def move(
    office: Office, viewer: Viewer, reference: str, request: MoveRequest, request_id: str
) -> dict[str, Any]:
    """Move one proposal, as it was previewed; answers with the proposal once that is recorded.

    Raises Refused `preview_stale`, with what happened since, where it has gone on meanwhile.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        done = await chain.recorded_request(session, reference, request_id)
    terms = _terms(office, viewer, row.programme, request.to)
    candidate = _officer(viewer, row.programme)
    if not done:
        if not row.policy_version:
            raise Refused("not_submitted")
        await _deliver(office, viewer.acting_as(candidate), row, terms, request, request_id)
        log.info("proposal_moved", proposal=reference, terms=terms.version)
    view, _ = await views.proposal_view(office, viewer, reference)
    return view


async def order(
    office: Office, viewer: Viewer, programme: str, request: MovesRequest, request_id: str
) -> str:
    """Keep a job that moves many, each as it was previewed; returns the id (`commands.bulk`)."""
    _officer(viewer, programme)
    _terms(office, viewer, programme, request.to)
    job_id, now = f"bulk-{request_id[:24]}", office.now()
    seen = {item.reference: item.seen for item in request.items}
    async with office.database.writing() as session:
        if await session.get(BulkJobRow, job_id) is None:
            job = BulkJobRow(
                id=job_id,
                person=viewer.id,
                act=bulk.MOVE,
                receiver=request.to,
                decision={"reason": request.reason, "seen": seen},
                state=bulk.RUNNING,
                created_at=now,
            )
            await bulk.order(session, job, list(seen), now=now)
            data = {"job": job_id, "act": bulk.MOVE, "items": len(seen)}
            event = chain.installation_event(
                EventType.BULK_ORDERED, Actor(id=viewer.id), f"order:{job_id}", now, data=data
            )
            await chain.append(session, event, now=now)
    return job_id


# ---- what is previewed


async def _preview(office: Office, row: ProposalRow, terms: Terms) -> dict[str, Any]:
    now = office.catalogue.terms(str(row.policy_version))
    async with office.database.reading() as session:
        checks = await _checks(office, session, row, terms)
    message = _message(row, now, terms, checks, TermsPreview(seen=0), SYSTEM, "preview", {})
    message = message.model_copy(update={"asked_at": office.now()})
    found = await office.gateway.preview(row.reference, message)
    if found is None:
        raise Unavailable("engine_unavailable")
    before = row.state.get("checks", {})
    return {
        "reference": row.reference,
        "stage": row.stage,
        "from": now.version,
        "to": terms.version,
        "seen": found.seen,
        "refused": {"code": found.refused, "facts": found.facts} if found.refused else None,
        "parts": list(dict.fromkeys(c.part for c in term_changes.changes(now, terms))),
        "checks": [
            {"code": code, "before": before.get(code), "after": message.checks.get(code)}
            for code in dict.fromkeys((*before, *message.checks))
            if before.get(code) != message.checks.get(code)
        ],
        **_what_follows(row, found.events),
        "residual_risk": {"before": found.residual[0], "after": found.residual[1]},
    }


def _what_follows(row: ProposalRow, events: Sequence[Event]) -> dict[str, Any]:
    """Tasks that would open and end, and the stage in which the proposal would stand."""
    opened = [e.data for e in events if e.type is EventType.TASK_OPENED]
    stages = [e.data["stage"] for e in events if e.type is EventType.STAGE_ENTERED]
    superseded = [
        task for e in events if e.type is EventType.TERMS_CHANGED for task in e.data["superseded"]
    ]
    cancelled = {e.data["task"] for e in events if e.type is EventType.TASK_CANCELLED}
    return {
        "stage_after": stages[-1] if stages else row.stage,
        "opens": [
            {
                "kind": data["kind"],
                "due_at": data["due_at"],
                "previous": data["previous"],
                "rung": data["detail"].get("rung"),
            }
            for data in opened
        ],
        "cancels": sorted(cancelled),
        "asks_again": [task for task in superseded if task not in cancelled],
    }


async def _checks(
    office: Office, session: AsyncSession, row: ProposalRow, terms: Terms
) -> tuple[Check, ...]:
    content = await submitting.content_of(session, row.reference, row.revision)
    organization = await session.get(OrganizationRow, row.organization)
    assert organization is not None  # noqa: S101 - a foreign key
    judged = await calls.within_limits(session, content, terms)
    return drafting.checks_of(office, content, organization, judged)


# ---- what is delivered


async def _deliver(
    office: Office,
    actor: Actor,
    row: ProposalRow,
    terms: Terms,
    request: MoveRequest,
    request_id: str,
) -> None:
    now = office.catalogue.terms(str(row.policy_version))
    async with office.database.writing() as session:
        draft = await session.get(DraftRow, row.reference)
        if draft is not None and draft.submitting is not None:
            raise Refused("being_submitted")
        checks = await _checks(office, session, row, terms)
        await messages.begin(session, request_id, row.reference, office.now())
        words = {
            "reason": request.reason,
            "checks": [check.model_dump(mode="json") for check in checks],
        }
        kept = {
            name: await texts.put(
                session, row.reference, f"{request_id}-{name}", body, now=office.now()
            )
            for name, body in words.items()
        }
    seen = TermsPreview(seen=request.seen)
    message = _message(row, now, terms, checks, seen, actor, request_id, kept)
    try:
        await office.gateway.move(row.reference, message)
    except Refused as refused:
        async with office.database.writing() as session:
            await messages.end(session, request_id)
            await texts.drop_unused(session, [ref.id for ref in kept.values()])
            if refused.code == "preview_stale":
                refused.facts["since"] = await _since(session, row.reference, request.seen)
        raise


def _message(
    row: ProposalRow,
    before: Terms,
    after: Terms,
    checks: Sequence[Check],
    preview: TermsPreview,
    actor: Actor,
    request_id: str,
    words: Mapping[str, TextRef],
) -> TermsMove:
    results = {check.code: str(check.result) for check in checks}
    voids = term_changes.void_kinds(before, after)
    if term_changes.worse_checks(row.state.get("checks", {}), results):
        voids = (TaskKind.ELIGIBILITY, *voids)
    return TermsMove(
        rules=after.rules,
        policy_version=after.version,
        checks=results,
        voids=voids,
        seen=preview.seen,
        actor=actor,
        request_id=request_id,
        texts=dict(words),
    )


async def _since(session: AsyncSession, reference: str, seen: int) -> list[dict[str, Any]]:
    """What the proposal's workflow has said behind the event *seen*, oldest first."""
    said = await chain.said_after(session, reference, seen)
    return [
        {"type": event.type, "at": instant(event.occurred_at), "task": event.data.get("task")}
        for event in said
    ]


# ---- who may, and to what


def _officer(viewer: Viewer, programme: str) -> Candidate:
    if not viewer.holds(Role.PROGRAMME_OFFICER, programme):
        raise Forbidden("officers_of_the_programme_only", programme=programme)
    return Candidate(role=Role.PROGRAMME_OFFICER, scope=programme)


def _terms(office: Office, viewer: Viewer, programme: str, version: str) -> Terms:
    """The terms to move to: of this program, and in force."""
    reads = (Role.ADMINISTRATOR, Role.AUDITOR)
    if not any(viewer.holds(role) for role in reads):
        _officer(viewer, programme)
    try:
        terms = office.catalogue.terms(version)
        office.catalogue.terms_in_force(programme, office.today())
    except NotFound as unknown:
        if unknown.code == "programme_unknown":
            raise
        gap = Gap(pointer="/to", code="terms_unknown", facts={"version": version})
        raise Malformed(gap) from None
    if terms.code != programme:
        raise Refused("terms_of_another_programme", programme=programme)
    if terms.effective > office.today():
        raise Refused("terms_not_in_force", effective=terms.effective.isoformat())
    return terms
