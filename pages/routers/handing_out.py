"""Files that people take away: documents and papers, as attachments and never as pages."""

from fastapi import APIRouter, Response

from api.answers import handed_out, paper
from commands import approval_papers, case_papers, documents, printing, task_documents
from pages.asking import PersonDep

router = APIRouter()


@router.get("/proposals/{reference}/documents/{document_id}")
async def document(asked: PersonDep, reference: str, document_id: str) -> Response:
    return handed_out(await documents.opened(asked.office, asked.viewer, reference, document_id))


@router.get("/tasks/{task_id}/documents/{document_id}")
async def document_of_task(asked: PersonDep, task_id: str, document_id: str) -> Response:
    return handed_out(await task_documents.opened(asked.office, asked.viewer, task_id, document_id))


@router.get("/proposals/{reference}/case.pdf")
async def case_paper(asked: PersonDep, reference: str) -> Response:
    return paper(await case_papers.case_paper(asked.office, asked.viewer, reference))


@router.get("/proposals/{reference}/agreement.pdf")
async def agreement(asked: PersonDep, reference: str) -> Response:
    return paper(await printing.agreement(asked.office, asked.viewer, reference))


@router.get("/proposals/{reference}/approvals/{task_id}.pdf")
async def approval(asked: PersonDep, reference: str, task_id: str) -> Response:
    return paper(
        await approval_papers.approval_paper(asked.office, asked.viewer, reference, task_id)
    )


@router.get("/proposals/{reference}/letters/{letter_id}.pdf")
async def letter(asked: PersonDep, reference: str, letter_id: str) -> Response:
    return paper(await printing.letter(asked.office, asked.viewer, reference, letter_id))
