"""One act on many tasks: chosen in the inbox, looked at first, then ordered.

What became of each, and stopping, is on the page of the job (`pages.routers.administration`).
"""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from api.sentences import sentence
from commands import bulk, reassigning
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of
from pages.languages import N_
from pages.sent import Sent
from policy import labels
from schemas.errors import Forbidden, Malformed, NotFound
from schemas.requests import BulkAct, BulkRequest
from schemas.tasks import MAY_BE_ADMINISTRATIVE, OUTCOMES

router = APIRouter()
NAMES = {
    BulkAct.CLAIM: N_("Take them"),
    BulkAct.RELEASE: N_("Give them back"),
    BulkAct.REASSIGN: N_("Give them to somebody"),
    BulkAct.DECIDE: N_("Decide them together"),
}
MOST_LEFT = 1000


@router.get("/tasks/together")
async def nothing_chosen(asked: PersonDep) -> Response:
    """Where another language is chosen in between: what was chosen is chosen again."""
    return asked.see("/tasks")


@router.post("/tasks/together")
async def look(asked: PersonDep) -> Response:
    """What the act would do to each of the chosen tasks now; nothing is changed."""
    form = await asked.form()
    return await _look(asked, form, _chosen(form))


@router.post("/tasks/together/order")
async def order(asked: PersonDep) -> Response:
    """Order the act; the worker does it, one task after the other."""
    form = await asked.form()
    try:
        job = await bulk.order(
            asked.office, asked.viewer, _request(form, _chosen(form)), asked.request_id(form)
        )
    except Malformed:
        return await _look(asked, form, _chosen(form))
    return asked.see(f"/operations/jobs/{job['id']}")


@router.post("/operations/jobs/{job_id}/go-on")
async def go_on(asked: PersonDep, job_id: str) -> Response:
    """Look at what a stopped job left, to order it anew."""
    form = await asked.form()
    job = await bulk.one(asked.office, asked.viewer, job_id)
    left = await bulk.items(
        asked.office, asked.viewer, job_id, state="left", limit=MOST_LEFT, cursor=None
    )
    tasks = [each["task"] for each in left["items"] if each["task"]]
    again = Sent([*form.pairs(), ("act", job["act"]), ("person", job["receiver"] or "")])
    return await _look(asked, again, tasks)


def _chosen(form: Sent) -> list[str]:
    return form.all("shown") if form.get("all") else form.all("tasks")


def _request(form: Sent, tasks: list[str]) -> BulkRequest:
    """The act as it was typed; Malformed where it lacks something."""
    act = form.get("act")
    wanted: dict[str, Any] = {"act": act, "tasks": tasks}
    if act == BulkAct.REASSIGN:
        wanted |= {"person": form.get("person") or None, "reason": form.get("reason") or None}
    if act == BulkAct.DECIDE and form.get("outcome"):
        words = {name: form.get(name) or None for name in ("reason", "message_to_partner")}
        wanted["decision"] = {"outcome": form.get("outcome"), "answers": {}, **words}
    try:
        return BulkRequest.model_validate(wanted)
    except ValidationError as failed:
        raise Malformed(*gaps_of(failed)) from None


async def _look(asked: AskedByPerson, form: Sent, tasks: list[str]) -> Response:
    faults: list[Fault] = []
    found: dict[str, Any] | None = None
    is_first = not form.get("looked")
    if not tasks or form.get("act") not in list(BulkAct):
        text = asked.gettext("Choose at least one task, and what to do with it.")
        faults = [Fault("", text)]
    else:
        try:
            found = await bulk.preview(asked.office, asked.viewer, _request(form, tasks))
        except Malformed as refused:
            faults = [] if is_first else faults_of(refused.gaps, asked.language)
            faults = [_beside(asked, each) for each in faults]
    act = form.get("act") if form.get("act") in list(BulkAct) else ""
    return await asked.page(
        "together.html", 422 if faults else 200, act=act, names=NAMES, tasks=tasks, faults=faults,
        name=asked.gettext(NAMES[BulkAct(act)]) if act else "", found=found,
        items=_worded(asked, found["items"]) if found else [],
        typed={name: form.get(name) for name in
               ("person", "reason", "outcome", "message_to_partner")},
        receivers=await _receivers(asked, tasks) if act == BulkAct.REASSIGN else [],
        outcomes=_outcomes(asked) if act == BulkAct.DECIDE else [],
    )  # fmt: skip


def _beside(asked: AskedByPerson, fault: Fault) -> Fault:
    """A fault beside the field that it is about, by the name that the field has on this page."""
    says = {
        "person": ("person", N_("Choose a person.")),
        "decision": ("outcome", N_("Choose a decision.")),
    }
    name, text = says.get(fault.field, (fault.field.removeprefix("decision."), ""))
    return Fault(name, asked.gettext(text) if text else fault.text)


async def _receivers(asked: AskedByPerson, tasks: list[str]) -> list[dict[str, Any]]:
    """Who may be given the first of the tasks; what of the others is told in the preview."""
    if not tasks:
        return []
    try:
        return await reassigning.receivers(asked.office, asked.viewer, tasks[0])
    except (Forbidden, NotFound):
        return []


def _outcomes(asked: AskedByPerson) -> list[tuple[str, str]]:
    """The outcomes of the kinds that terms may let be decided many at a time."""
    return [
        (code, labels.label(kind, code).in_language(asked.language))
        for kind in sorted(MAY_BE_ADMINISTRATIVE)
        for code in OUTCOMES[kind]
    ]


def _worded(asked: AskedByPerson, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **each,
            "title": labels.kind_title(each["kind"]).in_language(asked.language)
            if each["kind"]
            else None,
            "why": sentence(why["code"], why["facts"], asked.language)
            if (why := each["refused"])
            else None,
        }
        for each in items
    ]
