"""People, what they are granted, and who acts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from schemas.values import Value


class Role(StrEnum):
    CONTRIBUTOR = "contributor"
    SIGNATORY = "signatory"
    PROGRAMME_OFFICER = "programme_officer"
    REVIEWER = "reviewer"
    DESK_OFFICER = "desk_officer"
    HEAD_OF_DESK = "head_of_desk"
    FINANCE_OFFICER = "finance_officer"
    CERTIFIER = "certifier"
    PAYMENT_AUTHORITY = "payment_authority"
    APPROVER = "approver"
    SIGNING_AUTHORITY = "signing_authority"
    LEGAL = "legal"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


PARTNER_ROLES = frozenset({Role.CONTRIBUTOR, Role.SIGNATORY})
ALL = "all"


class Level(StrEnum):
    """Rungs of approval, lowest first."""

    DIRECTOR = "director"
    DIRECTOR_GENERAL = "director_general"
    ASSISTANT_DEPUTY_MINISTER = "assistant_deputy_minister"
    DEPUTY_MINISTER = "deputy_minister"
    MINISTER = "minister"
    TREASURY_BOARD = "treasury_board"


LEVELS = tuple(Level)
ON_PAPER = frozenset({Level.MINISTER, Level.TREASURY_BOARD})
"""Levels that do not sign in: their decision is recorded from a signed page."""


class Desk(StrEnum):
    AMERICAS = "americas"
    AFRICA = "africa"
    MIDDLE_EAST = "middle_east"
    MAGHREB = "maghreb"
    ASIA_PACIFIC = "asia_pacific"


class Discipline(StrEnum):
    NORMS = "norms"
    HUMAN_RIGHTS = "human_rights"
    GENDER = "gender"
    SCREENING = "screening"
    EXPORT_CONTROL = "export_control"
    ENVIRONMENT = "environment"
    INFORMATION_SHARING = "information_sharing"
    TERRITORY = "territory"
    COUNTRY_MEASURES = "country_measures"
    MERIT = "merit"


class Candidate(Value):
    """Who may take a task: a role in a scope (organization, program, discipline, desk, level)."""

    role: Role
    scope: str


class Grant(Value):
    """A role in a scope, from a day until a day (inclusive; None: no end), and who stands for it.

    `confirmed_on`: the day of the second person's yes; `attested_on`: the last day on which an
    administrator said that it is still needed; `dropped`: refused or withdrawn before it held.
    Whether it holds is told by `policy.rules.grants`.
    """

    role: Role
    scope: str
    starts_on: date
    ends_on: date | None = None
    confirmed_on: date | None = None
    attested_on: date | None = None
    dropped: bool = False


class GrantState(StrEnum):
    """Where a grant stands on a day."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    ENDED = "ended"


class Delegated(Value):
    """A grant that *giver* lets the person use, under a delegation that is in force today.

    `recused`: the proposals that the giver lost sight of; there it is worth nothing to the
    receiver either.
    """

    role: Role
    scope: str
    giver: str
    giver_organization: str | None = None
    delegation: str
    recused: frozenset[str] = frozenset()


class Candidacy(Value):
    """As what a person may take a task: in their own right, or on behalf of whom under what."""

    candidate: Candidate
    on_behalf_of: str | None = None
    principal_organization: str | None = None
    delegation: str | None = None


class Viewer(Value):
    """A signed-in person with the grants that hold today.

    `grants` are the person's own, `delegated` those of others; what is not work on a proposal's
    tasks asks for one's own.
    """

    id: str
    name: str
    email: str
    organization: str | None
    language: str = "en"
    grants: tuple[Candidate, ...] = ()
    delegated: tuple[Delegated, ...] = ()

    def holds(self, role: Role, scope: str | None = None) -> bool:
        """Whether a grant of *role* covers *scope* (any scope when None)."""
        return any(
            g.role == role and (scope is None or g.scope in (scope, ALL)) for g in self.grants
        )

    def covers(self, candidate: Candidate) -> bool:
        return self.holds(candidate.role, candidate.scope)

    def acting_as(self, way: Candidacy | Candidate, *, delegation: str | None = None) -> Actor:
        """This person as events know them: in which role, and on whose behalf.

        *delegation*: the version of the delegation of authority that they rely on; who acts on
        behalf of another relies on the delegation of that person, which the event names instead.
        """
        way = way if isinstance(way, Candidacy) else Candidacy(candidate=way)
        return Actor(
            id=self.id,
            role=f"{way.candidate.role}:{way.candidate.scope}",
            organization=self.organization,
            on_behalf_of=way.on_behalf_of,
            delegation=way.delegation or delegation,
        )

    def stands_in(self, role: Role, scope: str | None, reference: str) -> bool:
        """Whether a grant that was delegated covers *scope* on the proposal *reference*."""
        return any(
            d.role == role
            and (scope is None or d.scope in (scope, ALL))
            and reference not in d.recused
            for d in self.delegated
        )

    @property
    def is_partner(self) -> bool:
        return any(g.role in PARTNER_ROLES for g in self.grants)

    @property
    def is_staff(self) -> bool:
        return any(g.role not in PARTNER_ROLES for g in self.grants)


class Actor(Value):
    """Who acts, as the workflow and the events know them: ids, no names."""

    id: str
    role: str | None = None
    organization: str | None = None
    on_behalf_of: str | None = None
    delegation: str | None = None


SYSTEM = Actor(id="system", role="system")
