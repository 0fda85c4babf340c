"""Questions to the partner: asked inside a task or by an officer, answered in place, withdrawn.

A question has a date and changes nothing. The partner reads an office instead of a name, and
nothing of the task inside which it was asked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import deciding, drafting, given_documents, taking, task_views, views
from commands.office import Office
from commands.telling_engine import say
from policy.rules import clocks, holds, on_behalf
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.holds import HoldKind
from schemas.messages import PartnerAct, StaffAct
from schemas.people import Actor, Candidacy, Candidate, Role, Viewer
from schemas.proposal import Stage
from schemas.requests import AnswerRequest, QuestionRequest
from store import chain, people, texts, visibility
from store.tables import ProposalRow, TaskRow

log = structlog.get_logger()


async def of_proposal(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """Every question of a proposal, oldest first."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        return await shown(session, row, viewer)


async def ask(
    office: Office, viewer: Viewer, reference: str, request: QuestionRequest, request_id: str
) -> dict[str, Any]:
    """Ask the partner something, due at the end of a day; the clocks stand still meanwhile."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        asker = await _asker(session, viewer, row, request.task)
        done = await chain.recorded_request(session, reference, request_id)
    if not done:
        due_at = _due_at(office, row, request)
        await say(
            office,
            viewer,
            reference,
            StaffAct(
                act="ask",
                actor=asker,
                request_id=request_id,
                task=request.task,
                due_at=due_at,
            ),
            question=request.question,
        )
        log.info("question_asked", proposal=reference)
    return await _asked_by(office, viewer, reference, request_id)


async def withdraw(
    office: Office, viewer: Viewer, reference: str, question_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Take a question back: whoever asked it, or an officer of the program; the clocks go on."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            raise Forbidden("staff_only")
        question = _find(row, question_id)
        officer = _officer(viewer, row)
        if officer is None and question["asked_by"] != viewer.id:
            raise Forbidden("asker_only")
        done = await chain.recorded_request(session, reference, request_id)
    if not done:
        act = StaffAct(
            act="withdraw_question",
            actor=officer or Actor(id=viewer.id, organization=viewer.organization),
            request_id=request_id,
            question=question_id,
        )
        await say(office, viewer, reference, act, reason=reason)
    return await one(office, viewer, reference, question_id)


async def answer(
    office: Office,
    viewer: Viewer,
    reference: str,
    question_id: str,
    request: AnswerRequest,
    request_id: str,
) -> dict[str, Any]:
    """Answer in place, for the partner; nothing of the proposal changes, and the clocks go on.

    The answer may name documents that the partner has attached while the question stood.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if not visibility.sees_partner_view(viewer, row):
            raise Forbidden("partner_only")
        if not viewer.holds(Role.SIGNATORY, row.organization):
            raise Forbidden("signatory_only")
        _find(row, question_id)
        documents = await given_documents.named(session, row, request.documents)
        done = await chain.recorded_request(session, reference, request_id)
    if not done:
        act = PartnerAct(
            act="answer",
            actor=drafting.actor_of(viewer, row.organization),
            request_id=request_id,
            question=question_id,
            documents=documents,
        )
        await say(office, viewer, reference, act, answer=request.answer)
        log.info("question_answered", proposal=reference)
    return await one(office, viewer, reference, question_id)


def is_asked(row: ProposalRow) -> bool:
    """Whether a question waits for an answer of the partner, so that it may attach documents."""
    return row.asked and row.stage != Stage.RETURNED


async def one(office: Office, viewer: Viewer, reference: str, question_id: str) -> dict[str, Any]:
    """One question; NotFound where the proposal has none of this id."""
    found = await of_proposal(office, viewer, reference)
    return next((each for each in found if each["id"] == question_id), None) or _missing()


