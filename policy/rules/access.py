"""Who sees a proposal: the one pure predicate, which the store's SQL filter must equal.

Who may decide a task is not told here.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.acts import Audience
from schemas.people import ALL, PARTNER_ROLES, Candidate, Discipline, Level, Role, Viewer

_FROM_SUBMISSION = (
    Role.PROGRAMME_OFFICER,
    Role.FINANCE_OFFICER,
    Role.CERTIFIER,
    Role.PAYMENT_AUTHORITY,
)
_EVERYTHING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def may_see(viewer: Viewer, audience: Audience) -> bool:
    """Whether *viewer* may know that the proposal exists.

    A draft is seen by its organization alone (one that an officer opened: by the program's
    officers alone); a call's submission by no staff before the call closes; a recused person
    sees nothing of it. Who stands in for another sees what the other's grant shows, unless the
    other is recused.
    """
    if viewer.id in audience.recused:
        return False
    if audience.draft and audience.by_officer:
        officer = Candidate(role=Role.PROGRAMME_OFFICER, scope=audience.programme)
        return _is_shown(viewer, officer, audience)
    if _is_of_organization(viewer, audience):
        return True
    if audience.draft or audience.call_open:
        return False
    return any(viewer.holds(role) for role in _EVERYTHING) or any(
        entry.role not in PARTNER_ROLES and _is_shown(viewer, entry, audience)
        for entry in audience.entries
    )


def sees_partner_view(viewer: Viewer, audience: Audience) -> bool:
    """Whether what *viewer* sees of the proposal is the partner's view, whatever else they hold."""
    return _is_of_organization(viewer, audience) and may_see(viewer, audience)


def entries_on_submission(programme: str) -> tuple[Candidate, ...]:
    """The roles of the program that see every proposal of it from submission on."""
    return tuple(Candidate(role=role, scope=programme) for role in _FROM_SUBMISSION)


def entries_of_task(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The roles that see the proposal from the opening of a task on, for good."""
    return tuple(dict.fromkeys(candidates))


EVIDENCE: tuple[tuple[Role, str | None], ...] = (
    (Role.REVIEWER, Discipline.SCREENING),
    (Role.LEGAL, None),
    (Role.AUDITOR, None),
    (Role.APPROVER, Level.DIRECTOR_GENERAL),
)
"""The grants that show screening evidence; None stands for any scope."""


def may_see_evidence(viewer: Viewer, reference: str) -> bool:
    """Whether *viewer* may read the screening evidence of a proposal that they see as staff."""
    return any(
        viewer.holds(role, scope) or viewer.stands_in(role, scope, reference)
        for role, scope in EVIDENCE
    )


def may_see_answers(viewer: Viewer) -> bool:
    """Whether *viewer* may read the answers of the tasks of a proposal that they see as staff."""
    return viewer.is_staff and not viewer.holds(Role.ADMINISTRATOR)


def may_comment(viewer: Viewer) -> bool:
    """Whether *viewer* may say something beside the tasks that they see.

    Whoever works on cases: an auditor changes nothing, an administrator reads no answers.
    """
    watching = PARTNER_ROLES | _EVERYTHING
    return may_see_answers(viewer) and any(grant.role not in watching for grant in viewer.grants)


def _is_shown(viewer: Viewer, entry: Candidate, audience: Audience) -> bool:
    return viewer.covers(entry) or any(
        each.role == entry.role
        and each.scope in (entry.scope, ALL)
        and each.giver not in audience.recused
        for each in viewer.delegated
    )


def may_nudge(viewer: Viewer) -> bool:
    """Whether *viewer* may let those be reminded on whom a task waits, where they see the task.

    It changes nothing of the case; only an auditor, who changes nothing at all, may not.
    """
    silent = PARTNER_ROLES | {Role.AUDITOR}
    return viewer.is_staff and any(grant.role not in silent for grant in viewer.grants)


def _is_of_organization(viewer: Viewer, audience: Audience) -> bool:
    return any(
        grant.role in PARTNER_ROLES and grant.scope in (audience.organization, ALL)
        for grant in viewer.grants
    )
