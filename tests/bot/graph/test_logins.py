"""A login's code for a token; a token to try; and which token a call bears."""

import httpx
import pytest

from bot.clock import Clock
from bot.graph.client import Graph
from bot.graph.errors import Refused, Throttled, TokenRejected, Unreachable
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, APP_ID, APP_SECRET, NUMBER, SHORT, TOKEN
from tests.bot.graph.wire import Wire, raw, refuses, reset, says

BACK = "https://bot.example/oauth/meta/callback"
CODE, VERIFIER = "AQcanaryCodeOfTheLogin", "v" * 64
FRESH = "EAAGfreshTokenOfTheLogin1"


async def test_a_code_is_exchanged_once_with_all_that_proves_us(wire: Wire, graph: Graph) -> None:
    wire.will(says({"access_token": FRESH, "token_type": "bearer"}))
    token = await graph.exchange_code(Secret(CODE), redirect_uri=BACK, verifier=Secret(VERIFIER))
    assert token.reveal() == FRESH
    (seen,) = wire.seen
    assert (seen.method, seen.path) == ("GET", "/v25.0/oauth/access_token")
    assert seen.query == {
        "client_id": APP_ID,
        "client_secret": APP_SECRET,
        "redirect_uri": BACK,
        "code": CODE,
        "code_verifier": VERIFIER,
    }
    assert "authorization" not in seen.headers


async def test_without_pkce_no_verifier_is_sent(wire: Wire, graph: Graph) -> None:
    wire.will(says({"access_token": FRESH}))
    await graph.exchange_code(Secret(CODE), redirect_uri=BACK, verifier=None)
    assert "code_verifier" not in wire.seen[0].query


@pytest.mark.parametrize(
    "reply",
    [reset, raw(200, b"{}"), raw(200, b"x"), says({"access_token": ""}), refuses(2, status=500)],
    ids=range(5),
)
async def test_an_exchange_that_is_not_certain_is_never_sent_again(
    wire: Wire, graph: Graph, reply: object
) -> None:
    wire.will(reply)  # type: ignore[arg-type]  # a Reply; parametrize hides it
    with pytest.raises(Unreachable) as unknown:
        await graph.exchange_code(Secret(CODE), redirect_uri=BACK, verifier=None)
    assert unknown.value.sent
    assert len(wire.seen) == 1


async def test_a_refused_code_is_a_refusal_that_does_not_quote_it(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(100, f"This authorization code has been used: {CODE}", error_subcode=36009))
    with pytest.raises(Refused) as refused:
        await graph.exchange_code(Secret(CODE), redirect_uri=BACK, verifier=Secret(VERIFIER))
    assert (refused.value.code, refused.value.subcode) == (100, 36009)
    assert CODE not in repr(vars(refused.value))


async def test_neither_code_nor_verifier_is_logged(
    wire: Wire, graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    wire.will(says({"access_token": FRESH}))
    await graph.exchange_code(Secret(CODE), redirect_uri=BACK, verifier=Secret(VERIFIER))
    assert "/oauth/access_token" in caplog.text
    for secret in (CODE, VERIFIER, FRESH, APP_SECRET):
        assert secret not in caplog.text


async def test_a_token_is_tried_without_becoming_the_usual_one(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": [], "id": NUMBER}))
    other = graph.using(Secret(FRESH))
    await other.templates(ACCOUNT)
    await other.number(NUMBER)
    await graph.number(NUMBER)
    bearers = [seen.headers["authorization"] for seen in wire.seen]
    assert bearers == [f"Bearer {FRESH}", f"Bearer {FRESH}", f"Bearer {TOKEN}"]
    assert wire.seen[1].query["appsecret_proof"] != wire.seen[2].query["appsecret_proof"]


async def test_who_tries_a_token_waits_at_the_same_gate(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(4, "(#4) Application request limit reached"))
    with pytest.raises(Throttled):
        await graph.using(Secret(FRESH)).templates(ACCOUNT)
    with pytest.raises(Throttled):
        await graph.number(NUMBER)
    assert len(wire.seen) == 1


async def test_each_call_bears_the_token_of_the_node_it_is_about(wire: Wire, http: httpx.AsyncClient) -> None:
    tokens = {NUMBER: "EAAGofTheNumber1", ACCOUNT: "EAAGofTheAccount"}

    def of(node_id: str) -> Secret:
        asked.append(node_id)
        return Secret(tokens.get(node_id, TOKEN))

    asked: list[str] = []
    graph = Graph(
        base_url=wire.url,
        version="v25.0",
        app_id=APP_ID,
        app_secret=Secret(APP_SECRET),
        token=of,
        http=http,
        clock=Clock(),
        limits=SHORT,
    )
    wire.will(says({"data": [], "success": True, "id": "1"}))
    await graph.number(NUMBER)
    await graph.numbers(ACCOUNT)
    await graph.subscribe_app(ACCOUNT)
    await graph.clear_number_override(NUMBER)
    bearers = [seen.headers["authorization"].removeprefix("Bearer ") for seen in wire.seen]
    assert bearers == [tokens[each] for each in (NUMBER, ACCOUNT, ACCOUNT, NUMBER)]
    wire.will(says({"data": {"app_id": APP_ID, "type": "USER", "is_valid": True}}))
    await graph.inspect_token()
    assert wire.seen[-1].query["input_token"] == TOKEN
    assert asked[-1] == ""


async def test_without_a_usable_token_nothing_is_sent(wire: Wire, graph: Graph) -> None:
    for token in ("", "two words", "naïve"):
        with pytest.raises(TokenRejected):
            await graph.using(Secret(token)).number(NUMBER)
    assert not wire.seen
