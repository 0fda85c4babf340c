"""Why each conditional review of a proposal is asked for, in a sentence."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import submitting
from commands.office import Office
from policy import review_sentences
from policy.rules import triggers
from schemas.people import Viewer
from schemas.proposal import Trigger
from schemas.tasks import TaskKind, finding_kind
from schemas.terms import FindingRule
from store import people, texts
from store.tables import ProposalRow, TaskRow


async def shown(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    """Every conditional review that is asked for; `because` says what opened it."""
    if row.policy_version is None:
        return []
    opened = row.state.get("reviews", {})
    words = await texts.read(session, [each["reason"] for each in opened.values()])
    names = await people.names_of(session, {each["by"] for each in opened.values()})
    declared = row.state.get("triggers", ())
    asked = await triggers_of(session, row)
    tasks = await _tasks(session, row)
    found = []
    for rule in conditional(office, row):
        if rule.when not in asked:
            continue
        by_hand = opened.get(rule.when)
        kind = finding_kind(rule.code)
        because = "reviewer" if by_hand else "declared" if rule.when in declared else "ticked"
        found.append(
            {
                "review": rule.code,
                "trigger": rule.when,
                "because": because,
                "sentence": words.get(by_hand["reason"])
                if by_hand
                else await _sentence(office, session, row, rule, because, viewer.language),
                "by": {"id": by_hand["by"], "name": names.get(by_hand["by"], by_hand["by"])}
                if by_hand
                else None,
                "at": by_hand["at"] if by_hand else None,
                "task": tasks.get(kind),
            }
        )
    return found


async def of_task(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer, kind: TaskKind
) -> dict[str, Any] | None:
    """Why the review of this kind is asked for; None where every proposal is asked."""
    if not kind.is_finding or row.policy_version is None:
        return None
    if all(finding_kind(rule.code) is not kind for rule in conditional(office, row)):
        return None
    found = await shown(office, session, row, viewer)
    return next((each for each in found if finding_kind(each["review"]) is kind), None)


async def triggers_of(session: AsyncSession, row: ProposalRow) -> tuple[Trigger, ...]:
    """What the partner declared, the officer ticked at eligibility, and reviewers opened."""
    ticked = await session.exec(
        select(TaskRow.facts).where(
            TaskRow.reference == row.reference,
            TaskRow.kind == TaskKind.ELIGIBILITY.value,
            TaskRow.state == "done",
        )
    )
    codes = {
        *row.state.get("triggers", ()),
        *row.state.get("reviews", {}),
        *(code for facts in ticked for code in (facts or {}).get("triggers", ())),
    }
    return tuple(trigger for trigger in Trigger if trigger in codes)


async def _tasks(session: AsyncSession, row: ProposalRow) -> dict[TaskKind, str]:
    found = await session.exec(
        select(TaskRow.kind, TaskRow.id)
        .where(TaskRow.reference == row.reference, TaskRow.stands)
        .order_by(col(TaskRow.number))
    )
    return {TaskKind(kind): task for kind, task in found if TaskKind(kind).is_finding}


async def _sentence(
    office: Office,
    session: AsyncSession,
    row: ProposalRow,
    rule: FindingRule,
    because: str,
    language: str,
) -> str:
    if rule.when is Trigger.MEASURES:
        content = await submitting.content_of(session, row.reference, row.revision)
        policy = office.catalogue.in_force(office.today())
        touched = triggers.measures_touched(content, policy.measures, policy.regions)
        return review_sentences.measures([each.name for each in touched], language)
    assert rule.when is not None  # noqa: S101 - conditional reviews have one
    return review_sentences.because(rule.when, because, language)


def conditional(office: Office, row: ProposalRow) -> list[FindingRule]:
    """The reviews of the program that not every proposal goes through."""
    rules = office.catalogue.terms(row.policy_version or "").rules
    return [rule for rule in rules.findings if rule.when is not None]
