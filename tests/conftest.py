"""What every test may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests import postgres
from tests.installation import Installation, an_engine, an_installation

KINDS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=KINDS,
        default="sqlite",
        help="the database of every test that does not name its own (make test-postgres)",
    )
    parser.addoption(
        "--fleet",
        action="store_true",
        help="also run the tests with many processes, which take minutes (make test-postgres)",
    )
    parser.addoption(
        "--attack",
        type=int,
        default=0,
        metavar="EXAMPLES",
        help="how much of each attack, other than the last time (make attack)",
    )


def pytest_configure(config: pytest.Config) -> None:
    postgres.SESSION.kind = config.getoption("--database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fleet"):
        return
    for item in items:
        if item.get_closest_marker("fleet"):
            item.add_marker(pytest.mark.skip(reason="many processes: make test-postgres"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `on_both_databases` runs on each, unless one is asked for.

    One marked `on_sqlite` needs the file itself, whatever is asked for.
    """
    if metafunc.definition.get_closest_marker("on_sqlite"):
        metafunc.parametrize("database_kind", ["sqlite"], indirect=True)
        return
    if metafunc.definition.get_closest_marker("on_both_databases"):
        asked = metafunc.config.getoption("--database")
        kinds = KINDS if asked == "sqlite" else (asked,)
        metafunc.parametrize("database_kind", kinds, indirect=True)


def pytest_unconfigure() -> None:
    postgres.end_of_session()


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    kind: str = getattr(request, "param", request.config.getoption("--database"))
    if kind == "postgresql" and not postgres.is_available():
        pytest.skip(f"no PostgreSQL: set {postgres.NAMED} to the address of a server")
    return kind


@pytest_asyncio.fixture
async def database_url(database_kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """An empty file, or a database of the test's own with this version's tables."""
    if database_kind == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'accord.db'}"
        return
    async with postgres.a_database() as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def engine() -> AsyncIterator[WorkflowEnvironment]:
    async with an_engine() as environment:
        yield environment


@pytest_asyncio.fixture
async def accord(
    engine: WorkflowEnvironment, tmp_path: Path, database_url: str
) -> AsyncIterator[Installation]:
    async with an_installation(engine, tmp_path, url=database_url) as installation:
        yield installation
