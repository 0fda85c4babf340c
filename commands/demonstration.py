"""The demonstration: invented people, organizations, funds and a list, all marked as such.

Never part of a real installation: the supervisor refuses a database that holds others beside
them (mechanics.md, The supervisor). Everything here may be done again and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from commands.screening import OPERATOR, take_list
from commands.signing_in import password_hasher
from policy.rules import grants
from policy.rules.clocks import fiscal_year, fiscal_year_start, toronto_day
from schemas.events import EventType
from schemas.people import ALL, LEVELS, ON_PAPER, Discipline, Level, Role
from schemas.proposal import PartnerKind
from schemas.values import Money
from store import people as store
from store.chain import append, installation_event
from store.tables import FundRow, GrantRow, OrganizationRow, PersonRow

DOMAIN = "accord.example"
LIST_ID = "demo_list"
PROGRAMMES = ("ACCBP", "ACCBP-HSE", "ACCBP-AVC", "CTCBP")
VOTES = ("grants", "contributions", "operating")
YEARS = 5
MOST_CENTS = 10_000_000_00
LARGER = {("CTCBP", "contributions"): 20_000_000_00}
_GRANTED_FOR_YEARS = 2

_ORGANIZATIONS = (
    ("demo-international-organization", "Demonstration international organization",
     PartnerKind.INTERNATIONAL_ORGANIZATION, "CH"),
    ("demo-ngo", "Demonstration NGO", PartnerKind.NGO, "CA"),
    ("oas", "OAS", PartnerKind.INTERNATIONAL_ORGANIZATION, "US"),
    ("unodc", "UNODC", PartnerKind.INTERNATIONAL_ORGANIZATION, "AT"),
)  # fmt: skip
_WITH_CONTRIBUTOR = 2
_APPROVERS = {
    Level.DIRECTOR: 2,
    Level.DIRECTOR_GENERAL: 3,
    Level.ASSISTANT_DEPUTY_MINISTER: 2,
    Level.DEPUTY_MINISTER: 2,
}


@dataclass(frozen=True)
class _Account:
    name: str
    role: Role
    scope: str
    organization: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"

    @property
    def id(self) -> str:
        return f"demo-{self.name.lower().replace(' ', '-')}"


def _staffing() -> tuple[_Account, ...]:
    """Who there is, in the order that api.md (Demonstration) promises."""
    return (*_partners(), *_staff())


def _partners() -> Iterable[_Account]:
    for number, (organization, *_) in enumerate(_ORGANIZATIONS, start=1):
        yield _Account(f"Signatory {number}", Role.SIGNATORY, organization, organization)
        if number <= _WITH_CONTRIBUTOR:
            yield _Account(f"Contributor {number}", Role.CONTRIBUTOR, organization, organization)


def _staff() -> Iterable[_Account]:
    yield from _numbered("Programme officer", Role.PROGRAMME_OFFICER, ALL)
    for discipline in Discipline:
        title = f"{discipline.value.replace('_', ' ').capitalize()} reviewer"
        yield from _numbered(title, Role.REVIEWER, discipline)
    yield from _numbered("Desk officer", Role.DESK_OFFICER, ALL)
    yield from _numbered("Head of desk", Role.HEAD_OF_DESK, ALL)
    yield from _numbered("Finance officer", Role.FINANCE_OFFICER, ALL)
    yield from _numbered("Certifier", Role.CERTIFIER, ALL)
    yield from _numbered("Payment authority", Role.PAYMENT_AUTHORITY, ALL)
    yield from _numbered("Signing authority", Role.SIGNING_AUTHORITY, ALL)
    for level in LEVELS:
        if level not in ON_PAPER:
            title = level.value.replace("_", " ").capitalize()
            yield from _numbered(title, Role.APPROVER, level, _APPROVERS[level])
    yield from _numbered("Legal", Role.LEGAL, ALL)
    yield from _numbered("Administrator", Role.ADMINISTRATOR, ALL)
    yield from _numbered("Auditor", Role.AUDITOR, ALL, 1)


def _numbered(title: str, role: Role, scope: str, how_many: int = 2) -> Iterable[_Account]:
    for number in range(1, how_many + 1):
        yield _Account(f"{title} {number}", role, scope)


async def seed_accounts(office: Office, password: str) -> None:
    """Organizations and accounts; a second time only a new password is taken over.

    They share one password, so that it is hashed once, and lightly: it is shown to everybody.
    """
    now = office.now()
    today = toronto_day(now)
    hasher = password_hasher(cheap=True)
    async with office.database.reading() as session:
        first = await session.get(PersonRow, _staffing()[0].id)
        known = first.password_hash if first else None
    if known is not None and await asyncio.to_thread(hasher.verify, password, known):
        kept = known
    else:
        kept = await asyncio.to_thread(hasher.hash, password)
    async with office.database.writing() as session:
        for organization in _ORGANIZATIONS:
            await _seed_organization(session, *organization, now)
        for account in _staffing():
            await _seed_account(session, account, kept, today, now)


async def _seed_organization(
    session: AsyncSession, id_: str, name: str, kind: PartnerKind, country: str, now: datetime
) -> None:
    if await session.get(OrganizationRow, id_) is not None:
        return
    row = OrganizationRow(
        id=id_, name=name, kind=kind, kind_confirmed=True, country=country, identifiers={},
        people=[], demonstration=True,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    data = {"organization": id_, "kind": kind.value, "demonstration": True}
    event = installation_event(
        EventType.ORGANIZATION_ADDED, OPERATOR, f"organization:{id_}:1", now, data=data
    )
    await append(session, event, now=now)


async def _seed_account(
    session: AsyncSession, account: _Account, password_hash: str, today: date, now: datetime
) -> None:
    known = await session.get(PersonRow, account.id)
    if known is not None:
        if known.password_hash != password_hash:
            known.password_hash = password_hash
            session.add(known)
        return
    session.add(
        PersonRow(
            id=account.id,
            email=account.email,
            name=account.name,
            organization=account.organization,
            password_hash=password_hash,
            demonstration=True,
        )
    )
    await session.flush()
    decides = account.role in grants.DECIDING_ROLES
    needs_two = account.role in grants.TWO_PERSON_ROLES
    grant = GrantRow(
        id=f"grant-{account.id}",
        person=account.id,
        role=account.role,
        scope=account.scope,
        starts_on=today,
        ends_on=_years_on(today) if decides else None,
        granted_by="demo-administrator-1",
        confirmed_by="demo-administrator-2" if needs_two else None,
        confirmed_on=today if needs_two else None,
    )
    session.add(grant)
    await session.flush()
    added = installation_event(
        EventType.PERSON_ADDED, OPERATOR, f"person:{account.id}", now,
        data={"person": account.id, "demonstration": True},
    )  # fmt: skip
    granted = installation_event(
        EventType.GRANTED, OPERATOR, f"grant:{grant.id}", now,
        data={
            "grant": grant.id,
            "person": account.id,
            "role": account.role.value,
            "scope": str(account.scope),
            "starts_on": grant.starts_on.isoformat(),
            "ends_on": grant.ends_on.isoformat() if grant.ends_on else None,
        },
    )  # fmt: skip
    await append(session, added, now=now)
    await append(session, granted, now=now)


def _years_on(day: date) -> date:
    try:
        return day.replace(year=day.year + _GRANTED_FOR_YEARS)
    except ValueError:
        return day.replace(year=day.year + _GRANTED_FOR_YEARS, day=28)


async def seed_funds(office: Office, cents: int | None = None) -> None:
    """A fund per program, vote and fiscal year, from the current year on; of *cents* each, where
    the demonstration's own budgets would run dry."""
    now = office.now()
    this_year = int(fiscal_year(toronto_day(now))[:4])
    async with office.database.writing() as session:
        for year in (f"{n}-{(n + 1) % 100:02d}" for n in range(this_year, this_year + YEARS)):
            for programme in PROGRAMMES:
                for vote in VOTES:
                    await _seed_fund(session, programme, vote, year, now, cents)


