"""A decision taken back by who took it, while the partner is not told of it."""

from typing import Any

import structlog
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import deciding, taking, task_views
from commands.office import Office
from commands.telling_engine import say
from schemas.errors import Forbidden, Refused
from schemas.messages import StaffAct
from schemas.people import Viewer
from schemas.tasks import TaskKind
from schemas.values import instant
from store import chain, questions
from store.tables import LetterRow, ProposalRow, TaskRow

log = structlog.get_logger()


async def undo(
    office: Office, viewer: Viewer, task_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Take one's decision back; returns `{task, proposal}` once that is in the store.

    The task stays as it was decided; the same question is open under another id, whose
    `previous` names it.
    """
    async with office.database.reading() as session:
        row, task = await taking.find_task(session, viewer, task_id)
        done = await chain.recorded_request(session, row.reference, request_id)
        if not done:
            await _check(office, session, viewer, row, task)
            ways = taking.candidacies(viewer, task)
    if not done:
        # As what one decided, where one still may.
        way = min(ways, key=lambda each: each.on_behalf_of != task.on_behalf_of)
        message = StaffAct(
            act="undo", actor=viewer.acting_as(way), request_id=request_id, task=task_id
        )
        try:
            await say(office, viewer, row.reference, message, reason=reason)
        except Refused as refused:
            if refused.code == "not_your_decision":
                raise Forbidden("not_your_decision") from refused
            raise
        log.info("decision_taken_back", proposal=row.reference, task=task_id)
    return await task_views.task_and_proposal(office, viewer, task_id)


async def untold(
    office: Office, session: AsyncSession, row: ProposalRow
) -> tuple[TaskRow, LetterRow, set[str]] | None:
    """The decision of which the partner is not told yet, its letter, and whose it is."""
    if row.outcome is None or row.told_at is None or row.told_at <= office.now():
        return None
    letters = await _letters(session, row.reference)
    letter = next((each for each in letters if each.kind == row.outcome), None)
    if letter is None or letter.data["task"] is None:
        return None  # withdrawn, or time decided
    task = await session.get_one(TaskRow, letter.data["task"])
    return task, letter, await _owners(session, task)


async def _check(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow, task: TaskRow
) -> None:
    """Refuses what is another's, has no letter, was taken back, or is told.

    The engine decides; but it no longer answers for what has ended long ago.
    """
    decided = task
    if task.kind == TaskKind.CONFIRM and task.confirms:
        decided = await session.get_one(TaskRow, task.confirms)
    elif questions.is_seat(task):
        decided = await _leading(session, task)
    if viewer.id not in await _owners(session, decided):
        raise Forbidden("not_your_decision")
    for undone in row.state.get("undone", ()):
        if task.id in undone["tasks"]:
            by = await deciding.named(session, undone["by"])
            raise Refused("already_undone", by=by, at=undone["at"])
    letters = [
        each for each in await _letters(session, row.reference) if each.data["task"] == decided.id
    ]
    if not letters:
        raise Refused("no_letter_to_undo")
    if letters[-1].told_at <= office.now():
        raise Refused("undo_window_over", at=instant(letters[-1].told_at))


def _asks_same(task: TaskRow, other: TaskRow) -> bool:
    return questions.of(task) == questions.of(other)


async def _leading(session: AsyncSession, seat: TaskRow) -> TaskRow:
    """The task whose answer counts for the question of *seat*."""
    done = select(TaskRow).where(TaskRow.reference == seat.reference, TaskRow.state == "done")
    seats = [each for each in await session.exec(done) if _asks_same(each, seat)]
    of_now = [each for each in seats if each.stands == seat.stands]
    return next((each for each in of_now if not (each.facts or {}).get("joined")), seat)


async def _letters(session: AsyncSession, reference: str) -> list[LetterRow]:
    found = await session.exec(select(LetterRow).where(LetterRow.reference == reference))
    return sorted(found, key=lambda letter: letter.id)


async def _owners(session: AsyncSession, decided: TaskRow) -> set[str]:
    """Who took the decision, with others or alone, or let it take effect; for whom they did
    counts as well."""
    seats = [decided]
    if questions.is_seat(decided):
        done = select(TaskRow).where(
            TaskRow.reference == decided.reference, TaskRow.state == "done", TaskRow.stands
        )
        seats = [each for each in await session.exec(done) if _asks_same(each, decided)]
    confirms = await session.exec(
        select(TaskRow).where(
            TaskRow.reference == decided.reference,
            TaskRow.confirms == decided.id,
            TaskRow.state == "done",
        )
    )
    acts = [*seats, *confirms]
    return {who for act in acts for who in (act.decided_by, act.on_behalf_of) if who}
