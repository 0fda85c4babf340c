"""Browsers for the tests of pages, each with cookies of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest_asyncio

from tests.installation import Installation
from tests.pages.browsing import Browser, a_browser

Browsers = Callable[..., Awaitable[Browser]]


@pytest_asyncio.fixture
async def browser(accord: Installation) -> AsyncIterator[Browser]:
    async with a_browser(accord.office) as found:
        yield found


@pytest_asyncio.fixture
async def browsers(accord: Installation) -> AsyncIterator[Browsers]:
    """Another browser, in which *account* has signed in."""
    async with AsyncExitStack() as stack:

        async def another(account: str | None = None, language: str = "en") -> Browser:
            found = await stack.enter_async_context(a_browser(accord.office, language))
            if account is not None:
                await found.sign_in(account)
            return found

        yield another
