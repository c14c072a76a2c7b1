"""`/whatsapp token`: every state of meta-graph.md Appendix B, read over the wire, and what it offers to whom."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")
MESSAGING = "whatsapp_business_messaging"


async def looked_at(desk: Desk, says: str, words: str = "4821") -> str:
    """Maya, a manager, looks at the token; the window once it says `says`."""
    await desk.maya.type(f"/whatsapp token {words}")
    await window_says(desk.maya, says)
    return seen(desk.maya)


async def test_a_living_token_shows_kind_end_permissions_and_accounts_and_never_itself(desk: Desk):
    token = desk.meta.token("main")
    token.kind, token.expires_at, token.data_access_expires_at = "SYSTEM_USER", None, None
    token.limit_to(seed.SHOP, seed.CAFE)
    text = await looked_at(desk, "Connected")
    for part in (
        "a system user's token",
        "never",
        "2 of 2 needed ones granted",
        seed.SHOP,
        seed.CAFE,
        "none yet",
    ):
        assert part in text, text
    assert desk.seed.token.reveal() not in text
    assert buttons(desk.maya) == ["Reconnect with Meta", "Replace token"]


async def test_who_may_only_look_finds_no_button(desk: Desk):
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=9)
    await desk.vik.type("/whatsapp token 4821")
    await window_says(desk.vik, "Connected, ends soon")
    assert buttons(desk.vik) == []
    assert "Ask an operator or a manager to do it." in seen(desk.vik)
    assert "Who: A manager can: @maya" in seen(desk.vik)
    await desk.ana.type("/whatsapp token 4821")
    await window_says(desk.ana, "Connected, ends soon")
    assert buttons(desk.ana) == ["Reconnect with Meta"]
    await desk.maya.type("/whatsapp token 4821")
    await window_says(desk.maya, "Who: You can do this.")


@pytest.mark.parametrize(
    ("subcode", "says"),
    [
        (463, "has expired"),
        (460, "password of the Facebook account"),
        (458, "took this bot's app off"),
        (461, "took this bot's app off"),
        (466, "was revoked"),
        (459, "needs its owner"),
        (464, "needs its owner"),
        (465, "is disabled"),
        (467, "no longer accepts"),
        (492, "no longer has the role"),
        (499, "no longer accepts"),
    ],
)
async def test_a_dead_token_says_why_and_that_only_a_login_helps(desk: Desk, subcode: int, says: str):
    desk.meta.token("main").revoke_token(subcode)
    text = await looked_at(desk, "Login needed", seed.SHOP)
    assert says in text
    assert "Reconnect with Meta" in text.partition("What to do:")[2]
    assert f"190/{subcode}" in text
    assert buttons(desk.maya) == ["Reconnect with Meta", "Replace token"]


async def test_a_token_that_cannot_be_parsed_needs_a_login(desk: Desk):
    desk.meta.token("main").break_token()
    assert "no longer accepts" in await looked_at(desk, "Login needed", seed.SHOP)


async def test_data_access_that_lapsed_needs_a_login(desk: Desk):
    desk.meta.token("main").lapse_data_access()
    assert "access to data has ended" in await looked_at(desk, "Login needed")


async def test_a_missing_permission_is_named(desk: Desk):
    desk.meta.token("main").remove_scope(MESSAGING)
    text = await looked_at(desk, "a permission is missing")
    assert f"1 of 2 needed ones granted; missing: {MESSAGING}" in text


async def test_an_account_the_token_does_not_reach_is_said_to_be_missing(desk: Desk):
    await looked_at(desk, "Connected")
    desk.meta.token("main").limit_to(seed.CAFE)
    assert "not for this number's WhatsApp account" in await looked_at(desk, "the account is missing")


async def test_where_the_account_cannot_be_tried_the_list_of_debug_token_decides(desk: Desk):
    await looked_at(desk, "Connected")
    desk.meta.token("main").limit_to(seed.CAFE)
    desk.meta.add_fault(Fault("http_503", f"GET /v25.0/{seed.SHOP}/phone_numbers", times=0))
    assert "target_ids" in await looked_at(desk, "the account is missing")


async def test_a_token_of_another_app_is_wrongly_set_up(desk: Desk):
    await looked_at(desk, "Connected")
    desk.meta.token("main").app_id = "5550001112223"
    desk.meta.world.apps["5550001112223"] = desk.meta.world.apps[desk.seed.app_id]
    assert "belongs to another Meta app" in await looked_at(desk, "Wrongly set up")


async def test_a_wrong_app_secret_is_not_taken_for_a_dead_token(a_desk: Callable[..., Awaitable[Desk]]):
    desk = await a_desk(META_APP_SECRET="0" * 32, META_WABA_IDS=seed.SHOP)
    assert "does not accept the app secret" in await looked_at(desk, "Wrongly set up", "")
    await desk.maya.click("Replace token")
    await window_says(desk.maya, "This replaces the token of")


async def test_two_weeks_before_its_end_it_is_said_to_end_soon_and_can_be_refreshed(desk: Desk):
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=13)
    text = await looked_at(desk, "Connected, ends soon")
    assert "in 12 days" in text
    assert buttons(desk.maya)[0] == "Refresh token"
    await desk.maya.click("Refresh token")
    await window_says(desk.maya, "The token was refreshed.")
    assert "in 59 days" in seen(desk.maya)
    assert len(desk.meta.world.tokens) == 2
    await desk.told()
    assert "extended the token" in desk.maya.reads("#whatsapp-audit")


async def test_a_refresh_that_failed_stays_in_the_card_with_its_reason(desk: Desk):
    token = desk.meta.token("main")
    token.expires_at = desk.clock.now() + timedelta(days=13)
    token.lost_on_exchange.add(MESSAGING)
    await looked_at(desk, "Connected, ends soon")
    await desk.maya.click("Refresh token")
    await window_says(desk.maya, "Not refreshed. The new token lacks")
    assert "could not be refreshed automatically: the new token lacks" in seen(desk.maya)
    await desk.told()
    assert "by itself" not in desk.maya.reads("#whatsapp-audit"), "she was told in her window"
    await desk.restart()
    assert (
        "failed"
        in (await looked_at(desk, "could not be refreshed automatically")).partition("Last refresh")[2]
    )


async def test_when_meta_cannot_be_asked_the_last_known_state_is_shown_with_its_age(desk: Desk):
    await looked_at(desk, "Connected")
    desk.skip(minutes=12)
    desk.meta.add_fault(Fault("http_503", "debug_token", times=0))
    text = await looked_at(desk, "Could not tell")
    assert "Could not check" in text
    assert "Last known, 12 min ago" in text
    assert "Try again in a minute" in text


async def test_without_any_token_it_is_disconnected_until_one_is_handed_over(
    a_desk: Callable[..., Awaitable[Desk]],
):
    desk = await a_desk(META_ACCESS_TOKEN="")
    text = await looked_at(desk, "Disconnected", "")
    assert "No access token is stored" in text
    await desk.maya.type("/whatsapp token replace")
    await window_says(desk.maya, "This replaces the bot's token.")
    token = desk.meta.token("main")
    token.limit_to(seed.SHOP, seed.CAFE)
    await desk.maya.submit({"New access token": token.text})
    await window_says(desk.maya, "The token was replaced.")
    await desk.restart()
    await looked_at(desk, "Connected")
