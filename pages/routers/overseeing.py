"""One case as those who oversee it look at it: how far, why it waits, as it was, whether it holds.

Open to all staff as far as the commands answer them; what only administrators and auditors may
ask is refused by the commands.
"""

from datetime import date, datetime, time
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from api.failures import worded
from commands import as_of, nudging, reading, retrying, verifying_case, watching
from commands.waiting_for import of_task
from pages import progress as ways
from pages import reading_content
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.languages import N_
from pages.schema_forms import Control
from policy.wording import TORONTO
from schemas.errors import Malformed, Refused
from schemas.people import Role

router = APIRouter()
A_PAGE = 25
EVERYTHING = 100_000
"""Events of one proposal: more than any has."""
LAST_SECOND = 59

DIFFERENCES = {
    "chain_broken": N_("An event was changed, or does not follow from the one before it"),
    "chain_head": N_("The chain ends elsewhere than its head says"),
    "text_missing": N_("A text that an event names is gone"),
    "text_changed": N_("A text that an event names was changed"),
    "read_model": N_("What pages show differs from what the events say"),
    "revision_missing": N_("A revision that was submitted is gone"),
    "revision_unsent": N_("A revision is kept that no event tells of"),
    "revision_changed": N_("A revision differs from what was submitted"),
    "reservation": N_("Money stands elsewhere than the events say"),
    "workflow_missing": N_("The engine knows no workflow of this proposal"),
    "workflow_behind": N_("The workflow has said less than is recorded"),
    "workflow_differs": N_("The workflow stands elsewhere than the record"),
    "agreement_missing": N_("Both have signed, and no agreement has begun"),
    "events_missing": N_("The workflow has said more than is recorded"),
    "submission": N_("A submission is on its way to the engine"),
    "agreement": N_("The agreement is about to begin"),
    "events": N_("Events are being recorded"),
    "workflow_unreachable": N_("The engine does not answer"),
}
Typed = Annotated[str, Query(max_length=40)]


@router.get("/proposals/{reference}/progress")
async def progress(asked: PersonDep, reference: str) -> Response:
    """Where it is now, how long each step took, and why it waits."""
    view = await staff_view(asked, reference)
    if view is None:
        return asked.see(f"/proposals/{reference}")
    now = asked.office.now()
    waiting = await reading.waiting(asked.office, asked.viewer, reference)
    history = await reading.history(
        asked.office, asked.viewer, reference, limit=EVERYTHING, cursor=None
    )
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    view["mark"] = watching.proposal_mark(view, history["items"], tasks["items"])
    found = ways.visits(history["items"])
    terms = reading_content.terms_of(asked.office, view["programme"], view["policy_version"])
    return await asked.page(
        "progress.html", view=view, visits=found, now=now, refused=None,
        drawn=ways.diagram(terms.rules.stages, found, now),
        waiting=worded(waiting, asked.language)["items"],
        tasks=tasks["items"], titles={each["id"]: each["title"] for each in tasks["items"]},
        since=datetime.fromisoformat,
        engine=_engine_page(asked, reference),
    )  # fmt: skip


