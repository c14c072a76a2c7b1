"""What the fake Meta remembers of its callers, what it keeps to itself, and when it loses patience."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.sandbox.meta.bag import HIDDEN
from bot.sandbox.meta.calls import Call
from bot.sandbox.meta.seed import APP_ID, APP_SECRET, CAFE, SALES_PIN, SHOP, TOKEN_TEXT
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import APP_TOKEN, Graph


async def test_every_request_is_remembered_with_its_outcome(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    await graph.ask_code("Returns")
    await graph.get(f"/{SHOP}")
    assert [(c.method, c.status, c.code, c.effect) for c in meta.calls] == [
        ("POST", 200, 0, True),
        ("POST", 400, 136024, False),
        ("GET", 200, 0, False),
    ]
    assert meta.calls[0].params == {"code_method": "SMS", "language": "en_US"}
    assert meta.calls[0].path == f"/v25.0/{meta.number('Sales').id}/request_code"


async def test_no_secret_stays_in_what_is_remembered(graph: Graph, meta: FakeMeta) -> None:
    await graph.ask_code("Sales")
    code = meta.phone("Sales").latest_code()
    await graph.try_code("Sales", code)
    await graph.call("POST", f"/{meta.number('Sales').id}/verify_code", params={"code": code})
    await graph.register("Sales", SALES_PIN)
    override = {"override_callback_uri": "", "verify_token": "sesame"}
    number = f"/{meta.number('Sales').id}"
    await graph.post(number, webhook_configuration=override)
    await graph.call("POST", number, params={"webhook_configuration": json.dumps(override)})
    graph.token = ""
    await graph.get("/debug_token", input_token=TOKEN_TEXT, access_token=APP_TOKEN)
    await graph.get("/oauth/access_token", fb_exchange_token=TOKEN_TEXT, client_secret=APP_SECRET)
    remembered = repr(meta.calls) + repr(meta.world) + repr(meta.phone("Sales"))
    for secret in (code, SALES_PIN, TOKEN_TEXT, APP_SECRET, "sesame"):
        assert secret not in remembered
    assert meta.calls[1].params == {"code": HIDDEN}


async def test_a_witness_sees_each_write_before_anything_happens(graph: Graph, meta: FakeMeta) -> None:
    seen: list[tuple[str, int, int]] = []

    async def witness(call: Call) -> None:
        seen.append((call.method, call.status, len(meta.phone("Sales").messages)))

    meta.on_write = witness
    await graph.get(f"/{SHOP}")
    await graph.ask_code("Sales")
    await graph.call("DELETE", f"/{SHOP}/subscribed_apps")
    assert seen == [("POST", 0, 0), ("DELETE", 0, 1)]


async def test_latency_is_shared_by_all_who_wait(graph: Graph, meta: FakeMeta) -> None:
    meta.latency_s = 0.1
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.gather(*(graph.get(f"/{SHOP}") for _ in range(20)))
    assert 0.1 <= loop.time() - start < 1


async def test_answers_tell_how_much_was_used(graph: Graph, meta: FakeMeta) -> None:
    meta.account(CAFE).calls_per_hour = 10
    for _ in range(6):
        answer = await graph.get(f"/{CAFE}")
    assert json.loads(answer.headers["X-App-Usage"]).keys() == {"call_count", "total_time", "total_cputime"}
    use = json.loads(answer.headers["X-Business-Use-Case-Usage"])[CAFE][0]
    assert use == {
        "type": "whatsapp_business_management",
        "call_count": 50,
        "total_cputime": 50,
        "total_time": 50,
        "estimated_time_to_regain_access": 0,
    }


async def test_at_a_hundred_percent_the_account_is_throttled_for_the_hour(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    meta.account(CAFE).calls_per_hour = 3
    for _ in range(3):
        assert (await graph.get(f"/{CAFE}")).status == 200
    answer = await graph.get(f"/{CAFE}")
    assert (answer.status, answer.code) == (400, (80008, 0))
    use = json.loads(answer.headers["X-Business-Use-Case-Usage"])[CAFE][0]
    assert (use["call_count"], use["estimated_time_to_regain_access"]) == (100, 15)
    assert (await graph.get(f"/{SHOP}")).status == 200
    clock.skip(timedelta(hours=1))
    assert (await graph.get(f"/{CAFE}")).status == 200


async def test_usage_can_be_set_and_its_limits_lifted(graph: Graph, meta: FakeMeta) -> None:
    app = meta.world.apps[APP_ID]
    app.usage_percent = 120
    assert (await graph.get(f"/{SHOP}")).code == (4, 0)
    app.usage_percent, app.calls_per_hour = None, 1
    assert (await graph.get(f"/{SHOP}")).code == (4, 0)
    meta.world.enforce_limits = False
    meta.account(SHOP).usage_percent = 130
    answer = await graph.get(f"/{SHOP}")
    assert answer.status == 200
    assert json.loads(answer.headers["X-Business-Use-Case-Usage"])[SHOP][0]["call_count"] == 130


@pytest.mark.parametrize(("registered", "limit"), [(True, 5000), (False, 200)])
async def test_an_account_without_a_registered_number_gets_less(
    graph: Graph, meta: FakeMeta, registered: bool, limit: int
) -> None:
    for number in meta.world.numbers.values():
        number.connect() if registered else number.disconnect()
    for _ in range(limit // 50 + 1):
        answer = await graph.get(f"/{SHOP}")
    use = json.loads(answer.headers["X-Business-Use-Case-Usage"])[SHOP][0]
    assert use["call_count"] == 2
