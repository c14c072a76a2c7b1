"""Reading numbers and accounts: fields, pages, versions, and the shapes of Meta's own samples."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.meta.seed import APP_ID, BUSINESS_ID, CAFE, SHOP, TOKEN_TEXT, many
from bot.sandbox.meta.server import FakeMeta
from tests.sandbox.meta.conftest import Answer, Graph

LIMIT = "whatsapp_business_manager_messaging_limit"


def shape(value: object) -> object:
    """Names and types, without the values; of a list, its first element."""
    match value:
        case dict():
            return {name: shape(inner) for name, inner in value.items()}
        case list():
            return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def ids(answer: Answer) -> list[str]:
    rows = answer.body["data"]
    assert isinstance(rows, list)
    return [row["id"] for row in rows]


def next_page(answer: Answer) -> tuple[str, str | None]:
    """(after, next)."""
    paging = answer.body["paging"]
    assert isinstance(paging, dict)
    return paging["cursors"]["after"], paging.get("next")


async def test_a_number_looks_like_metas_sample(graph: Graph, meta: FakeMeta) -> None:
    sample = json.loads("""
    {"id":"1","display_phone_number":"+1 555-010-0199","verified_name":"Acme Support","status":"CONNECTED",
     "code_verification_status":"VERIFIED","quality_rating":"GREEN","name_status":"APPROVED",
     "platform_type":"CLOUD_API","account_mode":"LIVE","is_pin_enabled":true,
     "throughput":{"level":"STANDARD"},"whatsapp_business_manager_messaging_limit":"TIER_2K",
     "webhook_configuration":{"whatsapp_business_account":"https://t.example","application":"https://b.example"},
     "last_onboarded_time":"2026-08-22T19:05:53+0000"}""")
    meta.account(SHOP).take_over_webhook("https://t.example")
    answer = await graph.get(f"/{meta.number('Support').id}", fields=",".join(sample))
    assert shape(answer.body) == shape(sample)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", str(answer.body["last_onboarded_time"]))


async def test_a_list_looks_like_metas_sample(graph: Graph) -> None:
    sample = json.loads("""
    {"data":[{"id":"106540352242922","display_phone_number":"+1 555-010-0199","status":"CONNECTED"}],
     "paging":{"cursors":{"before":"QVFI","after":"QVFJ"},"next":"https://graph"}}""")
    answer = await graph.get(f"/{SHOP}/phone_numbers", fields="id,display_phone_number,status", limit="1")
    assert shape(answer.body) == shape(sample)


async def test_an_account_looks_like_metas_sample(graph: Graph) -> None:
    sample = json.loads("""
    {"id":"102290129340398","name":"Acme","status":"ACTIVE","account_review_status":"APPROVED",
     "business_verification_status":"verified","ownership_type":"SELF","country":"US","currency":"USD",
     "timezone_id":"1","message_template_namespace":"ba30","owner_business_info":{"id":"5","name":"Acme Inc"},
     "whatsapp_business_manager_messaging_limit":"TIER_2K"}""")
    answer = await graph.get(f"/{SHOP}", fields=",".join(sample))
    assert shape(answer.body) == shape(sample)


async def test_errors_look_like_metas_samples(graph: Graph) -> None:
    sample = json.loads("""{"error":{"message":"m","type":"GraphMethodException","code":100,
                            "error_subcode":33,"fbtrace_id":"A2"}}""")
    answer = await graph.get("/999")
    assert shape(answer.body) == shape(sample)
    assert answer.error["type"] == "GraphMethodException"
    assert str(answer.error["message"]).startswith("Unsupported get request. Object with ID '999'")


async def test_a_read_without_fields_shows_metas_default(graph: Graph, meta: FakeMeta) -> None:
    body = (await graph.get(f"/{meta.number('Sales').id}")).body
    assert {"id", "display_phone_number", "verified_name", "quality_rating"} <= body.keys()
    assert "status" not in body


@pytest.mark.parametrize("name", ["statu", "username", "pin", "certificate"])
async def test_one_unknown_field_fails_the_entire_read(graph: Graph, meta: FakeMeta, name: str) -> None:
    answer = await graph.get(f"/{meta.number('Sales').id}", fields=f"id,{name},status")
    assert (answer.status, answer.code) == (400, (100, 0))
    assert f"(#100) Tried accessing nonexisting field ({name}) on node type" in str(answer.error["message"])
    assert (await graph.get(f"/{SHOP}/phone_numbers", fields=name)).code == (100, 0)
    assert (await graph.get(f"/{SHOP}", fields=name)).code == (100, 0)


async def test_one_number_may_refuse_a_field_and_with_it_the_list(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Sales").refuse_field("throughput")
    assert "(throughput)" in str(
        (await graph.get(f"/{meta.number('Sales').id}", fields="throughput")).error["message"]
    )
    assert (await graph.get(f"/{SHOP}/phone_numbers", fields="id,throughput")).code == (100, 0)
    assert (await graph.get(f"/{meta.number('Support').id}", fields="throughput")).status == 200


async def test_the_portfolio_limit_needs_version_24(graph: Graph, meta: FakeMeta) -> None:
    path = f"/{meta.number('Sales').id}"
    graph.version = "/v23.0"
    assert (await graph.get(path, fields=LIMIT)).code == (100, 0)
    assert (await graph.get(f"/{SHOP}", fields=LIMIT)).code == (100, 0)
    graph.version = "/v24.0"
    assert (await graph.get(path, fields=LIMIT)).body[LIMIT] == "TIER_2K"


async def test_fields_expand_into_numbers_and_apps(graph: Graph) -> None:
    answer = await graph.get(
        f"/{SHOP}",
        fields="name,phone_numbers.limit(2){id,status},subscribed_apps{whatsapp_business_api_data}",
    )
    numbers, apps = answer.body["phone_numbers"], answer.body["subscribed_apps"]
    assert isinstance(numbers, dict)
    assert isinstance(apps, dict)
    assert [row.keys() for row in numbers["data"]] == [{"id", "status"}, {"id", "status"}]
    assert "next" in numbers["paging"]
    assert apps["data"][0]["whatsapp_business_api_data"]["id"] == APP_ID


@pytest.mark.parametrize(
    "fields", ["id,,name", "phone_numbers{id", "id}", "a.b", "phone_numbers.limit(x)", "%"]
)
async def test_fields_that_cannot_be_read_are_a_syntax_error(graph: Graph, fields: str) -> None:
    assert (await graph.get(f"/{SHOP}", fields=fields)).code == (2500, 0)


async def test_pages_end_where_next_is_missing_though_the_cursor_is_there(graph: Graph) -> None:
    seen: list[str] = []
    after, more = "", True
    while more:
        params = {"fields": "id", "limit": "2"} | ({"after": after} if after else {})
        answer = await graph.get(f"/{SHOP}/phone_numbers", **params)
        after, following = next_page(answer)
        assert after
        seen += ids(answer)
        more = following is not None
    assert len(seen) == len(set(seen)) == 6


async def test_the_next_link_carries_the_token_and_works(graph: Graph) -> None:
    answer = await graph.get(f"/{SHOP}/phone_numbers", fields="id", limit="4")
    _, following = next_page(answer)
    assert following is not None
    assert parse_qs(urlsplit(following).query)["access_token"] == [TOKEN_TEXT]
    async with graph.session.get(following) as page:
        rest = await page.json()
    assert len(rest["data"]) == 2


async def test_a_page_before_a_cursor_leads_back(graph: Graph) -> None:
    first = await graph.get(f"/{SHOP}/phone_numbers", fields="id", limit="2")
    second = await graph.get(f"/{SHOP}/phone_numbers", fields="id", limit="2", after=next_page(first)[0])
    paging = second.body["paging"]
    assert isinstance(paging, dict)
    assert "previous" in paging
    back = await graph.get(
        f"/{SHOP}/phone_numbers", fields="id", limit="2", before=paging["cursors"]["before"]
    )
    assert ids(back) == ids(first)


@pytest.mark.parametrize("cursor", ["nonsense", "QVFI", "QVFI!!", "QVFIYWJj"])
async def test_a_bad_cursor_is_131059(graph: Graph, cursor: str) -> None:
    assert (await graph.get(f"/{SHOP}/phone_numbers", after=cursor)).code == (131059, 0)
    assert (await graph.get(f"/{SHOP}/phone_numbers", before=cursor)).code == (131059, 0)


async def test_a_cursor_of_another_account_or_of_a_number_gone_is_131059(
    graph: Graph, meta: FakeMeta
) -> None:
    after, _ = next_page(await graph.get(f"/{SHOP}/phone_numbers", limit="1"))
    assert (await graph.get(f"/{CAFE}/phone_numbers", after=after)).code == (131059, 0)
    meta.world.remove_number(meta.number("Sales").id)
    assert (await graph.get(f"/{SHOP}/phone_numbers", after=after)).code == (131059, 0)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "all", "1e2"])
async def test_a_limit_outside_1_to_100_is_refused(graph: Graph, limit: str) -> None:
    assert (await graph.get(f"/{SHOP}/phone_numbers", limit=limit)).code == (100, 0)


async def test_a_page_holds_25_unless_asked(graph: Graph, meta: FakeMeta) -> None:
    big = FakeMeta(world=many(130).world)
    await big.start()
    graph.meta = big
    account = next(iter(big.world.accounts))
    assert len(ids(await graph.get(f"/{account}/phone_numbers"))) == 25
    assert len(ids(await graph.get(f"/{account}/phone_numbers", limit="100"))) == 100
    await big.close()


async def test_lists_are_newest_first_and_can_be_filtered_and_sorted(graph: Graph, meta: FakeMeta) -> None:
    newest = ids(await graph.get(f"/{SHOP}/phone_numbers"))
    oldest = ids(await graph.get(f"/{SHOP}/phone_numbers", sort="last_onboarded_time.asc"))
    assert newest[0] == meta.number("Sales").id
    assert oldest == newest[::-1]
    meta.number("Sales").account_mode = "SANDBOX"
    rule = [{"field": "account_mode", "operator": "EQUAL", "value": "SANDBOX"}]
    found = await graph.get(f"/{SHOP}/phone_numbers", filtering=json.dumps(rule))
    assert ids(found) == [meta.number("Sales").id]
    assert (await graph.get(f"/{SHOP}/phone_numbers", filtering='[{"field":"x"}]')).code == (100, 0)
    assert (await graph.get(f"/{SHOP}/phone_numbers", filtering="[")).code == (100, 0)
    assert (await graph.get(f"/{SHOP}/phone_numbers", sort="name")).code == (100, 0)


async def test_an_empty_list_has_no_paging(graph: Graph, meta: FakeMeta) -> None:
    for number_id in list(meta.account(CAFE).number_ids):
        meta.world.remove_number(number_id)
    assert (await graph.get(f"/{CAFE}/phone_numbers")).body == {"data": []}


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/v25.0", "v25.0"),
        ("/v26.0", "v26.0"),
        ("/v21.0", "v21.0"),
        ("/v20.0", "v21.0"),
        ("/v3.0", "v21.0"),
        ("", "v25.0"),
    ],
)
async def test_dead_versions_are_served_by_the_oldest_live_one(graph: Graph, asked: str, served: str) -> None:
    graph.version = asked
    answer = await graph.get(f"/{SHOP}")
    assert (answer.status, answer.headers["facebook-api-version"]) == (200, served)


async def test_a_version_that_does_not_exist_is_an_unknown_path(graph: Graph) -> None:
    graph.version = "/v99.0"
    assert (await graph.get(f"/{SHOP}")).code == (2500, 0)


async def test_unknown_paths_and_methods_are_refused_as_meta_does(graph: Graph, meta: FakeMeta) -> None:
    number = meta.number("Sales").id
    assert (await graph.get(f"/{number}/nonsense")).code == (2500, 0)
    assert (await graph.get("/nonsense")).code == (2500, 0)
    assert (await graph.get(f"/{number}/register")).code == (100, 33)
    assert (await graph.post(f"/{SHOP}/phone_numbers")).code == (100, 33)
    assert (await graph.post(f"/{BUSINESS_ID}")).code == (100, 33)
    assert (await graph.call("PUT", f"/{number}")).code == (100, 0)
    assert (await graph.get("/")).code == (100, 0)


async def test_reading_many_by_ids_is_gone(graph: Graph, meta: FakeMeta) -> None:
    answer = await graph.get("/", ids=f"{SHOP},{CAFE}")
    assert answer.code == (100, 0)
    assert "removed" in str(answer.error["message"])
    assert (await graph.get(f"/{SHOP}", date_format="U")).code == (100, 0)
    assert (await graph.get(f"/{SHOP}", pretty="1", debug="all")).status == 200


async def test_apps_businesses_and_people_have_names(graph: Graph) -> None:
    assert (await graph.get(f"/{APP_ID}")).body == {"id": APP_ID, "name": "Acme Ops"}
    assert (await graph.get(f"/{BUSINESS_ID}", fields="id")).body == {"id": BUSINESS_ID}
    assert (await graph.get(f"/{BUSINESS_ID}", fields="secret")).code == (100, 0)
    assert (await graph.get("/me")).body.keys() == {"id", "name"}


async def test_health_is_told_entity_by_entity(graph: Graph, meta: FakeMeta) -> None:
    meta.account(SHOP).fail_payment()
    meta.world.businesses[BUSINESS_ID].verification = "not_verified"
    body = (await graph.get(f"/{meta.number('Support').id}", fields="health_status")).body
    health = body["health_status"]
    assert isinstance(health, dict)
    said = {entity["entity_type"]: entity for entity in health["entities"]}
    assert {kind: entity["can_send_message"] for kind, entity in said.items()} == {
        "PHONE_NUMBER": "AVAILABLE",
        "WABA": "BLOCKED",
        "BUSINESS": "LIMITED",
        "APP": "AVAILABLE",
    }
    assert said["WABA"]["errors"][0].keys() == {"error_code", "error_description", "possible_solution"}
    assert said["BUSINESS"]["additional_info"]
    assert health["can_send_message"] == "BLOCKED"
    account = (await graph.get(f"/{SHOP}", fields="health_status")).body["health_status"]
    assert isinstance(account, dict)
    assert len(account["entities"]) == 3


async def test_the_sip_trap_blocks_the_top_value_only(graph: Graph, meta: FakeMeta) -> None:
    meta.number("Support").sip_trap = True
    body = (await graph.get(f"/{meta.number('Support').id}", fields="health_status")).body
    health = body["health_status"]
    assert isinstance(health, dict)
    assert health["can_send_message"] == "BLOCKED"
    assert {entity["can_send_message"] for entity in health["entities"]} == {"AVAILABLE"}
    assert health["entities"][0]["errors"][0]["error_code"] == 138024


async def test_parameters_come_by_query_form_or_json_and_mix(graph: Graph, meta: FakeMeta) -> None:
    register = f"/{meta.number('Support').id}/register"
    body = {"messaging_product": "whatsapp", "pin": "000000"}
    assert (await graph.call("POST", register, params=body)).ok
    assert (await graph.call("POST", register, data=body)).ok
    assert (await graph.call("POST", register, json=body)).ok
    product = {"messaging_product": "whatsapp"}
    assert (await graph.call("POST", register, params={"pin": "000000"}, json=product)).ok
    assert (await graph.call("POST", register, params={"pin": "12"}, json=body)).ok  # the body wins


async def test_a_body_that_cannot_be_read_is_refused(graph: Graph, meta: FakeMeta) -> None:
    register = f"/{meta.number('Support').id}/register"
    kind = {"Content-Type": "application/json"}
    graph.headers = kind
    for body in (b"{", b"[]", b"\xff", b"[" * 100_000):
        assert (await graph.call("POST", register, data=body)).code == (100, 0)
    answer = await graph.call("POST", register, data=b" " * 2_000_000)
    assert (answer.status, answer.code) == (413, (1, 0))
    assert not meta.number("Support").attempts.registers
