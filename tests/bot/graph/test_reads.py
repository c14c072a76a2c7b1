"""Reading numbers and accounts: fields Meta refuses, pages, shared connections, ids."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from bot.errors import BadInput
from bot.graph.client import Graph
from bot.graph.errors import NotFound, Refused, TokenRejected, UnknownField, Unreachable
from bot.graph.fields import NUMBER as NUMBER_FIELDS
from tests.bot.graph.conftest import ACCOUNT, NUMBER, SHORT, TOKEN, graph_at
from tests.bot.graph.wire import Reply, Seen, Wire, raw, refuses, says

SAMPLE = {
    "id": NUMBER,
    "display_phone_number": "+1 (555) 010-0199",
    "verified_name": "Acme Support",
    "status": "CONNECTED",
    "code_verification_status": "EXPIRED",
    "quality_rating": "GREEN",
    "name_status": "APPROVED",
    "platform_type": "CLOUD_API",
    "account_mode": "LIVE",
    "is_pin_enabled": True,
    "throughput": {"level": "STANDARD"},
    "whatsapp_business_manager_messaging_limit": "TIER_2K",
    "webhook_configuration": {"application": "https://bot.example/wa", "phone_number": "https://n.example/"},
    "health_status": {
        "can_send_message": "BLOCKED",
        "entities": [
            {"entity_type": "PHONE_NUMBER", "id": NUMBER, "can_send_message": "AVAILABLE"},
            {"entity_type": "WABA", "id": ACCOUNT, "can_send_message": "AVAILABLE"},
        ],
    },
    "last_onboarded_time": "2026-08-22T19:05:53+0000",
}


def unknown(field: str) -> Reply:
    return refuses(100, f"(#100) Tried accessing nonexisting field ({field}) on node type (WhatsAppX)")


def old_meta(*absent: str) -> Callable[[Seen], Reply]:
    """A Meta whose version lacks some fields: it names the first one asked for, and fails the whole read."""

    def reply(seen: Seen) -> Reply:
        asked = seen.query["fields"].split(",")
        lacking = [name for name in asked if name in absent]
        return unknown(lacking[0]) if lacking else says({k: v for k, v in SAMPLE.items() if k in asked})

    return reply


async def test_a_number_is_read_with_one_call(wire: Wire, graph: Graph) -> None:
    wire.will(says(SAMPLE))
    number = await graph.number(NUMBER)
    assert (number.digits, number.status, number.is_pin_enabled) == ("15550100199", "CONNECTED", True)
    assert (number.throughput, number.messaging_limit, number.account_id) == ("STANDARD", "TIER_2K", ACCOUNT)
    assert number.webhooks is not None
    assert (number.webhooks.level, number.webhooks.effective) == ("number", "https://n.example/")
    assert number.missing == frozenset()
    assert len(wire.seen) == 1
    assert wire.seen[0].path == f"/v25.0/{NUMBER}"
    assert wire.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "access_token" not in wire.seen[0].target


async def test_exactly_the_refused_fields_are_dropped_and_stay_dropped(wire: Wire, graph: Graph) -> None:
    wire.script = old_meta("throughput", "is_on_biz_app")
    number = await graph.number(NUMBER)
    assert number.missing == {"throughput", "is_on_biz_app"}
    assert (number.throughput, number.messaging_limit) == (None, "TIER_2K")
    assert len(wire.seen) == 3
    again = await graph.number(NUMBER)
    assert again.missing == number.missing
    assert len(wire.seen) == 4, "the second read knows what to leave out"


async def test_another_version_starts_with_all_fields(wire: Wire, http: httpx.AsyncClient) -> None:
    wire.script = old_meta("throughput")
    await graph_at(wire.url, http).number(NUMBER)
    wire.script = old_meta()
    assert (await graph_at(wire.url, http).number(NUMBER)).missing == frozenset()


async def test_a_list_and_a_node_may_refuse_different_fields(wire: Wire, graph: Graph) -> None:
    wire.script = old_meta("throughput")
    await graph.number(NUMBER)
    wire.script = lambda seen: says({"data": [SAMPLE]})
    assert (await graph.numbers(ACCOUNT))[0].missing == frozenset()
    assert "throughput" in wire.seen[-1].query["fields"]


async def test_even_a_core_field_may_be_gone(wire: Wire, graph: Graph) -> None:
    wire.script = old_meta("is_pin_enabled")
    number = await graph.number(NUMBER)
    assert number.missing == {"is_pin_enabled"}
    assert number.is_pin_enabled is None


@pytest.mark.parametrize(
    "first",
    [unknown("health_status{entities}"), unknown("reasons"), refuses(100, "(#100) Param fields is weird")],
)
async def test_a_refusal_that_names_no_field_of_ours_leaves_the_core(
    wire: Wire, graph: Graph, first: Reply
) -> None:
    wire.will(first, says(SAMPLE))
    number = await graph.number(NUMBER)
    assert number.missing == set(NUMBER_FIELDS.extended)
    assert wire.seen[1].query["fields"] == ",".join(NUMBER_FIELDS.core)


async def test_the_core_is_tried_only_once(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(100, "Invalid appsecret_proof provided in the API argument"))
    with pytest.raises(Refused):
        await graph.number(NUMBER)
    assert len(wire.seen) == 2


async def test_a_meta_that_refuses_every_field_is_not_asked_for_ever(wire: Wire, graph: Graph) -> None:
    wire.script = lambda seen: unknown(seen.query["fields"].split(",")[-1])
    with pytest.raises(UnknownField):
        await graph.number(NUMBER)
    assert len(wire.seen) <= len(NUMBER_FIELDS.all) + 1


async def test_a_missing_number_is_not_a_missing_field(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(100, "Unsupported get request. Object with ID ...", error_subcode=33))
    with pytest.raises(NotFound):
        await graph.number(NUMBER)
    assert len(wire.seen) == 1


async def test_parallel_reads_may_find_the_same_field_missing(wire: Wire, graph: Graph) -> None:
    wire.script = old_meta("throughput", "health_status")
    numbers = await asyncio.gather(*(graph.number(NUMBER) for _ in range(10)))
    assert {number.missing for number in numbers} == {frozenset({"throughput", "health_status"})}


def pages_of(count: int, size: int) -> Callable[[Seen], Reply]:
    """A list edge as Meta's: cursors on every page, `next` (with a token in it) on all but the last."""

    def reply(seen: Seen) -> Reply:
        start = int(seen.query.get("after", "0"))
        end = min(start + min(size, int(seen.query["limit"])), count)
        paging: dict[str, object] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < count:
            paging["next"] = f"http://{seen.headers['host']}/trap?access_token=EAAleaked&after={end}"
        return says({"data": [{"id": str(10_000 + n)} for n in range(start, end)], "paging": paging})

    return reply


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
async def test_all_pages_are_read_and_next_is_never_followed(
    wire: Wire, graph: Graph, count: int, calls: int
) -> None:
    wire.script = pages_of(count, 100)
    numbers = await graph.numbers(ACCOUNT)
    assert [number.id for number in numbers] == [str(10_000 + n) for n in range(count)]
    assert {number.account_id for number in numbers} <= {ACCOUNT}
    assert len(wire.seen) == calls
    assert {seen.path for seen in wire.seen} == {f"/v25.0/{ACCOUNT}/phone_numbers"}


