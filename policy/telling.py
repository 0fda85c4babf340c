"""Who is told of which event, and which events end what was told.

A partner is told of nothing but what its own history shows, from the instant that it shows it;
so no seal, no hit and no finding can be read from what a partner receives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from policy.rules import incidents
from schemas.agreements import ReportState
from schemas.events import EventType, Recorded
from schemas.incidents import IncidentState
from schemas.notifications import NotificationKind, Reader, Told
from schemas.people import ALL, PARTNER_ROLES, Candidate, Discipline, Role
from schemas.tasks import KeptBy

_PARTNERS = tuple(sorted(role.value for role in PARTNER_ROLES))
_SIGNATORIES = (Role.SIGNATORY.value,)
_ADMINISTRATORS = (Candidate(role=Role.ADMINISTRATOR, scope=ALL),)


def told_of(event: Recorded) -> tuple[Told, ...]:
    """What people are to be told because of *event*; of most events, nothing."""
    rule = RULES.get(event.type)
    return rule(event) if rule else ()


def ended_tasks(event: Recorded) -> frozenset[str]:
    """The tasks that nobody needs to be told of any more."""
    if event.type in (EventType.TASK_DECIDED, EventType.TASK_CANCELLED):
        return frozenset({str(event.data["task"])})
    return frozenset()


def _task_opened(event: Recorded) -> tuple[Told, ...]:
    data = event.data
    offer = bool(data["detail"].get("offer"))
    return (
        Told(
            kind=NotificationKind.MONEY_OFFERED if offer else NotificationKind.TASK_OPENED,
            reader=Reader.STAFF,
            reference=event.subject,
            task=data["task"],
            due_at=_instant(data["due_at"]),
            candidates=tuple(Candidate.model_validate(each) for each in data["candidates"]),
        ),
    )


def _silent(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Whoever holds the task is told; where nobody does, those who may take it."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        return (_about_task(event, kind, holder=True),)

    return rule


def _nudged(event: Recorded) -> tuple[Told, ...]:
    """As in silence, but for whoever asks."""
    told = _about_task(event, NotificationKind.TASK_NUDGED, holder=True)
    return (told.model_copy(update={"but": event.actor.id}),)


def _standard(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """The officers of the program answer for what was promised of a stage and of the whole."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        return (
            Told(
                kind=kind,
                reader=Reader.STAFF,
                reference=event.subject,
                due_at=_instant(event.data["due_at"]),
                officers=True,
            ),
        )

    return rule


def of_extended_call(event: Recorded, reference: str, organization: str) -> Told:
    """What those are told who have a draft for a call that is open longer than was announced."""
    return Told(
        kind=NotificationKind.CALL_EXTENDED,
        reader=Reader.PARTNER,
        reference=reference,
        due_at=_instant(event.data["closes_at"]),
        candidates=tuple(Candidate(role=Role(r), scope=organization) for r in _PARTNERS),
    )


def _escalated(event: Recorded) -> tuple[Told, ...]:
    """Those are told who were asked in turn, and not again those who were silent."""
    to = event.data["to"]
    candidates = [Candidate.model_validate(each) for each in event.data["candidates"]]
    asked = tuple(each for each in candidates if to in (each.role, each.scope))
    return (
        _about_task(event, NotificationKind.TASK_ESCALATED).model_copy(
            update={"candidates": asked}
        ),
    )


def _reassigned(event: Recorded) -> tuple[Told, ...]:
    return (
        _about_task(event, NotificationKind.TASK_GIVEN).model_copy(
            update={"person": event.data["to"], "but": event.actor.id}
        ),
    )


def _passed_on(event: Recorded) -> tuple[Told, ...]:
    """Whoever holds it now is told; where nobody does, those who may take it."""
    to = event.data["to"]
    if to is not None:
        return (_about_task(event, NotificationKind.TASK_GIVEN).model_copy(update={"person": to}),)
    return (
        _about_task(event, NotificationKind.TASK_OPENED).model_copy(
            update={"but": event.data["from"]}
        ),
    )


def _substitute_drawn(event: Recorded) -> tuple[Told, ...]:
    drawn = event.data["person"]
    return (_about_task(event, NotificationKind.TASK_GIVEN).model_copy(update={"person": drawn}),)


def _nobody_left(event: Recorded) -> tuple[Told, ...]:
    """Told to administrators; without the proposal where it would tell of a possible match."""
    if event.data["evidence"]:
        told = Told(kind=NotificationKind.NOBODY_LEFT, reader=Reader.SELF)
    else:
        told = _about_task(event, NotificationKind.NOBODY_LEFT)
    return (told.model_copy(update={"candidates": _ADMINISTRATORS}),)


