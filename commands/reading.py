"""Reading: lists, one proposal, its history and receipts, inboxes; all from the store."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from commands import (
    histories,
    submitting,
    task_views,
    views,
    waiting_for,
)
from commands.office import Office
from policy.rules import clocks
from schemas.errors import NotFound
from schemas.people import Viewer
from schemas.requests import TaskFilter
from schemas.values import instant
from store import inbox_counts, inboxes, paging, queries, visibility
from store.tables import ProposalRow, RevisionRow, TaskRow

SOON_DAYS = 3
"""Business days before a task is due in which it is due soon."""


async def proposal(office: Office, viewer: Viewer, reference: str) -> tuple[dict[str, Any], int]:
    """One proposal as this person sees it, and the version of its content."""
    return await views.proposal_view(office, viewer, reference)


async def proposals(
    office: Office,
    viewer: Viewer,
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: dict[str, str],
) -> dict[str, Any]:
    """One page of the proposals that this person sees."""
    now = office.now()
    async with office.database.reading() as session:
        rows, following = await queries.proposals(
            session, viewer, limit=limit, cursor=cursor, sort=sort, filters=filters, now=now
        )
        items = await views.summaries(session, viewer, rows, now=now)
    return {"items": items, "next": following}


async def revision(office: Office, viewer: Viewer, reference: str, number: int) -> dict[str, Any]:
    """A submitted revision, as it was submitted."""
    async with office.database.reading() as session:
        await visibility.find(session, viewer, reference)
        row = await session.get(RevisionRow, (reference, number))
        if row is None:
            raise NotFound
        content = await submitting.content_of(session, reference, number)
    return {
        "reference": reference,
        "revision": number,
        "sha256": row.sha256,
        "submitted_at": instant(row.submitted_at),
        "policy_version": row.policy_version,
        "content": content.model_dump(mode="json"),
    }


async def receipt(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """The signed receipt of the last submission."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        revision_row = await session.get(RevisionRow, (reference, row.revision))
    if revision_row is None:
        raise NotFound
    return views.receipt_view(office, revision_row.receipt, viewer.language)


async def waiting(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Why the proposal waits: on whom, since when, what happens next, and what one may do."""
    return await waiting_for.waiting(office, viewer, reference)


async def task_waiting(office: Office, viewer: Viewer, task_id: str) -> dict[str, Any]:
    """Why a task waits; nothing where it is over."""
    return await waiting_for.of_task(office, viewer, task_id)


# ---- history


async def history(
    office: Office, viewer: Viewer, reference: str, *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """What happened, oldest first; a partner's history has ids of its own and no gaps."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        partner = visibility.sees_partner_view(viewer, row)
        after = paging.read_position(cursor)
        if partner:
            events = await histories.partners(session, reference, office.now())
            told = await histories.to_partner(session, row, viewer, events)
        else:
            events = await histories.staffs(session, row)
            told = await histories.to_staff(office.catalogue, session, row, viewer, events)
        shown = list(told.values())
        page = shown[after : after + limit]
    more = len(shown) > after + limit
    return {"items": page, "next": str(after + limit) if more else None}


# ---- tasks


async def tasks(
    office: Office,
    viewer: Viewer,
    *,
    view: str,
    asked: TaskFilter = inboxes.EVERYTHING,
    sort: str = "due_at",
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """One page of an inbox; of every partner it is empty."""
    async with office.database.reading() as session:
        rows, following = await inboxes.tasks(
            session,
            viewer,
            view=view,
            now=office.now(),
            soon=_soon(office),
            asked=asked,
            sort=sort,
            limit=limit,
            cursor=cursor,
        )
        items = await task_views.task_items(session, viewer, rows)
    return {"items": items, "next": following}


async def summaries(
    office: Office, viewer: Viewer, references: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Those of the proposals that this person sees, as a list tells of them, by reference."""
    async with office.database.reading() as session:
        rows = await session.exec(
            select(ProposalRow).where(
                col(ProposalRow.reference).in_(references), visibility.visible(viewer)
            )
        )
        found = await views.summaries(session, viewer, rows.all(), now=office.now())
    return {each["reference"]: each for each in found}


async def tasks_of(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Every task of a proposal that this person may know of, oldest first."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            return {"items": [], "next": None}
        rows = await session.exec(select(TaskRow).where(TaskRow.reference == reference))
        known = [task for task in rows if task_views.shows_task(viewer, task)]
        items = await task_views.task_items(
            session, viewer, sorted(known, key=lambda task: task.number)
        )
    return {"items": items, "next": None}


async def task(
    office: Office, viewer: Viewer, task_id: str, language: str
) -> tuple[dict[str, Any], int]:
    """One task with its form in *language*."""
    return await task_views.task_view(
        office, viewer.model_copy(update={"language": language}), task_id
    )


async def task_counts(
    office: Office, viewer: Viewer, *, view: str = "all", asked: TaskFilter = inboxes.EVERYTHING
) -> dict[str, Any]:
    """How many tasks each view of the inbox holds, and how many of *view* are late or nearly so.

    Each is the length of the list under the same filters.
    """
    late = asked.model_copy(update={"overdue": True}) if asked.overdue is not False else None
    near = asked.model_copy(update={"due_soon": True}) if asked.due_soon is not False else None
    wanted = {
        "mine": ("mine", asked),
        "group": ("group", asked),
        "all": ("all", asked),
        "overdue": (view, late),
        "due_soon": (view, near),
    }
    now, soon = office.now(), _soon(office)
    async with office.database.reading() as session:
        found = await inbox_counts.counts(
            session,
            viewer,
            {name: (of, under) for name, (of, under) in wanted.items() if under is not None},
            now=now,
            soon=soon,
        )
    return {name: found.get(name, 0) for name in wanted}


def _soon(office: Office) -> datetime:
    """Until when a task is due soon: so many business days from today."""
    holidays = office.catalogue.in_force(office.today()).calendar.holidays
    return clocks.due_at(office.now(), SOON_DAYS, holidays)
