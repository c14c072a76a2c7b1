"""A Graph client with short limits, and the scripted server it talks to."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.clock import Clock
from bot.graph.client import Graph, Limits, open_http
from bot.secret import Secret
from tests.bot.graph.wire import Wire

APP_ID = "670843887433847"
APP_SECRET = "canary-app-secret-7f3d"
TOKEN = "EAAGcanaryTokenOfTheSystemUser1"
NUMBER = "106540352242922"
ACCOUNT = "102290129340398"

# Generous enough for a busy machine; only the waits between tries are short.
SHORT = Limits(retry_s=4.0, first_wait_s=0.005)
# For servers that never finish: these limits are what the test waits for.
HASTY = Limits(
    connect_s=0.3, pool_s=0.4, read_s=0.25, write_s=0.25, answer_s=0.4, retry_s=0.3, first_wait_s=0.005
)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    await wire.open()
    yield wire
    await wire.close()


@pytest.fixture(scope="session")
def trust() -> ssl.SSLContext:
    """The authorities are read once: it takes longer than a test."""
    return httpx.create_ssl_context(trust_env=False)


@pytest.fixture
async def http(trust: ssl.SSLContext) -> AsyncIterator[httpx.AsyncClient]:
    async with open_http(SHORT, trust=trust) as http:
        yield http


def graph_at(url: str, http: httpx.AsyncClient, limits: Limits = SHORT, token: str = TOKEN) -> Graph:
    return Graph(
        base_url=url,
        version="v25.0",
        app_id=APP_ID,
        app_secret=Secret(APP_SECRET),
        token=lambda _node: Secret(token),
        http=http,
        clock=Clock(),
        limits=limits,
    )


@pytest.fixture
def graph(wire: Wire, http: httpx.AsyncClient) -> Graph:
    return graph_at(wire.url, http)


@pytest.fixture
def hasty(wire: Wire, http: httpx.AsyncClient) -> Graph:
    return graph_at(wire.url, http, HASTY)
