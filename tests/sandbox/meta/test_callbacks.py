"""Who listens to an account: subscriptions, overrides and their loss, and the handshake."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.seed import APP_ID, CAFE, CALLBACK, SHOP
from bot.sandbox.meta.server import FakeMeta
from tests.sandbox.meta.conftest import APP_TOKEN, Graph

TENANT = "https://tenant.example/wa"


@pytest.fixture
async def callback() -> AsyncIterator[str]:
    """A server that knows the verify token "right"."""

    async def greet(request: web.BaseRequest) -> web.Response:
        if request.path == "/parrot":
            return web.Response(text="welcome")
        if request.query.get("hub.verify_token") != "right" or request.query.get("hub.mode") != "subscribe":
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    runner = web.ServerRunner(web.Server(greet))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_subscribed_apps_look_like_metas_sample(graph: Graph, meta: FakeMeta) -> None:
    meta.account(SHOP).take_over_webhook(TENANT)
    link = f"https://www.facebook.com/games/?app_id={APP_ID}"
    assert (await graph.get(f"/{SHOP}/subscribed_apps")).body == {
        "data": [
            {
                "whatsapp_business_api_data": {"id": APP_ID, "name": "Acme Ops", "link": link},
                "override_callback_uri": TENANT,
            }
        ]
    }


async def test_nobody_listening_is_an_empty_list(graph: Graph) -> None:
    assert (await graph.get(f"/{CAFE}/subscribed_apps")).body == {"data": []}


async def test_a_bare_post_subscribes_the_calling_app(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.call("POST", f"/{CAFE}/subscribed_apps")).ok
    assert meta.account(CAFE).subscriptions == {APP_ID: None}


async def test_a_bare_post_deletes_an_existing_override(graph: Graph, meta: FakeMeta) -> None:
    meta.account(SHOP).take_over_webhook(TENANT)
    assert (await graph.call("POST", f"/{SHOP}/subscribed_apps")).ok
    assert meta.account(SHOP).subscriptions == {APP_ID: None}


async def test_delete_affects_the_calling_app_only(graph: Graph, meta: FakeMeta) -> None:
    meta.world.add_app(AppRecord("999", "Other", "othersecret"))
    meta.account(SHOP).subscribe_app("999")
    assert (await graph.call("DELETE", f"/{SHOP}/subscribed_apps")).ok
    assert meta.account(SHOP).subscriptions == {"999": None}


async def test_an_override_is_set_after_the_handshake(graph: Graph, meta: FakeMeta, callback: str) -> None:
    path = f"/{SHOP}/subscribed_apps"
    assert (await graph.post(path, override_callback_uri=callback, verify_token="right")).ok
    assert meta.account(SHOP).subscriptions == {APP_ID: callback}


@pytest.mark.parametrize(
    ("url", "token", "code"),
    [
        ("", "wrong", 100),
        ("{callback}", "", 100),
        ("{callback}", "wrong", 2200),
        ("{callback}/../parrot", "right", 2200),
        ("http://127.0.0.1:9/none", "right", 2200),
        ("http://[::1", "right", 2200),
        ("http://127.0.0.1/" + "x" * 200, "right", 100),
    ],
)
async def test_an_override_whose_handshake_fails_is_refused(
    graph: Graph, meta: FakeMeta, callback: str, url: str, token: str, code: int
) -> None:
    url = url.format(callback=callback)
    answer = await graph.post(f"/{SHOP}/subscribed_apps", override_callback_uri=url, verify_token=token)
    assert answer.code == (code, 0)
    assert meta.account(SHOP).subscriptions == {APP_ID: None}


@pytest.mark.parametrize("url", ["https://tenant.example/wa", "http://10.0.0.1/", "file:///etc/passwd"])
async def test_the_sandbox_calls_nobody_but_this_machine(graph: Graph, url: str) -> None:
    answer = await graph.post(f"/{SHOP}/subscribed_apps", override_callback_uri=url, verify_token="right")
    assert "only to this machine" in str(answer.error["message"])


async def test_the_effective_webhook_follows_number_account_app(
    graph: Graph, meta: FakeMeta, callback: str
) -> None:
    async def seen() -> object:
        return await graph.field("Support", "webhook_configuration")

    number = f"/{meta.number('Support').id}"
    assert await seen() == {"application": CALLBACK}
    meta.account(SHOP).take_over_webhook(TENANT)
    assert await seen() == {"whatsapp_business_account": TENANT, "application": CALLBACK}
    override = {"override_callback_uri": callback, "verify_token": "right"}
    assert (await graph.post(number, webhook_configuration=override)).ok
    assert await seen() == {
        "phone_number": callback,
        "whatsapp_business_account": TENANT,
        "application": CALLBACK,
    }
    cleared = json.dumps({"override_callback_uri": ""})
    assert (await graph.call("POST", number, params={"webhook_configuration": cleared})).ok
    assert await seen() == {"whatsapp_business_account": TENANT, "application": CALLBACK}


async def test_a_numbers_override_needs_its_verify_token(graph: Graph, meta: FakeMeta, callback: str) -> None:
    number = f"/{meta.number('Support').id}"
    for broken in ({"override_callback_uri": callback}, {}, "no", 5, {"override_callback_uri": 5}):
        assert (await graph.post(number, webhook_configuration=broken)).code == (100, 0)
    assert meta.number("Support").override_url is None


async def test_app_subscriptions_look_like_metas_sample_and_need_the_app_token(
    graph: Graph, meta: FakeMeta
) -> None:
    assert (await graph.get(f"/{APP_ID}/subscriptions")).code == (15, 0)
    graph.token = APP_TOKEN
    rows = (await graph.get(f"/{APP_ID}/subscriptions")).body["data"]
    assert isinstance(rows, list)
    (row,) = rows
    assert row["fields"][0] == {"name": "messages", "version": "v25.0"}
    assert {name: row[name] for name in ("object", "callback_url", "active")} == {
        "object": "whatsapp_business_account",
        "callback_url": CALLBACK,
        "active": True,
    }
    meta.world.add_app(AppRecord("999", "Other", "othersecret"))
    assert (await graph.get("/999/subscriptions")).code == (15, 0)
    meta.world.apps[APP_ID].callback_url = None
    assert (await graph.get(f"/{APP_ID}/subscriptions")).body == {"data": []}
