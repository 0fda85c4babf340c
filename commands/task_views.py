"""What is answered of tasks: the JSON shapes of api.md, made from the store for one reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    attempts,
    comments,
    disposals,
    review_reasons,
    task_forms,
    views,
    visible_documents,
)
from commands.office import Office
from policy import labels
from policy.rules import access, forms, on_behalf, outcomes
from schemas.errors import NotFound
from schemas.events import EventType
from schemas.people import Candidate, Viewer
from schemas.proposal import Stage
from schemas.tasks import TaskKind
from schemas.values import instant, some_instant
from store import chain, people, questions, texts, visibility
from store.tables import (
    ClaimRow,
    ProposalRow,
    TaskRow,
)

_NAMED_BY_SUBJECT = frozenset(
    {
        TaskKind.CONSULT,
        TaskKind.SIGN_OFF,
        TaskKind.REPORT,
        TaskKind.CERTIFY,
        TaskKind.REQUISITION,
    }
)
"""Kinds whose subject readers know: a desk, a report, a payment."""


async def task_view(office: Office, viewer: Viewer, task_id: str) -> tuple[dict[str, Any], int]:
    """The task with its form, and its version (which counts claims and drafts of answers).

    That somebody was shown the evidence of screening is recorded.
    """
    async with office.database.reading() as session:
        view, task, _ = await _task(office, session, viewer, task_id)
    if task.kind == TaskKind.ADJUDICATE:
        await attempts.record_evidence_read(office, viewer.id, task)
    return view, int(view["version"])


async def task_view_within(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[dict[str, Any], int] | None:
    """`task_view` of what *session* has written so far.

    None for what shows the evidence of screening: that is recorded first, by `task_view`.
    """
    await session.flush()
    within = await office.database.read_within(session)
    task = await within.get_one(TaskRow, task_id)
    if task.kind == TaskKind.ADJUDICATE:
        return None
    view, _, _ = await _task(office, within, viewer, task_id)
    return view, int(view["version"])


async def task_and_proposal(office: Office, viewer: Viewer, task_id: str) -> dict[str, Any]:
    """Both as they stand at one moment, `{task, proposal}`; recorded as `task_view` does."""
    async with office.database.reading() as session:
        both = await task_and_proposal_in(office, session, viewer, task_id)
        task = await session.get_one(TaskRow, task_id)
    if task.kind == TaskKind.ADJUDICATE:
        await attempts.record_evidence_read(office, viewer.id, task)
    return both


async def task_and_proposal_in(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str
) -> dict[str, Any]:
    """`{task, proposal}` in *session*; that evidence was shown is for the caller to record."""
    view, _, row = await _task(office, session, viewer, task_id)
    proposal, _ = await views.proposal_in(office, session, viewer, row)
    return {"task": view, "proposal": proposal}


async def _task(
    office: Office, session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[dict[str, Any], TaskRow, ProposalRow]:
    task = await session.get(TaskRow, task_id)
    if task is None:
        raise NotFound
    row = await visibility.find(session, viewer, task.reference)
    if visibility.sees_partner_view(viewer, row) or not shows_task(viewer, task):
        raise NotFound
    view = await task_item(session, viewer, task)
    context = await task_forms.context_for(office, session, viewer, row, task)
    kind = TaskKind(task.kind)
    view["because"] = await review_reasons.of_task(office, session, row, viewer, kind)
    view["form"] = forms.form(context, viewer.language)
    said = await comments.of_proposal(session, row.reference)
    view["comments"] = (await comments.shown(session, viewer, said)).get(task_id, [])
    claim = await session.get(ClaimRow, task_id) if task.state == "open" else None
    view["delegation"] = await _delegation(session, task, claim)
    view |= await _words(session, viewer, task, claim)
    attached = await visible_documents.of_tasks(session, viewer, [task])
    view["documents"] = attached.get(task_id, [])
    return view, task, row


async def _delegation(session: AsyncSession, task: TaskRow, claim: ClaimRow | None) -> str | None:
    """Under which delegation it is held, or was decided, on behalf of somebody."""
    if claim is not None:
        return claim.delegation
    if task.on_behalf_of is None:
        return None
    decided = await chain.events_of_types(session, task.reference, [EventType.TASK_DECIDED])
    return next((e.actor.delegation for e in decided if e.data["task"] == task.id), None)


async def task_item(session: AsyncSession, viewer: Viewer, task: TaskRow) -> dict[str, Any]:
    """The task in a list: without form and answers."""
    return (await task_items(session, viewer, [task]))[0]


async def task_items(
    session: AsyncSession, viewer: Viewer, tasks: Sequence[TaskRow]
) -> list[dict[str, Any]]:
    """The tasks in a list, with what is said of them read at once."""
    claims = await session.exec(
        select(ClaimRow).where(col(ClaimRow.task).in_([task.id for task in tasks]))
    )
    held = {claim.task: claim for claim in claims}
    kinds: dict[str, str] = {}
    if confirmed := {task.confirms for task in tasks if task.confirms}:
        found = await session.exec(
            select(TaskRow.id, TaskRow.kind).where(col(TaskRow.id).in_(confirmed))
        )
        kinds = dict(found.all())
    names = await people.names_of(
        session,
        {claim.person for claim in held.values()}
        | {claim.on_behalf_of for claim in held.values()}
        | {task.decided_by for task in tasks}
        | {task.on_behalf_of for task in tasks}
        | {each.giver for each in viewer.delegated},
    )
    closed = await questions.closed(session, viewer, tasks)
    return [
        _task_item(viewer, task, held.get(task.id), kinds, names, closed=task.id in closed)
        for task in tasks
    ]


def _task_item(
    viewer: Viewer,
    task: TaskRow,
    claim: ClaimRow | None,
    kinds: Mapping[str, str],
    names: Mapping[str, str],
    *,
    closed: bool,
) -> dict[str, Any]:
    """*closed*: what it was answered is not told yet, for others are asked the same."""
    kind = TaskKind(task.kind)
    confirmed = kinds.get(task.confirms or "")
    choices = outcomes.offered(
        kind,
        sealing=bool(task.detail.get("seal")),
        offer=bool(task.detail.get("offer")),
        in_part=bool(task.detail.get("part")),
        confirms=TaskKind(confirmed) if confirmed else None,
        signed=task.stage == Stage.ACTIVE,
    )
    holder = claim.person if claim else None
    return {
        "id": task.id,
        "kind": kind,
        "stage": task.stage,
        "reference": task.reference,
        "revision": task.revision,
        "title": labels.kind_title(kind).in_language(viewer.language),
        "subject": task.subject if kind in _NAMED_BY_SUBJECT else None,
        "candidates": task.candidates,
        "may_act_for": [_named(each, names) for each in _acted_for(viewer, task)],
        "holder": _named(holder, names) if holder else None,
        "held_since": some_instant(claim.since) if claim else None,
        "held_on_behalf_of": _named(claim.on_behalf_of, names)
        if claim and claim.on_behalf_of
        else None,
        "state": task.state,
        "opened_at": instant(task.opened_at),
        "due_at": instant(task.due_at),
        "outcomes": [
            {
                **choice.model_dump(mode="json"),
                "label": labels.label(kind, choice.code).in_language(viewer.language),
            }
            for choice in choices
        ],
        "seat": {"number": task.detail["seat"], "of": task.detail["of"]}
        if "seat" in task.detail
        else None,
        "confirms": task.confirms,
        "arbitrates": task.arbitrates,
        "previous": task.previous,
        "repair": task.detail.get("repair"),
        "decided_by": _named(task.decided_by, names) if task.decided_by else None,
        "on_behalf_of": _named(task.on_behalf_of, names) if task.on_behalf_of else None,
        "decided_at": some_instant(task.decided_at),
        "outcome": None if closed else task.outcome,
        "stands": task.stands,
        "version": claim.version if claim else 0,
    }


def _acted_for(viewer: Viewer, task: TaskRow) -> list[str]:
    """On whose behalf *viewer* may take an open task that they may not take in their own right."""
    if task.state != "open" or not viewer.delegated:
        return []
    wanted = [Candidate.model_validate(each) for each in task.candidates]
    ways = on_behalf.candidacies(viewer, wanted, task.reference)
    if any(way.on_behalf_of is None for way in ways):
        return []
    return list(dict.fromkeys(way.on_behalf_of for way in ways if way.on_behalf_of))


def shows_task(viewer: Viewer, task: TaskRow) -> bool:
    """Whether *viewer*, who sees the proposal as staff, may know of this task.

    What screening asks, its confirmation and its disposition are known to those who see its
    evidence: to all others their very existence would tell of a match.
    """
    return not task.evidence or access.may_see_evidence(viewer, task.reference)


async def _words(
    session: AsyncSession, viewer: Viewer, task: TaskRow, claim: ClaimRow | None
) -> dict[str, Any]:
    words: dict[str, Any] = {"answers": None, "reason": None, "message_to_partner": None}
    if task.state == "open":
        if claim is not None and claim.answers_by == viewer.id:
            words["answers"] = claim.answers
        return words
    if not access.may_see_answers(viewer):
        return words
    if task.id in await questions.closed(session, viewer, [task]):
        return words
    ids = {name: task.texts[name]["id"] for name in words if name in task.texts}
    bodies = await texts.read(session, ids.values())
    words |= {name: bodies.get(text_id) for name, text_id in ids.items()}
    if len(bodies) == len(ids):
        return words
    gone = await disposals.of_texts(session, ids.values(), viewer.language)
    if gone:
        words["disposed"] = {name: gone[ids[name]] for name in ids if ids[name] in gone}
    return words


async def person(session: AsyncSession, person_id: str) -> dict[str, Any]:
    return _named(person_id, await people.names_of(session, [person_id]))


def _named(person_id: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {"id": person_id, "name": names.get(person_id, person_id)}
