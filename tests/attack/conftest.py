"""One installation per file of attacks, with everybody signed in."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.journeys.client import Client, a_client


@pytest_asyncio.fixture(scope="module")
async def client(
    engine: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Client]:
    async with a_client(engine, tmp_path_factory.mktemp("accord")) as client:
        yield client