def _duty(event: Recorded) -> tuple[Told, ...]:
    """Told to legal services without the proposal: nothing that is sent tells of a match."""
    late = event.data["late"]
    return (
        Told(
            kind=NotificationKind.DUTY_LATE if late else NotificationKind.DUTY_ENDS_TODAY,
            reader=Reader.SELF,
            candidates=(Candidate(role=Role.LEGAL, scope=ALL),),
            due_at=_instant(event.data["due_at"]),
        ),
    )


def _about_task(event: Recorded, kind: NotificationKind, *, holder: bool = False) -> Told:
    return Told(
        kind=kind,
        reader=Reader.STAFF,
        reference=event.subject,
        task=event.data["task"],
        due_at=_instant(event.data.get("due_at")),
        holder=holder,
    )


def _returned(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.RETURNED,
            reader=Reader.PARTNER,
            reference=event.subject,
            due_at=_instant(event.data["due_at"]),
            partner=_PARTNERS,
        ),
    )


def _of_question(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """The partner is told what it is asked, until when, and that it no longer is."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        return (
            Told(
                kind=kind,
                reader=Reader.PARTNER,
                reference=event.subject,
                due_at=_instant(event.data.get("due_at")),
                partner=_PARTNERS,
            ),
        )

    return rule


def _to_asker(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Whoever asked is told that there is an answer, or that none came."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        asker = event.data["asked_by"]
        return (Told(kind=kind, reader=Reader.STAFF, reference=event.subject, person=asker),)

    return rule


def _letter(event: Recorded) -> tuple[Told, ...]:
    if event.data["kind"] == "returned":
        return ()  # the return itself is told, with its date
    return (
        Told(
            kind=NotificationKind.LETTER,
            reader=Reader.PARTNER,
            reference=event.subject,
            letter=event.data["letter"],
            not_before=_instant(event.data["told_at"]),
            partner=_PARTNERS,
        ),
    )


def _letter_again(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.LETTER,
            reader=Reader.PARTNER,
            reference=event.subject,
            letter=event.data["letter"],
            partner=_PARTNERS,
        ),
    )


def _repair(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Whoever proposed a repair is told what became of it."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        person = event.data["proposed_by"]
        return (Told(kind=kind, reader=Reader.STAFF, reference=event.subject, person=person),)

    return rule


def _agreement(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.AGREEMENT_TO_SIGN,
            reader=Reader.PARTNER,
            reference=event.subject,
            due_at=_instant(event.data["due_at"]),
            not_before=_instant(event.data["told_at"]),
            partner=_SIGNATORIES,
        ),
    )


def _condition_due(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Whoever owes it: the partner, or the officers of the program where it is the department's."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        partners = event.data["kept_by"] == KeptBy.PARTNER
        return (
            Told(
                kind=kind,
                reader=Reader.PARTNER if partners else Reader.STAFF,
                reference=event.subject,
                due_at=_instant(event.data["due_at"]),
                partner=_PARTNERS if partners else (),
                officers=not partners,
            ),
        )

    return rule


def _condition_judged(event: Recorded) -> tuple[Told, ...]:
    kind = NotificationKind.CONDITION_JUDGED
    return (
        Told(kind=kind, reader=Reader.PARTNER, reference=event.subject, partner=_PARTNERS),
        Told(
            kind=kind, reader=Reader.STAFF, reference=event.subject, officers=True,
            but=event.actor.id,
        ),
    )  # fmt: skip


def _report_due(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """The partner owes it; once it is late, the officers of the program are told as well."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        due_at = _instant(event.data["due_at"])
        partner = _to_partner(event, kind).model_copy(update={"due_at": due_at})
        if kind is not NotificationKind.REPORT_OVERDUE:
            return (partner,)
        return (partner, _to_office(event, kind, Role.PROGRAMME_OFFICER, due_at=due_at))

    return rule


def _report_read(event: Recorded) -> tuple[Told, ...]:
    accepted = event.data["state"] == ReportState.ACCEPTED
    kind = NotificationKind.REPORT_ACCEPTED if accepted else NotificationKind.REPORT_RETURNED
    return (_to_partner(event, kind),)


def _of_payment(
    kind: NotificationKind, *roles: Role, partner: bool = False
) -> Callable[[Recorded], tuple[Told, ...]]:
    """The partner, and whoever at the department has no task that tells them."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        due_at = _instant(event.data.get("due_at")) if roles else None
        told = (_to_partner(event, kind),) if partner else ()
        return (*told, *((_to_office(event, kind, *roles, due_at=due_at),) if roles else ()))

    return rule


def _to_partner(event: Recorded, kind: NotificationKind) -> Told:
    return Told(
        kind=kind,
        reader=Reader.PARTNER,
        reference=event.subject,
        partner=_PARTNERS,
        but=event.actor.id,
    )


def _to_office(
    event: Recorded, kind: NotificationKind, *roles: Role, due_at: datetime | None = None
) -> Told:
    return Told(
        kind=kind,
        reader=Reader.STAFF,
        reference=event.subject,
        due_at=due_at,
        office=tuple(role.value for role in roles),
        but=event.actor.id,
    )


def _signed(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.AGREEMENT_SIGNED,
            reader=Reader.PARTNER,
            reference=event.subject,
            partner=_PARTNERS,
        ),
    )


def _withdrawn(event: Recorded) -> tuple[Told, ...]:
    """Clean for all: those whose tasks are gone, and the partner's other people."""
    kind, who = NotificationKind.PROPOSAL_WITHDRAWN, event.actor.id
    return (
        Told(kind=kind, reader=Reader.STAFF, reference=event.subject, those_told=True),
        Told(kind=kind, reader=Reader.PARTNER, reference=event.subject, partner=_PARTNERS, but=who),
    )


def _proposed(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.GRANT_TO_CONFIRM,
            reader=Reader.SELF,
            candidates=_ADMINISTRATORS,
            but=event.actor.id,
        ),
    )


