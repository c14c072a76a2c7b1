"""A small sample of `python -m tests.web.mutants`, which is run with ten thousand for each end point."""

import logging
from collections.abc import Awaitable, Callable

import pytest

from tests.desk import Desk
from tests.web import mutants


async def test_no_forged_request_is_accepted_or_finds_a_bug(
    a_desk: Callable[..., Awaitable[Desk]], caplog: pytest.LogCaptureFixture
):
    desk = await a_desk(**mutants.settings())
    for path, tally in (await mutants.run(desk, count=150, seed=11)).items():
        assert tally.tried == 150
        assert (tally.accepted, tally.bugs) == (0, 0), (path, tally.worst)
        assert len(tally.answers) > 1, "the mutants are too much alike"
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_the_good_requests_behind_the_mutants_are_accepted(a_desk: Callable[..., Awaitable[Desk]]):
    """Otherwise their refusal would prove nothing."""
    desk = await a_desk(**mutants.settings())

    class Honest(mutants.Forger):
        def _spoilt(self, good: bytes) -> bytes:
            return good

        def _noisy(self, one: mutants.Forged) -> mutants.Forged:
            one.headers = [(n, v) for n, v in one.headers if n != b"X-Hub-Signature"]
            return one

    tally = await mutants.attack(desk, Honest(desk, 3)._handshake, 5)
    assert tally.accepted == 5
    tally = await mutants.attack(desk, Honest(desk, 3).slack, 30)
    assert tally.accepted > 5
    tally = await mutants.attack(desk, Honest(desk, 3)._delivery, 30)
    assert tally.accepted > 5
