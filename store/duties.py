"""What was done on a proposal, as separation of duties counts it: as a rule, and in SQL.

The workflow alone decides; this is for telling beforehand who could, and who cannot any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import separation
from schemas.acts import Act
from schemas.errors import Refused
from schemas.people import ALL, Candidacy
from schemas.tasks import TaskKind
from store import delegations, people, questions
from store.tables import (
    AbsenceRow,
    GrantRow,
    PersonRow,
    ProposalRow,
    RevisionRow,
    TaskCandidateRow,
    TaskRow,
)
from store.visibility import not_recused

# Made once: each costs as much as asking does.
_ACT, _DONE, _FOR_THEM = aliased(TaskRow), aliased(TaskRow), aliased(TaskRow)


@dataclass(frozen=True)
class Duties:
    """A proposal's tasks and the decisions taken on them."""

    organization: str
    tasks: Mapping[str, TaskRow]
    acts: Mapping[str, Act]
    submitted_by: str | None

    def may_decide(
        self, task: TaskRow, person: str, organization: str | None, candidacy: Candidacy
    ) -> bool:
        """Whether separation of duties lets *person* decide *task* in this candidacy."""
        try:
            self.check_may_decide(task, person, organization, candidacy)
        except Refused:
            return False
        return True

    def check_may_decide(
        self, task: TaskRow, person: str, organization: str | None, candidacy: Candidacy
    ) -> None:
        """Refuses with the rule and the earlier act, as the workflow would."""
        if self._has_answered(task, {person, candidacy.on_behalf_of}):
            raise Refused("separation_of_duties", rule="one_answer", duty=None, held=None)
        separation.check_may_decide(
            kind=TaskKind(task.kind),
            person=person,
            organization=self.organization,
            acts=list(self.acts.values()),
            confirms=self.acts.get(task.confirms or ""),
            confirms_kind=self._kind(task.confirms),
            arbitrates_kind=self._kind(task.arbitrates),
            on_behalf_of=candidacy.on_behalf_of,
            person_organization=organization,
            principal_organization=candidacy.principal_organization,
            submitted_by=self.submitted_by,
        )

    def _has_answered(self, task: TaskRow, persons: set[str | None]) -> bool:
        """Of several people who are asked one question each answers once."""
        return questions.is_seat(task) and any(
            questions.of(other) == questions.of(task)
            and other.stands
            and not persons.isdisjoint({other.decided_by, other.on_behalf_of} - {None})
            for other in self.tasks.values()
        )

    def _kind(self, task: str | None) -> TaskKind | None:
        found = self.tasks.get(task or "")
        return TaskKind(found.kind) if found else None


async def duties_of(session: AsyncSession, row: ProposalRow) -> Duties:
    """What was done on the proposal so far."""
    rows = await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
    tasks = {task.id: task for task in rows}
    revision = await session.get(RevisionRow, (row.reference, row.revision))
    return Duties(
        organization=row.organization,
        tasks=tasks,
        acts={task.id: _act(task, tasks) for task in tasks.values() if task.decided_by},
        submitted_by=revision.submitted_by if revision else None,
    )


def _act(task: TaskRow, tasks: Mapping[str, TaskRow]) -> Act:
    confirmed = tasks.get(task.confirms or "")
    return Act(
        task=task.id,
        kind=TaskKind(task.kind),
        person=task.decided_by or "",
        on_behalf_of=task.on_behalf_of,
        outcome=task.outcome or "",
        stands=task.stands,
        confirms=task.confirms,
        confirms_kind=TaskKind(confirmed.kind) if confirmed else None,
    )


