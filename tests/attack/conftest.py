"""One installation per file of attacks, with everybody signed in, and what it logs."""

import io
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import structlog
from temporalio.testing import WorkflowEnvironment

from cli.logging import configure
from cli.settings import Settings
from tests.journeys.client import Client, a_client


@pytest_asyncio.fixture(scope="module")
async def client(
    engine: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    async with a_client(engine, tmp_path_factory.mktemp("accord")) as client:
        yield client


@pytest.fixture
def json_log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that Accord and its libraries log meanwhile, as an installation writes it.

    At the level that a test names (`indirect`), or at the most talkative one.
    """
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    settings = Settings(log_format="json", log_level=getattr(request, "param", "debug"))
    configure(settings)
    structlog.configure(cache_logger_on_first_use=False)  # loggers outlive this test
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written := io.StringIO())
    try:
        yield written
    finally:
        structlog.reset_defaults()
        root.handlers = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
