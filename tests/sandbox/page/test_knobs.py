"""Every knob of the page's world does what it says, can be turned back, and refuses what makes no sense."""

import copy
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.meta.control import KNOBS
from bot.sandbox.meta.seed import APP_ID, CAFE, SHOP, TOKEN_TEXT
from bot.sandbox.page.knobs import JSON, Knobs
from bot.sandbox.page.troubles import SLOW_S, STALE_READS, TROUBLES
from bot.sandbox.world import Sandbox

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
    ("accounts", SHOP, "fail_payment", {}, "settle_payment", {}),
    ("tokens", "main", "expire_token", {}, "give_time_back", {}),
    ("tokens", "main", "revoke_token", {"subcode": 460}, "revive", {}),
    ("tokens", "main", "revoke_token", {"subcode": 467}, "revive", {}),
    ("tokens", "main", "break_token", {}, "revive", {}),
    ("tokens", "main", "lapse_data_access", {}, "give_data_access_back", {}),
    ("tokens", "main", "remove_scope", {"scope": "public_profile"}, "add_scope", {"scope": "public_profile"}),
    ("apps", APP_ID, "require_appsecret_proof", {}, "waive_appsecret_proof", {}),
    ("apps", APP_ID, "take_over_callback", {"url": ELSEWHERE}, "give_back_callback", {}),
    ("phones", "Sales", "lose_next_sms", {}, "let_sms_through", {}),
    ("phones", "Sales", "decline_next_call", {"times": 3}, "take_calls", {}),
)
NOT_SHOWN = {"refuse_field", "answer_all_fields"}  # of the tests' own fakes


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Without a bot; both fakes listen."""
    sandbox = Sandbox()
    await sandbox.slack.start()
    await sandbox.meta.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def knobs(sandbox: Sandbox) -> Knobs:
    return Knobs(sandbox)


def shown(knobs: Knobs) -> JSON:
    return copy.deepcopy({"meta": knobs.meta(), "phones": knobs.phones()})


def path(kind: str, name: str, knob: str) -> tuple[str, ...]:
    return ("phones", name, knob) if kind == "phones" else ("meta", kind, name, knob)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[2]}")
async def test_a_turn_shows_and_its_counterpart_takes_it_back(
    knobs: Knobs, way: tuple[str, str, str, JSON, str, JSON]
) -> None:
    kind, name, knob, arguments, back, back_arguments = way
    before = shown(knobs)
    assert await knobs.turn(path(kind, name, knob), arguments) == {}
    assert shown(knobs) != before
    await knobs.turn(path(kind, name, back), back_arguments)
    assert shown(knobs) == before


def test_every_knob_of_the_world_is_among_those_turned_here() -> None:
    turned = {(way[0], knob) for way in WAYS for knob in (way[2], way[4])}
    assert turned == {(kind, knob) for kind, knobs in KNOBS.items() for knob in knobs - NOT_SHOWN}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[2]}")
async def test_everything_is_put_right_again(
    knobs: Knobs, way: tuple[str, str, str, JSON, str, JSON]
) -> None:
    before = shown(knobs)
    await knobs.turn(path(way[0], way[1], way[2]), way[3])
    await knobs.turn(("reset",), {})
    after = shown(knobs)
    for told in (before, after):
        for token in told["meta"]["tokens"]:
            token["expires_at"] = token["expires_at"][:10]  # counted from the moment of the seed
    assert after == before


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


@pytest.mark.parametrize(
    ("where", "body", "problem"),
    [
        (("planets", "Mars"), {}, LookupError),
        (("meta",), {}, LookupError),
        (("meta", "planets", "Mars", "ban"), {}, LookupError),
        (("meta", "numbers", "Nobody", "ban"), {}, LookupError),
        (("meta", "numbers", "Support", "__init__"), {}, LookupError),
        (("meta", "numbers", "Support", "become_connected"), {}, LookupError),
        (("meta", "accounts", "1", "lock"), {}, LookupError),
        (("meta", "tokens", "other", "revive"), {}, LookupError),
        (("meta", "apps", "1", "give_back_callback"), {}, LookupError),
        (("phones", "Nobody", "lose_next_sms"), {}, LookupError),
        (("phones", "Sales", "deliver"), {}, LookupError),
        (("fault",), {"id": "meta-explodes", "on": True}, LookupError),
        (("fault",), {"id": ["meta-down"], "on": True}, LookupError),
        (("fault",), {"id": "meta-down"}, ValueError),
        (("fault",), {"id": "meta-down", "on": "yes"}, ValueError),
        (("meta", "numbers", "Support", "ban"), {"how": "hard"}, TypeError),
        (("meta", "numbers", "Support", "set_pin"), {}, TypeError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": 123456}, ValueError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": "12345"}, ValueError),
        (("meta", "numbers", "Support", "set_pin"), {"pin": "١٢٣٤٥٦"}, ValueError),
        (("meta", "numbers", "Support", "disconnect"), {"proven": 1}, ValueError),
        (("meta", "numbers", "Support", "take_over_webhook"), {"url": "javascript:alert(1)"}, ValueError),
        (("meta", "numbers", "Support", "take_over_webhook"), {"url": "https://[x"}, ValueError),
        (
            ("meta", "accounts", SHOP, "take_over_webhook"),
            {"url": "https://x.example/" + "x" * 200},
            ValueError,
        ),
        (("meta", "accounts", SHOP, "subscribe_app"), {}, TypeError),
        (("meta", "apps", APP_ID, "take_over_callback"), {"url": None}, ValueError),
        (("meta", "tokens", "main", "revoke_token"), {"subcode": 7}, ValueError),
        (("meta", "tokens", "main", "remove_scope"), {"scope": "ads_read"}, ValueError),
        (("meta", "tokens", "main", "add_scope"), {"scope": "<b>"}, ValueError),
        (("phones", "Sales", "lose_next_sms"), {"times": 0}, ValueError),
        (("phones", "Sales", "lose_next_sms"), {"times": True}, ValueError),
        (("phones", "Sales", "decline_next_call"), {"times": 10**9}, ValueError),
        (("time",), {}, ValueError),
        (("time",), {"skip_s": "600"}, ValueError),
        (("time",), {"skip_s": True}, ValueError),
        (("time",), {"skip_s": -1}, ValueError),
        (("time",), {"skip_s": 10**12}, ValueError),
        (("time",), {"skip_s": float("nan")}, ValueError),
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing(
    knobs: Knobs, where: tuple[str, ...], body: JSON, problem: type[Exception]
) -> None:
    before = shown(knobs)
    told: list[None] = []
    knobs.changed = lambda: told.append(None)
    with pytest.raises(problem) as refused:
        await knobs.turn(where, body)
    sentence = str(refused.value)
    assert type(refused.value) is problem
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith(".")
    assert shown(knobs) == before
    assert told == []


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
    assert "4, 0, 2, 9, 1, 3" in told["messages"][0]["text"]


async def test_the_pin_is_told_to_the_page_and_no_other_secret(knobs: Knobs, sandbox: Sandbox) -> None:
    pins = {number["name"]: number["pin"] for number in knobs.meta()["numbers"]}
    assert (pins["Sales"], pins["Returns"]) == (sandbox.seed.sales_pin, None)
    assert TOKEN_TEXT not in str(knobs.meta())
    assert sandbox.seed.app_secret.reveal() not in str(knobs.meta())


# -- trouble -----------------------------------------------------------------------------------------------


async def ask_code(sandbox: Sandbox, *, patience_s: float = 2.0) -> tuple[int, bytes]:
    """Ask for a code for Sales as the bot would. (0, b"…"): no answer, and why."""
    url = f"{sandbox.meta.url}/v25.0/{sandbox.meta.number('Sales').id}/request_code"
    headers = {"Authorization": f"Bearer {TOKEN_TEXT}"}
    patience = aiohttp.ClientTimeout(total=patience_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, headers=headers) as session,
            session.post(url, json={"code_method": "SMS", "language": "en_US"}) as answer,
        ):
            return answer.status, await answer.read()
    except (aiohttp.ClientError, TimeoutError) as problem:
        return 0, type(problem).__name__.encode()


def arrived(sandbox: Sandbox) -> int:
    return len(sandbox.meta.phone("Sales").messages)


@pytest.mark.parametrize(
    ("id_", "status", "body", "done"),
    [
        ("meta-down", 0, b"", 0),
        ("meta-503", 503, b"temporarily unavailable", 0),
        ("meta-hangs", 0, b"Timeout", 0),
        ("meta-lies", 200, b'{"success": true}', 0),
        ("meta-answers-lost", 0, b"", 1),
        ("meta-garbage", 200, b'{"success": tru', 0),
    ],
)
async def test_trouble_at_meta_lasts_until_it_is_switched_off(
    knobs: Knobs, sandbox: Sandbox, id_: str, status: int, body: bytes, done: int
) -> None:
    await knobs.turn(("fault",), {"id": id_, "on": True})
    await knobs.turn(("fault",), {"id": id_, "on": True})  # once more changes nothing
    for _ in range(2):
        answer = await ask_code(sandbox, patience_s=0.3)
        assert answer[0] == status
        assert body in answer[1]
    assert arrived(sandbox) == done
    assert [fault["id"] for fault in knobs.faults() if fault["on"]] == [id_]
    await knobs.turn(("fault",), {"id": id_, "on": False})
    await knobs.turn(("time",), {"skip_s": 60})
    assert (await ask_code(sandbox))[0] == 200
    assert arrived(sandbox) == done + 1


async def test_a_slow_meta_and_lagging_reads_are_switched_on_and_off(knobs: Knobs, sandbox: Sandbox) -> None:
    for on, latency, reads in ((True, SLOW_S, STALE_READS), (False, 0.0, 0)):
        await knobs.turn(("fault",), {"id": "meta-slow", "on": on})
        await knobs.turn(("fault",), {"id": "meta-reads-lag", "on": on})
        assert sandbox.meta.latency_s == latency
        assert {number.connect_reads for number in sandbox.meta.world.numbers.values()} == {reads}


async def test_slack_limits_the_rate_until_it_is_switched_off(knobs: Knobs, sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.slack.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for on, status in ((True, 429), (False, 200)):
            await knobs.turn(("fault",), {"id": "slack-rate-limited", "on": on})
            async with session.post(f"{sandbox.slack.api_url}auth.test") as answer:
                assert answer.status == status
                assert answer.headers.get("Retry-After") == ("2" if on else None)


async def test_slack_delivers_every_envelope_twice(knobs: Knobs, sandbox: Sandbox) -> None:
    for on, copies in ((True, [0, 1]), (False, [0])):
        await knobs.turn(("fault",), {"id": "slack-redelivers", "on": on})
        sandbox.slack.envelopes.clear()
        await sandbox.slack.deliver(sandbox.slack.slash_envelope("ana", "/whatsapp"))
        await sandbox.slack.settled()
        assert sorted(log.copy for log in sandbox.slack.envelopes) == copies


@pytest.mark.parametrize("id_", [trouble.id for trouble in TROUBLES if trouble.lift is None])
async def test_a_deed_is_done_at_once_and_stays_off(knobs: Knobs, id_: str) -> None:
    assert await knobs.turn(("fault",), {"id": id_}) == {}
    assert not any(fault["on"] for fault in knobs.faults())


def test_troubles_have_ids_names_and_words_of_their_own() -> None:
    for attribute in ("id", "name", "about"):
        told = [getattr(trouble, attribute) for trouble in TROUBLES]
        assert all(told)
        assert len(set(told)) == len(told)
