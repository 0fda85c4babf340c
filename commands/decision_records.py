"""The records of a proposal's decisions as staff read them (`policy.decision_records`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import task_views
from commands.office import Office
from policy import decision_records
from policy.catalogue import Catalogue
from policy.rules import access
from schemas.errors import Forbidden, NotFound
from schemas.events import Recorded
from schemas.people import Discipline, Viewer
from store import chain, people, questions, texts, visibility
from store.tables import ProposalRow, TaskRow


def drawn(catalogue: Catalogue, events: Sequence[Recorded]) -> dict[str, dict[str, Any]]:
    """Every record, by the id of the event that decided."""

    def checklist_of(version: str, discipline: Discipline) -> str | None:
        try:
            found = catalogue.terms(version).checklists.get(discipline)
        except NotFound:
            return None
        return f"{found.code.value}/{found.version.isoformat()}" if found else None

    return decision_records.drawn(events, checklist_of)


async def of_proposal(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """The records of the decisions that the reader may know of, oldest first."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            raise Forbidden("staff_only")
        return await shown(session, office.catalogue, row, viewer)


async def shown(
    session: AsyncSession, catalogue: Catalogue, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    """The same, for who sees the proposal as staff; whom one consulted where answers are read."""
    tasks = {
        task.id: task
        for task in await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
    }
    closed = questions.closed_among(viewer, tasks.values())
    known = {id_ for id_, task in tasks.items() if task_views.shows_task(viewer, task)} - closed
    events = await chain.events_of(session, row.reference)
    found = [each for each in drawn(catalogue, events).values() if each["task"] in known]
    names = await people.names_of(
        session, [who for each in found for who in (each["by"], each["on_behalf_of"])]
        + [desk["by"] for each in found for desk in each["desks"]],
    )  # fmt: skip
    said = await _consulted(session, tasks, known) if access.may_see_answers(viewer) else {}

    def person(who: str | None) -> dict[str, str] | None:
        return {"id": who, "name": names.get(who, who)} if who else None

    return [
        each
        | {
            "by": person(each["by"]),
            "on_behalf_of": person(each["on_behalf_of"]),
            "desks": [desk | {"by": person(desk["by"])} for desk in each["desks"]],
            "consulted": said.get(each["task"]),
        }
        for each in found
    ]


async def _consulted(
    session: AsyncSession, tasks: dict[str, TaskRow], known: set[str]
) -> dict[str, str]:
    """Whom a finding says that its reviewer consulted, in words."""
    answers = {
        id_: task.texts["answers"]["id"]
        for id_, task in tasks.items()
        if id_ in known and "answers" in task.texts
    }
    bodies = await texts.read(session, answers.values())
    words = {id_: (bodies.get(text) or {}).get("consulted") for id_, text in answers.items()}
    return {id_: said for id_, said in words.items() if isinstance(said, str)}
