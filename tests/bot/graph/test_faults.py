"""Every way a call can go wrong on the wire: what is claimed about it, and how often it was sent."""

import asyncio
import gzip
import json
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.graph.client import Graph
from bot.graph.errors import Unreachable
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, HASTY, NUMBER, graph_at
from tests.bot.graph.wire import (
    Reply,
    Wire,
    break_off,
    drip,
    hang,
    hang_up,
    not_http,
    raw,
    refuses,
    reset,
    says,
)

WRITES: dict[str, Callable[[Graph], Awaitable[object]]] = {
    "request_code": lambda graph: graph.request_code(NUMBER, method="SMS", language="en_US"),
    "verify_code": lambda graph: graph.verify_code(NUMBER, code=Secret("123456")),
    "register": lambda graph: graph.register(NUMBER, pin=Secret("654321")),
    "set_pin": lambda graph: graph.set_pin(NUMBER, pin=Secret("654321")),
    "subscribe_app": lambda graph: graph.subscribe_app(ACCOUNT),
    "extend_token": lambda graph: graph.extend_token(Secret("EAAolderToken12345"), system_user=False),
}

# What every call would take for an answer, were it not for the fault around it.
GOOD = json.dumps({"success": True, "data": [], "access_token": "EAAfresh"}).encode()
FAULTS: dict[str, Reply] = {
    "reset after the request": reset,
    "closed after the request": hang_up,
    "silence": hang,
    "broken off in the middle": break_off,
    "one byte at a time": drip,
    "not HTTP": not_http,
    "500 in HTML": raw(500, b"<html>sorry</html>", Content_Type="text/html"),
    "503 empty": raw(503, b""),
    "500 with a Graph error": refuses(2, status=500),
    "503 with a throttle code": refuses(4, status=503),
    "200 in HTML": raw(200, b"<html>welcome</html>", Content_Type="text/html"),
    "200 empty": raw(200, b""),
    "200 cut JSON": raw(200, b'{"success": tr'),
    "200 invalid UTF-8": raw(200, GOOD[:-1] + b',"x":"\xff\xfe"}'),
    "200 list": says([True]),
    "200 of two megabytes": raw(200, GOOD[:-1] + b',"x":"' + b"x" * 2_000_000 + b'"}'),
    "200 nested 100,000 deep": raw(200, GOOD[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "200 bad gzip": raw(200, b"hello", Content_Encoding="gzip"),
    "200 with an error": refuses(100, status=200),
    "200 with an error that is text": raw(200, GOOD[:-1] + b',"error":"oops"}'),
    "302": raw(302, b"", Location="/trap"),
    "400 in HTML": raw(400, b"<html>bad</html>"),
    "403 with an error that is text": says({"error": "forbidden"}, 403),
    "400 with a code that is text": says({"error": {"code": "100", "message": "no"}}, 400),
}

_NEVER_FINISH = ("silence", "one byte at a time")
_ENOUGH = ("request_code", "register", "extend_token")  # of the calls, for faults that take time
# To a read these are refusals: the code decides, whatever the HTTP status beside it.
_SAYS_WHAT_IS_WRONG = ("200 with an error", "503 with a throttle code")


@pytest.mark.parametrize(
    ("write", "fault"),
    [
        (write, fault)
        for write in WRITES
        for fault in FAULTS
        if write in _ENOUGH or fault not in _NEVER_FINISH
    ],
)
async def test_a_write_is_sent_once_and_stays_unknown(
    wire: Wire, graph: Graph, hasty: Graph, write: str, fault: str
) -> None:
    wire.will(FAULTS[fault])
    with pytest.raises(Unreachable) as problem:
        await WRITES[write](hasty if fault in _NEVER_FINISH else graph)
    assert problem.value.sent, "bytes left: nobody may claim that nothing was sent"
    assert len(wire.seen) == 1


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in _SAYS_WHAT_IS_WRONG])
async def test_a_read_is_tried_at_most_three_times(
    wire: Wire, graph: Graph, hasty: Graph, fault: str
) -> None:
    wire.will(FAULTS[fault])
    with pytest.raises(Unreachable) as problem:
        await (hasty if fault in _NEVER_FINISH else graph).subscribed_apps(ACCOUNT)
    assert problem.value.sent
    assert len(wire.seen) in ((1, 2) if fault in _NEVER_FINISH else (3,))


async def test_a_read_gets_over_two_faults(wire: Wire, graph: Graph) -> None:
    wire.will(raw(500, b"oops"), reset, says({"data": []}))
    assert await graph.subscribed_apps(ACCOUNT) == ()
    assert len(wire.seen) == 3


@pytest.mark.parametrize("code", [1, 2, 131000, 131016])
async def test_a_read_is_tried_again_on_a_transient_code(wire: Wire, graph: Graph, code: int) -> None:
    wire.will(refuses(code), says({"data": []}))
    assert await graph.subscribed_apps(ACCOUNT) == ()