def _expiring(_event: Recorded) -> tuple[Told, ...]:
    """Whoever makes such records: a new one takes two people, and time."""
    makers = (Candidate(role=Role.REVIEWER, scope=Discipline.HUMAN_RIGHTS),)
    return (Told(kind=NotificationKind.RECORD_EXPIRING, reader=Reader.SELF, candidates=makers),)


def _authorization(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Who may ask for another, and who makes the finding anew without one."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        data = event.data
        of_territory = data["measure"] == Discipline.TERRITORY
        discipline = Discipline.TERRITORY if of_territory else Discipline.COUNTRY_MEASURES
        asked = (
            Candidate(role=Role.PROGRAMME_OFFICER, scope=data["programme"]),
            Candidate(role=Role.REVIEWER, scope=discipline),
        )
        return (
            Told(
                kind=kind, reader=Reader.STAFF, reference=data["reference"], candidates=asked,
            ),
        )  # fmt: skip

    return rule


def _incident_reported(event: Recorded) -> tuple[Told, ...]:
    """Whoever assesses it, the officers of what it touches, and who answers above them."""
    officers = [
        Candidate(role=Role.PROGRAMME_OFFICER, scope=code) for code in event.data["programmes"]
    ]
    asked = ((*incidents.ASSESSING, *officers), incidents.CONFIRMING)
    return tuple(
        Told(
            kind=NotificationKind.INCIDENT_REPORTED,
            reader=Reader.SELF,
            candidates=candidates,
            but=event.actor.id,
        )
        for candidates in asked
    )


def _incident_assessed(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.INCIDENT_ASSESSED,
            reader=Reader.SELF,
            candidates=incidents.CONFIRMING,
            but=event.actor.id,
        ),
    )


def _incident_overdue(event: Recorded) -> tuple[Told, ...]:
    """Those of whom the next act is awaited."""
    is_assessed = event.data["state"] == IncidentState.ASSESSED
    asked = incidents.CONFIRMING if is_assessed else incidents.ASSESSING
    return (_overdue_told(event, asked),)


def _incident_escalated(event: Recorded) -> tuple[Told, ...]:
    return (_overdue_told(event, incidents.ABOVE),)


def _overdue_told(event: Recorded, candidates: tuple[Candidate, ...]) -> Told:
    return Told(
        kind=NotificationKind.INCIDENT_OVERDUE,
        reader=Reader.SELF,
        candidates=candidates,
        due_at=_instant(event.data["assess_by"]),
    )


def _incident_closed(event: Recorded) -> tuple[Told, ...]:
    """Whoever reported it among staff; a partner reads of its own report what it said itself."""
    if event.data["by_partner"]:
        return ()
    person = event.data["reported_by"]
    return (
        Told(
            kind=NotificationKind.INCIDENT_CLOSED,
            reader=Reader.SELF,
            person=person,
            but=event.actor.id,
        ),
    )


