"""Reusable records: who makes, confirms and reads each kind, and how long one is good for.

A country baseline is owned by the mission or desk and by the human rights reviewers (domain.md,
2.6: OSJA stage 1, HRDDP); vettings and due diligence by the reviewers. Who confirms did not make
the record. The administrator decides nothing here, and reads no findings about people.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from schemas.errors import Forbidden, Gap, Malformed, Refused
from schemas.people import Discipline, Role, Viewer
from schemas.reusable_records import RecordKind, RecordResult
from schemas.tasks import RiskLevel

VALIDITY: Mapping[RecordKind, str] = {
    RecordKind.COUNTRY_BASELINE: "assistance_review",
    RecordKind.PARTNER_DUE_DILIGENCE: "assistance_review",
    RecordKind.UNIT_VETTING: "vetting_validity",
    RecordKind.PERSON_VETTING: "vetting_validity",
}
"""The statutory wait (`policy/in_force/statutory_waits`) that bounds each kind, in days."""
WARNED_BEFORE = timedelta(days=30)
"""So long before its last day those who may renew a record are told."""

_MAKES: Mapping[RecordKind, frozenset[Role]] = {
    RecordKind.COUNTRY_BASELINE: frozenset({Role.DESK_OFFICER, Role.HEAD_OF_DESK}),
    RecordKind.PARTNER_DUE_DILIGENCE: frozenset({Role.PROGRAMME_OFFICER}),
}
_CONFIRMS: Mapping[RecordKind, frozenset[Role]] = {
    RecordKind.COUNTRY_BASELINE: frozenset({Role.HEAD_OF_DESK}),
}
_READS_VETTINGS = frozenset(
    {
        Role.REVIEWER,
        Role.PROGRAMME_OFFICER,
        Role.DESK_OFFICER,
        Role.HEAD_OF_DESK,
        Role.APPROVER,
        Role.LEGAL,
        Role.AUDITOR,
    }
)


def may_make(viewer: Viewer, kind: RecordKind) -> bool:
    return _reviews(viewer) or any(viewer.holds(role) for role in _MAKES.get(kind, ()))


def may_confirm(viewer: Viewer, kind: RecordKind) -> bool:
    """Whether *viewer* is of those who confirm, and withdraw, records of *kind*."""
    return _reviews(viewer) or any(viewer.holds(role) for role in _CONFIRMS.get(kind, ()))


def may_read(viewer: Viewer, kind: RecordKind) -> bool:
    """Baselines and due diligence: all staff; what is said of units and people: those who
    review, decide or audit."""
    if kind.is_vetting:
        return any(viewer.holds(role) for role in _READS_VETTINGS)
    return viewer.is_staff


def acting_role(viewer: Viewer, kind: RecordKind) -> Role:
    """The role in which *viewer* acts on a record of *kind*."""
    if _reviews(viewer):
        return Role.REVIEWER
    own = _MAKES.get(kind, frozenset()) | _CONFIRMS.get(kind, frozenset())
    return next(role for role in Role if role in own and viewer.holds(role))


def check_may_make(viewer: Viewer, kind: RecordKind) -> None:
    if not may_make(viewer, kind):
        raise Forbidden("record_not_for_role", kind=kind.value)


def check_may_confirm(viewer: Viewer, kind: RecordKind, made_by: str) -> None:
    """Who confirms did not make it (product.md, section 2)."""
    if not may_confirm(viewer, kind):
        raise Forbidden("record_not_for_role", kind=kind.value)
    if viewer.id == made_by:
        raise Refused("record_own")


def check_content(
    kind: RecordKind,
    levels: Mapping[str, RiskLevel],
    result: RecordResult | None,
    known_risks: Collection[str],
    *,
    counts_mitigation: bool,
) -> None:
    """A baseline has a level for each risk that it weighs and no credit for mitigation (NSIRA,
    review of 2022); a vetting and a due diligence have a result."""
    gaps = []
    if kind is RecordKind.COUNTRY_BASELINE:
        if not levels:
            gaps.append(Gap(pointer="/levels", code="required"))
        gaps += [
            Gap(pointer=f"/levels/{risk}", code="unknown_value")
            for risk in levels
            if risk not in known_risks
        ]
        if result is not None:
            gaps.append(Gap(pointer="/result", code="record_has_levels"))
        if counts_mitigation:
            gaps.append(Gap(pointer="/counts_mitigation", code="mitigation_in_baseline"))
    else:
        if result is None:
            gaps.append(Gap(pointer="/result", code="required"))
        if levels:
            gaps.append(Gap(pointer="/levels", code="record_has_result"))
    if gaps:
        raise Malformed(*gaps)


def last_day(confirmed_on: date, days: int, asked: date | None) -> date:
    """The last day on which a record confirmed today may be relied on; asked for earlier, that."""
    longest = confirmed_on + timedelta(days=days)
    return min(longest, asked) if asked is not None else longest


def changes_what_rests_on_it(
    before: tuple[Mapping[str, str], str | None], after: tuple[Mapping[str, str], str | None]
) -> bool:
    """Whether a newer record says something else, so that what relied on the older is asked anew.

    One that says the same only goes on for longer.
    """
    return (dict(before[0]), before[1]) != (dict(after[0]), after[1])


def _reviews(viewer: Viewer) -> bool:
    return viewer.holds(Role.REVIEWER, Discipline.HUMAN_RIGHTS)