@router.get("/proposals/{reference}/history")
async def history(
    asked: PersonDep,
    reference: str,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Every event that the reader may know of, as a timeline, oldest first."""
    view = await staff_view(asked, reference)
    if view is None:
        return asked.see(f"/proposals/{reference}")
    found = await reading.history(
        asked.office, asked.viewer, reference, limit=A_PAGE, cursor=cursor
    )
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    return await asked.page(
        "history.html", view=view, events=found["items"], following=found["next"],
        is_first=cursor is None, titles={each["id"]: each["title"] for each in tasks["items"]},
    )  # fmt: skip


@router.get("/proposals/{reference}/as-of")
async def as_it_was(
    *, asked: PersonDep, reference: str, day: Typed = "", at: Typed = ""
) -> Response:
    """The case as it was at a moment of the department's own time."""
    view = await staff_view(asked, reference)
    if view is None:
        return asked.see(f"/proposals/{reference}")
    now = asked.office.now()
    local = now.astimezone(TORONTO)
    shown: dict[str, Any] | None = None
    faults: list[Fault] = []
    typed = {"day": day or local.date().isoformat(), "at": at or f"{local:%H:%M}"}
    if day or at:
        moment = _moment(typed["day"], typed["at"])
        if moment is None:
            text = asked.gettext("Write the day as 2026-11-24, and the time as 14:30.")
            faults = [Fault("day", text)]
        else:
            try:
                # The minute that is under way counts as far as it has come.
                until = min(moment, now) if (moment - now).total_seconds() < LAST_SECOND else moment
                shown = await as_of.as_of(asked.office, asked.viewer, reference, until)
            except Malformed as refused:
                faults = [
                    Fault("day", each.text) for each in faults_of(refused.gaps, asked.language)
                ]
            except Refused as refused:
                faults = [Fault("day", words_of(refused, asked.language))]
    content = _content(asked, shown) if shown and shown["content"] else []
    return await asked.page(
        "as_of.html", 422 if faults else 200, view=view, typed=typed, faults=faults, shown=shown,
        content=content,
    )  # fmt: skip


@router.get("/proposals/{reference}/verification")
async def verification(asked: PersonDep, reference: str, run: bool = False) -> Response:
    """Whether the chain of the proposal holds, and everything that rests on it agrees."""
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    found = None
    if run:
        found = await verifying_case.verify_case(asked.office, asked.viewer, reference)
    return await asked.page("verification.html", view=view, found=found, names=DIFFERENCES)


@router.get("/tasks/{task_id}/waiting")
async def task_waiting(asked: PersonDep, task_id: str) -> Response:
    """Why a task waits, and what one may do about it."""
    return await _task_waiting(asked, task_id)


@router.post("/tasks/{task_id}/nudge")
async def nudge(asked: PersonDep, task_id: str) -> Response:
    """Let those be told again on whom the task waits."""
    form = await asked.form()
    try:
        await nudging.nudge(asked.office, asked.viewer, task_id, asked.request_id(form))
    except Refused as refused:
        return await _task_waiting(asked, task_id, refused)
    return asked.see(f"/tasks/{task_id}/waiting")


@router.post("/proposals/{reference}/retry")
async def retry(asked: PersonDep, reference: str) -> Response:
    """Let everything that fails for the proposal be tried at once."""
    form = await asked.form()
    await retrying.retry(asked.office, asked.viewer, reference, asked.request_id(form))
    return asked.see(f"/proposals/{reference}/progress")


async def _task_waiting(
    asked: AskedByPerson, task_id: str, refused: Refused | None = None
) -> Response:
    found, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    view, _ = await reading.proposal(asked.office, asked.viewer, found["reference"])
    waiting = await of_task(asked.office, asked.viewer, task_id)
    return await asked.page(
        "task_waiting.html", refused.status if refused else 200, task=found, view=view,
        waiting=worded(waiting, asked.language)["items"], titles={task_id: found["title"]},
        refused=words_of(refused, asked.language) if refused else None,
    )  # fmt: skip


async def staff_view(asked: AskedByPerson, reference: str) -> dict[str, Any] | None:
    """The proposal as staff see it; None where the reader is given the partner's view."""
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    return view if "residual_risk" in view else None


def _engine_page(asked: AskedByPerson, reference: str) -> str | None:
    """Where the engine's own pages show the workflow; they decode nothing by themselves."""
    base = asked.office.engine_pages
    if base is None or not asked.viewer.holds(Role.ADMINISTRATOR):
        return None
    return f"{base}{quote(f'proposal:{reference}', safe='')}"


def _moment(day: str, at: str) -> datetime | None:
    """What was typed, in Toronto: the end of a minute, or an instant with its seconds."""
    try:
        written = at.replace("\u00a0", " ").replace(" h ", ":")
        typed = datetime.combine(
            date.fromisoformat(day), time.fromisoformat(written), tzinfo=TORONTO
        )
    except ValueError:
        return None
    exact = at.count(":") > 1
    return typed if exact else typed.replace(second=LAST_SECOND, microsecond=999_999)


def _content(asked: AskedByPerson, shown: dict[str, Any]) -> list[Control]:
    revision = {"content": shown["content"], "policy_version": shown["policy_version"]}
    return reading_content.of_revision(asked.office, revision, asked.language)
