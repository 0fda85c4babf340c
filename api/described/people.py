"""Answers about people, organizations, grants of power, delegations and absences."""

from typing import Any, Literal

from pydantic import Field

from api.described.base import Answer, Day, Instant, Named
from schemas.people import GrantState, Role
from schemas.proposal import (
    PartnerKind,
)
from schemas.tasks import TaskKind
from schemas.values import Language


class Token(Answer):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class Granted(Answer):
    role: Role
    scope: str


class DelegatedGrant(Answer):
    role: Role
    scope: str
    giver: Named
    delegation: str
    ends_on: Day


class Me(Answer):
    id: str
    name: str
    email: str
    organization: str | None
    grants: list[Granted]
    delegated: list[DelegatedGrant] = Field(
        description="What others let one do on their behalf today."
    )
    language: Language


class Account(Answer):
    email: str
    password: str
    name: str
    organization: str | None
    grants: list[Granted]


class Organization(Answer):
    id: str
    name: str
    kind: PartnerKind
    kind_confirmed: bool
    country: str | None
    identifiers: dict[str, str]
    language: Language
    people: list[dict[str, Any]] = Field(description="Directors and owners with shares.")
    version: int
    demonstration: bool


class Warned(Answer):
    code: Literal["signs_and_certifies", "certifies_and_requisitions"]
    detail: str = Field(description="A sentence in the reader's language.")


class Grant(Answer):
    id: str
    person: str
    role: Role
    scope: str
    starts_on: Day
    ends_on: Day | None
    reason: str | None = Field(description="To administrators and auditors alone.")
    granted_by: str
    confirmed_by: str | None
    confirmed_on: Day | None
    dropped_by: str | None = Field(description="Who refused or withdrew it.")
    attested_by: str | None
    attested_on: Day | None
    attest_by: Day | None = Field(description="It lapses after this day unless it is attested.")
    state: GrantState
    in_force: bool
    warnings: list[Warned]


class Person(Answer):
    id: str
    name: str
    email: str
    organization: str | None
    language: Language
    active: bool
    demonstration: bool
    version: int
    grants: list[Grant]


class ActingAppointment(Answer):
    id: str = Field(description="Of the delegation too, once it is made: acts under it name it.")
    holder: Named
    acting: Named
    grants: list[Granted]
    starts_on: Day
    ends_on: Day
    state: Literal["proposed", "done", "refused", "withdrawn", "lapsed"]
    reason: str | None
    proposed_by: Named | None
    proposed_at: Instant
    due_at: Instant
    ended_by: Named | None
    ended_at: Instant | None
    answer: str | None
    in_force: bool
    taken_away_at: Instant | None = Field(description="When it was ended before its last day.")


class Delegation(Answer):
    id: str
    acting: bool = Field(description="Whether it is an acting appointment, made by two people.")
    giver: Named
    receiver: Named
    grants: list[Granted]
    starts_on: Day
    ends_on: Day
    reason: str | None
    made_at: Instant
    ended_at: Instant | None = Field(description="When it was ended early.")
    in_force: bool


class Absence(Answer):
    starts_on: Day | None
    ends_on: Day | None = Field(description="Null: until it is taken back.")
    away: bool
    version: int = Field(description="Also the `ETag`; 0 where nothing was ever said.")


class Session(Answer):
    id: str
    since: Instant | None
    used_at: Instant | None = Field(description="To the hour.")
    expires_at: Instant
    agent: str | None = Field(description="What the browser says it is.")
    current: bool = Field(description="The one that asks.")


class SessionsEnded(Answer):
    ended: int


class Unattended(Answer):
    """Nothing but who could take it where the task would tell of evidence that one does not see."""

    id: str | None
    reference: str | None
    kind: TaskKind | None
    candidates: list[Granted]
    due_at: Instant | None
    why: Literal["nobody_may_take", "everybody_away"]
    away: list[Named]


class Recused(Answer):
    task: str
    reference: str
    recused: bool


class Invitation(Answer):
    person: str
    name: str
    organization: str | None
    link: str | None = Field(
        description="Works once, until `expires_at`. Shown here alone where no e-mail is sent; "
        "otherwise null, and in that e-mail alone."
    )
    sent_to: str | None = Field(description="The address that the e-mail with the link goes to.")
    path: str
    expires_at: Instant


class PasswordSet(Answer):
    email: str
