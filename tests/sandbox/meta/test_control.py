"""The sandbox's own HTTP: looking at the world and getting it into trouble from outside."""

import json
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.sandbox.meta.control import KNOBS
from bot.sandbox.meta.seed import APP_SECRET, CAFE, SALES_PIN, SHOP, TOKEN_TEXT
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import Graph


@pytest.fixture
def sandbox(graph: Graph) -> Graph:
    graph.version, graph.token = "/_sandbox", ""
    return graph


async def test_the_state_shows_every_number_and_no_secret(sandbox: Graph, meta: FakeMeta) -> None:
    answer = await sandbox.get("/state")
    numbers = answer.body["numbers"]
    assert isinstance(numbers, list)
    assert {n["name"]: n["status"] for n in numbers} == {
        n.verified_name: n.status for n in meta.world.numbers.values()
    }
    text = json.dumps(answer.body)
    for secret in (TOKEN_TEXT, APP_SECRET, SALES_PIN):
        assert secret not in text


async def test_codes_are_only_in_the_phones_inbox(sandbox: Graph, meta: FakeMeta) -> None:
    sandbox.version, sandbox.token = "/v25.0", TOKEN_TEXT
    await sandbox.ask_code("Sales")
    code = meta.phone("Sales").latest_code()
    await sandbox.try_code("Sales", code)
    sandbox.version, sandbox.token = "/_sandbox", ""
    inbox = (await sandbox.get("/phones/Sales")).body
    messages = inbox["messages"]
    assert isinstance(messages, list)
    assert code in messages[0]["text"]
    assert code not in json.dumps((await sandbox.get("/state")).body)
    calls = (await sandbox.get("/calls")).body["calls"]
    assert isinstance(calls, list)
    assert len(calls) == 2
    assert f'"{code}"' not in json.dumps(calls)
    assert len(meta.calls) == 2  # looking is no call


async def test_numbers_accounts_tokens_and_phones_are_got_into_trouble(
    sandbox: Graph, meta: FakeMeta
) -> None:
    done = {"done": True}
    assert (await sandbox.post("/numbers/Support/ban")).body == done
    assert (await sandbox.post("/numbers/4821/set_pin", pin="111222")).body == done
    assert (await sandbox.post(f"/numbers/{meta.number('Billing').id}/disconnect", proven=True)).body == done
    assert (await sandbox.post(f"/accounts/{SHOP}/take_over_webhook", url="https://x.example")).body == done
    assert (await sandbox.post("/tokens/main/revoke_token", subcode=459)).body == done
    assert (await sandbox.post("/phones/Sales/lose_next_sms", times=2)).body == done
    assert meta.number("Support").status == "BANNED"
    assert meta.number("Sales").pin == "111222"
    assert meta.number("Billing").status == "DISCONNECTED"
    assert list(meta.account(SHOP).subscriptions.values()) == ["https://x.example"]
    assert meta.token("main").subcode == 459


async def test_faults_are_added_and_cleared(sandbox: Graph, meta: FakeMeta) -> None:
    await sandbox.post("/faults", kind="http_500", match="GET", times=3)
    state = (await sandbox.get("/state")).body
    assert state["faults"] == [
        {"kind": "http_500", "match": "GET", "times": 3, "phase": "before", "retry_after": None}
    ]
    assert (await sandbox.call("DELETE", "/faults")).status == 200
    assert meta.faults.waiting == []


async def test_the_clock_is_moved_if_it_can_be(sandbox: Graph, meta: FakeMeta, clock: MovableClock) -> None:
    before = clock.now()
    assert (await sandbox.post("/clock", skip_s=600)).status == 200
    assert clock.now() - before >= timedelta(minutes=10)
    assert (await sandbox.post("/clock", skip_s=-1)).status == 400
    meta.world.clock = Clock()
    assert (await sandbox.post("/clock", skip_s=600)).status == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/numbers/Nobody/ban", {}, 404),
        ("/numbers/Support/__init__", {}, 404),
        ("/numbers/Support/become_connected", {}, 404),
        ("/planets/Mars/ban", {}, 404),
        ("/numbers", {}, 404),
        ("/numbers/Support/ban", {"how": "hard"}, 400),
        ("/numbers/Support/set_pin", {"pin": 123456}, 400),
        ("/faults", {"kind": "explode"}, 400),
        ("/faults", {"sort": "hang"}, 400),
    ],
)
async def test_what_cannot_be_done_is_told(
    sandbox: Graph, meta: FakeMeta, path: str, body: dict[str, object], status: int
) -> None:
    answer = await sandbox.post(path, **body)
    assert answer.status == status
    assert answer.body.keys() == {"error"}
    assert meta.number("Support").status == "CONNECTED"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"}, {"Origin": "https://evil.example"}],
)
async def test_a_page_from_elsewhere_may_not_ask(sandbox: Graph, headers: dict[str, str]) -> None:
    sandbox.headers = headers
    assert (await sandbox.get("/state")).status == 403
    assert (await sandbox.post("/numbers/Support/ban")).status == 403


async def test_this_machines_own_page_may_ask(sandbox: Graph, meta: FakeMeta) -> None:
    sandbox.headers = {"Origin": meta.url, "Host": meta.url.removeprefix("http://")}
    assert (await sandbox.post("/numbers/Support/ban")).status == 200


async def test_a_plain_form_is_no_command(sandbox: Graph, meta: FakeMeta) -> None:
    answer = await sandbox.call("POST", "/numbers/Support/ban", data={"a": "b"})
    assert answer.status == 400
    assert meta.number("Support").status == "CONNECTED"


def test_every_knob_offered_exists(meta: FakeMeta) -> None:
    token = meta.token("main")
    records = {
        "numbers": meta.number("Sales"),
        "accounts": meta.account(CAFE),
        "tokens": token,
        "apps": meta.world.apps[token.app_id],
        "phones": meta.phone("Sales"),
        "events": meta.tell("Sales"),
        "hooks": meta.delivery,
    }
    for kind, knobs in KNOBS.items():
        assert all(callable(getattr(records[kind], knob)) for knob in knobs)
