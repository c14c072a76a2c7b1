"""Trouble that is taken back is gone for those who ask Graph, and a lying Meta does nothing."""

from datetime import timedelta

from bot.sandbox.meta.restore import restore
from bot.sandbox.meta.seed import APP_ID, SHOP, TOKEN_TEXT
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import APP_TOKEN, Graph

ELSEWHERE = "https://elsewhere.example/hook"


async def test_a_number_taken_off_the_business_app_gets_codes_again(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Café App").take_off_business_app()
    assert (await graph.ask_code("Café App")).ok


async def test_a_settled_payment_is_no_trouble_and_fails_only_once(graph: Graph, meta: FakeMeta) -> None:
    account = meta.account(SHOP)
    account.fail_payment()
    account.fail_payment()
    assert len(account.problems) == 1
    account.settle_payment()
    health = (await graph.get(f"/{SHOP}", fields="health_status")).body["health_status"]
    assert isinstance(health, dict)
    assert health["can_send_message"] == "AVAILABLE"


async def test_a_scope_given_back_lets_one_ask_again(graph: Graph, meta: FakeMeta) -> None:
    token = meta.token("main")
    for scope in list(token.scopes):
        token.remove_scope(scope)
    assert (await graph.get(f"/{SHOP}")).code == (10, 0)
    token.add_scope("whatsapp_business_management")
    token.add_scope("whatsapp_business_management")
    assert token.scopes == ["whatsapp_business_management"]
    assert (await graph.get(f"/{SHOP}")).status == 200


async def test_a_token_gets_its_time_and_its_data_back(graph: Graph, meta: FakeMeta) -> None:
    token = meta.token("main")
    before = token.expires_at, token.data_access_expires_at
    for _ in range(2):  # twice expired is not for ever
        token.expire_token()
        token.lapse_data_access()
    assert (await graph.get(f"/{SHOP}")).code == (190, 463)
    token.give_time_back()
    assert (await graph.get(f"/{SHOP}")).code == (10, 0)
    token.give_data_access_back()
    assert (token.expires_at, token.data_access_expires_at) == before
    assert (await graph.get(f"/{SHOP}")).status == 200


async def test_a_token_that_ran_out_by_itself_lives_without_an_end(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    clock.skip(timedelta(days=60))
    token = meta.token("main")
    assert token.death(clock.now()) == 463
    token.give_time_back()
    assert token.death(clock.now()) is None


async def test_the_apps_callback_is_taken_over_and_given_back(graph: Graph, meta: FakeMeta) -> None:
    app = meta.world.apps[APP_ID]
    ours = app.callback_url
    graph.token = APP_TOKEN
    app.take_over_callback(ELSEWHERE)
    app.take_over_callback(ELSEWHERE + "2")
    assert await callback(graph) == ELSEWHERE + "2"
    app.give_back_callback()
    app.give_back_callback()
    assert await callback(graph) == ours


async def callback(graph: Graph) -> object:
    data = (await graph.get(f"/{APP_ID}/subscriptions")).body["data"]
    assert isinstance(data, list)
    return data[0]["callback_url"]


async def test_a_lying_meta_says_yes_and_does_nothing(graph: Graph, meta: FakeMeta) -> None:
    meta.lies = True
    assert (await graph.ask_code("Sales")).ok
    assert (await graph.post(f"/{meta.number('Sales').id}", pin="111111")).ok
    assert not meta.phone("Sales").messages
    assert not any(call.effect for call in meta.calls)
    assert await graph.field("Sales", "status") == "DISCONNECTED"
    meta.lies = False
    assert (await graph.ask_code("Sales")).ok
    assert len(meta.phone("Sales").messages) == 1


async def test_a_restored_world_is_the_same_for_the_server_and_has_no_attempts(
    graph: Graph, meta: FakeMeta
) -> None:
    for _ in range(2):
        await graph.ask_code("Sales")
    meta.world.remove_number(meta.number("Billing").id)
    restore(meta.world)
    assert await graph.field("Billing", "status") == "CONNECTED"
    assert list(meta.world.tokens) == [TOKEN_TEXT]
    assert (await graph.ask_code("Sales")).ok  # the pause between two codes began anew, too
