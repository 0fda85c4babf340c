"""Documents of proposals and of tasks: attached, listed, read and taken away."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from api.answers import answered, handed_out
from api.bodies import FileBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from commands import documents, task_documents
from commands.receiving import Sent
from schemas.documents import MEDIA_TYPES, DocumentRequest

router = APIRouter()

FileDep = Annotated[Sent, Depends(FileBody(DocumentRequest))]

_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes, as an attachment.",
        "content": {
            each: {"schema": {"type": "string", "format": "binary"}}
            for each in MEDIA_TYPES.values()
        },
    }
}


@router.post("/proposals/{reference}/documents", status_code=201, tags=["proposals"])
async def attach(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, sent: FileDep
) -> Response:
    """Attach a document to a draft, or to a returned proposal whose section is open."""

    async def act(request_id: str) -> Response:
        made = await documents.attach(office, viewer, reference, sent, request_id)
        location = f"/proposals/{reference}/documents/{made['id']}"
        return answered(made, status=201, location=location)

    return await once(act)


@router.get("/proposals/{reference}/documents", tags=["proposals"])
async def attached(office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep) -> Response:
    """The documents that one may read; to staff, those that were submitted."""
    return answered(page.of(await documents.listed(office, viewer, reference)))


@router.get(
    "/proposals/{reference}/documents/{document_id}",
    tags=["proposals"],
    response_class=StreamingResponse,
    responses=_BYTES,
)
async def document(
    office: OfficeDep, viewer: ViewerDep, reference: Id, document_id: Id
) -> Response:
    """The document itself."""
    return handed_out(await documents.opened(office, viewer, reference, document_id))


@router.delete(
    "/proposals/{reference}/documents/{document_id}", status_code=204, tags=["proposals"]
)
async def detach(office: OfficeDep, viewer: ViewerDep, reference: Id, document_id: Id) -> Response:
    """Take a document off; what was submitted stays with its revision."""
    await documents.detach(office, viewer, reference, document_id)
    return Response(status_code=204)


@router.post("/tasks/{task_id}/documents", status_code=201, tags=["tasks"])
async def attach_to_task(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, task_id: Id, sent: FileDep
) -> Response:
    """Attach a document to an open task that one may take."""

    async def act(request_id: str) -> Response:
        made = await task_documents.attach(office, viewer, task_id, sent, request_id)
        location = f"/tasks/{task_id}/documents/{made['id']}"
        return answered(made, status=201, location=location)

    return await once(act)


@router.get("/tasks/{task_id}/documents", tags=["tasks"])
async def attached_to_task(
    office: OfficeDep, viewer: ViewerDep, task_id: Id, page: PageDep
) -> Response:
    """The documents of a task, to whoever may read its answers."""
    return answered(page.of(await task_documents.listed(office, viewer, task_id)))


@router.get(
    "/tasks/{task_id}/documents/{attachment_id}",
    tags=["tasks"],
    response_class=StreamingResponse,
    responses=_BYTES,
)
async def document_of_task(
    office: OfficeDep, viewer: ViewerDep, task_id: Id, attachment_id: Id
) -> Response:
    """The document itself."""
    return handed_out(await task_documents.opened(office, viewer, task_id, attachment_id))


@router.delete("/tasks/{task_id}/documents/{attachment_id}", status_code=204, tags=["tasks"])
async def detach_from_task(
    office: OfficeDep, viewer: ViewerDep, task_id: Id, attachment_id: Id
) -> Response:
    """Take away what one has attached oneself, while the task is open."""
    await task_documents.detach(office, viewer, task_id, attachment_id)
    return Response(status_code=204)
