"""`nothing_refused`: a story in which Slack took everything the bot sent, and no bug was logged."""

from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.desk import Desk

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
