"""The environmental notice: what is to come, and that it was posted.

Before a determination it stands for as long as the Act asks for on the day on which it is posted;
what the statutory waits in force say then travels with the act.
"""

from datetime import timedelta
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from commands.telling_engine import say
from policy.rules import clocks, on_behalf
from schemas.errors import Forbidden
from schemas.messages import StaffAct
from schemas.people import Actor, Candidate, Discipline, Role, Viewer
from schemas.requests import NoticeRequest
from schemas.tasks import TaskKind
from store import chain, texts, visibility
from store.tables import ProposalRow, TaskRow

log = structlog.get_logger()
WAIT = "environmental_notice"
"""The statutory wait that a notice stands for (`policy/in_force/statutory_waits`)."""


async def of_proposal(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Where the notice stands; `none` where the works rest on none."""
    async with office.database.reading() as session:
        row = await _seen(session, viewer, reference)
        clearance = await _last(session, row, TaskKind.CLEAR_NOTICE)
        determination = await _last(session, row, TaskKind.DETERMINE)
        posted = row.state.get("notice") if determination else None
        words = await texts.read(session, [posted["where"]]) if posted else {}
    task = determination or clearance
    return {
        "state": _state(clearance, determination),
        "finding": clearance.subject if clearance else None,
        "task": task.id if task else None,
        "posted_on": posted["posted_on"] if posted else None,
        "where": words.get(posted["where"]) if posted else None,
        "not_before": posted["not_before"] if posted else None,
    }


async def post(
    office: Office, viewer: Viewer, reference: str, request: NoticeRequest, request_id: str
) -> dict[str, Any]:
    """Say that the notice was posted; it stands from then on, and holds up the signature alone."""
    async with office.database.reading() as session:
        row = await _seen(session, viewer, reference)
        actor = _poster(viewer, row)
        done = await chain.recorded_request(session, reference, request_id)
    if not done:
        days = office.catalogue.in_force(office.today()).waits.days(WAIT)
        act = StaffAct(
            act="post_notice",
            actor=actor,
            request_id=request_id,
            posted_on=request.posted_on.isoformat(),
            not_before=clocks.end_of_day(request.posted_on + timedelta(days=days)),
        )
        await say(office, viewer, reference, act, where=request.where)
        log.info("notice_posted", proposal=reference)
    return await of_proposal(office, viewer, reference)


async def _seen(session: AsyncSession, viewer: Viewer, reference: str) -> ProposalRow:
    row = await visibility.find(session, viewer, reference)
    if visibility.sees_partner_view(viewer, row):
        raise Forbidden("staff_only")
    return row


async def _last(session: AsyncSession, row: ProposalRow, kind: TaskKind) -> TaskRow | None:
    found = await session.exec(
        select(TaskRow)
        .where(TaskRow.reference == row.reference, TaskRow.kind == kind.value, TaskRow.stands)
        .order_by(col(TaskRow.number).desc())
    )
    return found.first()


def _state(clearance: TaskRow | None, determination: TaskRow | None) -> str:
    if determination is not None:
        return determination.outcome or "posted"
    if clearance is None:
        return "none"
    return "to_post" if clearance.outcome == "clear" else "to_clear"


def _poster(viewer: Viewer, row: ProposalRow) -> Actor:
    asked = [Candidate(role=Role.REVIEWER, scope=Discipline.ENVIRONMENT)]
    if ways := on_behalf.candidacies(viewer, asked, row.reference):
        return viewer.acting_as(ways[0])
    raise Forbidden("environment_reviewers_only")
