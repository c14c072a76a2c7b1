"""Who may ask, every way a token can die, and what tokens tell about tokens."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from bot.sandbox.meta.account import AppRecord
from bot.sandbox.meta.errors import DEATHS
from bot.sandbox.meta.seed import APP_ID, APP_SECRET, CAFE, SHOP, TOKEN_TEXT
from bot.sandbox.meta.server import FakeMeta
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING
from bot.sandbox.time import MovableClock
from tests.sandbox.meta.conftest import APP_TOKEN, Answer, Graph


def proof(token: str, secret: str = APP_SECRET) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


async def debug(graph: Graph, text: str = TOKEN_TEXT) -> Answer:
    graph.token = APP_TOKEN
    return await graph.get("/debug_token", input_token=text)


async def exchange(graph: Graph, **params: str) -> Answer:
    graph.token = ""
    how = {"grant_type": "fb_exchange_token", "client_id": APP_ID, "client_secret": APP_SECRET}
    return await graph.get("/oauth/access_token", **how | params)


@pytest.mark.parametrize("subcode", sorted(DEATHS))
async def test_every_death_of_a_token_has_its_subcode(graph: Graph, meta: FakeMeta, subcode: int) -> None:
    meta.token("main").revoke_token(subcode)
    answer = await graph.get(f"/{SHOP}")
    assert (answer.status, answer.code) == (401, (190, subcode))
    data = (await debug(graph)).body["data"]
    assert isinstance(data, dict)
    assert data["is_valid"] is False
    assert data["error"] == {"code": 190, "subcode": subcode, "message": DEATHS[subcode]}


async def test_a_token_expires_by_itself(graph: Graph, clock: MovableClock) -> None:
    clock.skip(timedelta(days=39, hours=23))
    assert (await graph.get(f"/{SHOP}")).status == 200
    clock.skip(timedelta(hours=2))
    assert (await graph.get(f"/{SHOP}")).code == (190, 463)


@pytest.mark.parametrize("text", ["nonsense", "EAAGunknown", f"{APP_ID}|wrong", "1|x"])
async def test_a_token_nobody_issued_cannot_be_parsed(graph: Graph, text: str) -> None:
    graph.token = text
    assert (await graph.get(f"/{SHOP}")).code == (190, 0)


async def test_a_broken_token_cannot_be_parsed(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").break_token()
    assert (await graph.get(f"/{SHOP}")).code == (190, 0)


async def test_no_token_at_all_is_104(graph: Graph) -> None:
    graph.token = ""
    assert (await graph.get(f"/{SHOP}")).code == (104, 0)


async def test_the_token_may_be_a_parameter(graph: Graph) -> None:
    graph.token = ""
    assert (await graph.get(f"/{SHOP}", access_token=TOKEN_TEXT)).status == 200


async def test_the_http_status_of_190_can_be_the_undocumented_one(graph: Graph, meta: FakeMeta) -> None:
    meta.world.status_of_190 = 400
    meta.token("main").expire_token()
    assert (await graph.get(f"/{SHOP}")).status == 400


async def test_a_missing_scope_is_10_for_reads_and_200_for_writes(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").remove_scope(MANAGEMENT)
    answer = await graph.get(f"/{SHOP}")
    assert (answer.status, answer.code) == (403, (10, 0))
    answer = await graph.ask_code("Sales")
    assert (answer.status, answer.code) == (403, (200, 0))
    assert meta.phone("Sales").messages == ()


async def test_either_scope_reads_a_number_and_register_needs_both(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").remove_scope(MESSAGING)
    assert (await graph.get(f"/{meta.number('Returns').id}")).status == 200
    assert (await graph.register("Returns", "135790")).code == (200, 0)
    meta.token("main").remove_scope(MANAGEMENT)
    assert (await graph.get(f"/{meta.number('Returns').id}")).code == (10, 0)


async def test_an_asset_outside_the_granular_scopes_does_not_exist_for_reads(
    graph: Graph, meta: FakeMeta
) -> None:
    meta.token("main").limit_to(CAFE)
    assert (await graph.get(f"/{meta.number('Sales').id}")).code == (100, 33)
    assert (await graph.get(f"/{SHOP}/phone_numbers")).code == (100, 33)
    assert (await graph.ask_code("Sales")).code == (200, 0)


async def test_an_account_not_assigned_does_not_exist_for_reads(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").unassign(SHOP, everything=(SHOP, CAFE))
    assert (await graph.get(f"/{SHOP}")).code == (100, 33)
    assert (await graph.post(f"/{SHOP}/subscribed_apps")).code == (200, 0)
    assert (await graph.get(f"/{CAFE}")).status == 200


async def test_lapsed_data_access_stops_reads_of_a_valid_token(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").lapse_data_access()
    assert (await graph.get(f"/{SHOP}")).code == (10, 0)
    data = (await debug(graph)).body["data"]
    assert isinstance(data, dict)
    assert data["is_valid"] is True


async def test_a_wrong_proof_is_always_refused(graph: Graph) -> None:
    answer = await graph.get(f"/{SHOP}", appsecret_proof=proof(TOKEN_TEXT, "other"))
    assert answer.code == (100, 0)
    assert answer.error["message"] == "Invalid appsecret_proof provided in the API argument"
    assert answer.error["type"] == "GraphMethodException"
    assert (await graph.get(f"/{SHOP}", appsecret_proof=proof(TOKEN_TEXT))).status == 200


async def test_an_app_may_require_the_proof(graph: Graph, meta: FakeMeta) -> None:
    meta.world.apps[APP_ID].require_appsecret_proof()
    answer = await graph.get(f"/{SHOP}")
    assert answer.error["message"] == "API calls from the server require an appsecret_proof argument"
    assert (await graph.get(f"/{SHOP}", appsecret_proof=proof(TOKEN_TEXT))).status == 200
    assert (await debug(graph)).status == 200  # the app's own token needs none


async def test_debug_token_tells_what_a_token_is_worth(graph: Graph, meta: FakeMeta) -> None:
    data = (await debug(graph)).body["data"]
    token = meta.token("main")
    assert token.expires_at
    assert isinstance(data, dict)
    assert data.keys() == {
        *("app_id", "type", "application", "data_access_expires_at", "expires_at", "is_valid", "issued_at"),
        *("user_id", "scopes", "granular_scopes"),
    }
    assert (data["app_id"], data["type"], data["is_valid"]) == (APP_ID, "USER", True)
    assert data["expires_at"] == int(token.expires_at.timestamp())
    assert data["granular_scopes"] == [
        {"scope": MANAGEMENT, "target_ids": [SHOP, CAFE]},
        {"scope": MESSAGING, "target_ids": [SHOP, CAFE]},
    ]


async def test_never_is_zero_and_no_targets_means_not_limited(graph: Graph, meta: FakeMeta) -> None:
    token = meta.token("main")
    token.kind, token.expires_at, token.data_access_expires_at = "SYSTEM_USER", None, None
    token.targets.clear()
    data = (await debug(graph)).body["data"]
    assert isinstance(data, dict)
    assert (data["expires_at"], data["data_access_expires_at"], data["type"]) == (0, 0, "SYSTEM_USER")
    assert data["granular_scopes"] == [{"scope": MANAGEMENT}, {"scope": MESSAGING}]


async def test_debug_token_is_for_the_app_and_its_developers(graph: Graph, meta: FakeMeta) -> None:
    assert (await graph.get("/debug_token", input_token=TOKEN_TEXT)).code == (100, 0)
    meta.token("main").developer = True
    assert (await graph.get("/debug_token", input_token=TOKEN_TEXT)).status == 200


async def test_debug_token_refuses_a_token_of_another_app(graph: Graph, meta: FakeMeta) -> None:
    meta.world.add_app(AppRecord("999", "Other", "othersecret"))
    meta.token("main").app_id = "999"
    answer = await debug(graph)
    assert (answer.status, answer.code) == (400, (100, 0))
    assert "Viewing App" in str(answer.error["message"])


async def test_debug_token_of_rubbish_is_an_answer_and_of_nothing_an_error(graph: Graph) -> None:
    answer = await debug(graph, "rubbish")
    assert answer.status == 200
    data = answer.body["data"]
    assert isinstance(data, dict)
    assert data["is_valid"] is False
    assert (await debug(graph, "")).code == (100, 0)


async def test_a_bad_app_token_is_the_diagnosis_failing_not_the_token(graph: Graph) -> None:
    graph.token = f"{APP_ID}|wrong"
    assert (await graph.get("/debug_token", input_token=TOKEN_TEXT)).code == (190, 0)


async def test_an_exchange_gives_sixty_new_days_and_the_old_token_lives_on(
    graph: Graph, meta: FakeMeta, clock: MovableClock
) -> None:
    answer = await exchange(graph, fb_exchange_token=TOKEN_TEXT)
    assert answer.body.keys() == {"access_token", "token_type", "expires_in"}
    assert answer.body["expires_in"] == 60 * 24 * 3600
    new = str(answer.body["access_token"])
    assert new != TOKEN_TEXT
    clock.skip(timedelta(days=41))
    graph.token = new
    assert (await graph.get(f"/{SHOP}")).status == 200
    graph.token = TOKEN_TEXT
    assert (await graph.get(f"/{SHOP}")).code == (190, 463)
    assert meta.token(new).scopes == meta.token("main").scopes


async def test_an_exchange_may_leave_the_life_out(graph: Graph, meta: FakeMeta) -> None:
    meta.world.apps[APP_ID].hide_expires_in = True
    answer = await exchange(graph, fb_exchange_token=TOKEN_TEXT)
    assert answer.body.keys() == {"access_token", "token_type"}


async def test_an_expired_token_cannot_be_exchanged(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").expire_token()
    assert (await exchange(graph, fb_exchange_token=TOKEN_TEXT)).code == (190, 463)


async def test_a_token_that_never_expires_stays_so_unless_sixty_days_are_asked_for(
    graph: Graph, meta: FakeMeta
) -> None:
    token = meta.token("main")
    token.kind, token.expires_at = "SYSTEM_USER", None
    answer = await exchange(graph, fb_exchange_token=TOKEN_TEXT)
    assert "expires_in" not in answer.body
    assert meta.token(str(answer.body["access_token"])).expires_at is None
    answer = await exchange(graph, fb_exchange_token=TOKEN_TEXT, set_token_expires_in_60_days="true")
    assert meta.token(str(answer.body["access_token"])).expires_at is not None


async def test_an_exchange_needs_the_app_its_secret_and_its_own_token(graph: Graph, meta: FakeMeta) -> None:
    assert (await exchange(graph, fb_exchange_token=TOKEN_TEXT, client_secret="x")).code == (1, 0)
    assert (await exchange(graph, fb_exchange_token=TOKEN_TEXT, client_id="1")).code == (101, 0)
    assert (await exchange(graph, fb_exchange_token=TOKEN_TEXT, client_id="")).code == (101, 0)
    assert (await exchange(graph)).code == (100, 0)
    assert (await exchange(graph, grant_type="guess")).code == (1, 0)
    meta.world.add_app(AppRecord("999", "Other", "othersecret"))
    answer = await exchange(graph, client_id="999", client_secret="othersecret", fb_exchange_token=TOKEN_TEXT)
    assert answer.code == (190, 0)


async def test_client_credentials_give_a_working_app_token(graph: Graph) -> None:
    answer = await exchange(graph, grant_type="client_credentials")
    assert answer.body["token_type"] == "bearer"
    graph.token = str(answer.body["access_token"])
    assert (await graph.get("/debug_token", input_token=TOKEN_TEXT)).status == 200


async def test_permissions_are_granted_or_declined_and_can_be_filtered(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").declined.append("email")
    answer = await graph.get("/me/permissions")
    assert {"permission": MANAGEMENT, "status": "granted"} in list(answer.body["data"])  # type: ignore[call-overload]  # a list by contract
    answer = await graph.get(f"/{meta.token('main').user_id}/permissions", status="declined")
    assert answer.body == {"data": [{"permission": "email", "status": "declined"}]}


async def test_a_system_user_has_no_permissions_edge(graph: Graph, meta: FakeMeta) -> None:
    meta.token("main").kind = "SYSTEM_USER"
    assert (await graph.get("/me/permissions")).code == (100, 0)


async def test_an_app_token_reads_no_numbers(graph: Graph, meta: FakeMeta) -> None:
    graph.token = APP_TOKEN
    assert (await graph.get(f"/{meta.number('Sales').id}")).code == (10, 0)
    assert (await graph.get("/me")).code[0] == 2500
