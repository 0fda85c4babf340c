"""The one list of event types, and the shape of an event.

An event carries codes, ids and facts. Free text and personal data never stand in it: they are
texts of their own, and the event names them by id and salted digest.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.people import Actor
from schemas.values import Value

INSTALLATION = "installation"
"""The subject of events that belong to no proposal."""
WORKFLOW = "workflow"
"""The source of the events that a proposal's workflow says."""
AGREEMENT = "agreement"
"""The source of the events that an agreement's workflow says, in the chain of its proposal."""


class EventType(StrEnum):
    # a proposal's life
    CREATED = "proposal_created"
    DELETED = "draft_deleted"
    SUBMITTED = "proposal_submitted"
    RESUBMITTED = "proposal_resubmitted"
    STAGE_ENTERED = "stage_entered"
    RETURNED = "returned_to_partner"
    WITHDRAWN = "proposal_withdrawn"
    LAPSED = "proposal_lapsed"
    UNFUNDED = "proposal_unfunded"
    INELIGIBLE = "found_ineligible"
    DECLINED = "proposal_declined"
    APPROVED = "proposal_approved"
    LETTER_WRITTEN = "letter_written"
    LETTER_TAKEN_BACK = "letter_taken_back"
    DECISION_UNDONE = "decision_taken_back"
    TERMS_CHANGED = "moved_to_newer_terms"
    CLOSED = "proposal_closed"
    RECONSIDERATION_ASKED = "reconsideration_asked"
    UPHELD = "decision_upheld"
    REOPENED = "proposal_reopened"
    # documents
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_REMOVED = "document_removed"
    TASK_DOCUMENT_ADDED = "task_document_added"
    TASK_DOCUMENT_REMOVED = "task_document_removed"
    # tasks
    TASK_OPENED = "task_opened"
    TASK_DECIDED = "task_decided"
    TASK_CANCELLED = "task_cancelled"
    TASK_REASSIGNED = "task_reassigned"
    TASK_COMMENTED = "task_commented"
    TASK_NUDGED = "task_nudged"
    TASK_REMINDED = "task_reminded"
    TASK_OVERDUE = "task_overdue"
    TASK_ESCALATED = "task_escalated"
    STANDARD_NEARING = "standard_nearing"
    STANDARD_MISSED = "standard_missed"
    STANDARD_ESCALATED = "standard_escalated"
    # who works on it
    RECUSED = "person_recused"
    SUBSTITUTE_DRAWN = "substitute_drawn"
    NOBODY_LEFT = "nobody_left"
    REROUTED = "task_rerouted"
    CAME_BACK = "task_came_back"
    # questions to the partner
    QUESTION_ASKED = "question_asked"
    QUESTION_REMINDED = "question_reminded"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_WITHDRAWN = "question_withdrawn"
    QUESTION_EXPIRED = "question_expired"
    RETRIED = "retry_asked"
    # repairs
    REPAIR_PROPOSED = "repair_proposed"
    REPAIR_DONE = "repair_done"
    REPAIR_ENDED = "repair_ended"
    LETTER_SENT_AGAIN = "letter_sent_again"
    # screening and holds
    SCREENED = "parties_screened"
    SCREENING_MISSING = "screening_not_possible"
    HOLD_SET = "hold_set"
    HOLD_ENDED = "hold_ended"
    RELIANCE_ENDED = "findings_asked_anew"
    REVIEW_OPENED = "review_opened"
    NOTICE_POSTED = "environmental_notice_posted"
    APPROVAL_ASKED_ANEW = "approval_asked_anew"
    APPROVAL_RENEWED = "approval_renewed"
    # money
    RESERVED = "money_reserved"
    QUEUED = "money_queued"
    OFFERED = "money_offered"
    RELEASED = "money_released"
    REDUCED = "money_not_approved_released"
    MONEY_LAPSING = "money_lapsing"
    YEAR_LAPSED = "money_of_year_lapsed"
    REPROFILE_ASKED = "money_move_asked"
    REPROFILED = "money_moved_between_years"
    NOT_REPROFILED = "money_not_moved"
    COMMITTED = "money_committed"
    CERTIFIED = "money_certified"
    UNCERTIFIED = "money_certified_no_more"
    PAID = "money_paid"
    RECOVERED = "money_recovered"
    DECOMMITTED = "money_let_go"
    # agreement
    AGREEMENT_GENERATED = "agreement_generated"
    CONDITIONS_ACCEPTED = "conditions_accepted"
    EVIDENCE_GIVEN = "condition_evidence_given"
    JUDGEMENT_ASKED = "condition_judgement_asked"
    CONDITION_REMINDED = "condition_reminded"
    CONDITION_OVERDUE = "condition_overdue"
    CONDITION_ESCALATED = "condition_escalated"
    CONDITION_JUDGED = "condition_judged"
    PARTNER_SIGNED = "agreement_signed_by_partner"
    DEPARTMENT_SIGNED = "agreement_signed_by_department"
    ACTIVATED = "agreement_active"
    AGREEMENT_BEGAN = "agreement_schedule_set"
    REPORT_REMINDED = "report_reminded"
    REPORT_OVERDUE = "report_overdue"
    REPORT_SUBMITTED = "report_submitted"
    REPORT_READ = "report_judged"
    PAYMENT_CLAIMED = "payment_claimed"
    PAYMENT_RETURNED = "payment_returned"
    PAYMENT_CERTIFIED = "payment_certified"
    PAYMENT_REQUISITIONED = "payment_requisitioned"
    PAYMENT_GIVEN_BACK = "payment_given_back"
    PAYMENT_LATE = "payment_late"
    PAYMENT_MADE = "payment_made"
    OVERPAYMENT_FOUND = "overpayment_found"
    OVERPAYMENT_REMINDED = "overpayment_reminded"
    OVERPAYMENT_OVERDUE = "overpayment_overdue"
    OVERPAYMENT_RECOVERED = "overpayment_recovered"
    AGREEMENT_CLOSED = "agreement_closed"
    ASSESSMENT_LAPSED = "assessment_lapsed"
    ASSESSMENT_RENEWED = "assessment_renewed"
    # the installation
    SIGNED_IN = "person_signed_in"
    SIGNED_OUT = "person_signed_out"
    SESSIONS_ENDED = "sessions_ended"
    SIGN_IN_FAILED = "sign_in_failed"
    REFUSED_ATTEMPT = "attempt_refused"
    PASSWORD_LINK_MADE = "password_link_made"  # noqa: S105 - a type of event
    PASSWORD_SET = "password_set"  # noqa: S105 - a type of event
    GRANT_PROPOSED = "role_proposed"
    GRANTED = "role_granted"
    GRANT_DROPPED = "role_not_granted"
    GRANT_ENDED = "role_ended"
    GRANT_ATTESTED = "role_attested"
    GRANT_LAPSED = "role_lapsed"
    DELEGATED = "authority_delegated"
    DELEGATION_ENDED = "delegation_ended"
    ACTING_PROPOSED = "acting_appointment_proposed"
    ACTING_APPOINTED = "acting_appointment_made"
    ACTING_NOT_APPOINTED = "acting_appointment_not_made"
    """Refused, withdrawn or lapsed: nobody was appointed."""
    ABSENCE_SET = "absence_set"
    ABSENCE_ENDED = "absence_ended"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_DEACTIVATED = "person_deactivated"
    PERSON_REACTIVATED = "person_reactivated"
    ORGANIZATION_ADDED = "organization_added"
    ORGANIZATION_CHANGED = "organization_changed"
    CALL_ANNOUNCED = "call_announced"
    CALL_CHANGED = "call_changed"
    CALL_EXTENDED = "call_extended"
    CALL_CLOSED = "call_closed"
    LIST_IMPORTED = "list_imported"
    NAME_CHECKED = "name_checked"
    POLICE_TOLD = "police_told"
    POLICE_REMINDED = "police_reminded"
    RECORD_PROPOSED = "reusable_record_proposed"
    RECORD_CONFIRMED = "reusable_record_confirmed"
    RECORD_REFUSED = "reusable_record_refused"
    RECORD_WITHDRAWN = "reusable_record_withdrawn"
    RECORD_SUPERSEDED = "reusable_record_superseded"
    RECORD_EXPIRED = "reusable_record_expired"
    RECORD_EXPIRING = "reusable_record_expiring"
    AUTHORIZATION_ENDING = "authorization_ending"
    AUTHORIZATION_ENDED = "authorization_ended"
    INCIDENT_REPORTED = "incident_reported"
    INCIDENT_ASSESSED = "incident_assessed"
    INCIDENT_REFUSED = "incident_assessment_refused"
    INCIDENT_CLOSED = "incident_closed"
    INCIDENT_OVERDUE = "incident_assessment_overdue"
    INCIDENT_ESCALATED = "incident_assessment_escalated"
    EVIDENCE_READ = "evidence_read"
    NOTIFICATIONS_CHOSEN = "notifications_chosen"
    LANGUAGE_CHOSEN = "language_chosen"
    PROBLEM_REPORTED = "problem_reported"
    MAIL_SENT_AGAIN = "mail_sent_again"
    FUND_OPENING_PROPOSED = "fund_opening_proposed"
    FUND_OPENED = "fund_opened"
    FUND_OPENING_ENDED = "fund_opening_ended"
    """Refused, withdrawn or lapsed: no fund was opened."""
    FUND_CORRECTION_PROPOSED = "fund_correction_proposed"
    FUND_CORRECTED = "fund_corrected"
    FUND_CORRECTION_ENDED = "fund_correction_ended"
    """Refused, withdrawn by who proposed it, or lapsed: nothing was changed."""
    BULK_ORDERED = "bulk_ordered"
    BULK_ENDED = "bulk_ended"
    SEEDED = "demonstration_prepared"
    # records, keys and exports
    TEXTS_DISPOSED = "texts_disposed"
    RECORDS_HELD = "records_held"
    RECORDS_RELEASED = "records_released"
    KEY_DESTROYED = "data_key_destroyed"
    KEY_ROTATED = "wrapping_key_rotated"
    PAYLOADS_DECODED = "payloads_decoded"
    CASE_EXPORTED = "case_exported"


