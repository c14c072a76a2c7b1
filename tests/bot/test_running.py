"""A bot that cannot go on ends its process and says so: a loop that died unseen would be missed by nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cipher import WrongKey
from bot.run import until_stopped
from bot.running import Bot, Parts
from handlers.link import LinkLost
from handlers.preflight import Identity


async def nothing(*_: object, **__: object) -> None:
    return None


async def for_ever(*_: object, **__: object) -> None:
    await asyncio.Event().wait()


def failing(error: Exception) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise error

    return fail


def a_bot(*, opening: Any = nothing, outbox: Any = for_ever, watch: Any = for_ever) -> Bot:
    """A bot of nothing but its loops."""
    parts: dict[str, Any] = {
        "services": SimpleNamespace(
            tasks=SimpleNamespace(drain=nothing), stopping=asyncio.Event(), db=SimpleNamespace(close=nothing),
            directory=SimpleNamespace(account_ids=nothing), happened=SimpleNamespace(run=nothing),
            token_watch=SimpleNamespace(run=nothing),
        ),
        "opening": SimpleNamespace(until_done=opening, verify=nothing),
        "forgetting": SimpleNamespace(run=nothing),
        "outbox": SimpleNamespace(run=outbox, finish=nothing),
        "people": SimpleNamespace(groups=()),
        "front": SimpleNamespace(answered=nothing),
        "link": SimpleNamespace(start=nothing, watch=watch, close=nothing),
        "web": None,
        "session": SimpleNamespace(close=nothing),
        "http": SimpleNamespace(aclose=nothing),
    }  # fmt: skip
    return Bot(Parts(**parts), cast(Identity, SimpleNamespace(socket_url=None)))


@pytest.mark.parametrize(
    ("loops", "code"),
    [
        ({"watch": failing(LinkLost("no connection"))}, 4),
        ({"watch": failing(RuntimeError("a bug"))}, 4),
        ({"outbox": failing(RuntimeError("a bug"))}, 4),
        ({"opening": failing(WrongKey())}, 2),
    ],
    ids=["lost", "a bug in the watchdog", "a bug in a loop", "a key that does not fit"],
)
async def test_whatever_ends_a_loop_ends_the_process_with_a_code_that_says_so(
    loops: dict[str, Any], code: int, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with asyncio.timeout(20):
        assert await until_stopped(a_bot(**loops)) == code
    said = caplog.text + capsys.readouterr().err
    assert ("SECRET_KEY does not open" if code == 2 else "stopping: ") in said
