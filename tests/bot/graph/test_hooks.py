"""Webhooks at Meta: what is read of them, and each change as it leaves, once."""

from collections.abc import Awaitable, Callable

import pytest

from bot.errors import BadInput
from bot.graph.client import Graph
from bot.graph.errors import Refused, TokenRejected, Unreachable
from bot.graph.model import AppSubscription
from bot.secret import Secret
from tests.bot.graph.conftest import ACCOUNT, APP_ID, APP_SECRET, NUMBER, TOKEN
from tests.bot.graph.test_writes import PROOF
from tests.bot.graph.wire import Wire, raw, refuses, reset, says

URL = "https://bot.example/webhooks/whatsapp"
VERIFY = Secret("canary-verify-token")
SUCCESS = says({"success": True})
WRITES: dict[str, Callable[[Graph], Awaitable[None]]] = {
    "override_account": lambda graph: graph.override_account(ACCOUNT, url=URL, verify_token=VERIFY),
    "clear_account_override": lambda graph: graph.clear_account_override(ACCOUNT),
    "override_number": lambda graph: graph.override_number(NUMBER, url=URL, verify_token=VERIFY),
    "clear_number_override": lambda graph: graph.clear_number_override(NUMBER),
    "replace_app_subscription": lambda graph: graph.replace_app_subscription(
        url=URL, verify_token=VERIFY, fields=("messages", "security")
    ),
}


def entry(**change: object) -> dict[str, object]:
    return {
        "object": "whatsapp_business_account",
        "callback_url": URL,
        "active": True,
        "fields": [{"name": "messages", "version": "v25.0"}, {"name": "security", "version": "v25.0"}],
    } | change


async def test_the_apps_subscription_is_read_with_the_apps_own_token(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": [entry(object="page", callback_url="https://page.example"), entry()]}))
    told = await graph.app_subscription()
    assert told == AppSubscription(URL, True, frozenset({"messages", "security"}))
    (seen,) = wire.seen
    assert (seen.method, seen.path) == ("GET", f"/v25.0/{APP_ID}/subscriptions")
    assert seen.headers["authorization"] == f"Bearer {APP_ID}|{APP_SECRET}"
    assert not seen.query, "no proof: that is for users' tokens"


@pytest.mark.parametrize("data", [[], [{"object": "page"}], ["odd"], [5]])
async def test_an_app_without_a_subscription_is_inactive_and_has_no_url(
    wire: Wire, graph: Graph, data: list[object]
) -> None:
    wire.will(says({"data": data}))
    assert await graph.app_subscription() == AppSubscription(active=False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"active": "true"}, AppSubscription(URL, None, frozenset({"messages", "security"}))),
        ({"callback_url": 5}, AppSubscription(None, True, frozenset({"messages", "security"}))),
        ({"fields": ["messages", 5, {"name": 7}, {}]}, AppSubscription(URL, True, frozenset({"messages"}))),
        ({"fields": "messages"}, AppSubscription(URL, True)),
    ],
)
async def test_a_subscription_in_another_shape_raises_nothing(
    wire: Wire, graph: Graph, change: dict[str, object], told: AppSubscription
) -> None:
    wire.will(says({"data": [entry(**change)]}))
    assert await graph.app_subscription() == told


