"""No token, code, PIN, proof or app secret in a log line of anybody's, or in an exception."""

import asyncio
import logging
import socket
import traceback

import httpx
import pytest

from bot.errors import BotError
from bot.graph.client import Graph
from bot.graph.hiding import hide
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, APP_SECRET, NUMBER, TOKEN, graph_at
from tests.bot.graph.test_faults import FAULTS
from tests.bot.graph.test_writes import PROOF
from tests.bot.graph.wire import Reply, Seen, Wire, hang, refuses, says

OLDER = "EAAolderCanaryToken77"
CODE, PIN = "384756", "917364"
CANARIES = (TOKEN, OLDER, APP_SECRET, PROOF, CODE, PIN)


async def _do_everything(graph: Graph) -> str:
    """Calls everything once; gives all that could be shown or logged about the failures."""
    calls = (
        graph.number(NUMBER),
        graph.numbers(ACCOUNT),
        graph.inspect_token(),
        graph.inspect_token(Secret(OLDER)),
        graph.extend_token(Secret(OLDER), system_user=True),
        graph.subscribe_app(ACCOUNT),
        graph.verify_code(NUMBER, code=Secret(CODE)),
        graph.register(NUMBER, pin=Secret(PIN)),
        graph.set_pin(NUMBER, pin=Secret(PIN)),
    )
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    seen = []
    for each in outcomes:
        if isinstance(each, BaseException):
            assert isinstance(each, BotError)
            seen += [repr(each), repr(vars(each)), "".join(traceback.format_exception(each))]
    return "".join(seen)


REPLIES: dict[str, Reply] = {
    **FAULTS,
    "success": says({"success": True, "access_token": OLDER, "data": []}),
    "echo": refuses(
        190,
        f"Malformed access token {TOKEN} at /debug_token?input_token={OLDER}&x=1",
        error_user_msg=f"{PIN} or {CODE} was wrong, proof {PROOF}",
        error_user_title=f"secret {APP_SECRET}",
        error_data={"details": f"client_secret={APP_SECRET}&code={CODE}"},
    ),
}


@pytest.mark.parametrize("reply", REPLIES)
async def test_no_secret_reaches_any_log_or_exception(
    wire: Wire, hasty: Graph, reply: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "httpx", "httpcore", "aiohttp.client", "asyncio", "stamina", "bot.graph"):
        caplog.set_level(logging.DEBUG, logger=name)
    asyncio.get_running_loop().set_debug(True)
    wire.will(REPLIES[reply])
    shown = await _do_everything(hasty)
    asyncio.get_running_loop().set_debug(False)
    records = [repr(vars(record)) + record.getMessage() for record in caplog.records]
    assert any("path=/v25.0/" in record for record in records), "the sweep must have something to sweep"
    if reply == "echo":
        # Each canary is known only to the calls that carried it; what the others echo is Meta's invention,
        # except what looks like a token or stands in a parameter, which is hidden everywhere.
        assert TOKEN not in shown
        assert OLDER not in shown
        shown = ""
    for canary in CANARIES:
        assert canary not in shown
        assert not [record for record in records if canary in record], canary


async def test_a_refusal_that_quotes_a_secret_is_kept_without_it(wire: Wire, graph: Graph) -> None:
    wire.will(REPLIES["echo"])
    with pytest.raises(BotError) as problem:
        await graph.verify_code(NUMBER, code=Secret(CODE))
    kept = repr(vars(problem.value))
    for canary in (TOKEN, OLDER, CODE, PROOF):
        assert canary not in kept


async def test_each_call_leaves_one_line_with_ids_only(
    wire: Wire, graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.graph")
    wire.will(refuses(136024, status=400, fbtrace_id="T\n2026-01-01 forged line\x1b[0m"))
    with pytest.raises(BotError):
        await graph.request_code(NUMBER, method="SMS", language="en_US")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "bot.graph"]
    assert line.startswith(f"method=POST path=/v25.0/{NUMBER}/request_code status=400 error=136024 ms=")
    assert "\n" not in line
    assert "\x1b" not in line


async def test_the_line_says_when_nothing_was_sent(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.graph")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        graph = graph_at(f"http://127.0.0.1:{unused.getsockname()[1]}", http)
        with pytest.raises(BotError):
            await graph.subscribe_app(ACCOUNT)
    assert "outcome=not_sent" in caplog.text


async def test_a_cancelled_call_leaves_its_line_too(
    wire: Wire, graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.graph")
    arrived = asyncio.Event()

    def silence(_: Seen) -> Reply:
        arrived.set()
        return hang

    wire.script = silence
    call = asyncio.ensure_future(graph.subscribe_app(ACCOUNT))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert "outcome=cancelled" in caplog.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("token EAAGabcdefgh123 is bad", "token … is bad"),
        ("GET /x?access_token=abc&y=1", "GET /x?access_token=…&y=1"),
        ("your code 123456 is wrong", "your code … is wrong"),
        ("object 91234567", "object 91234567"),
        ("object 1234567 or 9123456", "object 1234567 or 9123456"),
        ("EAA is a prefix", "EAA is a prefix"),
    ],
)
def test_what_is_hidden_and_what_stays(text: str, kept: str) -> None:
    assert hide(text, [Secret("123456"), Secret("")]) == kept
