"""What Meta's error codes become, and how long Meta's various ways of asking to wait are taken to mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.graph.client import Graph, Limits
from bot.graph.errors import (
    GraphError,
    NotFound,
    PermissionMissing,
    Refused,
    Throttled,
    TokenRejected,
    UnknownField,
)
from bot.graph.refusal import read_wait
from bot.graph.usage import Gate, read_retry_after
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, NUMBER
from tests.bot.graph.wire import Wire, raw, refuses, says

PIN = Secret("654321")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (0, None, TokenRejected),
        (102, None, TokenRejected),
        (190, 463, TokenRejected),
        (190, 99999, TokenRejected),
        (3, None, PermissionMissing),
        (10, None, PermissionMissing),
        (200, None, PermissionMissing),
        (299, None, PermissionMissing),
        (100, 33, NotFound),
        (33, None, NotFound),
        (100, None, Refused),
        (133005, None, Refused),
        (133006, 2593006, Refused),
        (136024, None, Refused),
        (131031, None, Refused),
        (300, None, Refused),
        (4, 2446079, Throttled),
        (80007, None, Throttled),
        (80008, None, Throttled),
        (130429, None, Throttled),
        (133016, None, Throttled),
    ],
)
async def test_the_code_decides_the_kind(
    wire: Wire, graph: Graph, code: int, subcode: int | None, kind: type[GraphError]
) -> None:
    more: dict[str, Any] = {} if subcode is None else {"error_subcode": subcode}
    wire.will(refuses(code, "(#1) raw", error_user_title="Title", error_user_msg="Words", **more))
    with pytest.raises(GraphError) as problem:
        await graph.register(NUMBER, pin=PIN)
    got = problem.value
    assert type(got) is kind
    assert (got.code, got.subcode, got.title, got.words) == (code, subcode or 0, "Title", "Words")
    assert (got.trace, got.http) == ("TRACE1", 400)
    assert len(wire.seen) == 1


async def test_the_code_decides_for_a_read_even_beside_a_500(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(190, status=500))
    with pytest.raises(TokenRejected):
        await graph.account(ACCOUNT)
    assert len(wire.seen) == 1


async def test_metas_plain_message_serves_when_there_are_no_words_for_people(
    wire: Wire, graph: Graph
) -> None:
    wire.will(refuses(133005, "(#133005) Two step verification PIN mismatch", error_data={"details": "d"}))
    with pytest.raises(Refused) as problem:
        await graph.register(NUMBER, pin=PIN)
    assert problem.value.words == "(#133005) Two step verification PIN mismatch"
    assert problem.value.details == "d"


async def test_a_write_refused_for_a_field_is_an_unknown_field(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(100, "(#100) Tried accessing nonexisting field (pin) on node type (X)"))
    with pytest.raises(UnknownField) as problem:
        await graph.set_pin(NUMBER, pin=PIN)
    assert problem.value.field == "pin"


async def _throttle(wire: Wire, graph: Graph) -> float:
    """Seconds until the answer's `retry_at`, after checking that everybody waits for it."""
    before = len(wire.seen)
    with pytest.raises(Throttled) as problem:
        await graph.request_code(NUMBER, method="SMS", language="en_US")
    assert problem.value.retry_at is not None
    assert graph.not_before() == problem.value.retry_at
    for call in (graph.account(ACCOUNT), graph.subscribe_app(ACCOUNT)):
        with pytest.raises(Throttled) as later:
            await call
        assert later.value.retry_at == problem.value.retry_at
    assert len(wire.seen) == before + 1, "nobody calls before the wait is over"
    return (problem.value.retry_at - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("1.5", 1.5),
        (" 30 ", 30),
        ("0", 60),
        ("-5", 60),
        ("1000000000", 3600),
        ("1e9", 3600),
        ("inf", 60),
        ("nan", 60),
        ("soon", 60),
        ("", 60),
        ("9" * 400, 60),
        ("date +300", 300),
        ("date -3600", 60),
        ("date +259200", 3600),
        ("Sun, 99 Nov 2026 99:99:99 GMT", 60),
    ],
)
@pytest.mark.parametrize("reply", ["429 without words", "429 with a code", "400 with a throttle code"])
async def test_retry_after_in_any_shape(
    wire: Wire, graph: Graph, reply: str, header: str, seconds: float
) -> None:
    if header.startswith("date "):  # made here: a test's name must not change from run to run
        moment = datetime.now(UTC) + timedelta(seconds=int(header.removeprefix("date ")))
        header = format_datetime(moment, usegmt=True)
    headers = {"Retry-After": header}
    wire.will(
        {
            "429 without words": raw(429, b"slow down", **headers),
            "429 with a code": refuses(130429, status=429, headers=headers),
            "400 with a throttle code": refuses(80007, headers=headers),
        }[reply]
    )
    assert await _throttle(wire, graph) == pytest.approx(seconds, abs=2)


