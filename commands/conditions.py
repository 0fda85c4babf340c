"""Conditions of an approved proposal: evidence by whoever owes it, and asking for a judgement.

A partner reads its conditions once it was told of the approval, with ids of its own and an office
in place of names. What it gives may name documents that it has attached to the proposal.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import condition_words, drafting, given_documents, views
from commands.office import Office
from commands.telling_engine import say
from policy.rules import on_behalf
from schemas.errors import Forbidden, NotFound, Refused
from schemas.messages import PartnerAct, StaffAct
from schemas.people import Actor, Candidate, Role, Viewer
from schemas.proposal import Outcome, Stage
from schemas.requests import EvidenceRequest
from schemas.tasks import ConditionState, KeptBy, TaskKind
from store import chain, texts, visibility
from store.tables import ProposalRow, TaskRow

log = structlog.get_logger()


async def of_proposal(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """Every condition of a proposal that stands, with what was given for it."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            if not _is_told(office, row):
                return []
            return [_for_partner(row, viewer, each) for each in await _all(office, session, row)]
        return await _all(office, session, row)


async def one(office: Office, viewer: Viewer, reference: str, condition: str) -> dict[str, Any]:
    """One condition; NotFound where the proposal has none of this id."""
    found = await of_proposal(office, viewer, reference)
    return next((each for each in found if each["id"] == condition), None) or _missing()


async def give_evidence(
    office: Office,
    viewer: Viewer,
    reference: str,
    condition: str,
    request: EvidenceRequest,
    request_id: str,
) -> dict[str, Any]:
    """Give evidence that a condition is met; it is judged by the discipline that set it."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        partner = visibility.sees_partner_view(viewer, row)
        known = await _known(office, session, row, condition, partner=partner)
        actor = _partner(viewer, row) if partner else _owner(viewer, row, known)
        done = await chain.recorded_request(session, reference, request_id)
        documents = await given_documents.named(session, row, request.documents, partner=partner)
    if not done:
        _check_not_over(row, known, office.now())
        act: PartnerAct | StaffAct
        if partner:
            act = PartnerAct(
                act="give_evidence",
                actor=actor,
                request_id=request_id,
                condition=known["id"],
                documents=documents,
            )
        else:
            act = StaffAct(
                act="give_evidence", actor=actor, request_id=request_id, condition=known["id"]
            )
        await say(office, viewer, reference, act, words=request.words)
        log.info("evidence_given", proposal=reference)
    return await one(office, viewer, reference, condition)


async def ask_for_judgement(
    office: Office, viewer: Viewer, reference: str, condition: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Ask that a condition be judged without evidence: by whoever judges it, or an officer."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            raise Forbidden("staff_only")
        known = await _known(office, session, row, condition, partner=False)
        actor = _owner(viewer, row, known)
        done = await chain.recorded_request(session, reference, request_id)
    if not done:
        _check_not_over(row, known, office.now())
        act = StaffAct(
            act="judge_condition", actor=actor, request_id=request_id, condition=known["id"]
        )
        await say(office, viewer, reference, act, reason=reason)
        log.info("judgement_asked", proposal=reference)
    return await one(office, viewer, reference, condition)


def evidence_is_asked(row: ProposalRow, now: datetime) -> bool:
    """Whether the partner owes evidence for a condition, so that it may attach documents."""
    told = row.outcome == Outcome.APPROVED and views.is_told(row, now)
    return told and any(
        each.get("kept_by", KeptBy.PARTNER) == KeptBy.PARTNER
        and not ConditionState(each["state"]).is_over
        for each in row.state.get("conditions", ())
    )


async def _all(office: Office, session: AsyncSession, row: ProposalRow) -> list[dict[str, Any]]:
    given = await condition_words.given(session, row)
    judging = await _judgements(session, row)
    obligations = row.state.get("obligations", {})
    said = [each["judged"]["message"] for each in obligations.values() if each["judged"]]
    messages_said = await texts.read(session, [text for text in said if text])
    shown = []
    for each in await condition_words.of_proposal(session, row):
        setting = each.pop("task")
        known = obligations.get(each["id"])
        judged = known["judged"] if known else None
        shown.append(
            {
                **each,
                "binds": known is not None,
                "set_by": {"task": setting.id, "kind": setting.kind} if setting else None,
                "judged_by": [
                    candidate.model_dump(mode="json")
                    for candidate in condition_words.judges(office, row, setting)
                ],
                "given": given.get(each["id"], []),
                "judged_at": judged["at"] if judged else None,
                "message": messages_said.get(judged["message"]) if judged else None,
                "overdue": known is not None
                and any(step["step"] == "overdue" for step in known["reached"])
                and not ConditionState(each["state"]).is_over,
                "judgement": judging.get(each["id"]),
            }
        )
    return shown


async def _judgements(session: AsyncSession, row: ProposalRow) -> dict[str, str]:
    """The open task that judges each condition."""
    found = await session.exec(
        select(TaskRow).where(
            TaskRow.reference == row.reference,
            TaskRow.kind == TaskKind.CONDITION.value,
            TaskRow.state == "open",
        )
    )
    return {str(task.subject): task.id for task in found}


def _for_partner(row: ProposalRow, viewer: Viewer, shown: dict[str, Any]) -> dict[str, Any]:
    office = views.OFFICE[viewer.language == "fr"]
    own = shown["kept_by"] == KeptBy.PARTNER
    return {
        **shown,
        "id": condition_words.partners_id(row.reference, shown["id"]),
        "set_by": None,
        "judged_by": [],
        "judgement": None,
        "given": shown["given"]
        if own
        else [{**act, "by": {"id": None, "name": office}, "words": None} for act in shown["given"]],
    }


def _is_told(office: Office, row: ProposalRow) -> bool:
    return row.outcome == Outcome.APPROVED and views.is_told(row, office.now())


async def _known(
    office: Office, session: AsyncSession, row: ProposalRow, condition: str, *, partner: bool
) -> dict[str, Any]:
    """The condition of that id, as its reader knows ids."""
    if partner and not _is_told(office, row):
        raise NotFound
    for each in await condition_words.of_proposal(session, row):
        own = condition_words.partners_id(row.reference, each["id"])
        if condition == (own if partner else each["id"]):
            return {**each, "judges": condition_words.judges(office, row, each["task"])}
    raise NotFound


def _check_not_over(row: ProposalRow, known: dict[str, Any], now: datetime) -> None:
    """What the engine need not be asked: it no longer answers once nothing is owed any more."""
    if row.outcome != Outcome.APPROVED or not views.is_told(row, now):
        raise Refused("no_agreement_yet")
    if ConditionState(known["state"]).is_over:
        raise Refused("condition_is_over", state=known["state"])
    if row.stage == Stage.CLOSED:
        raise Refused("proposal_closed")


def _partner(viewer: Viewer, row: ProposalRow) -> Actor:
    if not viewer.holds(Role.SIGNATORY, row.organization):
        raise Forbidden("signatory_only")
    return drafting.actor_of(viewer, row.organization)


def _owner(viewer: Viewer, row: ProposalRow, known: dict[str, Any]) -> Actor:
    """An officer of the program, or whoever judges; the engine keeps giving and judging apart."""
    judges: Sequence[Candidate] = known["judges"]
    asked = [Candidate(role=Role.PROGRAMME_OFFICER, scope=row.programme), *judges]
    if ways := on_behalf.candidacies(viewer, asked, row.reference):
        return viewer.acting_as(ways[0])
    raise Forbidden("officers_of_the_programme_only", programme=row.programme)


def _missing() -> dict[str, Any]:
    raise NotFound
