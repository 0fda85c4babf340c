"""Nothing is approved or signed while a measure in force touches it that nobody has answered.

Country measures are never pinned (product.md, section 1): one that takes effect after the review
was made, or after the proposal was submitted, is met where somebody commits.
"""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import submitting
from commands.office import Office
from policy.rules import triggers
from schemas.errors import Refused
from schemas.people import Discipline
from schemas.tasks import TaskKind
from store.tables import ProposalRow, TaskRow

_COMMITS = {
    (TaskKind.APPROVE, "approve"),
    (TaskKind.APPROVE, "approve_in_part"),
    (TaskKind.RECORD_DECISION, "approved"),
    (TaskKind.RECORD_DECISION, "approved_in_part"),
    (TaskKind.SIGN_AGREEMENT, "sign"),
}


async def check(
    office: Office, session: AsyncSession, row: ProposalRow, kind: TaskKind, outcome: str
) -> None:
    """Refuse to commit under a measure that is not answered, naming each; a review of country
    measures that a reviewer opens by a sentence answers it."""
    rules = office.catalogue.terms(row.policy_version or "").rules
    reviewed = any(rule.code is Discipline.COUNTRY_MEASURES for rule in rules.findings)
    if (kind, outcome) not in _COMMITS or not reviewed:
        return
    policy = office.catalogue.in_force(office.today())
    content = await submitting.content_of(session, row.reference, row.revision)
    touched = triggers.measures_touched(content, policy.measures, policy.regions)
    if not touched:
        return
    answered = await _answered(session, row)
    if answered is None:
        return
    open_ones = [measure.code for measure in touched if measure.code not in answered]
    if open_ones:
        raise Refused("measure_not_reviewed", measures=open_ones, version=policy.measures.version)


async def _answered(session: AsyncSession, row: ProposalRow) -> set[str] | None:
    """What the finding that stands has answered; None where legal or arbitration let it go on."""
    found = await session.exec(
        select(TaskRow).where(
            TaskRow.reference == row.reference,
            TaskRow.kind == TaskKind.COUNTRY_MEASURES.value,
            TaskRow.state == "done",
            TaskRow.stands,
        )
    )
    tasks = found.all()
    if any(task.outcome != "no_objection" for task in tasks):
        return None
    return {code for task in tasks for code in (task.facts or {}).get("rests_on", {})}
