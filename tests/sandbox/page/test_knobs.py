"""Every knob of the page's world does what it says, can be turned back, and refuses what makes no sense."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import page
from bot.sandbox.meta.control import KNOBS
from bot.sandbox.meta.seed import APP_ID, CAFE, SHOP, TOKEN_TEXT
from bot.sandbox.meta.world import Door
from bot.sandbox.page.knobs import JSON, Knobs
from bot.sandbox.page.troubles import TROUBLES
from bot.sandbox.world import Sandbox
from tests.sandbox.page.turning import ask_code, shown, told

STATIC = Path(str(page.__file__)).parent / "static"
ELSEWHERE = "https://elsewhere.example/hook"
MANAGEMENT = "whatsapp_business_management"

WAYS: tuple[tuple[str, str, str, JSON, str, JSON], ...] = (
    # kind, name, knob, its arguments, the knob that takes it back, its arguments
    ("numbers", "Support", "disconnect", {"proven": True}, "connect", {}),
    ("numbers", "Support", "ban", {}, "connect", {}),
    ("numbers", "Support", "restrict", {}, "connect", {}),
    ("numbers", "Support", "flag", {}, "connect", {}),
    ("numbers", "Support", "limit_rate", {}, "connect", {}),
    ("numbers", "Support", "migrate", {}, "connect", {}),
    ("numbers", "Support", "delete", {}, "connect", {}),
    ("numbers", "Support", "expire_verification", {}, "prove_ownership", {}),
    ("numbers", "Sales", "connect", {}, "disconnect", {"proven": False}),
    ("numbers", "Sales", "prove_ownership", {}, "disconnect", {"proven": False}),
    ("numbers", "Support", "remove_pin", {}, "set_pin", {"pin": "771204"}),
    ("numbers", "Support", "set_pin", {"pin": "111222"}, "set_pin", {"pin": "771204"}),
    ("numbers", "Support", "put_on_business_app", {}, "take_off_business_app", {}),
    ("numbers", "Café App", "take_off_business_app", {}, "put_on_business_app", {}),
    ("numbers", "Support", "take_over_webhook", {"url": ELSEWHERE}, "take_over_webhook", {"url": None}),
    ("numbers", "Support", "hold_name_review", {}, "approve_name", {}),
    ("accounts", SHOP, "unsubscribe_app", {"app_id": APP_ID}, "subscribe_app", {"app_id": APP_ID}),
    ("accounts", CAFE, "subscribe_app", {"app_id": APP_ID}, "unsubscribe_app", {"app_id": APP_ID}),
    ("accounts", SHOP, "take_over_webhook", {"url": ELSEWHERE}, "take_over_webhook", {"url": None}),
    ("accounts", SHOP, "lock", {}, "unlock", {}),
    ("accounts", SHOP, "disable", {}, "reinstate", {}),
    ("accounts", SHOP, "fail_payment", {}, "settle_payment", {}),
    ("tokens", "main", "expire_token", {}, "give_time_back", {}),
    ("tokens", "main", "revoke_token", {"subcode": 460}, "revive", {}),
    ("tokens", "main", "revoke_token", {"subcode": 467}, "revive", {}),
    ("tokens", "main", "break_token", {}, "revive", {}),
    ("tokens", "main", "lapse_data_access", {}, "give_data_access_back", {}),
    ("tokens", "main", "remove_scope", {"scope": "public_profile"}, "add_scope", {"scope": "public_profile"}),
    ("apps", APP_ID, "require_appsecret_proof", {}, "waive_appsecret_proof", {}),
    ("apps", APP_ID, "take_over_callback", {"url": ELSEWHERE}, "give_back_callback", {}),
    ("apps", APP_ID, "disable_callback", {}, "enable_callback", {}),
    ("apps", APP_ID, "drop_field", {"name": "messages"}, "listen_to", {"name": "messages"}),
    ("hooks", "delivery", "deliver_twice", {}, "deliver_once", {}),
    ("hooks", "delivery", "mix_up", {}, "keep_order", {}),
    ("hooks", "delivery", "hold", {}, "let_go", {}),
    ("phones", "Sales", "lose_next_sms", {}, "let_sms_through", {}),
    ("phones", "Sales", "decline_next_call", {"times": 3}, "take_calls", {}),
)
NOT_SHOWN = {"refuse_field", "answer_all_fields", "allow_redirect"}  # of the tests' own fakes
DONE_ONCE = {"retry_now", "send_again", "forge"}  # there is nothing to take back


def where(kind: str, name: str, knob: str) -> tuple[str, ...]:
    return ("phones", name, knob) if kind == "phones" else ("meta", kind, name, knob)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[2]}")
async def test_a_turn_shows_and_its_counterpart_takes_it_back(
    knobs: Knobs, way: tuple[str, str, str, JSON, str, JSON]
) -> None:
    kind, name, knob, arguments, back, back_arguments = way
    before = shown(knobs)
    assert await knobs.turn(where(kind, name, knob), arguments) == {}
    assert shown(knobs) != before
    await knobs.turn(where(kind, name, back), back_arguments)
    assert shown(knobs) == before


def test_every_knob_of_the_world_is_among_those_turned_here() -> None:
    turned = {(way[0], knob) for way in WAYS for knob in (way[2], way[4])}
    lasting = {kind: knobs - NOT_SHOWN - DONE_ONCE for kind, knobs in KNOBS.items() if kind != "events"}
    assert turned == {(kind, knob) for kind, knobs in lasting.items() for knob in knobs}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[2]}")
async def test_everything_is_put_right_again(
    knobs: Knobs, way: tuple[str, str, str, JSON, str, JSON]
) -> None:
    before = shown(knobs)
    await knobs.turn(where(way[0], way[1], way[2]), way[3])
    await knobs.turn(("reset",), {})
    after = shown(knobs)
    for world in (before, after):
        for token in world["meta"]["tokens"]:
            token["expires_at"] = token["expires_at"][:10]  # counted from the moment of the seed
    assert after == before


async def test_who_heard_of_a_ban_hears_that_a_reset_has_ended_it(knobs: Knobs) -> None:
    await knobs.turn(("meta", "numbers", "Support", "ban"), {})
    await knobs.turn(("meta", "accounts", CAFE, "disable"), {})
    heard = len(told(knobs))
    await knobs.turn(("reset",), {})
    assert told(knobs)[heard:] == ["account: DISABLED_UPDATE"] * 2  # both are reinstated
    await knobs.turn(("reset",), {})
    assert len(told(knobs)) == heard + 2  # nothing was ended by the second one


async def test_a_reset_empties_the_phones_and_ends_all_trouble(knobs: Knobs, sandbox: Sandbox) -> None:
    for trouble in TROUBLES:
        await knobs.turn(("fault",), {"id": trouble.id, "on": True})
    sandbox.meta.phone("Sales").deliver("SMS", "123456", "en_US")
    await knobs.turn(("reset",), {})
    assert not any(fault["on"] for fault in knobs.faults())
    assert not sandbox.meta.faults.waiting
    assert (sandbox.meta.latency_s, sandbox.meta.lies) == (0.0, False)
    assert all(not phone["messages"] for phone in knobs.phones())
    assert all(number.connect_reads == 0 for number in sandbox.meta.world.numbers.values())


async def test_a_token_the_bot_took_since_the_start_survives_a_reset_in_good_health(
    knobs: Knobs, sandbox: Sandbox
) -> None:
    world = sandbox.meta.world
    newer = world.new_token_like(world.token("main"), life=timedelta(days=60))
    for knob in ("remove_scope", "revoke_token", "expire_token"):
        await knobs.turn(
            ("meta", "tokens", newer.label, knob), {"scope": MANAGEMENT} if "scope" in knob else {}
        )
    await knobs.turn(("reset",), {})
    assert set(world.tokens) == {TOKEN_TEXT, newer.text}
    assert newer.death(sandbox.clock.now()) is None
    assert MANAGEMENT in newer.scopes


async def test_who_listens_hears_of_each_change(knobs: Knobs) -> None:
    told: list[str] = []
    knobs.changed = lambda: told.append(knobs.meta()["numbers"][1]["status"])
    await knobs.turn(("meta", "numbers", "Support", "ban"), {})
    await knobs.turn(("time",), {"skip_s": 60})
    assert told == ["BANNED", "BANNED"]


async def test_time_passes_for_everybody_and_a_code_runs_out(knobs: Knobs, sandbox: Sandbox) -> None:
    status, _ = await ask_code(sandbox)
    assert status == 200
    phone = next(phone for phone in knobs.phones() if phone["name"] == "Sales")
    assert phone["code_until"] is not None
    before = sandbox.clock.now()
    await knobs.turn(("time",), {"skip_s": 600})
    assert sandbox.clock.now() - before >= timedelta(minutes=10)
    phone = next(phone for phone in knobs.phones() if phone["name"] == "Sales")
    assert phone["code_until"] is None
    assert len(phone["messages"]) == 1


async def test_a_lost_sms_and_a_declined_call_do_not_arrive(knobs: Knobs, sandbox: Sandbox) -> None:
    await knobs.turn(("phones", "Sales", "lose_next_sms"), {})
    await knobs.turn(("phones", "Sales", "decline_next_call"), {})
    phone = sandbox.meta.phone("Sales")
    for method in ("SMS", "VOICE", "VOICE"):
        phone.deliver(method, "402913", "en_US")
    told = next(phone for phone in knobs.phones() if phone["name"] == "Sales")
    assert [message["kind"] for message in told["messages"]] == ["CALL"]
    assert (told["lost"], told["losing"], told["declining"], told["ringing"]) == (2, 0, 0, True)
    assert [missed["kind"] for missed in told["missed"]] == ["SMS", "CALL"]
    assert "4, 0, 2, 9, 1, 3" in told["messages"][0]["text"]


async def test_the_pin_is_told_to_the_page_and_no_other_secret(knobs: Knobs, sandbox: Sandbox) -> None:
    pins = {number["name"]: number["pin"] for number in knobs.meta()["numbers"]}
    assert (pins["Sales"], pins["Returns"]) == (sandbox.seed.sales_pin, None)
    assert TOKEN_TEXT not in str(knobs.meta())
    assert sandbox.seed.app_secret.reveal() not in str(knobs.meta())


def test_the_panels_turn_only_knobs_that_exist_and_leave_none_out() -> None:
    panels = "".join(file.read_text("utf-8") for file in (STATIC / "panels").glob("*.js"))
    turned = set(re.findall(r'\bat\("(\w+)"', panels))
    hooks = (STATIC / "panels" / "hooks.js").read_text("utf-8")
    turned |= {knob for knob in KNOBS["hooks"] if f'"{knob}"' in hooks}
    every = {knob for kind, knobs in KNOBS.items() for knob in knobs if kind != "events"}  # those: see below
    assert turned <= every
    assert every - turned == NOT_SHOWN | {"migrate", "delete", "break_token"}


@pytest.mark.parametrize("knob", sorted(KNOBS["events"]))
async def test_meta_can_be_made_to_tell_anything_by_webhook(
    knobs: Knobs, sandbox: Sandbox, knob: str
) -> None:
    sandbox.meta.delivery.hold()
    assert await knobs.turn(("meta", "events", sandbox.meta.number("Support").id, knob), {}) == {}
    told = knobs.meta()["hooks"]["events"]
    assert [each["state"] for each in told] == ["elsewhere"], "the seed's callback is not on this machine"


async def test_every_event_the_page_offers_is_one_the_fake_can_tell(knobs: Knobs, sandbox: Sandbox) -> None:
    source = (STATIC / "panels" / "hooks.js").read_text()
    table = source.split("const EVENTS = [")[1].split("\n];")[0]
    rows = re.findall(r'\["[^"]+", "(\w+)"(?:, (\{[^}]*\}))?\]', table)
    assert len(rows) == table.count("\n  [")
    assert {knob for knob, _ in rows} == KNOBS["events"]
    for knob, body in rows:
        arguments = json.loads(re.sub(r"(\w+):", r'"\1":', body or "{}"))
        await knobs.turn(("meta", "events", "Support", knob), arguments)


async def test_a_reset_leaves_the_bots_door_open(knobs: Knobs, sandbox: Sandbox) -> None:
    app = sandbox.meta.world.apps[APP_ID]
    door = Door(APP_ID, "http://127.0.0.1:9/webhooks/whatsapp", "http://127.0.0.1:9/oauth/meta/callback")
    sandbox.meta.world.open_door(door)
    app.take_over_callback(ELSEWHERE)
    await knobs.turn(("reset",), {})
    app = sandbox.meta.world.apps[APP_ID]
    assert (app.callback_url, app.redirect_uris) == (door.callback_url, (door.redirect_uri,))
