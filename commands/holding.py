"""Hold and resume: a programme officer pauses a proposal with a reason, and lets it go on."""

from typing import Any, Literal

import structlog

from commands import views
from commands.office import Office
from commands.telling_engine import say
from policy.rules import holds, on_behalf
from schemas.errors import Forbidden, Refused
from schemas.holds import HoldKind
from schemas.messages import StaffAct
from schemas.people import Actor, Candidate, Viewer
from schemas.proposal import Stage
from store import chain, visibility
from store.tables import ProposalRow

log = structlog.get_logger()


async def hold(
    office: Office, viewer: Viewer, reference: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Pause the proposal: nothing is decided on it, and its clocks keep their whole days left."""
    return await _act(office, viewer, reference, "hold", reason, request_id)


async def resume(
    office: Office, viewer: Viewer, reference: str, reason: str, request_id: str
) -> dict[str, Any]:
    """End an officer's hold; the clocks go on, unless something else pauses them too."""
    return await _act(office, viewer, reference, "resume", reason, request_id)


async def _act(
    office: Office,
    viewer: Viewer,
    reference: str,
    act: Literal["hold", "resume"],
    reason: str,
    request_id: str,
) -> dict[str, Any]:
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        done = await chain.recorded_request(session, reference, request_id)
    actor = _officer(viewer, row)
    if row.submitted_at is None:
        raise Refused("not_submitted")
    if not done:
        if row.stage == Stage.ACTIVE:
            raise Refused("too_late_to_hold")  # the engine no longer answers for it
        message = StaffAct(act=act, actor=actor, request_id=request_id)
        await say(office, viewer, reference, message, reason=reason)
        log.info("proposal_paused" if act == "hold" else "proposal_resumed", proposal=reference)
    view, _ = await views.proposal_view(office, viewer, reference)
    return view


def _officer(viewer: Viewer, row: ProposalRow) -> Actor:
    """The person as the role that sets and ends such a hold, for the proposal's program."""
    if not visibility.sees_partner_view(viewer, row):
        officers = sorted(holds.RULES[HoldKind.HOLD].set_by)
        asked = [Candidate(role=role, scope=row.programme) for role in officers]
        if ways := on_behalf.candidacies(viewer, asked, row.reference):
            return viewer.acting_as(ways[0])
    raise Forbidden("officers_of_the_programme_only", programme=row.programme)
