"""Slack over HTTP: the same stories, and a guard that neither raises nor repeats what it refused."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import pytest

from bot.sandbox.slack.posting import AS_JSON, FORM, Letter
from tests.desk import Desk
from tests.e2e import steps
from tests.web.meta import WEB

PRIVATE = "482913"


@pytest.fixture
async def http(a_desk: Callable[..., Awaitable[Desk]]) -> Desk:
    """A desk without an app-level token."""
    return await a_desk(**WEB, SLACK_SIGNING_SECRET="5a11d80c" * 4, SLACK_APP_TOKEN="")


async def send(desk: Desk, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    url = f"{desk.web_url}/slack/events"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def letter(desk: Desk, letter: Letter) -> tuple[int, str]:
    return await send(desk, letter.body, letter.headers)


def command(desk: Desk, at: float | None = None) -> Letter:
    body = f"command=/whatsapp&text=status&user_id=U0VIK&team_id=T0DESK&trigger_id=1.2&code={PRIVATE}"
    return desk.slack.delivery.posting.signed(body.encode(), FORM, at=at)


async def test_a_reconnect_goes_through_over_http(http: Desk):
    await steps.connected(http, http.ana)
    assert http.meta.number("Sales").status == "CONNECTED"
    assert "Connected" in http.maya.reads("#whatsapp-audit")
    assert http.slack.delivery.links.opened == 0
    assert [refusal for refusal in http.slack.refusals if refusal.error != "not_found"] == []


async def test_slack_may_ask_whether_the_address_is_ours(http: Desk):
    asked = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1a"}).encode()
    code, text = await letter(http, http.slack.delivery.posting.signed(asked, AS_JSON))
    assert (code, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})
    assert (await send(http, asked, {"Content-Type": AS_JSON}))[0] == 401


async def test_the_same_request_is_served_once(http: Desk):
    request = command(http)
    assert (await letter(http, request))[0] == 200
    assert await letter(http, request) == (401, "Refused: replayed.\n")


@pytest.mark.parametrize("seconds", [-301, 301, -3600])
async def test_a_request_of_another_time_is_refused(http: Desk, seconds: int):
    assert (await letter(http, command(http, at=time.time() + seconds)))[0] == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": ""}, {"X-Slack-Signature": "v0=" + "0" * 64}, {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": "v1=" + "0" * 64}, {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "now"}, {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": "-1"}, {"X-Slack-Request-Timestamp": "١٢٣"},
        {"X-Slack-Request-Timestamp": "1e9"}, {"X-Slack-Request-Timestamp": "nan"},
    ],
)  # fmt: skip
async def test_headers_of_another_shape_are_refused_in_one_line_without_the_body(
    http: Desk, changed: dict[str, str], caplog: pytest.LogCaptureFixture
):
    good = command(http)
    with caplog.at_level(logging.DEBUG):
        code, _ = await send(http, good.body, {**good.headers, **changed})
    assert code == 401
    assert PRIVATE not in caplog.text
    assert len([r for r in caplog.records if r.name == "bot.web.slack"]) == 1
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"\xff\xfe=1", FORM, 400), (b"x" * (256 * 1024 + 1), FORM, 413), (b"{" * 200_000, AS_JSON, 400),
        (b"[1]", AS_JSON, 400), (b'{"a":' * 50_000, AS_JSON, 400), (b"payload={", FORM, 400), (b"", AS_JSON, 400),
        (b"payload=" + b"[" * 200_000, FORM, 400), (b"payload=3", FORM, 400), (b"payload={}", FORM, 400),
        (b"", FORM, 400), (b"a&b=1;c", FORM, 400), (b"a=1&" * 200, FORM, 400),
        (b'payload={"type":"block_actions","user":3}', FORM, 400), (b'{"type":"x","event":[]}', AS_JSON, 400),
    ],
)  # fmt: skip
async def test_signed_nonsense_is_answered_without_a_bug(
    http: Desk, body: bytes, kind: str, code: int, caplog: pytest.LogCaptureFixture
):
    assert (await letter(http, http.slack.delivery.posting.signed(body, kind)))[0] == code
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_while_the_bot_stops_slack_is_told_at_once(http: Desk):
    http.bot.services.stopping.set()
    assert (await letter(http, command(http)))[0] == 503


async def test_a_command_is_answered_within_the_deadline_while_others_are(http: Desk):
    await asyncio.gather(*(http.vik.type("/whatsapp status") for _ in range(20)))
    assert all(log.acked_at is not None for log in http.slack.delivery.envelopes)
