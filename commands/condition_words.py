"""Conditions in words: what each asks of whom, what was given for it, and who judges it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import given_documents
from commands.office import Office
from schemas.forms import GivenLine, JudgedLine
from schemas.people import Candidate, Role
from schemas.tasks import KeptBy, TaskKind
from schemas.values import digest
from store import people, texts
from store.tables import ProposalRow, TaskRow
from workflows.tasks import candidates_for


async def of_proposal(session: AsyncSession, row: ProposalRow) -> list[dict[str, Any]]:
    """Every condition that stands as whoever set it wrote it, in the order in which it was set."""
    known: Sequence[dict[str, Any]] = row.state.get("conditions", ())
    setting = {task.id: task for task in await _tasks(session, {c["task"] for c in known})}
    answers = {
        id_: task.texts["answers"]["id"] for id_, task in setting.items() if "answers" in task.texts
    }
    bodies = await texts.read(session, answers.values())
    return [
        {
            **_written(bodies.get(answers.get(each["task"], "")), each["id"]),
            "id": each["id"],
            "gates": each["gates"],
            "due_date": each.get("due_date"),
            "kept_by": each.get("kept_by", KeptBy.PARTNER.value),
            "state": each["state"],
            "task": setting.get(each["task"]),
        }
        for each in known
    ]


def partners_id(reference: str, condition: str) -> str:
    """The partner's own id of a condition: those of the file count tasks."""
    return digest([reference, "condition", condition])[:12]


async def given(session: AsyncSession, row: ProposalRow) -> dict[str, list[dict[str, Any]]]:
    """What was given for each condition, oldest first; words that were disposed of are None."""
    obligations: Mapping[str, dict[str, Any]] = row.state.get("obligations", {})
    acts = [act for each in obligations.values() for act in each["given"]]
    words = await texts.read(session, [act["words"] for act in acts])
    names = await people.names_of(session, {act["by"] for act in acts})
    titled = await given_documents.titled(
        session, [document for act in acts for document in act["documents"]]
    )
    return {
        id_: [
            {
                "at": act["at"],
                "by": {"id": act["by"], "name": names.get(act["by"], act["by"])},
                "words": words.get(act["words"]),
                "documents": [titled[document["id"]] for document in act["documents"]],
            }
            for act in each["given"]
        ]
        for id_, each in obligations.items()
    }


async def judged_line(session: AsyncSession, row: ProposalRow, condition: str) -> JudgedLine | None:
    """The condition that a task judges; None once no answer that stands sets it any more."""
    for each in await of_proposal(session, row):
        if each["id"] == condition:
            acts = (await given(session, row)).get(condition, [])
            return JudgedLine(
                **{n: each[n] for n in ("id", "text", "owner", "evidence", "gates", "due_date")},
                given=tuple(
                    GivenLine(
                        at=act["at"],
                        by=act["by"]["name"],
                        words=act["words"] or "",
                        documents=tuple(act["documents"]),
                    )
                    for act in acts
                ),
            )
    return None


def judges(office: Office, row: ProposalRow, task: TaskRow | None) -> tuple[Candidate, ...]:
    """Who judges what *task* has set, as the workflow asks them (`workflows.conditions`)."""
    if task is None:
        return ()
    rule = office.catalogue.terms(row.policy_version or "").rules.conditions
    named = rule.judged_by.get(TaskKind(task.kind)) if rule else None
    if named is not None:
        return (Candidate(role=Role.REVIEWER, scope=named),)
    return candidates_for(TaskKind(task.kind), row.programme, desk=task.subject)


async def _tasks(session: AsyncSession, ids: set[str]) -> Sequence[TaskRow]:
    if not ids:
        return ()
    return (await session.exec(select(TaskRow).where(col(TaskRow.id).in_(ids)))).all()


def _written(answers: Any, condition: str) -> dict[str, str]:
    rows = (answers or {}).get("conditions", ())
    found: Mapping[str, Any] = next((row for row in rows if row.get("id") == condition), {})
    return {name: str(found.get(name, "")) for name in ("text", "owner", "evidence")}
