"""The server around its routes: headers, refusals, health, and senders that never finish."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.web.server import CannotListen, Route, WebServer
from storage.errors import Unavailable
from tests.commands import command
from tests.desk import Desk
from tests.e2e import steps
from tests.web.meta import PATH, WEB, Post, inbound

PATHS = ("/healthz", "/readyz", "/metrics", PATH, "/nothing", "/slack/events")


async def ask(url: str, method: str = "GET", **options: Any) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **options) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def test_without_a_public_url_nothing_listens(desk: Desk):
    assert desk.bot.web is None


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_has_the_same_headers(served: Desk, path: str):
    _, _, headers = await ask(served.web_url + path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Server"] == ""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/webhooks",
        "/webhooks/whatsapp/",
        "/.env",
        "/webhooks/../metrics%00",
        "/slack/events",
    ],
)
async def test_an_unknown_path_is_not_there(served: Desk, path: str):
    code, text, _ = await ask(served.web_url + path)
    assert (code, text) == (404, "There is nothing here.\n")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_another_method_is_told_which_ones_there_are(served: Desk, method: str):
    code, text, headers = await ask(served.web_url + PATH, method)
    assert (code, text) == (405, "Not with this method.\n")
    assert headers["Allow"] == "GET,POST"


async def test_alive_ready_and_no_longer_ready(served: Desk):
    assert (await ask(f"{served.web_url}/healthz"))[:2] == (200, "alive\n")
    assert (await ask(f"{served.web_url}/readyz"))[:2] == (200, "ready\n")
    await served.bot.services.db.condemn(Unavailable("The disk is full."))
    served.bot.services.stopping.set()
    code, text, _ = await ask(f"{served.web_url}/readyz")
    assert code == 503
    assert text == "the database cannot be written\nthe bot is stopping\n"
    assert (await ask(f"{served.web_url}/healthz"))[0] == 200


async def test_not_ready_while_slack_is_away(served: Desk):
    served.slack.delivery.links.spoil_tickets()
    served.slack.delivery.links.drop()
    async with asyncio.timeout(5):
        while (await ask(f"{served.web_url}/readyz"))[0] == 200:
            await asyncio.sleep(0.01)
    assert "Slack is not connected" in (await ask(f"{served.web_url}/readyz"))[1]


async def test_what_happened_is_counted(served: Desk, post: Post):
    number = served.meta.number("Sales")
    await post(inbound(number.id, number.digits))
    await post.raw(b"{}", {})
    await served.vik.type("/whatsapp status")
    _, text, headers = await ask(f"{served.web_url}/metrics")
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in (
        'whatsapp_desk_webhook_requests_total{reason="kept"} 1.0',
        'whatsapp_desk_webhook_requests_total{reason="no signature"} 1.0',
        'whatsapp_desk_webhook_events_total{field="messages"} 1.0',
        'whatsapp_desk_acknowledgements_total{kind="command"} 1.0',
        "whatsapp_desk_events_backlog 0.0",
        "whatsapp_desk_outbox_backlog 0.0",
    ):
        assert line in text
    assert re.search(r'whatsapp_desk_graph_calls_total\{outcome="ok"\} [1-9]', text)


async def test_counts_are_not_for_the_internet(a_desk: Callable[..., Awaitable[Desk]]):
    desk = await a_desk(**{**WEB, "PUBLIC_URL": "https://desk.example.org"})
    url = f"{desk.web_url}/metrics"
    assert (await ask(url))[0] == 200
    assert (await ask(url, headers={"Host": "desk.example.org"}))[0] == 404
    assert (await ask(url, headers={"X-Forwarded-For": "203.0.113.9"}))[0] == 404


async def test_a_port_that_is_taken_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = WebServer(host="127.0.0.1", port=taken.getsockname()[1], routes=())
        with pytest.raises(CannotListen, match="HTTP_PORT"):
            await server.start()


async def test_the_bot_does_not_start_on_a_port_that_is_taken(desk: Desk, tmp_path: Path):
    await desk.stop()
    port = desk.slack.url.rsplit(":", 1)[1]
    said = await command("run", folder=tmp_path, settings={**desk.settings(), **WEB, "HTTP_PORT": port})
    assert said.code == 3
    assert f"HTTP_PORT {port} cannot be listened on" in said.err
    assert "Traceback" not in said.err


async def test_how_reconnects_ended_is_counted_from_the_records(served: Desk):
    await steps.connected(served, served.ana)
    await served.restart()
    _, text, _ = await ask(f"{served.web_url}/metrics")
    assert 'whatsapp_desk_flows_ended{end="connected"} 1.0' in text


async def test_a_bug_is_not_told_to_whoever_asks(caplog: pytest.LogCaptureFixture):
    async def broken(request: web.Request) -> web.StreamResponse:
        raise RuntimeError("a secret of ours")

    server = WebServer(host="127.0.0.1", port=0, routes=[Route("GET", "/", broken)])
    await server.start()
    try:
        code, text, headers = await ask(f"http://127.0.0.1:{server.port}/")
    finally:
        await server.close()
    assert (code, text) == (500, "Something went wrong here.\n")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "a request failed" in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\xff?code=a-code HTTP/1.1\r\n\r\n", b"GET /?code=a-code HTTP/1.1\r\nX: \x00a-code\r\n\r\n",
        b"a-code\r\n\r\n", b"GET /?code=a-code&" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"POST /?code=a-code HTTP/1.1\r\nTransfer-Encoding: a-code\r\nContent-Length: 3\r\n\r\nabc",
    ],
)  # fmt: skip
async def test_what_is_no_http_is_neither_repeated_nor_traced(
    served: Desk, raw: bytes, caplog: pytest.LogCaptureFixture
):
    port = int(served.web_url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] == b"400"
    assert answer.endswith(b"This is no request.\n")
    assert b"X-Content-Type-Options: nosniff" in answer
    assert b"aiohttp" not in answer
    assert "a-code" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_headers_that_never_end_are_hung_up_on():
    server = WebServer(host="127.0.0.1", port=0, routes=(), headers_within_s=0.2)
    await server.start()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        ended = asyncio.ensure_future(reader.read(1))
        async with asyncio.timeout(5):
            while not ended.done():
                writer.write(b"X-More: 1\r\n")
                await asyncio.wait({ended}, timeout=0.02)
        assert ended.exception() or ended.result() == b""
        writer.close()
    finally:
        await server.close()


async def test_a_hundred_slow_senders_keep_nobody_waiting(served: Desk):
    """Slow loris: each holds a connection and a byte now and then; Meta's own request passes at once."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256={'0' * 64}\r\nContent-Length: 999\r\n\r\nx"
    port = int(served.web_url.rsplit(":", 1)[1])
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    for _, writer in slow:
        writer.write(head.encode())
    async with asyncio.timeout(1):
        assert (await ask(f"{served.web_url}/healthz"))[0] == 200
    for _, writer in slow:
        writer.close()
