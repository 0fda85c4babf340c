"""Reports, claims and advices of payment on an agreement: what people do on it beside tasks."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import drafting, given_documents
from commands.office import Office
from commands.payment_views import of_agreement
from commands.telling_engine import say
from policy.rules import on_behalf
from schemas.agreements import DEBT, ReportKind
from schemas.errors import Forbidden, Gap, Malformed, Refused
from schemas.messages import AgreementAct
from schemas.people import Actor, Candidate, Role, Viewer
from schemas.requests import (
    ClaimRequest,
    CostLine,
    PaidRequest,
    ReceivedRequest,
    ReportRequest,
)
from store import chain, visibility
from store.tables import ProposalRow

log = structlog.get_logger()
ADVISERS = (Role.FINANCE_OFFICER, Role.PAYMENT_AUTHORITY)
RECEIVERS = (Role.FINANCE_OFFICER,)
"""Who takes in that an overpayment came back."""


async def hand_in(
    office: Office,
    viewer: Viewer,
    reference: str,
    report: str,
    request: ReportRequest,
    request_id: str,
) -> dict[str, Any]:
    """Hand a report in: an officer of the program, or a finance officer, reads it."""
    async with office.database.reading() as session:
        row, actor, done = await _partners(session, viewer, reference, request_id)
        kinds = {each["id"]: each["kind"] for each in _running(row)["reports"]}
        documents = await given_documents.named(session, row, request.documents)
    if kinds.get(report) == ReportKind.FINANCIAL and not request.costs:
        raise Malformed(Gap(pointer="/costs", code="costs_missing"))
    if not done:
        act = AgreementAct(
            act="report",
            actor=actor,
            request_id=request_id,
            subject=report,
            documents=documents,
            costs=_by_category(request.costs),
        )
        await say(office, viewer, reference, act, words=request.words)
        log.info("report_handed_in", proposal=reference)
    return await of_agreement(office, viewer, reference)


async def claim(
    office: Office, viewer: Viewer, reference: str, request: ClaimRequest, request_id: str
) -> dict[str, Any]:
    """Claim a payment out of a tranche; a certifier looks at it, whatever still holds it up."""
    async with office.database.reading() as session:
        row, actor, done = await _partners(session, viewer, reference, request_id)
        _running(row)
        documents = await given_documents.named(session, row, request.documents)
    if not done:
        act = AgreementAct(
            act="claim",
            actor=actor,
            request_id=request_id,
            subject=request.tranche,
            documents=documents,
            costs=_by_category(request.costs),
        )
        await say(office, viewer, reference, act, words=request.words)
        log.info("payment_claimed", proposal=reference)
    return await of_agreement(office, viewer, reference)


async def advise_paid(
    office: Office,
    viewer: Viewer,
    reference: str,
    payment: str,
    request: PaidRequest,
    request_id: str,
) -> dict[str, Any]:
    """Take in the financial system's advice that a payment was made, under its own number."""
    actor, done = await _officers(office, viewer, reference, request_id, ADVISERS)
    if not done:
        act = AgreementAct(
            act="paid",
            actor=actor,
            request_id=request_id,
            subject=payment,
            number=request.number,
            paid_on=request.paid_on,
            cents=request.amount.cents,
        )
        await say(office, viewer, reference, act)
        log.info("payment_advised", proposal=reference)
    return await of_agreement(office, viewer, reference)


async def take_in_receipt(
    office: Office, viewer: Viewer, reference: str, request: ReceivedRequest, request_id: str
) -> dict[str, Any]:
    """Take in that an overpayment came back, all of it or a part, under the system's own number."""
    actor, done = await _officers(office, viewer, reference, request_id, RECEIVERS)
    if not done:
        act = AgreementAct(
            act="recovered",
            actor=actor,
            request_id=request_id,
            subject=DEBT,
            number=request.number,
            paid_on=request.received_on,
            cents=request.amount.cents,
        )
        await say(office, viewer, reference, act)
        log.info("overpayment_recovered", proposal=reference)
    return await of_agreement(office, viewer, reference)


async def _officers(
    office: Office, viewer: Viewer, reference: str, request_id: str, roles: Sequence[Role]
) -> tuple[Actor, bool]:
    """Who takes in what the financial system says, and whether that is recorded already."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        done = await chain.recorded_request(session, reference, request_id)
    asked = [Candidate(role=role, scope=row.programme) for role in roles]
    ways = on_behalf.candidacies(viewer, asked, row.reference)
    if not ways:
        raise Forbidden("officers_of_the_programme_only", programme=row.programme)
    _running(row)
    return viewer.acting_as(ways[0]), done


async def _partners(
    session: AsyncSession, viewer: Viewer, reference: str, request_id: str
) -> tuple[ProposalRow, Actor, bool]:
    """The proposal, the signatory who acts on it, and whether the act is recorded already."""
    row = await visibility.find(session, viewer, reference)
    if not visibility.sees_partner_view(viewer, row):
        raise Forbidden("partner_only")
    if not viewer.holds(Role.SIGNATORY, row.organization):
        raise Forbidden("signatory_only")
    done = await chain.recorded_request(session, reference, request_id)
    return row, drafting.actor_of(viewer, row.organization), done


def _running(row: ProposalRow) -> Mapping[str, Any]:
    known: Mapping[str, Any] | None = row.state.get("running")
    if known is None:
        raise Refused("no_agreement_yet")
    return known


def _by_category(costs: Sequence[CostLine]) -> dict[Any, int]:
    cents: dict[Any, int] = {}
    for line in costs:
        cents[line.category] = cents.get(line.category, 0) + line.amount.cents
    return cents
