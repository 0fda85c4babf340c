"""What a partner does beside drafting and submitting: withdraw, accept the conditions, sign."""

from typing import Any, Literal

from commands import drafting, views
from commands.office import Office
from commands.telling_engine import say
from schemas.errors import Forbidden, Gap, Malformed, Refused
from schemas.messages import PartnerAct
from schemas.people import Role, Viewer
from schemas.proposal import Stage
from schemas.values import instant
from store import chain, visibility
from store.tables import ProposalRow

Act = Literal["withdraw", "accept_conditions", "sign", "reconsider"]


async def withdraw(
    office: Office, viewer: Viewer, reference: str, reason: str | None, request_id: str
) -> dict[str, Any]:
    """End the proposal before both have signed: tasks closed, money released."""
    if not (reason or "").strip():
        raise Malformed(Gap(pointer="/reason", code="reason_missing"))
    return await _act(office, viewer, reference, "withdraw", request_id, reason)


async def accept_conditions(
    office: Office, viewer: Viewer, reference: str, request_id: str
) -> dict[str, Any]:
    """Accept the conditions of the agreement; signing needs it."""
    return await _act(office, viewer, reference, "accept_conditions", request_id)


async def sign(office: Office, viewer: Viewer, reference: str, request_id: str) -> dict[str, Any]:
    """Sign the agreement for the partner; then the department is asked to."""
    return await _act(office, viewer, reference, "sign", request_id)


async def reconsider(
    office: Office, viewer: Viewer, reference: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Ask others to look again at a decision against the partner; *reason* holds new facts."""
    return await _act(office, viewer, reference, "reconsider", request_id, reason)


_AFTER_BOTH_SIGNED = {
    "reconsider": "no_decision_yet",
    "withdraw": "too_late_to_withdraw",
    "accept_conditions": "already_accepted",
    "sign": "already_signed",
}


def _check_not_over(office: Office, row: ProposalRow, act: Act) -> None:
    """Refuse what is settled for good: the engine no longer answers for an active agreement, nor
    for a proposal that has ended, once it can no longer be reconsidered."""
    if row.stage == Stage.ACTIVE and views.is_told(row, office.now()):
        raise Refused(_AFTER_BOTH_SIGNED[act])
    if act != "reconsider" or row.stage != Stage.CLOSED or not views.is_told(row, office.now()):
        return
    until = views.reconsidered_until(office, row)
    if until is None:
        raise Refused("not_reconsidered", outcome=row.outcome)
    if row.state.get("reconsideration"):
        raise Refused("already_reconsidered")
    if office.now() > until:
        raise Refused("reconsideration_over", until=instant(until))


async def _act(
    office: Office,
    viewer: Viewer,
    reference: str,
    act: Act,
    request_id: str,
    reason: str | None = None,
) -> dict[str, Any]:
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        done = await chain.recorded_request(session, reference, request_id)
    if not visibility.sees_partner_view(viewer, row):
        raise Forbidden("partner_only")
    if not viewer.holds(Role.SIGNATORY, row.organization):
        raise Forbidden("signatory_only")
    if row.submitted_at is None:
        raise Refused("not_submitted")
    if not done:
        _check_not_over(office, row, act)
        actor = drafting.actor_of(viewer, row.organization)
        message = PartnerAct(act=act, actor=actor, request_id=request_id)
        words = {} if reason is None else {"reason": reason}
        await say(office, viewer, reference, message, **words)
    view, _ = await views.proposal_view(office, viewer, reference)
    return view
