"""The app's own subscription, replaced and dropped as at Meta; and an account's templates."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.meta.account import HOOK_FIELDS, AppRecord
from bot.sandbox.meta.seed import APP_ID, CAFE, SHOP
from bot.sandbox.meta.server import FakeMeta
from tests.sandbox.meta.conftest import APP_TOKEN, Graph
from tests.sandbox.meta.hook import Hook

PATH = f"/{APP_ID}/subscriptions"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    await hook.open()
    yield hook
    await hook.close()


def wish(hook: Hook, **change: object) -> dict[str, object]:
    return {
        "object": "whatsapp_business_account",
        "callback_url": hook.url,
        "verify_token": "right",
        "fields": "messages,security",
        "include_values": "true",
    } | change


async def test_a_replaced_subscription_has_the_new_url_and_exactly_the_fields_named(
    graph: Graph, meta: FakeMeta, hook: Hook
) -> None:
    graph.token = APP_TOKEN
    meta.world.apps[APP_ID].disable_callback()
    assert (await graph.post(PATH, **wish(hook))).ok
    assert hook.challenged == 1
    app = meta.world.apps[APP_ID]
    assert (app.callback_url, app.subscribed_fields, app.active) == (hook.url, ("messages", "security"), True)


async def test_fields_may_be_an_array_too(graph: Graph, meta: FakeMeta, hook: Hook) -> None:
    graph.token = APP_TOKEN
    for fields in (["security", "messages", "security"], '["security", "messages"]', " security , messages,"):
        assert (await graph.post(PATH, **wish(hook, fields=fields))).ok
        assert meta.world.apps[APP_ID].subscribed_fields == ("security", "messages")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"object": "page"}, 100),
        ({"object": ""}, 100),
        ({"callback_url": ""}, 100),
        ({"callback_url": "https://elsewhere.example/"}, 2200),
        ({"verify_token": "wrong"}, 2200),
        ({"verify_token": ""}, 100),
        ({"fields": ""}, 100),
        ({"fields": "messages,gossip"}, 100),
        ({"fields": "[broken"}, 100),
        ({"fields": [1]}, 100),
        ({"include_values": "false"}, 100),
    ],
)
async def test_a_subscription_with_anything_wrong_changes_nothing(
    graph: Graph, meta: FakeMeta, hook: Hook, change: dict[str, object], code: int
) -> None:
    graph.token = APP_TOKEN
    app = meta.world.apps[APP_ID]
    before = (app.callback_url, app.subscribed_fields)
    assert (await graph.post(PATH, **wish(hook, **change))).code == (code, 0)
    assert (app.callback_url, app.subscribed_fields) == before


async def test_only_the_app_itself_may_change_its_subscription(
    graph: Graph, meta: FakeMeta, hook: Hook
) -> None:
    assert (await graph.post(PATH, **wish(hook))).code == (15, 0)
    assert (await graph.call("DELETE", PATH, params={"object": "whatsapp_business_account"})).code == (15, 0)
    meta.world.add_app(AppRecord("999", "Other", "othersecret"))
    graph.token = "999|othersecret"
    assert (await graph.post(PATH, **wish(hook))).code == (15, 0)
    assert hook.challenged == 0


async def test_fields_can_be_dropped_and_without_any_the_whole_of_it(graph: Graph, meta: FakeMeta) -> None:
    graph.token = APP_TOKEN
    app, whole = meta.world.apps[APP_ID], {"object": "whatsapp_business_account"}
    assert (await graph.call("DELETE", PATH, params=whole | {"fields": "messages"})).ok
    assert app.subscribed_fields == HOOK_FIELDS[1:]
    assert (await graph.call("DELETE", PATH, params={"object": "user"})).code == (100, 0)
    assert (await graph.call("DELETE", PATH, params=whole)).ok
    assert not app.callback_url
    assert not app.subscribed_fields
    assert (await graph.get(PATH)).body == {"data": []}


async def test_the_knobs_of_an_app_refuse_what_meta_has_not(meta: FakeMeta) -> None:
    app = meta.world.apps[APP_ID]
    app.drop_field("messages")
    app.listen_to("messages")
    app.listen_to("messages")
    assert sorted(app.subscribed_fields) == sorted(HOOK_FIELDS)
    for turn, argument in (
        (app.drop_field, "gossip"),
        (app.listen_to, "gossip"),
        (app.allow_redirect, "http://elsewhere.example/"),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            turn(argument)


async def test_templates_come_in_pages(graph: Graph) -> None:
    path = f"/{SHOP}/message_templates"
    first = (await graph.get(path, fields="name,status", limit="2")).body
    assert first["data"] == [
        {"name": "order_update", "status": "APPROVED", "id": "1192339204654487"},
        {"name": "summer_sale", "status": "APPROVED", "id": "1192339204654488"},
    ]
    paging = first["paging"]
    assert isinstance(paging, dict)
    rest = (await graph.get(path, limit="2", after=paging["cursors"]["after"])).body
    assert [row["name"] for row in rest["data"]] == ["welcome"]  # type: ignore[attr-defined]  # JSON
    assert "next" not in rest["paging"]  # type: ignore[operator]  # JSON
    assert (await graph.get(path, after="QVFIbm9wZQ")).code == (131059, 0)


async def test_templates_are_chosen_by_status_or_name(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{CAFE}/message_templates"
    for asked, count in (({"status": "PENDING"}, 1), ({"name": "summer_sale"}, 1), ({"name": "none"}, 0)):
        rows = (await graph.get(path, **asked)).body["data"]
        assert isinstance(rows, list)
        assert len(rows) == count
    assert (await graph.get(path, status="NICE")).code == (100, 0)
    assert (await graph.get(path, fields="name,colour")).code == (100, 0)
    meta.token("main").remove_scope("whatsapp_business_management")
    assert (await graph.get(path)).code == (10, 0)
