"""Incidents and country events: who reports, assesses and confirms, and what each is late against.

Whoever works on cases reports, and a partner what it knows of its own work. An incident ends with
a new assessment (domain.md, 2.2: resumption needs one) by two people, of whom the second answers
for the activity. The administrator decides nothing here, and the auditor only reads.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from policy.rules import holds
from schemas.errors import Forbidden, Gap, Malformed, Refused
from schemas.holds import HoldKind
from schemas.in_force import IncidentPolicy
from schemas.incidents import IncidentKind, IncidentOutcome
from schemas.people import LEVELS, PARTNER_ROLES, Candidate, Discipline, Level, Role, Viewer
from schemas.tasks import TaskKind

ASSESSING: tuple[Candidate, ...] = (
    Candidate(role=Role.REVIEWER, scope=Discipline.HUMAN_RIGHTS),
    Candidate(role=Role.REVIEWER, scope=Discipline.NORMS),
    Candidate(role=Role.LEGAL, scope="all"),
)
"""Who assesses, beside the programme officers."""
CONFIRMING: tuple[Candidate, ...] = tuple(
    Candidate(role=Role.APPROVER, scope=level)
    for level in LEVELS[LEVELS.index(Level.DIRECTOR_GENERAL) :]
)
"""Who confirms an assessment: a director general or above."""

ABOVE: tuple[Candidate, ...] = (
    Candidate(role=Role.APPROVER, scope=Level.ASSISTANT_DEPUTY_MINISTER),
)
"""Who is told once an overdue assessment has stayed so."""


def may_report(viewer: Viewer) -> bool:
    return any(holds.may_set(HoldKind.SUSPENSION, grant.role) for grant in viewer.grants)


def reports_as_partner(viewer: Viewer) -> bool:
    """Whether what *viewer* reports is its own organization's word."""
    return viewer.is_partner and not viewer.is_staff


def may_assess(viewer: Viewer) -> bool:
    return viewer.holds(Role.PROGRAMME_OFFICER) or any(viewer.covers(each) for each in ASSESSING)


def may_confirm(viewer: Viewer, assessed_by: str | None) -> bool:
    """Who confirms is a director general or above, and did not assess."""
    return viewer.id != assessed_by and any(viewer.covers(each) for each in CONFIRMING)


def may_read(viewer: Viewer, organization: str | None, *, by_partner: bool) -> bool:
    """All staff; a partner what its own organization reported, and nothing else."""
    if viewer.is_staff:
        return True
    own = {grant.scope for grant in viewer.grants if grant.role in PARTNER_ROLES}
    return by_partner and organization in own


def acting_role(viewer: Viewer) -> Role:
    """The role in which *viewer* reports or assesses."""
    return next(
        grant.role for grant in viewer.grants if holds.may_set(HoldKind.SUSPENSION, grant.role)
    )


def check_may_report(viewer: Viewer, kind: IncidentKind, organization: str | None) -> None:
    if not may_report(viewer):
        raise Forbidden("incident_not_for_role")
    if reports_as_partner(viewer):
        if kind is IncidentKind.COUNTRY_EVENT:
            raise Forbidden("country_event_staff_only")
        if organization not in (None, viewer.organization):
            raise Forbidden("incident_of_own_organization_only")


def check_may_assess(viewer: Viewer) -> None:
    if not may_assess(viewer):
        raise Forbidden("incident_assessment_not_for_role")


def check_may_confirm(viewer: Viewer, assessed_by: str | None) -> None:
    if not any(viewer.covers(each) for each in CONFIRMING):
        raise Forbidden("incident_confirmation_not_for_role")
    if viewer.id == assessed_by:
        raise Refused("incident_assessment_own")


def check_instants(occurred_at: datetime, learned_at: datetime, now: datetime) -> None:
    """It happened, then somebody learned of it, and now it is reported."""
    gaps = []
    if learned_at > now:
        gaps.append(Gap(pointer="/learned_at", code="in_the_future"))
    if occurred_at > learned_at:
        gaps.append(Gap(pointer="/occurred_at", code="after_it_was_known"))
    if gaps:
        raise Malformed(*gaps)


def check_scope(kind: IncidentKind, given: Mapping[str, Collection[object]]) -> None:
    """A country event names its countries; any other names whom or what it is about."""
    if kind is IncidentKind.COUNTRY_EVENT:
        if not given["countries"]:
            raise Malformed(Gap(pointer="/countries", code="required"))
    elif not any(given.values()):
        raise Malformed(Gap(pointer="/references", code="incident_touches_nothing"))


def due_at(learned_at: datetime, kind: IncidentKind, policy: IncidentPolicy) -> datetime:
    """Until when it should have been reported: by the hour, weekends included."""
    return learned_at + timedelta(hours=policy.rule(kind).report_within_hours)


def anew(outcome: IncidentOutcome, disciplines: Collection[str]) -> tuple[str, ...]:
    """The kinds of finding that are asked for anew where an incident ended so."""
    if outcome is IncidentOutcome.UNFOUNDED:
        return ()
    return tuple(TaskKind(f"compliance.{each}").value for each in disciplines)
