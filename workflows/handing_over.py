"""From the proposal to its agreement: both have signed, and a life of its own begins."""

from dataclasses import replace
from datetime import datetime

from schemas.agreements import Adopted, Followed
from schemas.proposal import Stage
from schemas.tasks import TaskKind
from workflows import conditions
from workflows.agreement_start import AgreementStart
from workflows.docket import Obligation
from workflows.dossier import Dossier
from workflows.tasks import Task, act_of


def is_possible(case: Dossier) -> bool:
    """Whether nothing is left to the proposal that its agreement does not take along."""
    open_tasks = case.open_tasks()
    return case.stage is Stage.ACTIVE and all(conditions.is_about(case, t) for t in open_tasks)


def start_of(case: Dossier) -> AgreementStart:
    """What the agreement begins with: its conditions as they stand, and who has decided what."""
    asked_about = {task.confirms for task in case.open_tasks()}
    return AgreementStart(
        reference=case.reference,
        revision=case.revision,
        organization=case.submission.organization,
        submitted_by=case.submission.actor.id,
        rules=case.rules,
        policy_version=case.policy_version,
        seed=case.seed,
        signed_at=_signed_at(case),
        acts=tuple(act_of(t, case.tasks) for t in case.tasks.values() if t.decided_by),
        obligations=tuple(case.obligations.values()),
        tasks=tuple(t for t in case.tasks.values() if t.is_open or t.id in asked_about),
        tasks_opened=case.tasks_opened,
    )


def start_of_adopted(adopted: Adopted) -> AgreementStart:
    """What an agreement begins with whose proposal ended long ago: as the store knows it."""
    facts = adopted.model_dump(exclude={"conditions", "rules", "acts"})
    return AgreementStart(
        **facts,
        rules=adopted.rules,
        acts=adopted.acts,
        obligations=tuple(_obligation(each, adopted) for each in adopted.conditions),
    )


def _obligation(each: Followed, adopted: Adopted) -> Obligation:
    one = conditions.binding(each.condition, each.judges, adopted.rules, adopted.signed_at)
    rungs = () if each.state.is_over else one.rungs
    return replace(one, state=each.state, given_by=set(each.given_by), rungs=rungs)


def _signed_at(case: Dossier) -> datetime:
    """When the department signed; where nobody signs, when the activity was approved."""
    return _decided_at(case.standing(TaskKind.SIGN_AGREEMENT)) or (
        _decided_at(case.tasks.get(case.approved.task or "") if case.approved else None) or case.now
    )


def _decided_at(task: Task | None) -> datetime | None:
    return task.decided_at if task else None
