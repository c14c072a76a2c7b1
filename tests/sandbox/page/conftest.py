"""The page, served, with tabs and a bot that only acknowledges."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.page.knobs import Knobs
from bot.sandbox.world import Sandbox
from tests.sandbox.page.browser import Browser, browsing


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as open_page:
        yield open_page


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Without a bot; both fakes listen."""
    sandbox = Sandbox()
    await sandbox.slack.start()
    await sandbox.meta.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def knobs(sandbox: Sandbox) -> Knobs:
    return Knobs(sandbox)