async def test_too_many_requests_is_a_throttle_whatever_the_code(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(999999, status=429, headers={"Retry-After": "20"}))
    assert await _throttle(wire, graph) == pytest.approx(20, abs=2)


async def test_a_throttle_without_any_wait_closes_for_our_own_minute(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(4))
    assert await _throttle(wire, graph) == pytest.approx(60, abs=2)


async def test_the_minutes_until_access_returns_count(wire: Wire, graph: Graph) -> None:
    usage = f'{{"{ACCOUNT}":[{{"call_count":100,"estimated_time_to_regain_access":7}}]}}'
    wire.will(refuses(80007, headers={"X-Business-Use-Case-Usage": usage}))
    assert await _throttle(wire, graph) == pytest.approx(420, abs=2)


async def test_a_full_allowance_closes_the_gate_but_keeps_the_answer(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": []}, X_App_Usage='{"call_count":100,"total_time":25,"total_cputime":25}'))
    assert await graph.subscribed_apps(ACCOUNT) == ()
    with pytest.raises(Throttled):
        await graph.subscribed_apps(ACCOUNT)
    assert len(wire.seen) == 1
    assert graph.usage_percent() == 100


async def test_usage_below_full_is_only_noted(wire: Wire, graph: Graph) -> None:
    accounts = '{"1":[{"call_count":12}],"2":[{"call_count":3,"total_time":81},{"total_cputime":7}]}'
    wire.will(says({"data": []}, X_App_Usage='{"call_count":28}', X_Business_Use_Case_Usage=accounts))
    await graph.subscribed_apps(ACCOUNT)
    assert graph.usage_percent() == 81
    assert graph.not_before() is None


@pytest.mark.parametrize(
    "header",
    ["", "100", "[]", "null", '{"call_count":"100"}', '{"call_count":true}', '{"call_count":NaN}',
     '{"call_count":1e999}', "[" * 5000, '{"1":{"call_count":100}}', '{"1":[100]}', "\xff"],
)  # fmt: skip
async def test_unreadable_usage_is_ignored(wire: Wire, graph: Graph, header: str) -> None:
    wire.will(says({"data": []}, X_App_Usage=header, X_Business_Use_Case_Usage=header))
    await graph.subscribed_apps(ACCOUNT)
    assert graph.not_before() is None


async def test_the_gate_opens_again(wire: Wire) -> None:
    gate = Gate(Clock(), Limits(longest_pause_s=0.01))
    gate.close(timedelta(hours=2))
    assert gate.not_before() is not None
    while gate.not_before():
        pass
    assert gate.not_before() is None


async def test_a_shorter_wait_does_not_open_the_gate_early() -> None:
    gate = Gate(Clock(), Limits())
    long = gate.close(timedelta(minutes=30))
    assert gate.close(timedelta(seconds=5)) == long


@pytest.mark.parametrize(
    ("code", "details", "seconds"),
    [
        (133008, "Too many guesses. Wait 2 hours and 30 minutes before trying again.", 9000),
        (133009, "Please retry in 45 seconds", 45),
        (133009, "Too fast", 300),
        (133015, "Wait 9 minutes", 300),
        (133016, "10 attempts in 3 hours", 72 * 3600),
    ],
)
async def test_the_wait_of_one_number_stops_nobody_else(
    wire: Wire, graph: Graph, code: int, details: str, seconds: int | None
) -> None:
    wire.will(refuses(code, error_data={"messaging_product": "whatsapp", "details": details}))
    with pytest.raises(Throttled) as problem:
        await graph.register(NUMBER, pin=PIN)
    at = problem.value.retry_at
    assert (at and (at - datetime.now(UTC)).total_seconds()) == (seconds and pytest.approx(seconds, abs=2))
    assert graph.not_before() is None


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("", None),
        ("wait", None),
        ("5", None),
        ("0 minutes", None),
        ("5m", timedelta(minutes=5)),
        ("1 day", timedelta(days=1)),
        ("3 attempts in 1 hour; wait 10 mins", timedelta(hours=1)),
        ("1 hour, 5 minutes and 10 secs", timedelta(hours=1, minutes=5, seconds=10)),
        ("999999 days", timedelta(days=30)),
        ("12 monkeys, 3 houses, 4 days-off", timedelta(days=4)),
        ("7 dozen", None),
    ],
)
def test_a_wait_is_read_out_of_a_sentence(words: str, wait: timedelta | None) -> None:
    assert read_wait(words) == wait


@given(st.text(max_size=60))
@example("-5")
@example("0")
@example("-Infinity")
@example("Sun, 22 Nov 2026 12:00:00 -9999")
def test_no_retry_after_is_beyond_reading(header: str) -> None:
    wait = read_retry_after(header, NOW)
    assert wait is None or wait > timedelta(0)


@given(st.text())
def test_no_details_are_beyond_reading(details: str) -> None:
    wait = read_wait(details)
    assert wait is None or timedelta(0) < wait <= timedelta(days=30)
