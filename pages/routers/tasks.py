"""One task: its form drawn from its JSON Schema, the proposal beside, and the decision.

A decision takes two steps: what was answered is checked and summed up with its consequences, and
only then decided. The first step decides nothing and keeps the answers as a draft.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from commands import (
    approval_papers,
    commenting,
    deciding,
    looking,
    reading,
    reassigning,
    recusing,
    task_documents,
)
from commands.waiting_for import of_task
from pages import reading_content, schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, gap_words, words_of
from pages.schema_forms import ABSENT, Control
from pages.sent import Sent
from pages.uploading import sent_file
from schemas.errors import Forbidden, Gap, Malformed, Refused, Stale, TooLarge, WrongMediaType
from schemas.people import Candidate
from schemas.proposal import Section
from schemas.requests import CommentRequest, DecisionRequest, ReassignRequest

router = APIRouter()
ANSWERS = "answers"
SHOWN_ON_THE_TASK = ("already_decided", "held", "task_cancelled")
WORDS = ("outcome", "reason", "message_to_partner")


@dataclass
class Typed:
    """What was typed into the form of a task."""

    answers: Any
    outcome: str
    reason: str
    message_to_partner: str
    sections: list[str]

    def request(self) -> DecisionRequest:
        try:
            return DecisionRequest.model_validate(
                {
                    "outcome": self.outcome,
                    "reason": self.reason or None,
                    "message_to_partner": self.message_to_partner or None,
                    "answers": self.answers if self.answers is not ABSENT else {},
                    "sections": self.sections,
                }
            )
        except ValidationError as failed:
            raise Malformed(*gaps_of(failed)) from None


@router.get("/tasks/{task_id}")
async def task(asked: PersonDep, task_id: str) -> Response:
    return await _task(asked, task_id)


@router.post("/tasks/{task_id}")
async def fill_in(asked: PersonDep, task_id: str) -> Response:
    """Keep a draft, change the rows of a table, or go on to the summary of the decision."""
    form = await asked.form()
    if form.get("remove"):
        form = schema_forms.without_row(form, form.get("remove"))
    found, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    typed = _typed(found, form, asked.language)
    if form.get("add") or form.get("remove") or form.get("act") == "edit":
        extra = frozenset([form.get("add")] if form.get("add") else [])
        return await _task(asked, task_id, typed=typed, extra=extra)
    answers = typed.answers if typed.answers is not ABSENT else {}
    try:
        version = int(form.get("version") or -1)
        _, version = await deciding.save_answers(
            asked.office, asked.viewer, task_id, answers, version
        )
    except Stale:
        return await _changed_meanwhile(asked, task_id, typed)
    if asked.by_script:
        return asked.answer("parts/draft_saved.html", at=asked.office.now(), version=version)
    if form.get("act") != "review":
        return await _task(asked, task_id, typed=typed, saved=True)
    return await _review(asked, found, typed, form)


@router.post("/tasks/{task_id}/decision")
async def decide(asked: PersonDep, task_id: str) -> Response:
    """Decide, once the summary was confirmed; sent twice it decides once."""
    form = await asked.form()
    found, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    typed = _typed(found, form, asked.language)
    try:
        await deciding.decide(
            asked.office, asked.viewer, task_id, typed.request(), asked.request_id(form), None
        )
    except Malformed as refused:
        faults = faults_of(refused.gaps, asked.language)
        return await _task(asked, task_id, 422, typed=typed, faults=faults)
    except Refused as refused:
        if refused.code not in SHOWN_ON_THE_TASK:
            raise
        # Who decided or holds it stands on the page of the task.
        text = words_of(refused, asked.language)
        return await _task(asked, task_id, refused.status, typed=typed, refused=text)
    return asked.see(f"/tasks?decided={task_id}")


def _typed(found: dict[str, Any], form: Sent, language: str) -> Typed:
    answers = schema_forms.read(found["form"], form, ANSWERS, language)
    outcome, reason, message = (form.get(name) for name in WORDS)
    return Typed(answers, outcome, reason, message, form.all("sections"))


async def _review(
    asked: AskedByPerson, found: dict[str, Any], typed: Typed, form: Sent
) -> Response:
    """The summary of a decision, or what it lacks."""
    control = schema_forms.draw(
        found["form"], typed.answers, ANSWERS, asked.language, required=True
    )
    choice = next((o for o in found["outcomes"] if o["code"] == typed.outcome), None)
    faults: list[Fault] = []
    recuses = False
    if choice is None:
        faults.append(Fault("outcome", asked.gettext("Choose a decision.")))
    else:
        try:
            async with asked.office.database.reading() as session:
                await deciding.check_decision(
                    asked.office, session, asked.viewer, found["id"], typed.request()
                )
        except Malformed as refused:
            gaps = [gap for gap in refused.gaps if gap.code != "answer_required"]
            if len(gaps) < len(refused.gaps):
                faults += _missing(control, asked.language)
            faults += faults_of(gaps, asked.language)
        except Refused as refused:
            recuses = refused.code == "interest_declared"
            if not recuses:
                faults.append(Fault("", words_of(refused, asked.language)))
    if faults:
        return await _task(asked, found["id"], 422, typed=typed, faults=faults)
    return await asked.page(
        "decide.html", task=found, choice=choice, typed=typed, control=control, recuses=recuses,
        pairs=[pair for pair in form.pairs() if pair[0] not in ("act", "add", "remove", "version")],
    )  # fmt: skip


def _missing(control: Control, language: str) -> list[Fault]:
    """The questions that need an answer and have none."""
    return [
        Fault(
            each.name,
            f"{each.label}: {gap_words(Gap(pointer='', code='missing'), language)}"
            if language == "en"
            else f"{each.label}\u00a0: {gap_words(Gap(pointer='', code='missing'), language)}",
        )
        for each in schema_forms.unanswered(control)
    ]


async def _task(
    asked: AskedByPerson,
    task_id: str,
    status: int = 200,
    *,
    typed: Typed | None = None,
    faults: list[Fault] | None = None,
    extra: frozenset[str] = frozenset(),
    saved: bool = False,
    changed: bool = False,
    refused: str | None = None,
) -> Response:
    found, version = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    reference = found["reference"]
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    news = await looking.since_last_look(asked.office, asked.viewer, reference, keeps=asked.looks)
    others = await reading.tasks_of(asked.office, asked.viewer, reference)
    held = typed.answers if typed is not None else found["answers"]
    control = schema_forms.draw(
        found["form"], ABSENT if held is None else held, ANSWERS, asked.language,
        required=True, extra=extra,
    )  # fmt: skip
    is_mine = found["holder"] is None or found["holder"]["id"] == asked.viewer.id
    may_take = _may_take(asked, found)
    sections = found["form"]["properties"].get("comments", {}).get("x-sections")
    return await asked.page(
        "task.html", status, task=found, version=version, view=view, control=control,
        faults=_placed(faults or [], control), typed=typed, saved=saved, changed=changed,
        refused=refused,
        may_take=may_take, is_open=found["state"] == "open",
        may_write=found["state"] == "open" and is_mine and may_take,
        holds=found["holder"] is not None and is_mine,
        titles={each["id"]: each["title"] for each in others["items"]},
        others=[each for each in others["items"] if each["id"] != task_id],
        sections=list(Section), asked_sections=sections or [],
        content=reading_content.sections(asked.office, view, asked.language),
        receivers=await _receivers(asked, found), now=asked.office.now(),
        compared=await _compared(asked, view), news=news, windows=await _windows(asked, found),
        since=datetime.fromisoformat,
        has_approval=approval_papers.is_offered(asked.viewer, found["kind"], found["state"]),
    )  # fmt: skip


def _may_take(asked: AskedByPerson, found: dict[str, Any]) -> bool:
    """Whether the form is worth drawing; whether one may decide is told by the commands."""
    own = any(asked.viewer.covers(Candidate.model_validate(c)) for c in found["candidates"])
    return own or bool(found.get("may_act_for"))


def _placed(faults: list[Fault], control: Control) -> list[Fault]:
    own = {*WORDS, "sections", "person", "text", "file", "kind", "marking", ""}
    return [
        fault if fault.field in own else schema_forms.placed([fault], control)[0]
        for fault in faults
    ]


async def _windows(asked: AskedByPerson, found: dict[str, Any]) -> list[dict[str, Any]]:
    """Until when a decision may still be taken back."""
    if found["state"] != "done":
        return []
    return list((await of_task(asked.office, asked.viewer, found["id"]))["items"])


async def _receivers(asked: AskedByPerson, found: dict[str, Any]) -> list[dict[str, Any]]:
    if found["state"] != "open":
        return []
    try:
        return await reassigning.receivers(asked.office, asked.viewer, found["id"])
    except Forbidden:
        return []


async def _compared(
    asked: AskedByPerson, view: dict[str, Any]
) -> list[reading_content.Change] | None:
    """What this revision changed of the one before; None where it is the first."""
    number = view["revision"]
    if number < 2:  # noqa: PLR2004 - there is nothing before the first
        return None
    reference = view["reference"]
    older = await reading.revision(asked.office, asked.viewer, reference, number - 1)
    newer = await reading.revision(asked.office, asked.viewer, reference, number)
    return reading_content.changes(asked.office, older, newer, asked.language)


async def _changed_meanwhile(asked: AskedByPerson, task_id: str, typed: Typed) -> Response:
    if asked.by_script:
        text = asked.gettext("The task has changed meanwhile. Use the button to save.")
        return asked.answer("parts/failed.html", 412, text=text)
    return await _task(asked, task_id, 412, typed=typed, changed=True)


# ---- holding


@router.post("/tasks/{task_id}/claim")
async def claim(asked: PersonDep, task_id: str) -> Response:
    await deciding.claim(asked.office, asked.viewer, task_id)
    return asked.see(f"/tasks/{task_id}")


@router.post("/tasks/{task_id}/release")
async def release(asked: PersonDep, task_id: str) -> Response:
    await deciding.release(asked.office, asked.viewer, task_id)
    return asked.see(f"/tasks/{task_id}")


@router.post("/tasks/{task_id}/reassign")
async def reassign(asked: PersonDep, task_id: str) -> Response:
    """Give the task to somebody who may take it."""
    form = await asked.form()
    try:
        body = ReassignRequest.model_validate({"person": form.get("person")})
    except ValidationError:
        fault = Fault("person", asked.gettext("Choose a person."))
        return await _task(asked, task_id, 422, faults=[fault])
    await reassigning.reassign(asked.office, asked.viewer, task_id, body, asked.request_id(form))
    return asked.see(f"/tasks/{task_id}")


@router.get("/tasks/{task_id}/recuse")
async def recuse_page(asked: PersonDep, task_id: str) -> Response:
    found, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
    return await asked.page("recuse.html", task=found, reason="", faults=[])


@router.post("/tasks/{task_id}/recuse")
async def recuse(asked: PersonDep, task_id: str) -> Response:
    """Take oneself out of the proposal; from then on one sees nothing of it."""
    form = await asked.form()
    if not form.get("reason"):
        found, _ = await reading.task(asked.office, asked.viewer, task_id, asked.language)
        faults = [Fault("reason", asked.gettext("Say why, in a few words."))]
        return await asked.page("recuse.html", 422, task=found, reason="", faults=faults)
    await recusing.recuse(
        asked.office, asked.viewer, task_id, form.get("reason"), asked.request_id(form)
    )
    return asked.see("/tasks")


# ---- beside


@router.post("/tasks/{task_id}/comments")
async def comment(asked: PersonDep, task_id: str) -> Response:
    form = await asked.form()
    try:
        body = CommentRequest.model_validate({"text": form.get("text")})
    except ValidationError:
        fault = Fault("text", asked.gettext("Write the comment."))
        return await _task(asked, task_id, 422, faults=[fault])
    await commenting.comment(asked.office, asked.viewer, task_id, body, asked.request_id(form))
    return asked.see(f"/tasks/{task_id}#comments")


@router.post("/tasks/{task_id}/documents")
async def attach(asked: PersonDep, task_id: str) -> Response:
    form = await asked.form()
    try:
        sent = await sent_file(form)
        await task_documents.attach(
            asked.office, asked.viewer, task_id, sent, asked.request_id(form)
        )
    except Malformed as refused:
        faults = faults_of(refused.gaps, asked.language)
        return await _task(asked, task_id, 422, faults=faults)
    except (TooLarge, WrongMediaType) as refused:
        fault = Fault("file", words_of(refused, asked.language))
        return await _task(asked, task_id, 422, faults=[fault])
    return asked.see(f"/tasks/{task_id}#documents")
