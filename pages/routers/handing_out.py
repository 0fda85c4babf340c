"""Files that people take away: documents, as attachments and never as pages."""

from fastapi import APIRouter, Response

from api.answers import handed_out
from commands import documents, task_documents
from pages.asking import PersonDep

router = APIRouter()


@router.get("/proposals/{reference}/documents/{document_id}")
async def document(asked: PersonDep, reference: str, document_id: str) -> Response:
    return handed_out(await documents.opened(asked.office, asked.viewer, reference, document_id))


@router.get("/tasks/{task_id}/documents/{document_id}")
async def document_of_task(asked: PersonDep, task_id: str, document_id: str) -> Response:
    return handed_out(await task_documents.opened(asked.office, asked.viewer, task_id, document_id))