async def test_a_read_is_tried_again_when_meta_says_transient(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(999999, is_transient=True), says({"data": []}))
    assert await graph.subscribed_apps(ACCOUNT) == ()


async def test_a_write_on_a_kept_connection_that_breaks_is_not_sent_again(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": []}), reset)
    await graph.subscribed_apps(ACCOUNT)
    with pytest.raises(Unreachable) as problem:
        await graph.request_code(NUMBER, method="SMS", language="en_US")
    assert problem.value.sent
    assert len(wire.seen) == 2


@pytest.mark.parametrize("fault", [reset, hang_up])
async def test_an_exchange_on_a_kept_connection_that_breaks_is_not_sent_again(
    wire: Wire, graph: Graph, fault: Reply
) -> None:
    wire.will(says({"data": []}), fault)
    await graph.subscribed_apps(ACCOUNT)
    with pytest.raises(Unreachable):
        await graph.extend_token(Secret("EAAolderToken12345"), system_user=True)
    assert len(wire.seen) == 2, "aiohttp repeats a GET by itself unless told not to"


@pytest.mark.parametrize("write", WRITES)
async def test_a_refused_connection_means_nothing_was_sent(http: httpx.AsyncClient, write: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unreachable) as problem:
            await WRITES[write](graph_at(url, http))
    assert not problem.value.sent


async def test_a_connection_that_never_opens_means_nothing_was_sent(http: httpx.AsyncClient) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        queue = [_knock(full.getsockname()) for _ in range(4)]
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        with pytest.raises(Unreachable) as problem:
            await graph_at(url, http, HASTY).request_code(NUMBER, method="SMS", language="en_US")
        for each in queue:
            each.close()
    assert not problem.value.sent


def _knock(address: tuple[str, int]) -> socket.socket:
    caller = socket.socket()
    caller.setblocking(False)
    caller.connect_ex(address)
    return caller


async def test_an_untrusted_certificate_means_nothing_was_sent(
    wire: Wire, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    server = await _serve_tls(wire, _self_signed(tmp_path))
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(Unreachable, match="could not be trusted") as problem:
        await graph_at(url, http).request_code(NUMBER, method="SMS", language="en_US")
    server.close()
    assert not problem.value.sent
    assert wire.seen == []


async def _chatter(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await not_http(writer)


async def _hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reset(writer)


@pytest.mark.parametrize("server", [_chatter, _hang_up])
async def test_a_handshake_that_fails_means_nothing_was_sent(
    http: httpx.AsyncClient, server: Callable[..., Awaitable[None]]
) -> None:
    listening = await asyncio.start_server(server, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    with pytest.raises(Unreachable) as problem:
        await graph_at(url, http).subscribe_app(ACCOUNT)
    listening.close()
    assert not problem.value.sent


async def test_a_slow_answer_is_given_up_within_the_limit(wire: Wire, hasty: Graph) -> None:
    wire.will(drip)
    start = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        await hasty.number(NUMBER)
    assert time.monotonic() - start < 2 * HASTY.answer_s, "all tries together, not each"


async def test_a_failing_server_keeps_metas_words_and_trace(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(133000, status=500, error_user_msg="Deregister first", error_data={"details": "why"}))
    with pytest.raises(Unreachable) as problem:
        await graph.register(NUMBER, pin=Secret("654321"))
    got = problem.value
    assert (got.code, got.words, got.details, got.trace, got.http) == (
        133000,
        "Deregister first",
        "why",
        "TRACE1",
        500,
    )


async def test_gzip_is_read(wire: Wire, graph: Graph) -> None:
    wire.will(raw(200, gzip.compress(json.dumps({"success": True}).encode()), Content_Encoding="gzip"))
    await graph.subscribe_app(ACCOUNT)


@pytest.mark.parametrize("word", ["true", "false", 1, None, [], {}, False])
async def test_only_a_literal_true_is_success(wire: Wire, graph: Graph, word: object) -> None:
    wire.will(says({"success": word}))
    with pytest.raises(Unreachable) as problem:
        await graph.register(NUMBER, pin=Secret("654321"))
    assert problem.value.sent


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_failure_carries_an_address_or_the_exception_behind_it(
    wire: Wire, hasty: Graph, fault: str
) -> None:
    wire.will(FAULTS[fault])
    with pytest.raises(Unreachable) as problem:
        await hasty.extend_token(Secret("EAAolderToken12345"), system_user=False)
    assert problem.value.__cause__ is None
    assert problem.value.__context__ is None
    assert "127.0.0.1" not in str(problem.value)


async def _serve_tls(wire: Wire, trust: ssl.SSLContext) -> asyncio.Server:
    return await asyncio.start_server(wire.serve, "127.0.0.1", 0, ssl=trust)


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    pem, traditional = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    secret = key.private_bytes(pem, traditional, serialization.NoEncryption())
    both.write_bytes(secret + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
