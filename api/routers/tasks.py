"""Tasks: inboxes, holding one, drafts of answers, and deciding."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import RootModel

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Filter,
    Id,
    NothingDep,
    OfficeDep,
    OnceDep,
    OptionalVersion,
    PageDep,
    Version,
    ViewerDep,
)
from commands import deciding, reading
from schemas.requests import DecisionRequest
from schemas.tasks import TaskKind

router = APIRouter(prefix="/tasks", tags=["tasks"])

Sort = Literal["due_at", "-due_at", "opened_at", "-opened_at"]


class Answers(RootModel[dict[str, Any]]):
    """Answers to the task's form, as far as they go."""


@router.get("")
async def tasks(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    view: Annotated[
        Literal["mine", "group", "all"],
        Query(description="mine: held by me; group: open ones I may take; all: all I see."),
    ] = "all",
    state: Annotated[Literal["open", "done", "cancelled"] | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    reference: Filter = None,
    kind: Annotated[TaskKind | None, Query()] = None,
    sort: Annotated[Sort, Query()] = "due_at",
) -> Response:
    """Tasks without their forms and answers."""
    return answered(
        await reading.tasks(
            office,
            viewer,
            view=view,
            state=state,
            overdue=overdue,
            reference=reference,
            kind=kind,
            sort=sort,
            limit=page.limit,
            cursor=page.cursor,
        )
    )


@router.get("/counts")
async def counts(office: OfficeDep, viewer: ViewerDep) -> Response:
    return answered(await reading.task_counts(office, viewer))


@router.get("/{task_id}")
async def task(office: OfficeDep, viewer: ViewerDep, task_id: Id) -> Response:
    """A task with its form: a JSON Schema with a valid answer first in `examples`."""
    found, version = await reading.task(office, viewer, task_id, viewer.language)
    return answered(found, version=version)


@router.post("/{task_id}/claim")
async def claim(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, _: NothingDep
) -> Response:
    """Hold a task that one may take."""

    async def act(_: str) -> Response:
        claimed, version = await deciding.claim(office, viewer, task_id)
        return answered(claimed, version=version)

    return await once(act)


@router.post("/{task_id}/release")
async def release(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, _: NothingDep
) -> Response:
    """Let go of a task that one holds."""

    async def act(_: str) -> Response:
        released, version = await deciding.release(office, viewer, task_id)
        return answered(released, version=version)

    return await once(act)


@router.put("/{task_id}/answers")
async def save_answers(
    office: OfficeDep,
    viewer: ViewerDep,
    task_id: Id,
    version: Version,
    answers: Annotated[Answers, Depends(JsonBody(Answers))],
) -> Response:
    """Save a draft of the answers."""
    saved, new_version = await deciding.save_answers(office, viewer, task_id, answers.root, version)
    return answered(saved, version=new_version)


@router.post("/{task_id}/decision")
async def decide(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    version: OptionalVersion,
    decision: Annotated[DecisionRequest, Depends(JsonBody(DecisionRequest))],
) -> Response:
    """Decide; the answer comes once the decision is in the store."""

    async def act(request_id: str) -> Response:
        return answered(
            await deciding.decide(office, viewer, task_id, decision, request_id, version)
        )

    return await once(act)
