"""Conditional reviews: which there are, the sentence that says why, and opening one.

The partner's declarations and the measures in force open them, the officer's ticks, or a sentence
of whoever reviews; the absence of a tick closes none.
"""

from typing import Any

import structlog

from commands import review_reasons
from commands.office import Office
from commands.telling_engine import say
from policy.rules import on_behalf
from schemas.errors import Forbidden, NotFound, Refused
from schemas.messages import StaffAct
from schemas.people import Actor, Candidate, Discipline, Role, Viewer
from schemas.requests import ReviewRequest
from schemas.terms import FindingRule
from store import chain, visibility
from store.tables import ProposalRow

log = structlog.get_logger()
_OPEN_IN = ("eligibility", "compliance", "desk", "funding", "agreement")


async def of_proposal(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """Every conditional review that is open or was made, with the sentence that says why."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            raise Forbidden("staff_only")
        return await review_reasons.shown(office, session, row, viewer)


async def open_one(
    office: Office, viewer: Viewer, reference: str, request: ReviewRequest, request_id: str
) -> dict[str, Any]:
    """Open a review that nobody has declared or ticked; the sentence stands beside it for good."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            raise Forbidden("staff_only")
        actor = _opener(office, viewer, row)
        done = await chain.recorded_request(session, reference, request_id)
        rule = _rule(office, row, request)
    if not done:
        act = StaffAct(act="open_review", actor=actor, request_id=request_id, trigger=rule.when)
        await say(office, viewer, reference, act, reason=request.reason)
        log.info("review_opened", proposal=reference, review=request.review)
    found = await of_proposal(office, viewer, reference)
    return next(each for each in found if each["review"] == request.review)


def may_be_opened(
    office: Office, view: dict[str, Any], found: list[dict[str, Any]]
) -> list[Discipline]:
    """The reviews that the terms of a proposal know and nobody has asked for yet."""
    if view["policy_version"] is None or view["stage"] not in _OPEN_IN:
        return []
    rules = office.catalogue.terms(view["policy_version"]).rules
    asked = {each["review"] for each in found}
    return [r.code for r in rules.findings if r.when is not None and r.code not in asked]


def _rule(office: Office, row: ProposalRow, request: ReviewRequest) -> FindingRule:
    if row.policy_version is None:
        raise NotFound
    for rule in review_reasons.conditional(office, row):
        if rule.code == request.review:
            return rule
    raise Refused("no_such_review")


def _opener(office: Office, viewer: Viewer, row: ProposalRow) -> Actor:
    """A reviewer of any discipline of the program, or an officer of it."""
    if row.policy_version is None:
        raise Forbidden("reviewers_only")
    rules = office.catalogue.terms(row.policy_version).rules
    asked = [
        *(Candidate(role=Role.REVIEWER, scope=each.code) for each in rules.findings),
        Candidate(role=Role.PROGRAMME_OFFICER, scope=row.programme),
    ]
    if ways := on_behalf.candidacies(viewer, asked, row.reference):
        return viewer.acting_as(ways[0])
    raise Forbidden("reviewers_only")
