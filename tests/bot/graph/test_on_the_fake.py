"""The client against the fake Meta, which is stricter than the real one: what one sends the other takes."""

from collections.abc import AsyncIterator

import aiohttp
import httpx
import pytest

from bot.graph.client import Graph
from bot.graph.errors import Refused
from bot.graph.model import AppSubscription
from bot.sandbox.meta.account import HOOK_FIELDS
from bot.sandbox.meta.seed import APP_ID, CAFE, SHOP
from bot.sandbox.meta.server import FakeMeta
from bot.secret import Secret
from tests.bot.graph.conftest import SHORT
from tests.sandbox.meta.hook import Hook
from tests.sandbox.meta.test_dialog import BACK, GOOD, PKCE, VERIFIER, Browser

RIGHT = Secret("right")


@pytest.fixture
async def meta() -> AsyncIterator[FakeMeta]:
    meta = FakeMeta()
    await meta.start()
    yield meta
    await meta.close()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    await hook.open()
    yield hook
    await hook.close()


@pytest.fixture
def graph(meta: FakeMeta, http: httpx.AsyncClient) -> Graph:
    app, token = meta.world.apps[APP_ID], meta.token("main")
    return Graph(
        base_url=meta.url,
        version="v25.0",
        app_id=app.id,
        app_secret=Secret(app.secret),
        token=lambda _node: Secret(token.text),
        http=http,
        clock=meta.world.clock,
        limits=SHORT,
    )


async def test_the_whole_app_is_pointed_elsewhere_and_read_back(graph: Graph, hook: Hook) -> None:
    await graph.replace_app_subscription(url=hook.url, verify_token=RIGHT, fields=HOOK_FIELDS)
    assert await graph.app_subscription() == AppSubscription(hook.url, True, frozenset(HOOK_FIELDS))


async def test_an_override_of_an_account_comes_and_goes(graph: Graph, hook: Hook) -> None:
    await graph.override_account(CAFE, url=hook.url, verify_token=RIGHT)
    assert [(app.id, app.override_url) for app in await graph.subscribed_apps(CAFE)] == [(APP_ID, hook.url)]
    await graph.clear_account_override(CAFE)
    assert [(app.id, app.override_url) for app in await graph.subscribed_apps(CAFE)] == [(APP_ID, None)]


async def test_an_override_of_a_number_comes_and_goes(graph: Graph, meta: FakeMeta, hook: Hook) -> None:
    support = meta.number("Support").id
    await graph.override_number(support, url=hook.url, verify_token=RIGHT)
    webhooks = (await graph.number(support)).webhooks
    assert webhooks is not None
    assert (webhooks.effective, webhooks.level) == (hook.url, "number")
    await graph.clear_number_override(support)
    webhooks = (await graph.number(support)).webhooks
    assert webhooks is not None
    assert webhooks.level == "application"


async def test_a_handshake_that_fails_is_refused(graph: Graph, hook: Hook) -> None:
    with pytest.raises(Refused) as refused:
        await graph.override_account(SHOP, url=hook.url, verify_token=Secret("wrong"))
    assert refused.value.code == 2200


async def test_a_login_becomes_a_token_that_can_be_tried(graph: Graph, meta: FakeMeta) -> None:
    async with aiohttp.ClientSession() as session:
        code = await Browser(meta, session).agree({**GOOD, **PKCE}, SHOP)
    fresh = await graph.exchange_code(Secret(code), redirect_uri=BACK, verifier=Secret(VERIFIER))
    info = await graph.inspect_token(fresh)
    assert (info.is_valid, info.kind, info.account_ids, info.never_expires) == (
        True,
        "SYSTEM_USER",
        (SHOP,),
        True,
    )
    tried = graph.using(fresh)
    assert await tried.templates(SHOP) == 3
    assert (await tried.account(SHOP)).health is not None
    with pytest.raises(Refused) as again:
        await graph.exchange_code(Secret(code), redirect_uri=BACK, verifier=Secret(VERIFIER))
    assert (again.value.code, again.value.subcode) == (100, 36009)
