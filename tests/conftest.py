"""What every test may ask for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.installation import Installation, an_engine, an_installation


@pytest_asyncio.fixture(scope="session")
async def engine() -> AsyncIterator[WorkflowEnvironment]:
    async with an_engine() as environment:
        yield environment


@pytest_asyncio.fixture
async def accord(engine: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Installation]:
    async with an_installation(engine, tmp_path) as installation:
        yield installation
