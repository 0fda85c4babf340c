"""Every table of the store, by subject.

Money is whole cents. Instants are UTC. Nothing here knows a rule: what may change is decided
in `policy` and `workflows`, what is read is filtered by `visibility`.
"""

from store.tables.acting_appointments import ActingAppointmentRow
from store.tables.chain import (
    AlarmRow,
    ChainHeadRow,
    DocumentPartRow,
    DocumentRow,
    EventRow,
    KeyRow,
    TextRow,
)
from store.tables.feed import FeedRow, FeedWaitingRow
from store.tables.fund_openings import FundOpeningRow
from store.tables.incidents import IncidentRow, IncidentTouchRow
from store.tables.looks import LookRow
from store.tables.messages import (
    IdempotencyRow,
    LeaseRow,
    MessageRow,
    NotificationPreferenceRow,
    NotificationRow,
)
from store.tables.money import (
    FundCorrectionLineRow,
    FundCorrectionRow,
    FundMoveRow,
    FundRow,
    ReservationFundRow,
    ReservationRow,
)
from store.tables.people import (
    AbsenceRow,
    DelegationRow,
    GrantRow,
    OrganizationRow,
    PasswordLinkRow,
    PersonRow,
    TokenRow,
)
from store.tables.proposals import (
    AudienceRow,
    CallRow,
    DraftRow,
    JourneyRow,
    LetterRow,
    PlaceRow,
    ProposalRow,
    ReadyMinuteRow,
    RecusalRow,
    ReferenceRow,
    RevisionRow,
)
from store.tables.reusable_records import AuthorizationRow, RecordUseRow, ReusableRecordRow
from store.tables.screening import HitRow, ListEntryRow, ListRow, RescreeningRow, SnapshotRow
from store.tables.tasks import (
    BulkItemRow,
    BulkJobRow,
    ClaimRow,
    TaskCandidateRow,
    TaskRow,
    UnattendedRow,
)

__all__ = [
    "AbsenceRow",
    "ActingAppointmentRow",
    "AlarmRow",
    "AudienceRow",
    "AuthorizationRow",
    "BulkItemRow",
    "BulkJobRow",
    "CallRow",
    "ChainHeadRow",
    "ClaimRow",
    "DelegationRow",
    "DocumentPartRow",
    "DocumentRow",
    "DraftRow",
    "EventRow",
    "FeedRow",
    "FeedWaitingRow",
    "FundCorrectionLineRow",
    "FundCorrectionRow",
    "FundMoveRow",
    "FundOpeningRow",
    "FundRow",
    "GrantRow",
    "HitRow",
    "IdempotencyRow",
    "IncidentRow",
    "IncidentTouchRow",
    "JourneyRow",
    "KeyRow",
    "LeaseRow",
    "LetterRow",
    "ListEntryRow",
    "ListRow",
    "LookRow",
    "MessageRow",
    "NotificationPreferenceRow",
    "NotificationRow",
    "OrganizationRow",
    "PasswordLinkRow",
    "PersonRow",
    "PlaceRow",
    "ProposalRow",
    "ReadyMinuteRow",
    "RecordUseRow",
    "RecusalRow",
    "ReferenceRow",
    "RescreeningRow",
    "ReservationFundRow",
    "ReservationRow",
    "ReusableRecordRow",
    "RevisionRow",
    "SnapshotRow",
    "TaskCandidateRow",
    "TaskRow",
    "TextRow",
    "TokenRow",
    "UnattendedRow",
]