def _money_lapsing(event: Recorded) -> tuple[Told, ...]:
    return (
        Told(
            kind=NotificationKind.MONEY_LAPSING,
            reader=Reader.STAFF,
            reference=event.subject,
            due_at=_instant(event.data["lapses_at"]),
            candidates=tuple(Candidate.model_validate(e) for e in event.data["candidates"]),
        ),
    )


def _fund_to_confirm(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """The other finance officers of the program: one of them is the second person."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        officers = (Candidate(role=Role.FINANCE_OFFICER, scope=event.data["programme"]),)
        due_at = _instant(event.data["due_at"])
        return (
            Told(
                kind=kind,
                reader=Reader.SELF,
                due_at=due_at,
                candidates=officers,
                but=event.actor.id,
            ),
        )

    return rule


def _to_the_proposer(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """Whoever proposed it is told what became of it, unless they ended it themselves."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        person = event.data.get("proposed_by")
        if person is None:
            return ()  # the demonstration's own funds
        return (Told(kind=kind, reader=Reader.SELF, person=person, but=event.actor.id),)

    return rule


def _about_person(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    def rule(event: Recorded) -> tuple[Told, ...]:
        return (Told(kind=kind, reader=Reader.SELF, person=event.data["person"]),)

    return rule


def _delegation(kind: NotificationKind) -> Callable[[Recorded], tuple[Told, ...]]:
    """The one of giver and receiver who did not do it."""

    def rule(event: Recorded) -> tuple[Told, ...]:
        return tuple(
            Told(kind=kind, reader=Reader.SELF, person=event.data[who], but=event.actor.id)
            for who in ("giver", "receiver")
        )

    return rule


def _acting_to_confirm(event: Recorded) -> tuple[Told, ...]:
    """The other administrators: one of them is the second person."""
    return (
        Told(
            kind=NotificationKind.ACTING_TO_CONFIRM,
            reader=Reader.SELF,
            due_at=_instant(event.data["due_at"]),
            candidates=_ADMINISTRATORS,
            but=event.actor.id,
        ),
    )


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


RULES: dict[EventType, Callable[[Recorded], tuple[Told, ...]]] = {
    EventType.TASK_OPENED: _task_opened,
    EventType.TASK_NUDGED: _nudged,
    EventType.TASK_REMINDED: _silent(NotificationKind.TASK_REMINDED),
    EventType.TASK_OVERDUE: _silent(NotificationKind.TASK_OVERDUE),
    EventType.TASK_ESCALATED: _escalated,
    EventType.STANDARD_NEARING: _standard(NotificationKind.STANDARD_NEARING),
    EventType.STANDARD_MISSED: _standard(NotificationKind.STANDARD_MISSED),
    EventType.STANDARD_ESCALATED: _standard(NotificationKind.STANDARD_ESCALATED),
    EventType.TASK_REASSIGNED: _reassigned,
    EventType.SUBSTITUTE_DRAWN: _substitute_drawn,
    EventType.REROUTED: _passed_on,
    EventType.CAME_BACK: _passed_on,
    EventType.NOBODY_LEFT: _nobody_left,
    EventType.POLICE_REMINDED: _duty,
    EventType.RETURNED: _returned,
    EventType.QUESTION_ASKED: _of_question(NotificationKind.QUESTION_ASKED),
    EventType.QUESTION_REMINDED: _of_question(NotificationKind.QUESTION_REMINDED),
    EventType.QUESTION_WITHDRAWN: _of_question(NotificationKind.QUESTION_WITHDRAWN),
    EventType.QUESTION_ANSWERED: _to_asker(NotificationKind.QUESTION_ANSWERED),
    EventType.QUESTION_EXPIRED: _to_asker(NotificationKind.QUESTION_EXPIRED),
    EventType.LETTER_WRITTEN: _letter,
    EventType.LETTER_SENT_AGAIN: _letter_again,
    EventType.REPAIR_DONE: _repair(NotificationKind.REPAIR_DONE),
    EventType.REPAIR_ENDED: _repair(NotificationKind.REPAIR_NOT_DONE),
    EventType.AGREEMENT_GENERATED: _agreement,
    EventType.CONDITION_REMINDED: _condition_due(NotificationKind.CONDITION_REMINDED),
    EventType.CONDITION_OVERDUE: _condition_due(NotificationKind.CONDITION_OVERDUE),
    EventType.CONDITION_JUDGED: _condition_judged,
    EventType.DEPARTMENT_SIGNED: _signed,
    EventType.REPORT_REMINDED: _report_due(NotificationKind.REPORT_REMINDED),
    EventType.REPORT_OVERDUE: _report_due(NotificationKind.REPORT_OVERDUE),
    EventType.REPORT_READ: _report_read,
    EventType.PAYMENT_CLAIMED: _of_payment(NotificationKind.PAYMENT_CLAIMED, partner=True),
    EventType.PAYMENT_RETURNED: _of_payment(
        NotificationKind.PAYMENT_RETURNED, Role.PROGRAMME_OFFICER, partner=True
    ),
    EventType.PAYMENT_CERTIFIED: _of_payment(
        NotificationKind.PAYMENT_CERTIFIED, Role.PROGRAMME_OFFICER
    ),
    EventType.PAYMENT_REQUISITIONED: _of_payment(
        NotificationKind.PAYMENT_REQUISITIONED, Role.FINANCE_OFFICER
    ),
    EventType.PAYMENT_LATE: _of_payment(
        NotificationKind.PAYMENT_LATE, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER
    ),
    EventType.PAYMENT_MADE: _of_payment(
        NotificationKind.PAYMENT_MADE, Role.PROGRAMME_OFFICER, partner=True
    ),
    EventType.OVERPAYMENT_FOUND: _of_payment(
        NotificationKind.OVERPAYMENT_FOUND,
        Role.PROGRAMME_OFFICER,
        Role.FINANCE_OFFICER,
        partner=True,
    ),
    EventType.OVERPAYMENT_REMINDED: _report_due(NotificationKind.OVERPAYMENT_REMINDED),
    EventType.OVERPAYMENT_OVERDUE: _of_payment(
        NotificationKind.OVERPAYMENT_OVERDUE,
        Role.PROGRAMME_OFFICER,
        Role.FINANCE_OFFICER,
        partner=True,
    ),
    EventType.OVERPAYMENT_RECOVERED: _of_payment(
        NotificationKind.OVERPAYMENT_RECOVERED, Role.PROGRAMME_OFFICER, partner=True
    ),
    EventType.AGREEMENT_CLOSED: _of_payment(
        NotificationKind.AGREEMENT_CLOSED, Role.PROGRAMME_OFFICER, partner=True
    ),
    EventType.WITHDRAWN: _withdrawn,
    EventType.GRANT_PROPOSED: _proposed,
    EventType.GRANTED: _about_person(NotificationKind.GRANTED),
    EventType.GRANT_ENDED: _about_person(NotificationKind.GRANT_ENDED),
    EventType.GRANT_LAPSED: _about_person(NotificationKind.GRANT_ENDED),
    EventType.RECORD_EXPIRING: _expiring,
    EventType.AUTHORIZATION_ENDING: _authorization(NotificationKind.AUTHORIZATION_ENDING),
    EventType.AUTHORIZATION_ENDED: _authorization(NotificationKind.AUTHORIZATION_ENDED),
    EventType.INCIDENT_REPORTED: _incident_reported,
    EventType.INCIDENT_ASSESSED: _incident_assessed,
    EventType.INCIDENT_OVERDUE: _incident_overdue,
    EventType.INCIDENT_ESCALATED: _incident_escalated,
    EventType.INCIDENT_CLOSED: _incident_closed,
    EventType.MONEY_LAPSING: _money_lapsing,
    EventType.FUND_OPENING_PROPOSED: _fund_to_confirm(NotificationKind.FUND_OPENING_TO_CONFIRM),
    EventType.FUND_OPENED: _to_the_proposer(NotificationKind.FUND_OPENED),
    EventType.FUND_OPENING_ENDED: _to_the_proposer(NotificationKind.FUND_NOT_OPENED),
    EventType.FUND_CORRECTION_PROPOSED: _fund_to_confirm(NotificationKind.FUND_TO_CONFIRM),
    EventType.FUND_CORRECTED: _to_the_proposer(NotificationKind.FUND_CORRECTED),
    EventType.FUND_CORRECTION_ENDED: _to_the_proposer(NotificationKind.FUND_NOT_CORRECTED),
    EventType.DELEGATED: _delegation(NotificationKind.DELEGATED),
    EventType.DELEGATION_ENDED: _delegation(NotificationKind.DELEGATION_ENDED),
    EventType.ACTING_PROPOSED: _acting_to_confirm,
    EventType.ACTING_APPOINTED: _delegation(NotificationKind.DELEGATED),
    EventType.ACTING_NOT_APPOINTED: _to_the_proposer(NotificationKind.ACTING_NOT_APPOINTED),
}
"""Every type of event that somebody is told of."""