def not_barred(persons: Sequence[Any], organizations: Sequence[Any]) -> list[ColumnElement[bool]]:
    """Separation of duties in SQL: what `policy.rules.separation.may_decide` says, as a filter.

    *persons*: who would decide, and on whose behalf; ids, or columns of ids. *organizations*:
    theirs; None, or a column's NULL, is none. Most proposals have nothing that these did: those
    are told by one look, and what was done is looked at where there is something. What a part
    asks of is named, for it may stand at any depth of a query.
    """
    act = _ACT
    decided = and_(col(act.reference) == col(TaskRow.reference), col(act.decided_by).is_not(None))
    took_part = [
        or_(
            col(act.decided_by) == person,
            func.coalesce(col(act.on_behalf_of), "") == person,
        )
        for person in persons
    ]
    mine = and_(decided, or_(*took_part))
    other_duty = exists().where(
        and_(
            mine,
            col(TaskRow.duty).is_not(None),
            col(act.duty).is_not(None),
            col(act.duty) != col(TaskRow.duty),
        )
    )
    own_work = exists().where(
        and_(
            mine,
            col(TaskRow.kind) == TaskKind.CONFIRM.value,
            or_(
                col(act.id) == func.coalesce(col(TaskRow.confirms), ""),
                and_(col(act.kind).like("compliance.%"), col(act.stands).is_(True)),
            ),
        )
    )
    answered = exists().where(
        and_(
            mine,
            col(TaskRow.detail)["seat"].as_integer().is_not(None),
            col(act.kind) == col(TaskRow.kind),
            col(act.stands).is_(True),
            *(
                col(getattr(act, name)).is_not_distinct_from(col(getattr(TaskRow, name)))
                for name in questions.SAME
            ),
        )
    )
    other_authority = exists().where(
        and_(
            mine,
            or_(
                *(
                    and_(col(TaskRow.kind) == asked.value, col(act.kind) == taken.value)
                    for pair in separation.NEVER_BOTH
                    for asked, taken in permutations(sorted(pair))
                )
            ),
        )
    )
    someone_arbitrated = exists().where(
        and_(
            decided,
            col(act.kind) == TaskKind.ARBITRATE.value,
            not_(and_(*took_part)),
        )
    )
    submitted = exists().where(
        and_(
            col(RevisionRow.reference) == col(ProposalRow.reference),
            col(RevisionRow.number) == col(ProposalRow.revision),
            or_(*(col(RevisionRow.submitted_by) == person for person in persons)),
        )
    )
    done = and_(
        ~other_duty.correlate_except(act),
        ~own_work.correlate_except(act),
        ~other_authority.correlate_except(act),
        ~answered.correlate_except(act),
    )
    arbitrates = col(TaskRow.kind) == TaskKind.ARBITRATE.value
    confirms_eligibility = col(TaskRow.kind) == TaskKind.ELIGIBILITY.value
    return [
        or_(and_(*(_untouched_by(person) for person in persons)), done),
        or_(~arbitrates, ~someone_arbitrated.correlate_except(act)),
        or_(~confirms_eligibility, ~submitted.correlate_except(RevisionRow)),
        *(
            col(ProposalRow.organization) != func.coalesce(each, "")
            for each in organizations
            if each is not None
        ),
    ]


def plainly_not_barred(
    persons: Sequence[str], organizations: Sequence[str | None]
) -> list[ColumnElement[bool]]:
    """Conditions on `TaskCandidateRow` under which `not_barred` holds of its task, at a glance.

    What separation of duties could turn on is found once for a whole inbox: where these do not
    hold, `not_barred` itself is to be asked.
    """
    row = TaskCandidateRow
    kind, reference = col(row.kind), col(row.reference)
    submitted = select(RevisionRow.reference).where(col(RevisionRow.submitted_by).in_(persons))
    known = [each for each in organizations if each is not None]
    of_theirs = exists().where(
        and_(col(ProposalRow.reference) == reference, col(ProposalRow.organization).in_(known))
    )
    return [
        *(_untouched_by(person, reference) for person in persons),
        kind != TaskKind.ARBITRATE.value,
        or_(
            kind != TaskKind.ELIGIBILITY.value,
            reference.not_in(submitted.correlate_except(RevisionRow)),
        ),
        *([~of_theirs.correlate_except(ProposalRow)] if known else []),
    ]


def _untouched_by(person: Any, reference: Any = TaskRow.reference) -> ColumnElement[bool]:
    """Neither this person nor anybody for them has decided anything on the proposal."""
    done = select(_DONE.reference).where(col(_DONE.decided_by) == person)
    on_behalf = select(_FOR_THEM.reference).where(col(_FOR_THEM.on_behalf_of) == person)
    return and_(
        col(reference).not_in(done.correlate_except(_DONE)),
        col(reference).not_in(on_behalf.correlate_except(_FOR_THEM)),
    )


def nobody_may_take(day: date, *, present: bool = False) -> ColumnElement[bool]:
    """The condition that no one may take the task in their own right; *present*: and is here.

    Nobody else can then act for another either: on behalf of somebody one is barred by what
    bars them, and a delegation is worth no more than its giver's own grant.
    """
    person, grant, candidate = aliased(PersonRow), aliased(GrantRow), aliased(TaskCandidateRow)
    may = [
        col(candidate.task) == col(TaskRow.id),
        col(grant.role) == col(candidate.role),
        or_(col(grant.scope) == col(candidate.scope), col(grant.scope) == ALL),
        *people.held_on(grant, day),
        col(person.id) == col(grant.person),
        col(person.active).is_(True),
        not_recused(col(person.id), TaskRow.reference),
        *not_barred([col(person.id)], [col(person.organization)]),
    ]
    if present:
        is_away = and_(col(AbsenceRow.person) == col(person.id), delegations.away_on(day))
        may.append(~exists().where(is_away).correlate_except(AbsenceRow))
    return ~exists().where(and_(*may)).correlate_except(person, grant, candidate)
