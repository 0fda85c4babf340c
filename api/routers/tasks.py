"""Tasks: inboxes, holding one, drafts of answers, and deciding."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import RootModel
from sqlmodel.ext.asyncio.session import AsyncSession

from api import failures
from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import (
    Filter,
    Id,
    Instant,
    NothingDep,
    OfficeDep,
    OnceDep,
    OptionalVersion,
    PageDep,
    ReasonDep,
    Version,
    ViewerDep,
)
from api.idempotency import Keeping
from commands import commenting, deciding, nudging, reading, reassigning, recusing, undoing
from commands.office import Office
from schemas.people import Desk, Viewer
from schemas.proposal import Stage
from schemas.requests import (
    CommentRequest,
    DecisionRequest,
    ReassignRequest,
    TaskFilter,
)
from schemas.tasks import TaskKind, TaskState

router = APIRouter(prefix="/tasks", tags=["tasks"])

Sort = Literal[
    "due_at", "-due_at", "opened_at", "-opened_at", "kind", "-kind", "reference", "-reference"
]
View = Annotated[
    Literal["mine", "group", "all"],
    Query(description="mine: held by me; group: open ones I may take; all: all I see."),
]


class Answers(RootModel[dict[str, Any]]):
    """Answers to the task's form, as far as they go."""


async def filters(
    *,
    state: Annotated[TaskState | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    due_soon: Annotated[
        bool | None, Query(description="Not overdue, and due within three business days.")
    ] = None,
    due_before: Annotated[Instant | None, Query()] = None,
    stage: Annotated[Stage | None, Query()] = None,
    kind: Annotated[TaskKind | None, Query()] = None,
    programme: Filter = None,
    desk: Annotated[Desk | None, Query(description="The desk that is asked, or signs.")] = None,
    reference: Filter = None,
    q: Annotated[str | None, Query(max_length=400, description="In title or reference.")] = None,
) -> TaskFilter:
    """What a list of tasks, and its counts, are narrowed to."""
    return TaskFilter(
        state=state,
        overdue=overdue,
        due_soon=due_soon,
        due_before=due_before,
        stage=stage,
        kind=kind,
        programme=programme,
        desk=desk,
        reference=reference,
        q=q,
    )


FilterDep = Annotated[TaskFilter, Depends(filters)]


@router.get("")
async def tasks(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    view: View = "all",
    asked: FilterDep,
    sort: Annotated[Sort, Query()] = "due_at",
) -> Response:
    """Tasks without their forms and answers."""
    return answered(
        await reading.tasks(
            office,
            viewer,
            view=view,
            asked=asked,
            sort=sort,
            limit=page.limit,
            cursor=page.cursor,
        )
    )


@router.get("/counts")
async def counts(
    *, office: OfficeDep, viewer: ViewerDep, view: View = "all", asked: FilterDep
) -> Response:
    """How many each view holds under these filters; `overdue` and `due_soon` are of `view`."""
    return answered(await reading.task_counts(office, viewer, view=view, asked=asked))


@router.get("/{task_id}")
async def task(office: OfficeDep, viewer: ViewerDep, task_id: Id) -> Response:
    """A task with its form: a JSON Schema with a valid answer first in `examples`."""
    found, version = await reading.task(office, viewer, task_id, viewer.language)
    return answered(found, version=version)


@router.get("/{task_id}/waiting")
async def waiting(office: OfficeDep, viewer: ViewerDep, task_id: Id) -> Response:
    """On whom it waits, since when, what happens next, what fails, and what one may do about it."""
    found = await reading.task_waiting(office, viewer, task_id)
    return answered(failures.worded(found, viewer.language))


@router.post("/{task_id}/nudge")
async def nudge(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, _: NothingDep
) -> Response:
    """Let those be told again on whom the task waits; once a day, whoever asks."""

    async def act(request_id: str) -> Response:
        return answered(await nudging.nudge(office, viewer, task_id, request_id))

    return await once(act)


@router.post("/{task_id}/claim")
async def claim(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, _: NothingDep
) -> Response:
    """Hold a task that one may take."""

    async def within(session: AsyncSession) -> Response | None:
        claimed = await deciding.claim_within(office, session, viewer, task_id)
        return claimed and answered(claimed[0], version=claimed[1])

    return await once.together(within, partial(_seen, office, viewer, task_id))


async def _seen(office: Office, viewer: Viewer, task_id: str, _: str) -> Response:
    view, version = await reading.task(office, viewer, task_id, viewer.language)
    return answered(view, version=version)


@router.post("/{task_id}/release")
async def release(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, _: NothingDep
) -> Response:
    """Let go of a task that one holds."""

    async def within(session: AsyncSession) -> Response | None:
        released = await deciding.release_within(office, session, viewer, task_id)
        return released and answered(released[0], version=released[1])

    return await once.together(within, partial(_seen, office, viewer, task_id))


@router.get("/{task_id}/people")
async def people(office: OfficeDep, viewer: ViewerDep, page: PageDep, task_id: Id) -> Response:
    """Everybody to whom one may give the task, and how many tasks each holds already."""
    return answered(page.of(await reassigning.receivers(office, viewer, task_id)))


@router.post("/{task_id}/reassign")
async def reassign(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    version: OptionalVersion,
    body: Annotated[ReassignRequest, Depends(JsonBody(ReassignRequest))],
) -> Response:
    """Give an open task to somebody who may take it (administrator, or who could take it)."""

    async def act(request_id: str) -> Response:
        given, new_version = await reassigning.reassign(
            office, viewer, task_id, body, request_id, version
        )
        return answered(given, version=new_version)

    return await once(act)


@router.post("/{task_id}/recuse")
async def recuse(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    body: ReasonDep,
) -> Response:
    """Take oneself out of the proposal for good; somebody else is drawn. One sees it no more."""

    async def act(request_id: str) -> Response:
        return answered(await recusing.recuse(office, viewer, task_id, body.reason, request_id))

    return await once(act)


@router.post("/{task_id}/undo")
async def undo(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    body: ReasonDep,
) -> Response:
    """Take one's own decision back while its letter is not told; the question opens anew."""

    async def act(request_id: str) -> Response:
        return answered(await undoing.undo(office, viewer, task_id, body.reason, request_id))

    return await once(act)


@router.get("/{task_id}/comments")
async def comments(office: OfficeDep, viewer: ViewerDep, page: PageDep, task_id: Id) -> Response:
    """What was said beside the task, oldest first; never shown to the partner."""
    return answered(page.of(await commenting.comments_of(office, viewer, task_id)))


@router.post("/{task_id}/comments", status_code=201)
async def comment(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    body: Annotated[CommentRequest, Depends(JsonBody(CommentRequest))],
) -> Response:
    """Say something beside the task; it cannot be taken back."""

    async def act(request_id: str) -> Response:
        said = await commenting.comment(office, viewer, task_id, body, request_id)
        return answered(said, status=201)

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

    async def act(request_id: str, keep: Keeping) -> Response:
        return answered(
            await deciding.decide(office, viewer, task_id, decision, request_id, version, keep)
        )

    return await once.keeping(act)