async def shown(session: AsyncSession, row: ProposalRow, viewer: Viewer) -> list[dict[str, Any]]:
    """The questions of a proposal as their reader may know them."""
    partner = visibility.sees_partner_view(viewer, row)
    asked: Sequence[dict[str, Any]] = row.state.get("questions", ())
    ids = [each[name] for each in asked for name in ("question", "answer") if each[name]]
    words = await texts.read(session, ids)
    names = await people.names_of(
        session, {each[name] for each in asked for name in ("asked_by", "answered_by")}
    )
    given = await given_documents.titled(
        session, [document for each in asked for document in each.get("documents", ())]
    )
    return [
        {
            "id": each["id"],
            "state": each["state"],
            "office": views.OFFICE[viewer.language == "fr"],
            "question": words.get(each["question"]),
            "asked_at": each["asked_at"],
            "due_at": each["due_at"],
            "answer": words.get(each["answer"]),
            "documents": [given[document["id"]] for document in each.get("documents", ())],
            "answered_by": _person(each["answered_by"], names),
            "ended_at": each["ended_at"],
            "asked_by": None if partner else _person(each["asked_by"], names),
            "task": None if partner else each["task"],
        }
        for each in asked
    ]


def _person(person: str | None, names: dict[str, str]) -> dict[str, str] | None:
    return {"id": person, "name": names.get(person, person)} if person else None


def _missing() -> dict[str, Any]:
    raise NotFound


def _find(row: ProposalRow, question_id: str) -> dict[str, Any]:
    asked: Sequence[dict[str, Any]] = row.state.get("questions", ())
    return next((each for each in asked if each["id"] == question_id), None) or _missing()


def _officer(viewer: Viewer, row: ProposalRow) -> Actor | None:
    """The person in the role that asks and withdraws outside of any task."""
    officers = sorted(holds.RULES[HoldKind.QUESTION].set_by)
    asked = [Candidate(role=role, scope=row.programme) for role in officers]
    ways = on_behalf.candidacies(viewer, asked, row.reference)
    return viewer.acting_as(ways[0]) if ways else None


async def _asker(
    session: AsyncSession, viewer: Viewer, row: ProposalRow, task_id: str | None
) -> Actor:
    """Who asks, in which role: whoever may take the task, or an officer of the program."""
    if visibility.sees_partner_view(viewer, row):
        raise Forbidden("staff_only")
    if task_id is not None:
        return viewer.acting_as(await _inside(session, viewer, row, task_id))
    officer = _officer(viewer, row)
    if officer is None:
        raise Forbidden("ask_inside_a_task")
    return officer


async def _inside(
    session: AsyncSession, viewer: Viewer, row: ProposalRow, task_id: str
) -> Candidacy:
    task = await session.get(TaskRow, task_id)
    if task is None or task.reference != row.reference or not task_views.shows_task(viewer, task):
        raise Malformed(Gap(pointer="/task", code="task_unknown"))
    if task.evidence:
        raise Refused("no_question_here")
    ways = taking.candidacies(viewer, task)
    await deciding.check_free(session, task, viewer)
    return await taking.candidacy(session, viewer, row, task, ways)


def _due_at(office: Office, row: ProposalRow, request: QuestionRequest) -> datetime:
    """The end of the day that is asked for: a business day, and not further than terms allow."""
    rules = office.catalogue.terms(row.policy_version or "").rules
    latest = clocks.due_at(office.now(), rules.questions.most_days, rules.holidays)
    due_at = clocks.due_at(clocks.end_of_day(request.due_date), 0, rules.holidays)
    if request.due_date <= office.today() or due_at > latest:
        facts = {"latest": clocks.toronto_day(latest).isoformat()}
        raise Malformed(Gap(pointer="/due_date", code="question_date", facts=facts))
    return due_at


async def _asked_by(
    office: Office, viewer: Viewer, reference: str, request_id: str
) -> dict[str, Any]:
    """The question that a request asked, however often it is sent."""
    async with office.database.reading() as session:
        event = await chain.event_of_request(session, reference, request_id)
    if event is None:
        raise NotFound
    return await one(office, viewer, reference, str(event.data["question"]))
