"""`nothing_refused`: a story in which Slack took everything the bot sent, and no bug was logged."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from bot.sandbox.meta import seed
from tests.desk import Desk
from tests.e2e.logging_in import BACK, Browser, settings

# A window that its person has closed meanwhile; one that a double click finds redrawn already.
EXPECTED = ("not_found", "hash_conflict")


class Desks:
    """Makes desks, and remembers them."""

    def __init__(self, make: Callable[..., Awaitable[Desk]]) -> None:
        self._make = make
        self.made: list[Desk] = []

    async def __call__(self, *what: object, **settings: object) -> Desk:
        self.made.append(await self._make(*what, **settings))
        return self.made[-1]


@pytest.fixture
def a_desk(a_desk: Callable[..., Awaitable[Desk]]) -> Desks:
    return Desks(a_desk)


@pytest.fixture
def nothing_refused(a_desk: Desks, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    for desk in a_desk.made:
        assert [refusal for refusal in desk.slack.refusals if refusal.error not in EXPECTED] == []
    assert [r.getMessage() for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")] == []


@pytest.fixture
def a_login_desk(a_desk: Desks) -> Callable[..., Awaitable[Desk]]:
    """Make a desk that Meta's login can send people back to."""

    async def make(*what: object, **more: object) -> Desk:
        desk = await a_desk(*what, **{**settings(), **more})
        desk.meta.world.apps[seed.APP_ID].allow_redirect(BACK)
        return desk

    return make


@pytest.fixture
async def login_desk(a_login_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    return await a_login_desk()


@pytest.fixture
async def browser_of() -> AsyncIterator[Callable[[Desk], Awaitable[Browser]]]:
    async with AsyncExitStack() as open_ones:

        async def make(desk: Desk) -> Browser:
            return await open_ones.enter_async_context(Browser(desk))

        yield make


@pytest.fixture
async def browser(login_desk: Desk, browser_of: Callable[[Desk], Awaitable[Browser]]) -> Browser:
    return await browser_of(login_desk)
