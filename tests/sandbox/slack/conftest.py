"""A tiny real Bolt app against the fake Slack."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import FakeSlack, Person

JSON = dict[str, Any]


def text(words: str) -> JSON:
    return {"type": "plain_text", "text": words}


def field(
    block_id: str, label: str, *, optional: bool = False, kind: str = "plain_text_input", **element: Any
) -> JSON:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(label),
        "optional": optional,
        "element": {"type": kind, "action_id": "value", **element},
    }


def button(label: str, action_id: str = "go", **more: Any) -> JSON:
    return {"type": "button", "action_id": action_id, "text": text(label), **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


def section(words: str) -> JSON:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def modal(*blocks: JSON, title: str = "A window", submit: str | None = "Send", **more: Any) -> JSON:
    view: JSON = {
        "type": "modal",
        "callback_id": "window",
        "title": text(title),
        "blocks": list(blocks),
        **more,
    }
    return view if submit is None else {**view, "submit": text(submit)}


@asynccontextmanager
async def running(app: AsyncApp, slack: FakeSlack, *, ping_interval: float = 10) -> AsyncIterator[Any]:
    """The app, connected; yields its Socket Mode handler."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    before = len(slack.delivery.links.connections)
    await handler.connect_async()
    await slack.connected(before + 1)
    try:
        yield handler
    finally:
        await handler.close_async()


async def ticket_url(slack: FakeSlack) -> str:
    client = AsyncWebClient(base_url=slack.api_url)
    return str((await client.apps_connections_open(app_token=slack.app_token))["url"])


@asynccontextmanager
async def connected_by_hand(slack: FakeSlack) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A bare websocket that has heard its hello: the test is the bot."""
    url = await ticket_url(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()
        yield ws


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ack_s=3.0, event_retry_s=()) as fake:
        yield fake


class WoundClock:
    """Stands still until it is wound on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def skip_s(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
async def wound() -> AsyncIterator[tuple[FakeSlack, WoundClock]]:
    """A Slack whose clock the test winds."""
    clock = WoundClock()
    async with FakeSlack(clock=clock, ack_s=3.0, posts_per_s=1) as fake:
        yield fake, clock


@pytest.fixture
def client_of() -> Callable[[FakeSlack], AsyncWebClient]:
    return lambda fake: AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)


@pytest.fixture
async def app(slack: FakeSlack, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, name="tiny", process_before_response=True)


@pytest.fixture
async def bolt(app: AsyncApp, slack: FakeSlack) -> AsyncIterator[AsyncApp]:
    """The same app, connected; listeners may still be added."""
    async with running(app, slack):
        yield app


@pytest.fixture
def ana(slack: FakeSlack) -> Person:
    return slack.person("ana")


@pytest.fixture
def opens(bolt: AsyncApp) -> Callable[[JSON], None]:
    """`opens(view)`: /whatsapp opens this window."""
    shown: list[JSON] = []

    @bolt.command("/whatsapp")
    async def open_it(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=shown[-1])

    return shown.append


def answering(bolt: AsyncApp, **ack_arguments: Any) -> list[JSON]:
    """The bot answers a submission with these arguments of ack()."""
    heard: list[JSON] = []

    @bolt.view("window")
    async def on_window(ack: Any, body: JSON) -> None:
        heard.append(body)
        await ack(**ack_arguments)

    return heard
