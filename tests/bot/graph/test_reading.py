"""Reading Meta's JSON: any value in place of any field is survived, and health is summed up honestly."""

import dataclasses
import json
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.graph.errors import GraphError
from bot.graph.limits import DEFAULT
from bot.graph.model import Account, Number, SubscribedApp, TokenInfo
from bot.graph.reading import read_account, read_health, read_number, read_subscribed_app, read_token
from bot.graph.refusal import judge
from bot.graph.transport import Answer, parse
from bot.graph.usage import Gate
from tests.bot.graph.conftest import ACCOUNT, NUMBER
from tests.bot.graph.test_reads import SAMPLE
from tests.bot.graph.test_refusals import NOW
from tests.bot.graph.test_writes import INFO

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
APP = {
    "whatsapp_business_api_data": {"id": "670843887433847", "name": "Ops"},
    "override_callback_uri": "https://x/",
}
ERROR = {
    "error": {
        "message": "(#100) Tried accessing nonexisting field (x)",
        "code": 133009,
        "error_subcode": 1,
        "error_data": {"details": "wait 5 minutes"},
        "error_user_msg": "w",
        "is_transient": True,
        "fbtrace_id": "T",
    }
}


@st.composite
def damaged(draw: st.DrawFn, sample: object) -> object:
    """`sample` with anything at all in some places of it, and some places missing."""
    roll = draw(st.integers(0, 9))
    if roll == 0:
        return draw(ANYTHING)
    if isinstance(sample, dict):
        return {k: draw(damaged(v)) for k, v in sample.items() if roll != 1 or draw(st.booleans())}
    if isinstance(sample, list):
        return [draw(damaged(each)) for each in sample]
    return sample


def sendable(value: object) -> None:
    """Every text in a read value can be encoded: stored, sent to Slack, logged."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, Mapping):
        sendable([*value.keys(), *value.values()])
    elif isinstance(value, Iterable):
        for each in value:
            sendable(each)
    elif dataclasses.is_dataclass(value):
        sendable([getattr(value, each.name) for each in dataclasses.fields(value)])
    elif isinstance(value, GraphError):
        sendable(vars(value))


def test_half_a_character_is_made_whole() -> None:
    assert read_number({"verified_name": "a\ud83d"}, number_id=NUMBER).verified_name == "a?"
    assert read_token({"scopes": ["a\ud83d"]}).scopes == {"a?"}


@given(damaged(SAMPLE))
def test_no_number_breaks_the_reader(node: object) -> None:
    number = read_number(node, number_id=NUMBER)
    assert isinstance(number, Number)
    assert number.digits is not None
    assert number.is_pin_enabled in (True, False, None)
    sendable(number)


@given(damaged({"id": "1", "name": "n", "status": "ACTIVE"}))
def test_no_account_breaks_the_reader(node: object) -> None:
    assert isinstance(read_account(node, account_id=ACCOUNT), Account)


@given(damaged(APP))
def test_no_subscription_breaks_the_reader(node: object) -> None:
    app = read_subscribed_app(node)
    assert app is None or (isinstance(app, SubscribedApp) and app.id)


@given(damaged(INFO))
def test_no_token_breaks_the_reader(data: object) -> None:
    if isinstance(data, dict):
        info = read_token(data)
        assert isinstance(info, TokenInfo)
        assert isinstance(info.account_ids, tuple)
        sendable(info)


@given(damaged(ERROR), st.sampled_from([200, 204, 302, 400, 401, 403, 404, 429, 500, 503]), st.booleans())
def test_no_error_breaks_the_judge(body: object, status: int, write: bool) -> None:
    problem = judge(Answer(status, {"retry-after": "5"}, body), write=write, now=NOW, secrets=())
    if status >= 300:
        assert problem is not None
    sendable(problem)


@given(st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    parse(raw)


@given(st.text() | ANYTHING.map(json.dumps))
def test_no_usage_header_breaks_the_gate(header: str) -> None:
    gate = Gate(Clock(), DEFAULT)
    gate.read({"x-app-usage": header, "x-business-use-case-usage": header})
    gate.not_before()


def entity(can_send: str, *codes: int, kind: str = "PHONE_NUMBER") -> dict[str, object]:
    errors = [{"error_code": code, "error_description": "why", "possible_solution": "how"} for code in codes]
    return {"entity_type": kind, "id": NUMBER, "can_send_message": can_send, "errors": errors}


@pytest.mark.parametrize(
    ("top", "entities", "answer"),
    [
        ("BLOCKED", [entity("AVAILABLE"), entity("AVAILABLE")], "AVAILABLE"),
        ("BLOCKED", [entity("BLOCKED", 138024, 138025)], "AVAILABLE"),
        ("BLOCKED", [entity("BLOCKED", 138024, 141006)], "BLOCKED"),
        ("BLOCKED", [entity("BLOCKED")], "BLOCKED"),
        ("AVAILABLE", [entity("LIMITED"), entity("AVAILABLE")], "LIMITED"),
        ("AVAILABLE", [entity("LIMITED"), entity("BLOCKED", 141006)], "BLOCKED"),
        ("AVAILABLE", [entity("blocked")], "BLOCKED"),
        ("AVAILABLE", [entity("PAUSED"), entity("AVAILABLE")], "PAUSED"),
        ("LIMITED", [], "LIMITED"),
        ("BLOCKED", [{"entity_type": "WABA"}], "BLOCKED"),
    ],
)
def test_health_is_summed_up_from_the_entities(
    top: str, entities: list[dict[str, object]], answer: str
) -> None:
    health = read_health({"can_send_message": top, "entities": entities})
    assert health is not None
    assert (health.can_send, health.meta_says) == (answer, top)


def test_health_keeps_what_to_do() -> None:
    limited = {**entity("LIMITED", kind="BUSINESS"), "additional_info": ["Not verified.", 5]}
    health = read_health({"entities": [entity("BLOCKED", 141006), limited]})
    assert health is not None
    assert health.entities[0].problems == ("141006: why; how",)
    assert health.entities[1].problems == ("Not verified.",)


@pytest.mark.parametrize("node", [None, "BLOCKED", [], {}, {"entities": "none"}])
def test_no_health_is_could_not_tell(node: object) -> None:
    assert read_health(node) is None


def test_wrong_types_are_could_not_tell_and_new_words_stay() -> None:
    node = {
        **SAMPLE,
        "status": "HIBERNATING",
        "is_pin_enabled": "true",
        "throughput": "HIGH",
        "name_status": 3,
    }
    number = read_number(node, number_id=NUMBER)
    assert number.status == "HIBERNATING"
    assert (number.is_pin_enabled, number.throughput, number.name_status) == (None, None, None)


@pytest.mark.parametrize("seconds", [10**12, 10**30, -1, True, 1.5, "1769000000"])
def test_a_time_beyond_the_calendar_is_could_not_tell(seconds: object) -> None:
    info = read_token({**INFO, "expires_at": seconds})
    assert (info.expires_at, info.never_expires) == (None, False)


def test_long_words_are_kept_whole() -> None:
    number = read_number({"verified_name": "x" * 100_000}, number_id=NUMBER)
    assert len(number.verified_name) == 100_000
