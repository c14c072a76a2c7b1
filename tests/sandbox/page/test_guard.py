"""Whom the page lets in: its own pages on this machine, and nobody else."""

import asyncio
import json
import socket

import aiohttp
import pytest
from yarl import URL

from tests.sandbox.page.browser import Browser


def address(browser: Browser) -> str:
    return browser.page.url.removeprefix("http://").rstrip("/")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)  # fmt: skip
@pytest.mark.parametrize("path", ["", "static/dom.js", "live?as=U0ANA"])
async def test_another_name_for_this_machine_is_not_answered(browser: Browser, host: str, path: str):
    port = URL(browser.page.url).port
    async with browser.http.get(browser.page.url + path, headers={"Host": host.format(port=port)}) as answer:
        assert answer.status == 403
        assert "error" in await answer.json()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_the_names_of_this_machine_are_answered(browser: Browser, name: str):
    own = f"{name}:{URL(browser.page.url).port}"
    headers = {"Host": own, "Origin": f"http://{own}"}
    async with browser.http.get(browser.page.url, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://{own}", "http://x@{own}"]
)
async def test_another_page_neither_acts_nor_looks(browser: Browser, origin: str):
    headers = {"Origin": origin.format(own=address(browser))}
    body = {"as": "U0ANA", "channel": "C0GENERAL", "text": "hello"}
    for path in ("act/say", "world/reset"):
        async with browser.http.post(browser.page.url + path, json=body, headers=headers) as answer:
            assert answer.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.http.ws_connect(browser.page.url + "live?as=U0ANA", headers=headers)
    assert refused.value.status == 403
    assert browser.slack.channel("#general").messages == []


async def test_a_browser_that_says_another_site_asks_is_refused_but_for_a_link(browser: Browser):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    async with browser.http.get(browser.page.url + "static/dom.js", headers=foreign) as answer:
        assert answer.status == 403
    async with browser.http.get(
        browser.page.url, headers={**foreign, "Sec-Fetch-Mode": "navigate"}
    ) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_cannot_act(browser: Browser, kind: str):
    body = json.dumps({"as": "U0ANA", "channel": "C0GENERAL", "text": "hello"})
    async with browser.http.post(
        browser.page.url + "act/say", data=body, headers={"Content-Type": kind}
    ) as answer:
        assert answer.status == 403
    assert browser.slack.channel("#general").messages == []


async def test_deeds_are_posts_and_looking_is_not(browser: Browser):
    for method, path in (("GET", "act/say"), ("PUT", "act/say"), ("GET", "world/reset"), ("POST", ""),
                         ("DELETE", "static/dom.js"), ("POST", "live")):  # fmt: skip
        async with browser.http.request(method, browser.page.url + path, json={}) as answer:
            assert answer.status == 405, (method, path)
            assert "error" in await answer.json()


@pytest.mark.parametrize("body", ["[]", "7", '"text"', "{", "nonsense", "[" * 50_000])
async def test_a_body_that_is_no_object_gets_a_sentence(browser: Browser, body: str):
    headers = {"Content-Type": "application/json"}
    for path in ("act/say", "world/time", "world/bot"):
        async with browser.http.post(browser.page.url + path, data=body, headers=headers) as answer:
            assert answer.status == 400
            assert (await answer.json())["error"]


async def test_a_body_that_is_too_large_is_not_read(browser: Browser):
    status, answer = await browser.post("act/say", {"as": "U0ANA", "text": "x" * 300_000})
    assert status == 413
    assert answer["error"]


@pytest.mark.parametrize(
    "path",
    [
        "static/../server.py", "static/%2e%2e/server.py", "static/..%2fserver.py", "static//etc/passwd",
        "static/%2fetc/passwd",
        "static/nothing.js",
        "static/..%2f..%2f..%2f..%2ftests/manifest_schema.json",
        "static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/tests/manifest_schema.json",
        "static/blocks", "static/x%00.js", "static/../../../etc/passwd",
        "static/" + "a" * 5000,
    ],
)  # fmt: skip
async def test_only_the_pages_own_parts_are_served(browser: Browser, path: str):
    """Over a bare socket: a client would tidy the path up."""
    host, port = address(browser).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.split()[1] in ("404", "400"), answer
    assert "root:" not in answer
    assert "import" not in answer


async def test_every_answer_carries_the_same_protection(browser: Browser):
    for method, path in (("GET", ""), ("GET", "static/dom.js"), ("GET", "nothing"), ("POST", "act/nothing")):
        async with browser.http.request(method, browser.page.url + path, json={}) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == (
                "no-cache" if method == "GET" and answer.status == 200 else "no-store"
            )


async def test_it_listens_on_one_address_of_this_machine_only(browser: Browser):
    port = URL(browser.page.url).port
    with socket.socket() as other:
        other.settimeout(2)
        with pytest.raises(OSError):  # noqa: PT011  # refused or unreachable, as the system has it
            other.connect(("127.0.0.2", port))
