"""An office with a real store on a file, a clock that is set by hand, and a threshold."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from sqlmodel import SQLModel, select

from commands.signing_in import password_hasher
from schemas.people import Candidate, Role, Viewer
from store import tables
from store.database import Database


@dataclass
class FakeOffice:
    database: Database
    today: datetime = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
    hasher: Any = field(default_factory=lambda: password_hasher(cheap=True))
    demonstration: bool = True
    mail: None = None

    def now(self) -> datetime:
        return self.today

    @property
    def catalogue(self) -> Any:
        rules = SimpleNamespace(screening=SimpleNamespace(threshold=0.7, judgement_months=12))
        return SimpleNamespace(in_force=lambda _: rules)


async def an_office(folder) -> Any:
    database = Database(f"sqlite+aiosqlite:///{folder / 'accord.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    return FakeOffice(database)


def a_viewer(role: Role, scope: str = "all", id: str = "viewer") -> Viewer:  # noqa: A002
    return Viewer(
        id=id,
        name="A viewer",
        email="viewer@accord.example",
        organization=None,
        grants=(Candidate(role=role, scope=scope),),
    )


async def a_person(office, id: str, *, organization: str | None = None, grants=()) -> None:  # noqa: A002
    async with office.database.writing() as session:
        session.add(
            tables.PersonRow(
                id=id,
                email=f"{id}@accord.example",
                name=id,
                organization=organization,
                password_hash=office.hasher.hash("correct horse"),
            )
        )
        await session.flush()
        for number, (role, scope, ends_on) in enumerate(grants):
            session.add(
                tables.GrantRow(
                    id=f"{id}-{number}",
                    person=id,
                    role=role,
                    scope=scope,
                    starts_on=date(2026, 1, 1),
                    ends_on=ends_on,
                    granted_by="one",
                    confirmed_by="two",
                )
            )


async def rows(office, table) -> list[Any]:

    async with office.database.reading() as session:
        found = list(await session.exec(select(table)))
        session.expunge_all()
        return found


HEADER = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,last_seen\n"


def a_list(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines) + "\n").encode()
