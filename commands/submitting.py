"""Submitting: one transaction freezes the revision and leaves a message, then the engine starts.

The instant of that commit counts and stands in the receipt. If the engine does not answer in
time the relay delivers the message later, and the same request gets the same receipt.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import calls, drafting
from commands.office import Office
from policy.rules import desks, sections, triggers
from schemas.errors import Forbidden, Malformed, Refused, Stale
from schemas.messages import ProposalStart, Recording, Submission
from schemas.people import Role, Viewer
from schemas.proposal import Content
from schemas.values import digest, instant
from store import documents, journeys, messages, texts, visibility
from store.tables import DraftRow, MessageRow, OrganizationRow, ProposalRow, RevisionRow

log = structlog.get_logger()
FIRST_TRY_IS_OURS = timedelta(seconds=10)


async def submit(
    office: Office, viewer: Viewer, reference: str, request_id: str, version: int | None
) -> dict[str, Any]:
    """Submit a draft, or a returned proposal again; answers once the first tasks can be listed.

    Raises Malformed with a gap for each thing that is missing or inconsistent, Refused where
    the proposal is not the partner's to submit now, Unavailable where the engine is late.
    """
    async with office.database.reading() as session:
        message = await session.get(MessageRow, request_id)
    if message is None:
        message = await _freeze(office, viewer, reference, request_id, version)
    if message.delivered_at is None:
        await deliver(office, message)
    async with office.database.reading() as session:
        revision = await session.get(
            RevisionRow, (reference, message.payload["submission"]["revision"])
        )
    if revision is None:
        raise Refused("not_returned")
    log.info("proposal_submitted", proposal=reference, revision=revision.number)
    return revision.receipt


async def deliver(office: Office, message: MessageRow) -> None:
    """Tell the engine of a submission; on a refusal the freeze is undone."""
    start = ProposalStart.model_validate(message.payload)
    submission = start.submission
    try:
        if message.kind == messages.SUBMIT:
            await office.gateway.submit(start)
        else:
            await office.gateway.resubmit(submission)
    except Refused:
        await _undo(office, message, submission)
        raise
    async with office.database.writing() as session:
        await messages.delivered(session, message.id, office.now())
        await _thaw(session, submission.reference)


async def _freeze(
    office: Office, viewer: Viewer, reference: str, request_id: str, version: int | None
) -> MessageRow:
    async with office.database.writing() as session:
        now = office.now()  # what a call is compared with, and stands in the receipt
        row = await visibility.find(session, viewer, reference)
        signs = row.by_officer or viewer.holds(Role.SIGNATORY, row.organization)
        if visibility.sees_partner_view(viewer, row) and not signs:
            raise Forbidden("signatory_only")
        row, draft = await drafting.editable(
            session, viewer, reference, now, otherwise="already_submitted"
        )
        if version is not None and version != draft.version:
            raise Stale("stale_version", version=draft.version)
        content = Content.model_validate(draft.content)
        terms = (
            drafting.pinned_terms(office, row)
            if row.policy_version
            else office.catalogue.terms_in_force(row.programme, office.today())
        )
        before = await _before(session, row)
        call = content.call if before is None else None
        wrong_call = await calls.gaps(session, content)
        read_from = None
        if call is not None and not wrong_call:
            read_from = await calls.check_open(session, call, now)
        if gaps := (*drafting.gaps_of(office, content, terms), *wrong_call):
            raise Malformed(*gaps, code="incomplete")
        if before is not None:
            drafting.check_open_sections(row, before, content)
        organization = await session.get(OrganizationRow, row.organization)
        assert organization is not None  # noqa: S101 - a foreign key
        submission = await _submission(
            office, session, viewer, row, content, request_id, before, now
        )
        judged = await calls.within_limits(session, content, terms)
        checks = drafting.checks_of(office, content, organization, judged)
        submission = submission.model_copy(
            update={
                "checks": {c.code: str(c.result) for c in checks},
                "policy_version": terms.version,
                "call": call,
                "read_from": read_from,
            }
        )
        session.add(
            RevisionRow(
                reference=reference,
                number=submission.revision,
                title=content.title or "",
                content_text=submission.content.id,
                sha256=submission.sha256,
                submitted_at=submission.submitted_at,
                submitted_by=viewer.id,
                policy_version=terms.version,
                checks=[c.model_dump(mode="json") for c in checks],
                call=call,
                receipt=_receipt(office, submission, [c.model_dump(mode="json") for c in checks]),
            )
        )
        session.add_all(journeys.places(reference, submission.revision, content))
        named = [each.id for each in content.documents]
        await documents.freeze(session, reference, named, submission.revision)
        await office.keys.make(session, reference)
        start = ProposalStart(
            submission=submission,
            rules=terms.rules,
            policy_version=terms.version,
            recording=Recording.BY_ANSWER,
            seed=secrets.token_hex(16),
            keeps_money_untold=True,
            relays_agreement=True,
            renews_approvals=True,
            approves_in_part=True,
            ends_years=True,
        )
        await messages.leave(
            session,
            message_id=request_id,
            reference=reference,
            kind=messages.RESUBMIT if before is not None else messages.SUBMIT,
            payload=start.model_dump(mode="json"),
            now=now,
            held_for=FIRST_TRY_IS_OURS,
        )
        draft.submitting = submission.revision
        session.add(draft)
        message = await session.get(MessageRow, request_id)
    assert message is not None  # noqa: S101 - just left
    return message


async def _submission(
    office: Office,
    session: AsyncSession,
    viewer: Viewer,
    row: ProposalRow,
    content: Content,
    request_id: str,
    before: Content | None,
    now: datetime,
) -> Submission:
    in_force = office.catalogue.in_force(office.today())
    body = content.model_dump(mode="json")
    number = row.revision + 1
    reference = await texts.put(
        session, row.reference, f"{row.reference}-R{number}-{request_id[:12]}", body, now=now
    )
    shares, lead = desks.desk_shares(content, in_force.desks, in_force.regions)
    assert content.amount is not None  # noqa: S101 - a complete proposal has one
    return Submission(
        reference=row.reference,
        revision=number,
        submitted_at=now,
        actor=drafting.writer_of(viewer, row),
        organization=row.organization,
        request_id=request_id,
        content=reference,
        sha256=digest(body),
        amount_cents=content.amount.cents,
        triggers=triggers.declared(content, in_force.measures, in_force.regions),
        desks=shares,
        lead=lead,
        checks={},
        changed=sections.changed_sections(before, content) if before is not None else (),
    )


async def _before(session: AsyncSession, row: ProposalRow) -> Content | None:
    """The content of the last submitted revision; None for a first submission."""
    if row.revision == 0:
        return None
    return await content_of(session, row.reference, row.revision)


async def content_of(session: AsyncSession, reference: str, number: int) -> Content:
    """The content of a revision as it was submitted; of one disposed of, the program alone."""
    revision = await session.get(RevisionRow, (reference, number))
    assert revision is not None  # noqa: S101 - asked for revisions that exist
    body = await texts.read_one(session, revision.content_text)
    gone = {"programme": revision.policy_version.partition("/")[0]}
    return Content.model_validate(gone if body is None else body)


def _receipt(
    office: Office, submission: Submission, checks: list[dict[str, Any]]
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "reference": submission.reference,
        "revision": submission.revision,
        "sha256": submission.sha256,
        "received_at": instant(submission.submitted_at),
    }
    return {**statement, "checks": checks, "signature": office.signer.sign(statement)}


async def _undo(office: Office, message: MessageRow, submission: Submission) -> None:
    """A resubmission that came too late (the proposal lapsed meanwhile) leaves nothing."""
    async with office.database.writing() as session:
        await messages.delivered(session, message.id, office.now())
        revision = await session.get(RevisionRow, (submission.reference, submission.revision))
        if revision is not None:
            await session.delete(revision)
        await journeys.drop_places(session, submission.reference, submission.revision)
        await documents.thaw(session, submission.reference, submission.revision)
        await texts.drop_unused(session, [submission.content.id])
        await _thaw(session, submission.reference)


async def _thaw(session: AsyncSession, reference: str) -> None:
    draft = await session.get(DraftRow, reference)
    if draft is not None:
        draft.submitting = None
        session.add(draft)


async def receipt(
    office: Office, viewer: Viewer, reference: str, number: int | None = None
) -> RevisionRow | None:
    """The revision *number* (the last when None), if this person may see it."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        return await session.get(RevisionRow, (reference, number or row.revision))
