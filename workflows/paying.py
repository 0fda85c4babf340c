"""Payments of an agreement: claimed, certified (s.34), requisitioned (s.33), advised as paid.

Entitlement is certified by one person and payment requisitioned by another (Financial
Administration Act, sections 33 and 34). A gate that is closed stops both, whenever it closed.
Money moves with the decision, in its transaction, in the store (`store.spending`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from policy.rules import clocks, payments, schedule
from schemas.agreements import ClosedGate, PaymentState, Tranche
from schemas.errors import Refused
from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import AgreementAct, Decision, MoneyMove, MoneyRequest, Slice
from schemas.people import SYSTEM, Candidate, Role
from schemas.tasks import Gate, KeptBy, TaskKind
from workflows import conditions, reassessing, reporting
from workflows.agreement_start import Payment
from workflows.tasks import Task

if TYPE_CHECKING:
    from workflows.life import Life

_ROLES = {TaskKind.CERTIFY: Role.CERTIFIER, TaskKind.REQUISITION: Role.PAYMENT_AUTHORITY}


def left_of(life: Life, tranche: Tranche) -> int:
    """What may still be claimed of *tranche*, in cents."""
    taken = sum(
        each.cents
        for each in life.payments.values()
        if each.tranche == tranche.id and each.state.counts
    )
    return tranche.cents - taken


def check_claim(life: Life, act: AgreementAct) -> None:
    """Refuse what no tranche has left: nothing is promised beyond the agreement."""
    if life.closing is not None:
        raise Refused("closing_agreed")
    tranche = life.tranches.get(act.subject)
    if tranche is None:
        raise Refused("tranche_unknown", tranche=act.subject)
    left = left_of(life, tranche)
    if not 0 < sum(act.costs.values()) <= left:
        raise Refused("claim_above_tranche", tranche=tranche.id, left_cents=left)


def claim(life: Life, act: AgreementAct) -> None:
    number = life.payments_claimed = life.payments_claimed + 1
    days = schedule.rule_of(life.rules.active).payment_days
    payment = Payment(
        id=f"P{number:02d}",
        tranche=act.subject,
        cents=sum(act.costs.values()),
        due_at=life.due(days, life.now),
    )
    life.payments[payment.id] = payment
    life.emit(
        EventType.PAYMENT_CLAIMED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={
            "payment": payment.id,
            "tranche": payment.tranche,
            "cents": payment.cents,
            "costs": dict(act.costs),
            "due_at": payment.due_at,
            "documents": [document.model_dump() for document in act.documents],
        },
    )
    _ask(life, TaskKind.CERTIFY, payment)


def check_decide(life: Life, task: Task, decision: Decision, now: datetime) -> None:
    """Refuse to certify or requisition what a closed gate stops, and more than was claimed."""
    if task.kind not in _ROLES or decision.outcome not in ("certify", "requisition"):
        return
    payment = life.payments[task.subject or ""]
    if found := closed_gates(life, life.tranches[payment.tranche], now):
        raise Refused(
            "payment_stopped",
            payment=payment.id,
            gates=[gate.model_dump(mode="json") for gate in found],
        )
    if task.kind is TaskKind.CERTIFY:
        certified = decision.facts.certified_cents or 0
        if not 0 < certified <= payment.cents:
            raise Refused("certified_above_claim", claimed_cents=payment.cents)


def closed_gates(life: Life, tranche: Tranche, now: datetime) -> tuple[ClosedGate, ...]:
    """What holds a payment of *tranche* up at *now*, and who can open it."""
    return payments.closed(
        tranche,
        today=clocks.toronto_day(now),
        reports=reporting.standing(life),
        assessments=reassessing.closed_gates(life),
        conditions=[
            ClosedGate(
                gate="condition",
                what=each.id,
                state=each.state,
                by_partner=each.kept_by is KeptBy.PARTNER,
                candidates=each.candidates,
            )
            for each in conditions.closed_by(life, Gate.PAYMENT)
        ],
        holds=life.hold_kinds | _not_clean(life),
        programme=life.rules.programme,
    )


def _not_clean(life: Life) -> set[HoldKind]:
    """Hits that nobody has judged yet stop a payment like a hold: staff is told no more of them."""
    asked = [task for task in life.open_tasks() if task.kind is TaskKind.ADJUDICATE]
    return {HoldKind.HOLD} if asked else set()


def money_of(life: Life, task: Task, decision: Decision) -> MoneyRequest | None:
    """The move of money that goes with a decision, in the same transaction."""
    if task.kind not in _ROLES:
        return None
    payment = life.payments[task.subject or ""]
    match decision.outcome:
        case "certify":
            payment.attempts += 1
            payment.certified = decision.facts.certified_cents or 0
            return _move(life, payment, MoneyMove.CERTIFY)
        case "give_back":
            return _move(life, payment, MoneyMove.UNCERTIFY)
        case _:
            return None


def follow(life: Life, task: Task) -> None:
    payment = life.payments[task.subject or ""]
    data = {"payment": payment.id, "task": task.id}
    match task.outcome:
        case "certify":
            payment.state = PaymentState.CERTIFIED
            life.emit(
                EventType.PAYMENT_CERTIFIED, task.decider, data={**data, "cents": payment.certified}
            )
            _ask(life, TaskKind.REQUISITION, payment)
        case "requisition":
            payment.state = PaymentState.REQUISITIONED
            life.emit(EventType.PAYMENT_REQUISITIONED, task.decider, data=data)
        case "give_back":
            payment.state, payment.certified = PaymentState.CLAIMED, 0
            life.emit(EventType.PAYMENT_GIVEN_BACK, task.decider, data=data)
            _ask(life, TaskKind.CERTIFY, payment)
        case _:
            payment.state = PaymentState.RETURNED
            message = task.texts.get("message_to_partner")
            life.emit(
                EventType.PAYMENT_RETURNED,
                task.decider,
                data=data,
                texts={"message": message} if message else None,
            )


def check_paid(life: Life, act: AgreementAct) -> None:
    """Refuse an advice of what was not requisitioned, or of another amount."""
    payment = life.payments.get(act.subject)
    if payment is None:
        raise Refused("payment_unknown", payment=act.subject)
    if payment.state is not PaymentState.REQUISITIONED:
        raise Refused("payment_not_requisitioned", payment=payment.id, state=payment.state)
    if act.cents != payment.certified:
        raise Refused(
            "payment_differs", payment=payment.id, certified_cents=payment.certified,
            advised_cents=act.cents,
        )  # fmt: skip


def take_advice(life: Life, act: AgreementAct) -> None:
    """The financial system has paid: money that was certified is paid in the ledger."""
    payment = life.payments[act.subject]
    payment.state = PaymentState.PAID
    life.emit(
        EventType.PAYMENT_MADE,
        act.actor,
        request_id=act.request_id,
        data={
            "payment": payment.id,
            "cents": payment.certified,
            "number": act.number,
            "paid_on": act.paid_on.isoformat() if act.paid_on else None,
        },
        money=_move(life, payment, MoneyMove.PAY),
    )


def next_step(life: Life) -> datetime | None:
    """When the next payment that is not made will be late."""
    return min((each.due_at for each in _timed(life)), default=None)


def ring(life: Life, until: datetime) -> None:
    """Say once of each payment that it is late."""
    for payment in sorted(_timed(life), key=lambda each: (each.due_at, each.id)):
        if payment.due_at <= until:
            payment.late = True
            data = {"payment": payment.id, "due_at": payment.due_at, "state": payment.state}
            life.emit(EventType.PAYMENT_LATE, SYSTEM, data=data)


def _timed(life: Life) -> list[Payment]:
    over = (PaymentState.PAID, PaymentState.RETURNED)
    return [p for p in life.payments.values() if p.state not in over and not p.late]


def _ask(life: Life, kind: TaskKind, payment: Payment) -> None:
    life.open(
        kind,
        subject=payment.id,
        detail={
            "payment": payment.id,
            "tranche": payment.tranche,
            "claimed_cents": payment.cents,
            "certified_cents": payment.certified,
        },
        candidates=(Candidate(role=_ROLES[kind], scope=life.rules.programme),),
    )


def _move(life: Life, payment: Payment, move: MoneyMove) -> MoneyRequest | None:
    if life.particulars is None or life.particulars.reservation is None:
        return None
    return MoneyRequest(
        reservation=life.particulars.reservation,
        move=move,
        slices=(Slice(fund=life.tranches[payment.tranche].fund, cents=payment.certified),),
        key=f"{payment.id}.{payment.attempts}",
    )