async def test_pages_without_end_are_not_read_for_ever(
    wire: Wire, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    wire.script = pages_of(10_000, 5)
    numbers = await graph_at(wire.url, http, replace(SHORT, pages=4)).numbers(ACCOUNT)
    assert len(numbers) == 20
    assert "more than 4 pages" in caplog.text


async def test_a_cursor_that_stands_still_ends_the_list(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": [{"id": NUMBER}], "paging": {"cursors": {"after": "same"}, "next": "http://x/"}}))
    await graph.numbers(ACCOUNT)
    assert len(wire.seen) == 2


async def test_a_field_refused_on_the_list_is_dropped_for_all_of_it(wire: Wire, graph: Graph) -> None:
    wire.script = lambda seen: (
        unknown("health_status") if "health_status" in seen.query["fields"] else pages_of(150, 100)(seen)
    )
    numbers = await graph.numbers(ACCOUNT)
    assert len(numbers) == 150
    assert {number.missing for number in numbers} == {frozenset({"health_status"})}


@pytest.mark.parametrize("data", [None, "no", {"id": NUMBER}, 7])
async def test_a_list_that_is_none_is_not_an_empty_list(wire: Wire, graph: Graph, data: object) -> None:
    wire.will(says({"data": data}))
    with pytest.raises(Unreachable):
        await graph.subscribed_apps(ACCOUNT)


async def test_entries_that_cannot_be_read_are_left_out(wire: Wire, graph: Graph) -> None:
    wire.will(says({"data": [None, 5, [], {}, {"id": None}, {"id": int(NUMBER)}]}))
    assert [number.id for number in await graph.numbers(ACCOUNT)] == [NUMBER]


async def test_an_account_is_read(wire: Wire, graph: Graph) -> None:
    wire.will(
        unknown("whatsapp_business_manager_messaging_limit"),
        says({"id": ACCOUNT, "name": "Acme", "status": "ACTIVE", "business_verification_status": "verified"}),
    )
    account = await graph.account(ACCOUNT)
    assert (account.name, account.status, account.business_verification) == ("Acme", "ACTIVE", "verified")
    assert account.messaging_limit is None


async def test_subscribed_apps_show_an_override(wire: Wire, graph: Graph) -> None:
    app = {"id": "670843887433847", "name": "Acme Ops", "link": "https://x.example/"}
    listed = {"whatsapp_business_api_data": app, "override_callback_uri": "https://t.example/wa"}
    wire.will(says({"data": [listed, {"whatsapp_business_api_data": None}]}))
    (only,) = await graph.subscribed_apps(ACCOUNT)
    assert (only.id, only.name, only.override_url) == ("670843887433847", "Acme Ops", "https://t.example/wa")


@pytest.mark.parametrize(
    "bad", ["", "1234", "1" * 21, "12345/x", "12345?a=b", "١٢٣٤٥٦", "12345\n", "../12345", "me"]
)
async def test_what_cannot_be_an_id_is_never_asked_for(wire: Wire, graph: Graph, bad: str) -> None:
    for call in (graph.number, graph.account, graph.numbers, graph.subscribe_app):
        with pytest.raises(BadInput):
            await call(bad)
    assert wire.seen == []


@pytest.mark.parametrize("token", ["", "EAA two words", "EAA\r\nX-Evil: 1", "EAAé"])
async def test_a_token_that_fits_no_header_is_never_sent(
    wire: Wire, http: httpx.AsyncClient, token: str
) -> None:
    with pytest.raises(TokenRejected):
        await graph_at(wire.url, http, token=token).number(NUMBER)
    assert wire.seen == []


async def test_a_new_token_is_used_from_the_next_call_on(wire: Wire, http: httpx.AsyncClient) -> None:
    wire.will(says(SAMPLE))
    await graph_at(wire.url, http).number(NUMBER)
    await graph_at(wire.url, http, token="EAAanother").number(NUMBER)
    first, second = wire.seen
    assert first.query["appsecret_proof"] != second.query["appsecret_proof"]


async def test_a_hundred_reads_at_once_share_their_connections(wire: Wire, http: httpx.AsyncClient) -> None:
    graph = graph_at(wire.url, http)
    wire.will(says(SAMPLE))
    for _ in range(3):
        await asyncio.gather(*(graph.number(NUMBER) for _ in range(100)))
    assert len(wire.seen) == 300
    assert wire.connections <= 100


async def test_a_refusal_is_not_read_again(wire: Wire, graph: Graph) -> None:
    wire.will(refuses(10, status=403), raw(200, b"{}"))
    with pytest.raises(Exception, match="not allowed"):
        await graph.account(ACCOUNT)
    assert len(wire.seen) == 1


async def test_cookies_are_not_kept(wire: Wire, graph: Graph) -> None:
    wire.will(says(SAMPLE, Set_Cookie="session=abc; Path=/"))
    await graph.number(NUMBER)
    await graph.number(NUMBER)
    assert [seen.headers.get("cookie") for seen in wire.seen] == [None, None]
