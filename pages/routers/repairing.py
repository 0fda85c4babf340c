"""Repairs by four eyes: what was proposed and what became of it, and proposing another."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import reading, reassigning, repairs
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.languages import N_
from schemas.errors import Malformed, Refused
from schemas.people import Role
from schemas.proposal import Stage
from schemas.repairs import RepairKind
from schemas.requests import RepairRequest

router = APIRouter()
KINDS = {
    RepairKind.UNSTICK: (
        N_("Get it unstuck"),
        N_("Arms its timer anew, records again what its workflow has said, and delivers at once."),
    ),
    RepairKind.REWIND: (
        N_("Go back to a stage"),
        N_("What was answered from there on no longer stands and is asked anew."),
    ),
    RepairKind.REASSIGN: (
        N_("Give a task to somebody"),
        N_("The task changes hands, to a person who may take it."),
    ),
    RepairKind.CANCEL_DUPLICATE: (
        N_("Close a duplicate"),
        N_("Closes this proposal because another of the same organization stands for it."),
    ),
    RepairKind.RESEND: (
        N_("Send a letter again"),
        N_("Tells the partner once more of a letter that was told."),
    ),
}
STATES = {
    "proposed": N_("Waits for the second person"),
    "done": N_("Done"),
    "ended": N_("Not done"),
}
WHY = {
    "disagreed": N_("the second person disagreed"),
    "silent": N_("nobody answered in time"),
    "stale": N_("the proposal had gone on meanwhile"),
}
FIELDS = ("stage", "task", "person", "letter", "duplicate_of")


@router.get("/proposals/{reference}/repairs")
async def all_repairs(asked: PersonDep, reference: str) -> Response:
    """Every repair of the proposal, with what became of it."""
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    found = await repairs.repairs(asked.office, asked.viewer, reference)
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    return await asked.page(
        "repairs.html", view=view, repairs=found, kinds=KINDS, states=STATES, why=WHY,
        titles={each["id"]: each["title"] for each in tasks["items"]},
        may_propose=asked.viewer.holds(Role.ADMINISTRATOR),
    )  # fmt: skip


@router.get("/proposals/{reference}/repairs/new")
async def propose_page(
    asked: PersonDep,
    reference: str,
    kind: RepairKind = RepairKind.UNSTICK,
    task: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """What this kind of repair needs to be told."""
    await repairs.repairs(asked.office, asked.viewer, reference)
    return await _form(asked, reference, kind, {"task": task})


@router.post("/proposals/{reference}/repairs/new")
async def propose(asked: PersonDep, reference: str) -> Response:
    """Propose it; nothing is done before who owns the stage has agreed."""
    form = await asked.form()
    kind = RepairKind(form.get("kind")) if form.get("kind") in list(RepairKind) else None
    if kind is None:
        return asked.see(f"/proposals/{reference}/repairs")
    typed = {name: form.get(name) for name in (*FIELDS, "reason")}
    sent: dict[str, Any] = {name: value for name, value in typed.items() if value}
    faults: list[Fault] = []
    try:
        request = RepairRequest.model_validate({"kind": kind, **sent})
    except ValidationError as wrong:
        names = {str(each["loc"][0]) for each in wrong.errors()}
        if "reason" in names:
            faults.append(Fault("reason", asked.gettext("Say why, in a few words.")))
        faults += [
            Fault(name, asked.gettext("Choose one of these."))
            for name in FIELDS if name in names
        ]  # fmt: skip
        return await _form(asked, reference, kind, typed, faults, 422)
    try:
        await repairs.propose(
            asked.office, asked.viewer, reference, request, asked.request_id(form)
        )
    except Malformed as refused:
        return await _form(
            asked, reference, kind, typed, faults_of(refused.gaps, asked.language), 422
        )
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _form(asked, reference, kind, typed, told, refused.status)
    return asked.see(f"/proposals/{reference}/repairs")


async def _form(
    asked: AskedByPerson,
    reference: str,
    kind: RepairKind,
    typed: dict[str, str],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    still_open = [each for each in tasks["items"] if each["state"] == "open"]
    history = await reading.history(
        asked.office, asked.viewer, reference, limit=100_000, cursor=None
    )
    letters = [
        {"id": each["data"]["letter"], "at": each["at"], "kind": each["data"].get("kind")}
        for each in history["items"]
        if each["type"] == "letter_written" and "letter" in each["data"]
    ]
    receivers: list[dict[str, Any]] = []
    if kind is RepairKind.REASSIGN and typed.get("task") in {each["id"] for each in still_open}:
        receivers = await reassigning.receivers(asked.office, asked.viewer, typed["task"])
    terms = asked.office.catalogue.terms(view["policy_version"])
    return await asked.page(
        "repair.html", status, view=view, kind=kind, kinds=KINDS, typed=typed,
        faults=faults or [], tasks=still_open, receivers=receivers, letters=letters,
        stages=[each for each in terms.rules.stages if each not in (Stage.ACTIVE, Stage.CLOSED)],
    )  # fmt: skip