async def _seed_fund(
    session: AsyncSession,
    programme: str,
    vote: str,
    year: str,
    now: datetime,
    budget: int | None,
) -> None:
    id_ = f"{programme}-{vote}-{year}"
    if await session.get(FundRow, id_) is not None:
        return
    cents = budget or LARGER.get((programme, vote), MOST_CENTS)
    session.add(FundRow(id=id_, programme=programme, vote=vote, fiscal_year=year, budget=cents))
    await session.flush()
    data = {
        "fund": id_,
        "programme": programme,
        "vote": vote,
        "fiscal_year": year,
        "begins": fiscal_year_start(year).isoformat(),
        "budget": Money.of_cents(cents).model_dump(),
        "demonstration": True,
    }
    event = installation_event(EventType.FUND_OPENED, OPERATOR, f"fund:{id_}", now, data=data)
    await append(session, event, now=now)


async def seed_list(office: Office) -> None:
    """One small list of invented names, which no ordinary party resembles."""
    await take_list(
        office.database, OPERATOR, LIST_ID, ("Demonstration list", "Liste de démonstration"),
        _LIST.encode(), now=office.now(),
    )  # fmt: skip


async def accounts(office: Office, password: str) -> list[dict[str, Any]]:
    """The demonstration accounts in their order, with what they are granted."""
    today = toronto_day(office.now())
    async with office.database.reading() as session:
        found = {person.id: (person, held) for person, held in await store.all_people(session)}
        return [
            {
                "email": person.email,
                "password": password,
                "name": person.name,
                "organization": person.organization,
                "grants": [
                    {"role": grant.role, "scope": grant.scope}
                    for grant in held
                    if store.holds_on(grant, today)
                ],
            }
            for account in _staffing()
            if account.id in found
            for person, held in [found[account.id]]
        ]


_LIST = """\
id,schema,name,aliases,birth_date,countries,identifiers,sanctions
demo-entity-one,Organization,Demonstration listed entity one,Demo Listed Uno,,,,Invented
demo-entity-two,Company,Demonstration listed entity two,,,,,Invented
demo-entity-three,Organization,Demonstration listed entity three,,,,,Invented
demo-person-one,Person,Demonstration listed person one,,1901-01-01,,,Invented
demo-person-two,Person,Demonstration listed person two,,1902-02-02,,,Invented
"""