async def test_an_answer_without_a_list_is_no_answer(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": {"object": "whatsapp_business_account"}}))
    with pytest.raises(Unreachable):
        await graph.app_subscription()


async def test_a_refused_app_token_is_never_taken_for_a_dead_token(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(190, "Invalid OAuth access token"))
    for call in (graph.app_subscription(), WRITES["replace_app_subscription"](graph)):
        with pytest.raises(Refused, match="app id and secret") as refused:
            await call
        assert refused.value.code == 190
        assert not isinstance(refused.value, TokenRejected)


async def test_templates_are_counted_over_all_pages(wire: Wire, graph: Graph) -> None:
    cursors = {"cursors": {"before": "a", "after": "b"}}
    wire.will(
        says({"data": [{"id": "1"}, {"id": "2"}], "paging": cursors | {"next": "https://graph.example/n"}}),
        says({"data": [{"id": "3"}], "paging": cursors}),
    )
    assert await graph.templates(ACCOUNT) == 3
    first, second = wire.seen
    assert first.path == f"/v25.0/{ACCOUNT}/message_templates"
    assert (first.query["fields"], first.query["limit"], second.query["after"]) == ("id", "100", "b")


@pytest.mark.parametrize(
    ("name", "path", "sent"),
    [
        (
            "override_account",
            f"/v25.0/{ACCOUNT}/subscribed_apps",
            {"override_callback_uri": URL, "verify_token": "canary-verify-token"},
        ),
        ("clear_account_override", f"/v25.0/{ACCOUNT}/subscribed_apps", {}),
        (
            "replace_app_subscription",
            f"/v25.0/{APP_ID}/subscriptions",
            {
                "object": "whatsapp_business_account",
                "callback_url": URL,
                "verify_token": "canary-verify-token",
                "fields": "messages,security",
                "include_values": "true",
            },
        ),
    ],
)
async def test_what_a_change_sends_as_a_form(
    wire: Wire, graph: Graph, name: str, path: str, sent: dict[str, str]
) -> None:
    wire.will(SUCCESS)
    await WRITES[name](graph)
    (seen,) = wire.seen
    assert (seen.method, seen.path, seen.form) == ("POST", path, sent)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        (
            "override_number",
            b'{"webhook_configuration":{"override_callback_uri":"%b","verify_token":"canary-verify-token"}}'
            % URL.encode(),
        ),
        ("clear_number_override", b'{"webhook_configuration":{"override_callback_uri":""}}'),
    ],
)
async def test_a_numbers_override_is_json_within_json(
    wire: Wire, graph: Graph, name: str, sent: bytes
) -> None:
    wire.will(SUCCESS)
    await WRITES[name](graph)
    (seen,) = wire.seen
    assert (seen.method, seen.path, seen.body) == ("POST", f"/v25.0/{NUMBER}", sent)
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.query["appsecret_proof"] == PROOF


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    "reply", [reset, raw(200, b"<html>"), says({"success": "true"}), refuses(2, status=503)], ids=range(4)
)
async def test_a_change_is_sent_once_and_nothing_less_than_success_is_success(
    wire: Wire, graph: Graph, name: str, reply: object
) -> None:
    wire.will(reply)  # type: ignore[arg-type]  # a Reply; parametrize hides it
    with pytest.raises(Unreachable) as unknown:
        await WRITES[name](graph)
    assert unknown.value.sent
    assert len(wire.seen) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_a_failed_handshake_is_a_refusal_without_the_verify_token(
    wire: Wire, graph: Graph, name: str
) -> None:
    wire.will(refuses(2200, f"(#2200) Callback verification failed: verify_token={VERIFY.reveal()}"))
    with pytest.raises(Refused) as refused:
        await WRITES[name](graph)
    assert refused.value.code == 2200
    assert VERIFY.reveal() not in repr(vars(refused.value)) + str(refused.value)


async def test_a_nested_verify_token_is_hidden_wherever_meta_quotes_it(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(100, f"got {VERIFY.reveal()}"))
    with pytest.raises(Refused) as refused:
        await WRITES["override_number"](graph)
    assert VERIFY.reveal() not in repr(vars(refused.value))


async def test_only_an_id_of_metas_gets_into_a_path(wire: Wire, graph: Graph) -> None:
    wire.will(SUCCESS)
    for call in (
        graph.templates("../me"),
        graph.override_account("1/2", url=URL, verify_token=VERIFY),
        graph.override_number("me", url=URL, verify_token=VERIFY),
    ):
        with pytest.raises(BadInput):
            await call
    assert not wire.seen
