"""The end of an agreement: what was eligible is stated by one and confirmed by another.

It is asked for once nothing else is: every report accepted, no payment under way, no condition
open. What was paid beyond what was eligible is a debt, and the agreement closes when that is paid
back to the cent; what is committed and was not paid is let go as it closes.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from policy.rules import closing, schedule
from policy.rules.ladder import Step
from schemas.agreements import DEBT, PaymentState, ReportState
from schemas.errors import Refused
from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import AgreementAct, Decision, MoneyMove, MoneyRequest, Slice
from schemas.people import SYSTEM, Candidate, Role
from schemas.proposal import Stage
from schemas.tasks import Gate, TaskKind
from workflows import conditions
from workflows.agreement_start import Closing
from workflows.tasks import Task

if TYPE_CHECKING:
    from workflows.life import Life

_OVER = (PaymentState.PAID, PaymentState.RETURNED)


def look(life: Life) -> None:
    """Ask for the closing where nothing else is open, and withdraw that where something is again.

    Once it was confirmed, close as soon as nothing is owed and nothing holds it up.
    """
    if not life.is_running:
        return
    if life.closing is not None:
        if life.closing.left == 0 and _is_clear(life):
            _close(life, life.closing)
        return
    asked = [task for task in life.open_tasks() if is_about(life, task)]
    settled = _is_settled(life)
    if asked and not settled:
        for task in asked:
            life.cancel(task)
    elif settled and not asked and _is_clear(life) and life.closes():
        life.open(
            TaskKind.CLOSE,
            detail={"paid_cents": paid(life), "agreed_cents": agreed(life)},
            candidates=(Candidate(role=Role.FINANCE_OFFICER, scope=life.rules.programme),),
        )


def _is_settled(life: Life) -> bool:
    """Whether all that was agreed is reported on, paid and met."""
    reports, payments = life.reports.values(), life.payments.values()
    return (
        bool(reports)
        and all(each.state is ReportState.ACCEPTED for each in reports)
        and all(each.state in _OVER for each in payments)
        and not life.lapsed
        and not conditions.closed_by(life, Gate.CLOSING)
    )


def _is_clear(life: Life) -> bool:
    """Whether nothing suspends or seals it, and every hit of screening is judged."""
    about = (TaskKind.ADJUDICATE, TaskKind.LEGAL)
    judged = not any(_kind_of(life, task) in about for task in life.open_tasks())
    return judged and not life.holds


def _kind_of(life: Life, task: Task) -> TaskKind:
    return life.tasks.get(task.confirms or "", task).kind


def is_about(life: Life, task: Task) -> bool:
    """Whether *task* asks for the closing, or for a second person who confirms it."""
    return _kind_of(life, task) is TaskKind.CLOSE


def paid(life: Life) -> int:
    """What was paid in all, in cents."""
    return sum(each.cents for each in _paid_by_fund(life))


def agreed(life: Life) -> int:
    return sum(each.cents for each in life.tranches.values())


def _paid_by_fund(life: Life) -> list[Slice]:
    return [
        Slice(fund=life.tranches[each.tranche].fund, cents=each.certified)
        for each in life.payments.values()
        if each.state is PaymentState.PAID
    ]


def check_decide(life: Life, task: Task, decision: Decision) -> None:
    """Refuse what a hit holds up, and costs beyond what was agreed."""
    if not is_about(life, task):
        return
    if not _is_clear(life):
        # Staff is told no more of a hit that nobody has judged yet.
        raise Refused("on_hold", hold=HoldKind.HOLD)
    if task.kind is TaskKind.CLOSE:
        eligible = decision.facts.eligible_cents
        if eligible is None or not 0 <= eligible <= agreed(life):
            raise Refused("eligible_above_agreed", agreed_cents=agreed(life))


def follow(life: Life, task: Task) -> None:
    """What was stated waits for a second person."""
    life.open(TaskKind.CONFIRM, confirms=task.id)


def follow_confirmation(life: Life, task: Task, stated: Task) -> None:
    """It holds, and what was overpaid is owed; where the two differ, it is asked for anew."""
    if task.outcome != "agree":
        return
    stated.settled = True
    eligible, was_paid = stated.facts.eligible_cents or 0, paid(life)
    ending = life.closing = Closing(
        eligible=eligible, paid=was_paid, owed=max(0, was_paid - eligible)
    )
    if not ending.owed:
        return
    remind = schedule.rule_of(life.rules.active).remind
    ending.due_at = closing.debt_due(life.now)
    rungs = closing.reminders(remind, ending.due_at, life.holidays)
    ending.rungs = tuple(rung for rung in rungs if rung.at > life.now)
    life.emit(
        EventType.OVERPAYMENT_FOUND,
        SYSTEM,
        data={
            "debt": DEBT,
            "task": stated.id,
            "eligible": {"cents": eligible},
            "paid": {"cents": was_paid},
            "owed": {"cents": ending.owed},
            "due_at": ending.due_at,
        },
    )


def check_recovered(life: Life, act: AgreementAct) -> None:
    """Refuse what came back without being owed: each cent has to be somewhere."""
    if life.closing is None or act.subject != DEBT or life.closing.left == 0:
        raise Refused("nothing_owed")
    if not 0 < act.cents <= life.closing.left:
        raise Refused("receipt_above_debt", left_cents=life.closing.left)


def recover(life: Life, act: AgreementAct) -> None:
    """Money came back: it is committed again, until the closing lets it go."""
    ending = life.closing
    if ending is None:
        return
    slices = closing.taken_back(_paid_by_fund(life), ending.recovered, act.cents)
    ending.recovered = (*ending.recovered, *slices)
    ending.receipts += 1
    if ending.left == 0:
        ending.rungs = ()
    life.emit(
        EventType.OVERPAYMENT_RECOVERED,
        act.actor,
        request_id=act.request_id,
        data={
            "debt": DEBT,
            "cents": act.cents,
            "number": act.number,
            "received_on": act.paid_on.isoformat() if act.paid_on else None,
            "left": {"cents": ending.left},
        },
        money=_move(life, MoneyMove.RECOVER, f"{DEBT}.{ending.receipts}", slices),
    )


def _close(life: Life, ending: Closing) -> None:
    """Once: it is over, and what is still committed goes to those who wait for money."""
    for task in life.open_tasks():
        life.cancel(task)
    life.stage = Stage.CLOSED
    recovered = ending.owed - ending.left
    figures: dict[str, Any] = {
        "agreed": agreed(life),
        "eligible": ending.eligible,
        "paid": ending.paid,
        "recovered": recovered,
        "let_go": agreed(life) - ending.paid + recovered,
    }
    life.emit(
        EventType.AGREEMENT_CLOSED,
        SYSTEM,
        data={
            "outcome": life.outcome,
            **{name: {"cents": cents} for name, cents in figures.items()},
        },
        money=_move(life, MoneyMove.DECOMMIT, "closing", ()),
    )


def next_step(life: Life) -> datetime | None:
    """When the partner is reminded of what it owes next."""
    rungs = life.closing.rungs if life.closing and life.is_running else ()
    return rungs[0].at if rungs else None


def ring(life: Life, until: datetime) -> None:
    """Remind of what is owed, and say that it is overdue; nothing is decided by that."""
    while (ending := life.closing) and ending.rungs and ending.rungs[0].at <= until:
        rung, *rest = ending.rungs
        ending.rungs = tuple(rest)
        late = rung.step is not Step.REMIND
        data: dict[str, Any] = {"debt": DEBT, "due_at": ending.due_at}
        data["left"] = {"cents": ending.left}
        if late:
            life.emit(EventType.OVERPAYMENT_OVERDUE, SYSTEM, data=data)
        else:
            life.emit(EventType.OVERPAYMENT_REMINDED, SYSTEM, data={**data, "days": rung.days})


def _move(life: Life, move: MoneyMove, key: str, slices: tuple[Slice, ...]) -> MoneyRequest | None:
    if life.particulars is None or life.particulars.reservation is None:
        return None
    return MoneyRequest(reservation=life.particulars.reservation, move=move, slices=slices, key=key)
