"""`accord people invite`: what the operator is told."""

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cli import people
from cli.settings import Settings
from commands.office import Office
from commands.signing_in import password_hasher
from store import schema
from store.database import Database
from store.tables import PersonRow


@pytest.fixture
async def office(tmp_path: Path, monkeypatch):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'accord.db'}")
    await schema.migrate(database)
    # What inviting does not ask is left out.
    office = Office(
        database=database, catalogue=None, gateway=None, keys=None, signer=None,
        hasher=password_hasher(cheap=True),
    )  # fmt: skip

    @asynccontextmanager
    async def built(_settings):
        yield office

    monkeypatch.setattr(people, "build_office", built)
    yield office
    await database.close()


async def invite(name="Ada", email="ada@dept.example", role="administrator", language="en"):
    return await people.invite(Settings(), name, email, role, language)


async def test_the_operator_gets_a_link_for_each_of_the_first_two(office, capsys):
    assert await invite() == 0
    assert await invite("Ben", "ben@dept.example", language="fr") == 0
    assert "/people/passwords" in capsys.readouterr().out

    assert await invite("Eve", "eve@dept.example") == 1
    assert "There are 2 administrators" in capsys.readouterr().out
    async with office.database.reading() as session:
        assert await session.get(PersonRow, "eve") is None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"role": "reviewer"}, "Only administrators"),
        ({"email": "nonsense"}, "--email"),
        ({"language": "de"}, "--language"),
        ({"name": ""}, "--name"),
    ],
    ids=["role", "email", "language", "name"],
)
@pytest.mark.usefixtures("office")
async def test_what_cannot_be_used_is_named(capsys, asked, told):
    assert await invite(**asked) == 1
    assert told in capsys.readouterr().out
