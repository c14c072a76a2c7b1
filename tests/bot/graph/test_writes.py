"""What exactly goes out with each write and token call, and where the secrets in it travel."""

import hashlib
import hmac
import json

import pytest

from bot.graph.client import Graph
from bot.graph.errors import Refused, TokenRejected, Unreachable
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, APP_ID, APP_SECRET, NUMBER, TOKEN
from tests.bot.graph.wire import Wire, refuses, says

OK = says({"success": True})
PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()


async def test_a_code_is_asked_for(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.request_code(NUMBER, method="VOICE", language="en_US")
    (seen,) = wire.seen
    assert (seen.method, seen.path) == ("POST", f"/v25.0/{NUMBER}/request_code")
    assert seen.form == {"code_method": "VOICE", "language": "en_US"}


async def test_a_code_travels_in_the_body_only(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.verify_code(NUMBER, code=Secret("004217"))
    (seen,) = wire.seen
    assert seen.path == f"/v25.0/{NUMBER}/verify_code"
    assert seen.form == {"code": "004217"}
    assert "004217" not in seen.target


async def test_a_registration_names_the_product(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.register(NUMBER, pin=Secret("004217"))
    (seen,) = wire.seen
    assert seen.path == f"/v25.0/{NUMBER}/register"
    assert json.loads(seen.body) == {"messaging_product": "whatsapp", "pin": "004217"}
    assert seen.headers["content-type"] == "application/json"


async def test_a_pin_is_set_on_the_number_itself(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.set_pin(NUMBER, pin=Secret("004217"))
    assert wire.seen[0].path == f"/v25.0/{NUMBER}"
    assert wire.seen[0].form == {"pin": "004217"}


async def test_a_subscription_is_a_bare_post(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.subscribe_app(ACCOUNT)
    (seen,) = wire.seen
    assert (seen.method, seen.path, seen.body) == ("POST", f"/v25.0/{ACCOUNT}/subscribed_apps", b"")


async def test_every_call_of_the_token_proves_the_app_secret(wire: Wire, graph: Graph) -> None:
    wire.will(OK)
    await graph.subscribe_app(ACCOUNT)
    await graph.register(NUMBER, pin=Secret("004217"))
    assert {seen.query["appsecret_proof"] for seen in wire.seen} == {PROOF}
    assert {seen.headers["authorization"] for seen in wire.seen} == {f"Bearer {TOKEN}"}


INFO = {
    "app_id": APP_ID,
    "type": "SYSTEM_USER",
    "application": "Acme Ops",
    "data_access_expires_at": 0,
    "expires_at": 0,
    "is_valid": True,
    "issued_at": 1762000000,
    "user_id": "122100000000000000",
    "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
    "granular_scopes": [
        {"scope": "business_management"},
        {"scope": "whatsapp_business_management", "target_ids": [ACCOUNT, 5]},
    ],
}


async def test_a_token_is_inspected_by_the_app(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": INFO}))
    info = await graph.inspect_token()
    assert info.is_valid
    assert info.never_expires
    assert (info.expires_at, info.data_access_expires_at) == (None, None)
    assert info.issued_at is not None
    assert info.account_ids == (ACCOUNT, "5")
    assert info.granular["business_management"] is None
    (seen,) = wire.seen
    assert seen.query == {"input_token": TOKEN}, "no proof: the app's own token needs none"
    assert seen.headers["authorization"] == f"Bearer {APP_ID}|{APP_SECRET}"


async def test_another_token_can_be_inspected_before_it_is_used(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": INFO}))
    await graph.inspect_token(Secret("EAAcandidate"))
    assert wire.seen[0].query["input_token"] == "EAAcandidate"


async def test_a_dead_token_is_an_answer(wire: Wire, graph: Graph) -> None:
    error = {"code": 190, "message": f"Session has expired: {TOKEN}", "subcode": 463}
    wire.will(says({"data": {**INFO, "is_valid": False, "expires_at": 1750000000, "error": error}}))
    info = await graph.inspect_token()
    assert (info.is_valid, info.error_code, info.error_subcode) == (False, 190, 463)
    assert info.error_words == "Session has expired: …"
    assert info.expires_at is not None
    assert not info.never_expires


async def test_a_refused_inspection_does_not_condemn_the_token(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(190, "Invalid OAuth access token"))
    with pytest.raises(Refused, match="app id and secret") as problem:
        await graph.inspect_token()
    assert problem.value.code == 190


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": []}, {"data": "x"}])
async def test_an_inspection_without_data_failed(wire: Wire, graph: Graph, answer: object) -> None:
    wire.will(says(answer))
    with pytest.raises(Unreachable):
        await graph.inspect_token()


@pytest.mark.parametrize("said", ["true", 1, None, "yes"])
async def test_only_a_literal_true_is_a_valid_token(wire: Wire, graph: Graph, said: object) -> None:
    wire.will(says({"data": {**INFO, "is_valid": said}}))
    assert not (await graph.inspect_token()).is_valid


@pytest.mark.parametrize("system_user", [True, False])
async def test_a_token_is_exchanged(wire: Wire, graph: Graph, system_user: bool) -> None:
    wire.will(says({"access_token": "EAAfresh", "token_type": "bearer", "expires_in": 5183944}))
    fresh = await graph.extend_token(Secret("EAAolder"), system_user=system_user)
    assert fresh == Secret("EAAfresh")
    (seen,) = wire.seen
    expected = {
        "grant_type": "fb_exchange_token",
        "client_id": APP_ID,
        "client_secret": APP_SECRET,
        "fb_exchange_token": "EAAolder",
    }
    if system_user:
        expected["set_token_expires_in_60_days"] = "true"
    assert (seen.path, seen.query) == ("/v25.0/oauth/access_token", expected)
    assert "authorization" not in seen.headers


@pytest.mark.parametrize("answer", [{}, {"access_token": None}, {"access_token": ""}, {"access_token": 5}])
async def test_an_exchange_without_a_token_is_unknown(wire: Wire, graph: Graph, answer: object) -> None:
    wire.will(says(answer))
    with pytest.raises(Unreachable) as problem:
        await graph.extend_token(Secret("EAAolder"), system_user=False)
    assert problem.value.sent


async def test_an_expired_token_cannot_be_exchanged(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(190, error_subcode=463))
    with pytest.raises(TokenRejected) as problem:
        await graph.extend_token(Secret("EAAolder"), system_user=False)
    assert problem.value.subcode == 463
    assert len(wire.seen) == 1
