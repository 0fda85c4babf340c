"""Second looks: a partner asks to have a decision reconsidered; who decided takes it back."""

from fastapi import APIRouter, Response

from commands import partner_acts, reading, undoing
from commands.waiting_for import of_task
from pages.asking import AskedByPerson, PersonDep
from pages.languages import N_
from pages.reasons import reason_of, why
from pages.sent import Sent
from policy import wording

router = APIRouter()
RECONSIDER = (
    N_("Ask for the decision to be reconsidered"),
    N_("Others than those who decided look at it again, once. Write what is new: facts that they "
       "did not know. You are told of the result by letter."),
)  # fmt: skip
UNDO = (
    N_("Take the decision back"),
    N_("Letter, outcome and money are as they were, and the same question is open again. The "
       "partner learns nothing of it; the file keeps the decision, who took it back, and why."),
)  # fmt: skip


@router.get("/proposals/{reference}/reconsider")
async def reconsider_page(asked: PersonDep, reference: str) -> Response:
    return await why(asked, reference, RECONSIDER)


@router.post("/proposals/{reference}/reconsider")
async def reconsider(asked: PersonDep, reference: str) -> Response:
    """Ask others to look again at a decision against one."""
    form = await asked.form()
    if (reason := reason_of(form)) is None:
        return await why(asked, reference, RECONSIDER, form)
    await partner_acts.reconsider(
        asked.office, asked.viewer, reference, reason, asked.request_id(form)
    )
    return asked.see(f"/proposals/{reference}")


@router.get("/tasks/{task_id}/undo")
async def undo_page(asked: PersonDep, task_id: str) -> Response:
    return await _undo(asked, task_id)


@router.post("/tasks/{task_id}/undo")
async def undo(asked: PersonDep, task_id: str) -> Response:
    """Take one's decision back while the partner is not told of it."""
    form = await asked.form()
    if (reason := reason_of(form)) is None:
        return await _undo(asked, task_id, form)
    found = await undoing.undo(asked.office, asked.viewer, task_id, reason, asked.request_id(form))
    return asked.see(f"/proposals/{found['proposal']['reference']}")


async def _undo(asked: AskedByPerson, task_id: str, form: Sent | None = None) -> Response:
    task, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    waiting = await of_task(asked.office, asked.viewer, task_id)
    until = next((each["due_at"] for each in waiting["items"] if "undo" in each["acts"]), None)
    says = None
    if until is not None:
        says = asked.gettext("The letter goes out %(moment)s.") % {
            "moment": wording.moment(until, asked.language)
        }
    return await why(asked, task["reference"], UNDO, form, quote=task["title"], says=says)