PARTNER_EVENTS = frozenset(
    {
        EventType.CREATED,
        EventType.DOCUMENT_ADDED,
        EventType.DOCUMENT_REMOVED,
        EventType.SUBMITTED,
        EventType.RESUBMITTED,
        EventType.RETURNED,
        EventType.QUESTION_ASKED,
        EventType.QUESTION_REMINDED,
        EventType.QUESTION_ANSWERED,
        EventType.QUESTION_WITHDRAWN,
        EventType.QUESTION_EXPIRED,
        EventType.WITHDRAWN,
        EventType.LAPSED,
        EventType.RECONSIDERATION_ASKED,
        EventType.LETTER_WRITTEN,
        EventType.LETTER_SENT_AGAIN,
        EventType.AGREEMENT_GENERATED,
        EventType.CONDITIONS_ACCEPTED,
        EventType.EVIDENCE_GIVEN,
        EventType.CONDITION_REMINDED,
        EventType.CONDITION_OVERDUE,
        EventType.CONDITION_JUDGED,
        EventType.PARTNER_SIGNED,
        EventType.DEPARTMENT_SIGNED,
        EventType.ACTIVATED,
        EventType.AGREEMENT_BEGAN,
        EventType.REPORT_REMINDED,
        EventType.REPORT_OVERDUE,
        EventType.REPORT_SUBMITTED,
        EventType.REPORT_READ,
        EventType.PAYMENT_CLAIMED,
        EventType.PAYMENT_RETURNED,
        EventType.PAYMENT_MADE,
        EventType.OVERPAYMENT_FOUND,
        EventType.OVERPAYMENT_REMINDED,
        EventType.OVERPAYMENT_OVERDUE,
        EventType.OVERPAYMENT_RECOVERED,
        EventType.AGREEMENT_CLOSED,
    }
)
"""The types that a partner reads in its own history."""


class TextRef(Value):
    """Points at a text beside the chain: its id and its salted SHA-256."""

    id: str
    digest: str


class Event(Value):
    """What happened, as its source tells it; the store adds position and hashes.

    `(source, source_seq)` is the event's own key within its subject: the same key with the same
    content is recorded once, with other content it is a conflict that stops the source.
    """

    subject: str
    source: str
    source_seq: int
    type: EventType
    occurred_at: datetime
    actor: Actor
    request_id: str | None = None
    policy_version: str | None = None
    data: dict[str, Any] = {}
    texts: dict[str, TextRef] = {}


class Recorded(Event):
    """An event with the place that the store gave it in its subject's chain."""

    id: str
    position: int
    recorded_at: datetime
    previous_hash: str
    hash: str
