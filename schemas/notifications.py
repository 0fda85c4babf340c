"""What people are told, how they wish to be told it by e-mail, and what became of each mail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from schemas.people import Candidate
from schemas.values import Value


class NotificationKind(StrEnum):
    # to those who may take a task
    TASK_OPENED = "task_opened"
    TASKS_OPENED = "tasks_opened"
    """Once a day, to a group that is too large to be told of every single task."""
    TASK_GIVEN = "task_given"
    """To the one to whom somebody gave it."""
    TASK_NUDGED = "task_nudged"
    """Somebody asks that it be done."""
    TASK_REMINDED = "task_reminded"
    TASK_OVERDUE = "task_overdue"
    TASK_ESCALATED = "task_escalated"
    NOBODY_LEFT = "nobody_left"
    """To administrators: a task that nobody may take."""
    MONEY_OFFERED = "money_offered"
    # to legal services, without the proposal
    DUTY_ENDS_TODAY = "duty_ends_today"
    DUTY_LATE = "duty_late"
    # about a proposal
    STANDARD_NEARING = "standard_nearing"
    STANDARD_MISSED = "standard_missed"
    STANDARD_ESCALATED = "standard_escalated"
    CALL_EXTENDED = "call_extended"
    """To who has a draft for it."""
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    REPAIR_DONE = "repair_done"
    REPAIR_NOT_DONE = "repair_not_done"
    RETURNED = "returned"
    QUESTION_ASKED = "question_asked"
    QUESTION_REMINDED = "question_reminded"
    QUESTION_WITHDRAWN = "question_withdrawn"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_EXPIRED = "question_expired"
    """To whoever asked: its date passed without an answer."""
    LETTER = "letter"
    AGREEMENT_TO_SIGN = "agreement_to_sign"
    AGREEMENT_SIGNED = "agreement_signed"
    CONDITION_REMINDED = "condition_reminded"
    CONDITION_OVERDUE = "condition_overdue"
    """To whoever owes it, the partner or the officers of the program."""
    CONDITION_JUDGED = "condition_judged"
    # about the reports and payments of an agreement
    REPORT_REMINDED = "report_reminded"
    REPORT_OVERDUE = "report_overdue"
    """To the partner that owes it, and to the officers of the program."""
    REPORT_ACCEPTED = "report_accepted"
    REPORT_RETURNED = "report_returned"
    PAYMENT_CLAIMED = "payment_claimed"
    """To the partner's other people; staff is told of the task."""
    PAYMENT_RETURNED = "payment_returned"
    PAYMENT_CERTIFIED = "payment_certified"
    PAYMENT_REQUISITIONED = "payment_requisitioned"
    """To the finance officers, who take in what the financial system says of it."""
    PAYMENT_LATE = "payment_late"
    """To the officers of the program and of its money: a partner is not told of a suspension."""
    PAYMENT_MADE = "payment_made"
    OVERPAYMENT_FOUND = "overpayment_found"
    OVERPAYMENT_REMINDED = "overpayment_reminded"
    OVERPAYMENT_OVERDUE = "overpayment_overdue"
    """To the partner that owes it, and to the officers of the program and of its money."""
    OVERPAYMENT_RECOVERED = "overpayment_recovered"
    AGREEMENT_CLOSED = "agreement_closed"
    # about an incident or country event
    INCIDENT_REPORTED = "incident_reported"
    INCIDENT_ASSESSED = "incident_assessed"
    """To those who may confirm the assessment."""
    INCIDENT_OVERDUE = "incident_overdue"
    """To those who are to assess or confirm, then to those above them."""
    INCIDENT_CLOSED = "incident_closed"
    """To whoever reported it, among staff."""
    # about the person
    RECORD_EXPIRING = "record_expiring"
    """To those who may renew it: a baseline or vetting is good for a few weeks more."""
    AUTHORIZATION_ENDING = "authorization_ending"
    """To its officers and reviewers: an authorization that a finding rests on ends in weeks."""
    AUTHORIZATION_ENDED = "authorization_ended"
    GRANT_TO_CONFIRM = "grant_to_confirm"
    GRANTED = "granted"
    GRANT_ENDED = "grant_ended"
    MONEY_LAPSING = "money_lapsing"
    """To the finance officers: what is unsigned on 31 March loses that year's money."""
    FUND_TO_CONFIRM = "fund_to_confirm"
    """To the other finance officers of the program: a correction waits for one of them."""
    FUND_OPENING_TO_CONFIRM = "fund_opening_to_confirm"
    """The same of a fund that is not there yet."""
    FUND_OPENED = "fund_opened"
    FUND_NOT_OPENED = "fund_not_opened"
    FUND_CORRECTED = "fund_corrected"
    FUND_NOT_CORRECTED = "fund_not_corrected"
    DELEGATED = "delegated"
    DELEGATION_ENDED = "delegation_ended"
    ACTING_TO_CONFIRM = "acting_to_confirm"
    """To the other administrators: an acting appointment waits for one of them."""
    ACTING_NOT_APPOINTED = "acting_not_appointed"
    PASSWORD_LINK = "password_link"  # noqa: S105 - a kind of notification


class Reader(StrEnum):
    """As whom a person is told, which decides what must still hold when it is read or sent."""

    STAFF = "staff"
    PARTNER = "partner"
    SELF = "self"
    """It is about the person: no proposal has to be visible."""


class MailWish(StrEnum):
    """How a person wishes to be told by e-mail."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"
    """Once a day, everything in one message."""
    NONE = "none"


class MailState(StrEnum):
    NONE = "none"
    """No e-mail is wanted, or no mail server is configured."""
    WAITING = "waiting"
    SENDING = "sending"
    """On its way: after a crash it is sent again, under the same Message-ID."""
    SENT = "sent"
    FAILED = "failed"
    """Will be tried again."""
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    """What it was about has passed, or is no longer this person's to see."""


UNSENT = (MailState.WAITING, MailState.FAILED)
UNDER_WAY = (*UNSENT, MailState.SENDING)


class Told(Value):
    """One thing to be told because of an event; `store.notifications` finds the people.

    They are `person`; or the people of the proposal's organization in `partner` roles; or those
    who may take `task`, by its `candidates` (`holder`: whoever holds it alone, if somebody does);
    or those who were told of its open tasks (`those_told`); or the programme officers of its
    program (`officers`); or who holds other roles for its program (`office`). Never `but`, who did
    it.
    """

    kind: NotificationKind
    reader: Reader
    reference: str | None = None
    task: str | None = None
    letter: str | None = None
    link: str | None = None
    """The digest of a one-time link; the link itself is never here."""
    due_at: datetime | None = None
    not_before: datetime | None = None
    person: str | None = None
    partner: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    holder: bool = False
    those_told: bool = False
    officers: bool = False
    office: tuple[str, ...] = ()
    but: str | None = None
