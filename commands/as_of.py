"""A proposal as it was at a past moment: the events recorded by then, folded again.

What may be seen is told by today's rights. Edits of a draft are no events, so that of a draft
only its existence is known; a submitted revision is there word for word.
"""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import comments, submitting, task_views, views, visible_documents
from commands.office import Office
from policy import labels
from policy.rules import access
from schemas.errors import Gap, Malformed, Refused
from schemas.events import Recorded
from schemas.holds import QuestionState
from schemas.people import Viewer
from schemas.proposal import Stage
from schemas.tasks import TaskKind
from schemas.values import Money, instant, some_instant
from store import chain, people, questions, visibility
from store.projection import fold
from store.tables import ProposalRow, TaskRow
from store.view import View

_PARTNERS_AGREEMENT = (
    "generated_at",
    "due_at",
    "conditions_accepted_at",
    "partner_signed_at",
    "department_signed_at",
)


async def as_of(office: Office, viewer: Viewer, reference: str, at: datetime) -> dict[str, Any]:
    """The proposal, its tasks and its letters as they stood at *at*."""
    if at > office.now():
        raise Malformed(Gap(pointer="/at", code="as_of_in_the_future", facts={"in": "query"}))
    async with office.database.reading() as session:
        current = await visibility.find(session, viewer, reference)
        partner = visibility.sees_partner_view(viewer, current)
        events = [e for e in await chain.events_of(session, reference) if e.recorded_at <= at]
        view = fold(events)
        row = view.proposal
        if row is None or (not partner and row.submitted_at is None):
            raise Refused("not_there_yet", at=instant(at))
        content = None
        if row.revision:
            content = await submitting.content_of(session, reference, row.revision)
        shown: dict[str, Any] = {
            "reference": reference,
            "at": instant(at),
            "content": content.model_dump(mode="json") if content else None,
            "organization": row.organization,
            "revision": row.revision,
            "policy_version": row.policy_version,
            "created_at": instant(row.created_at),
            "submitted_at": some_instant(row.submitted_at),
        }
        if partner:
            attached = visible_documents.at(events)
            own = [_without_task(each) for each in attached if each["task"] is None]
            return shown | {"documents": own} | _for_partner(view, row, events, at)
        return shown | await _for_staff(session, view, row, viewer, events)


async def _for_staff(
    session: AsyncSession, view: View, row: ProposalRow, viewer: Viewer, events: list[Recorded]
) -> dict[str, Any]:
    state = row.state
    evidence = access.may_see_evidence(viewer, row.reference)
    known = [task for task in view.tasks.values() if task_views.shows_task(viewer, task)]
    names = await people.names_of(
        session, {p for task in known for p in (task.decided_by, task.on_behalf_of)}
    )
    ids = {task.id for task in known}
    said = await comments.shown(session, viewer, events)
    attached = visible_documents.at(events) if access.may_see_answers(viewer) else []
    closed = await questions.closed_on(session, viewer, [row.reference])
    attached = [each for each in attached if each["task"] not in closed]
    cents, last = state.get("amount_cents"), events[-1]
    return {
        "recorded": {"position": last.position, "hash": last.hash} if evidence else None,
        "stage": row.stage,
        "outcome": row.outcome,
        "decided_at": some_instant(row.decided_at),
        "requested": Money.of_cents(cents).model_dump() if cents is not None else None,
        "residual_risk": row.residual_risk,
        "conditions": [c for c in state.get("conditions", ()) if c["task"] in ids],
        "holds": await views.holds_shown(session, row, viewer),
        "screening": state.get("screening") if evidence else None,
        "clock": state.get("clock"),
        "triggers": state.get("triggers", []),
        "desks": state.get("desks", []),
        "lead": state.get("lead"),
        "money": state.get("money"),
        "decision": state.get("decision"),
        "agreement": state.get("agreement"),
        "tasks": [
            {
                **_task(task, viewer, names, ids),
                **({"outcome": None} if task.id in closed else {}),
                "comments": said.get(task.id, []),
                "documents": [_without_task(each) for each in attached if each["task"] == task.id],
            }
            for task in sorted(known, key=lambda task: task.number)
        ],
        "letters": [
            {
                "id": letter.id,
                "kind": letter.kind,
                "written_at": instant(letter.written_at),
                "told_at": instant(letter.told_at),
            }
            for _, letter in sorted(view.letters.items())
        ],
    }


def _without_task(document: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in document.items() if name != "task"}


def _task(task: TaskRow, viewer: Viewer, names: dict[str, str], known: set[str]) -> dict[str, Any]:
    kind = TaskKind(task.kind)
    decided_by, behalf = task.decided_by, task.on_behalf_of
    return {
        "id": task.id,
        "kind": kind,
        "title": labels.kind_title(kind).in_language(viewer.language),
        "stage": task.stage,
        "revision": task.revision,
        "state": task.state,
        "candidates": task.candidates,
        "subject": task.subject if kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF) else None,
        "opened_at": instant(task.opened_at),
        "due_at": instant(task.due_at),
        "outcome": task.outcome,
        "decided_by": {"id": decided_by, "name": names.get(decided_by, decided_by)}
        if decided_by
        else None,
        "on_behalf_of": {"id": behalf, "name": names.get(behalf, behalf)} if behalf else None,
        "decided_at": some_instant(task.decided_at),
        "stands": task.stands,
        **{
            name: getattr(task, name) if getattr(task, name) in known else None
            for name in ("confirms", "arbitrates", "previous")
        },
    }


def _for_partner(
    view: View, row: ProposalRow, events: list[Recorded], at: datetime
) -> dict[str, Any]:
    """What the partner could have read then; what was not told by then is not told now."""
    told = views.is_told(row, at)
    agreement = row.state.get("agreement")
    shown = agreement if told and agreement else None
    return {
        "stage": views.partner_stage(row, told=told),
        "partner_status": views.partner_status(row, told=told),
        "outcome": row.outcome if told else None,
        "decided_at": some_instant(row.decided_at) if told else None,
        "clock": _partners_clock(row, events, told=told),
        "requests": [
            *([{"kind": "return", **_return(row)}] if row.stage == Stage.RETURNED else []),
            *(
                {"kind": "question", "id": question["id"], "due_at": question["due_at"]}
                for question in row.state.get("questions", ())
                if question["state"] == QuestionState.OPEN
            ),
        ],
        "agreement": {name: shown[name] for name in _PARTNERS_AGREEMENT} if shown else None,
        "letters": [
            {"id": letter.id, "kind": letter.kind, "written_at": instant(letter.written_at)}
            for _, letter in sorted(view.letters.items())
            if letter.told_at <= at
        ],
    }


def _return(row: ProposalRow) -> dict[str, Any]:
    returned = row.state["returned"]
    return {"sections": returned["sections"], "due_at": returned["due_at"]}


def _partners_clock(
    row: ProposalRow, events: list[Recorded], *, told: bool
) -> dict[str, Any] | None:
    """For a partner the clock runs on until the decision is told."""
    if row.outcome is None or told:
        clock: dict[str, Any] | None = row.state.get("clock")
        return clock
    due = [
        promised
        for event in events
        if event.type in views.PROMISING and (promised := views.promised(event.type, event.data))
    ]
    return {"due_at": due[-1], "paused": False, "business_days_left": None} if due else None
