"""The page, served, with tabs and a bot that only acknowledges."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.page.browser import Browser, browsing


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as open_page:
        yield open_page
