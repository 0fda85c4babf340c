"""The clocks of a proposal: what is due when, and how they stop and go on.

Clocks run in business days and keep their whole days left while they stand still (product.md 4).
"""

from datetime import datetime

from policy.rules import clocks
from schemas.proposal import Outcome, Stage
from schemas.values import instant
from workflows.dossier import Clock, Dossier

RECONSIDERED = frozenset({Outcome.INELIGIBLE, Outcome.DECLINED, Outcome.UNFUNDED})


def next_deadline(case: Dossier) -> datetime | None:
    """The next moment at which time alone changes something."""
    if case.closed_at is not None:
        ends = reconsideration_ends(case)
        return ends if ends > case.now else None
    if case.stage is Stage.RETURNED and case.returned:
        return case.returned.due_at
    if case.stage is Stage.AGREEMENT and case.agreement and not case.agreement.partner_signed:
        return case.agreement.due_at
    held = case.reservation
    if case.stage is Stage.FUNDING and held and held.queued_since and held.state == "queued":
        return case.due(case.rules.funding_wait_days, held.queued_since)
    return None


def stop(case: Dossier) -> None:
    if case.clock.due_at is not None:
        left = clocks.days_left(case.now, case.clock.due_at, case.holidays)
        case.clock = Clock(None, left)
    stop_tasks(case)


def stop_tasks(case: Dossier) -> None:
    """Keep the whole days left of every task that waits; of two holds the first counts."""
    for task in case.open_tasks():
        if task.days_left is None and not task.is_sealing:
            task.days_left = clocks.days_left(case.now, task.due_at, case.holidays)


def resume(case: Dossier) -> None:
    if case.clock.days_left is not None:
        due_at = clocks.resume(case.now, case.clock.days_left, case.holidays)
        case.clock = Clock(due_at)
    if not case.seals:
        resume_tasks(case)


def resume_tasks(case: Dossier) -> dict[str, str | None]:
    for task in case.open_tasks():
        if task.days_left is not None:
            task.due_at = clocks.resume(case.now, task.days_left, case.holidays)
            task.days_left = None
    return {t.id: instant(t.due_at) for t in case.open_tasks()}


def reconsideration_ends(case: Dossier) -> datetime:
    if case.closed_at is None or case.outcome not in RECONSIDERED:
        return case.now
    return case.due(case.rules.reconsideration_days, case.closed_at)
