"""“Reconnect with Meta”: the link, Meta's dialog, the way back, what is kept and who is told."""

from datetime import timedelta

import pytest

from bot.sandbox.meta import seed
from bot.sandbox.meta.token import MANAGEMENT, MESSAGING
from tests.desk import Desk
from tests.e2e.logging_in import Browser, link, looked, tokens_kept, url
from tests.e2e.steps import buttons, seen, title, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")

NOTHING_CHANGED = "Nothing was changed. This link was made for ana, to connect Support …0121."


async def ended(desk: Desk, said: str) -> str:
    """What stands in the audit channel, once `said` was told to Ana and everything owed is told."""
    await desk.ana.wait_for(said)
    await desk.told()
    return desk.maya.reads("#whatsapp-audit")


async def test_a_dead_token_is_replaced_by_a_login(login_desk: Desk, browser: Browser):
    desk = login_desk
    await looked(desk)
    desk.meta.token("main").revoke_token(460)
    page = await browser.log_in(await link(desk.ana))
    assert (page.status, page.heading) == (200, "Connected with Meta")
    assert "The login now serves Support …0121 in the WhatsApp account “Acme Shop”." in page.words
    assert "ana, for whom this link was made, is told in Slack" in page.words
    assert "You can close this page and go back to Slack." in page.words
    audit = await ended(desk, "Support …0121 is connected with Meta again.")
    told = desk.ana.sees()
    assert "Account: Acme Shop" in told
    assert "Serves: 2 WhatsApp accounts" in told
    assert "Permissions: public_profile, whatsapp_business_management, whatsapp_business_messaging" in told
    assert "Ends: never" in told
    assert "Still wrong: The events of this number go to bot.example" in told
    assert "@ana was given a one-time link to Meta's login · Support …0121" in audit
    assert "@ana took the token of a Meta login into use" in audit
    assert "@ana connected with Meta again · Support …0121 · account: Acme Shop · ends: never" in audit


async def test_the_new_token_is_in_use_at_once_and_after_a_restart(login_desk: Desk, browser: Browser):
    desk = login_desk
    await looked(desk)
    desk.meta.token("main").revoke_token(460)
    await browser.log_in(await link(desk.ana))
    await ended(desk, "is connected with Meta again")
    for _ in range(2):
        await desk.ana.type("/whatsapp status Support")
        await desk.ana.wait_for("SYSTEM_USER")
        await desk.restart()
    kept = await tokens_kept(desk)
    assert [(row.slot, row.label, row.retired_at is None) for row in kept if row.slot == "default"] == [
        ("default", "", False),
        ("default", "Acme Shop", True),
    ]


async def test_a_login_works_although_the_numbers_were_never_read_since_the_start(
    login_desk: Desk, browser: Browser
):
    desk = login_desk
    await looked(desk)
    await desk.stop()
    desk.meta.token("main").expire_token()
    await desk.start()
    page = await browser.log_in(await link(desk.ana))
    assert page.status == 200
    await ended(desk, "is connected with Meta again")


async def test_nothing_is_kept_when_the_person_declines(login_desk: Desk, browser: Browser):
    desk = login_desk
    page = await browser.log_in(await link(desk.ana), yes=False)
    assert (page.status, page.heading) == (200, "Access was declined")
    assert NOTHING_CHANGED in page.words
    audit = await ended(desk, "Access was not given in Meta's login, so there is none.")
    assert "login with Meta was not taken · Support …0121 · [declined]" in audit
    assert len(await tokens_kept(desk)) == 2  # the one of the settings: as it was given, and in use
    await desk.ana.click("Reconnect with Meta")
    await window_says(desk.ana, "Support")


async def test_somebody_of_another_business_is_refused_by_name(login_desk: Desk, browser: Browser):
    desk = login_desk
    page = await browser.log_in(
        await link(desk.ana), user=seed.STRANGER_ID, accounts=(seed.STRANGERS_ACCOUNT,)
    )
    assert (page.status, page.heading) == (403, "Another business")
    assert "This login does not reach the WhatsApp account of Support …0121." in page.words
    assert NOTHING_CHANGED in page.words
    assert seed.STRANGERS_ACCOUNT not in page.text
    audit = await ended(desk, "This login does not reach the WhatsApp account of Support …0121.")
    assert "[another business]" in audit
    assert len(await tokens_kept(desk)) == 2


async def test_the_right_person_who_chose_another_account_is_refused(login_desk: Desk, browser: Browser):
    page = await browser.log_in(await link(login_desk.ana), accounts=(seed.CAFE,))
    assert page.heading == "Another business"
    await ended(login_desk, "choose the account there")
    assert len(await tokens_kept(login_desk)) == 2


async def test_a_permission_that_was_not_given_is_named(login_desk: Desk, browser: Browser):
    page = await browser.log_in(await link(login_desk.ana), scopes=(MANAGEMENT,))
    assert (page.status, page.heading) == (403, "A permission is missing")
    assert "did not give the permission whatsapp_business_messaging" in page.words
    audit = await ended(login_desk, "accept every permission")
    assert "[scope missing]" in audit
    assert len(await tokens_kept(login_desk)) == 2


async def test_an_account_that_was_not_chosen_keeps_its_token(login_desk: Desk, browser: Browser):
    desk = login_desk
    page = await browser.log_in(await link(desk.ana), accounts=(seed.SHOP,))
    assert page.status == 200
    await ended(desk, "is connected with Meta again")
    assert "Serves:" not in desk.ana.sees()
    tokens = desk.bot.services.directory
    assert {ref.account_id for ref in await tokens.refs()} == {seed.SHOP, seed.CAFE}
    kept = {row.slot: row.label for row in await tokens_kept(desk) if row.retired_at is None}
    assert sorted(kept.values()) == ["", "", "Acme Shop"]
    await desk.restart()
    assert {ref.account_id for ref in await desk.bot.services.directory.refs()} == {seed.SHOP, seed.CAFE}


async def test_permissions_that_came_and_went_are_told(login_desk: Desk, browser: Browser):
    desk = login_desk
    old = desk.meta.token("main")
    old.scopes = [MANAGEMENT, "business_management"]
    await browser.log_in(await link(desk.ana))
    audit = await ended(desk, "is connected with Meta again")
    assert "New: public_profile, whatsapp_business_messaging" in desk.ana.sees()
    assert "No longer granted: business_management" in desk.ana.sees()
    assert "gained: public_profile, whatsapp_business_messaging" in audit
    assert "lost: business_management" in audit


async def test_a_login_without_a_configuration_asks_for_permissions_and_its_short_token_is_lengthened(
    a_login_desk, browser_of
):
    desk: Desk = await a_login_desk(META_LOGIN_CONFIG_ID="")
    browser: Browser = await browser_of(desk)
    address = await link(desk.ana)
    assert f"scope={MANAGEMENT}%2C{MESSAGING}" in address
    assert "config_id" not in address
    page = await browser.log_in(address)
    assert page.status == 200
    await ended(desk, "is connected with Meta again")
    assert "Ends: in 60 days" in desk.ana.sees() or "Ends: in 59 days" in desk.ana.sees()


async def test_the_newest_link_replaces_the_one_before(login_desk: Desk, browser: Browser):
    first = await link(login_desk.ana)
    await login_desk.ana.close()
    second = await link(login_desk.ana)
    assert (await browser.log_in(first)).heading == "This link cannot be used"
    assert (await browser.log_in(second)).status == 200
    audit = await ended(login_desk, "is connected with Meta again")
    assert "[replaced]" in audit


async def test_two_people_may_each_log_in_for_one_account(login_desk: Desk, browser: Browser):
    desk = login_desk
    hers, his = await link(desk.ana), await link(desk.maya)
    assert (await browser.log_in(hers)).status == 200
    page = await browser.log_in(his)
    assert page.status == 200
    assert "maya, for whom this link was made" in page.words
    await ended(desk, "is connected with Meta again")
    await desk.maya.wait_for("is connected with Meta again")
    kept = [row for row in await tokens_kept(desk) if row.slot == "default"]
    assert [row.retired_at is None for row in kept] == [False, False, True]


async def test_the_link_says_who_logs_in_and_until_when_and_only_its_person_sees_it(login_desk: Desk):
    desk = login_desk
    address = await link(desk.ana)
    assert "Who logs in: an admin of the business at Meta" in seen(desk.ana)
    assert "The link works once, until" in seen(desk.ana)
    assert buttons(desk.ana) == ["Open Meta's login"]
    assert address not in desk.ana.reads("#general")
    assert address not in desk.maya.sees() + desk.maya.reads("#whatsapp-audit")
    await desk.ana.click("Open Meta's login")
    await desk.slack.settled()
    assert title(desk.ana) == "Reconnect with Meta"


async def test_a_viewer_gets_no_link(login_desk: Desk):
    await login_desk.vik.type("/whatsapp oauth Support")
    await login_desk.vik.wait_for("Only operators and above may use `/whatsapp oauth`.")


async def test_who_has_lost_the_role_meanwhile_connects_nothing(a_login_desk, browser_of):
    desk: Desk = await a_login_desk()
    address = await link(desk.ana)
    await desk.stop()
    desk.change(WHATSAPP_OPERATORS="U0LUIS")
    await desk.start()
    page = await (await browser_of(desk)).log_in(address)
    assert (page.status, page.heading) == (403, "Not allowed")
    assert not [call for call in desk.meta.calls if "oauth/access_token" in call.path]
    await ended(desk, "may not reconnect with Meta any more")


async def test_without_an_address_of_its_own_the_bot_says_what_to_set(desk: Desk):
    await desk.ana.type("/whatsapp oauth Support")
    await window_says(desk.ana, "this bot has none")
    assert "sets PUBLIC_URL and META_VERIFY_TOKEN" in seen(desk.ana)
    assert "Valid OAuth Redirect URIs" in seen(desk.ana)
    assert "/whatsapp token replace" in seen(desk.ana)


async def test_a_dead_token_and_nothing_known_says_what_to_set(login_desk: Desk):
    login_desk.meta.token("main").revoke_token(460)
    await login_desk.ana.type("/whatsapp oauth Support")
    await window_says(login_desk.ana, "sets META_WABA_IDS and restarts it")


async def test_accounts_of_the_settings_can_be_connected_before_any_number_was_read(a_login_desk, browser_of):
    desk: Desk = await a_login_desk(META_WABA_IDS=f"{seed.SHOP},{seed.CAFE}")
    desk.meta.token("main").revoke_token(460)
    await desk.ana.type("/whatsapp oauth")
    await window_says(desk.ana, "Which number? (reconnect with Meta)")
    await desk.ana.choose("Choose a number", "WhatsApp account …0398")
    await window_says(desk.ana, "works once")
    page = await (await browser_of(desk)).log_in(url(desk.ana))
    assert page.status == 200
    assert "The login now serves WhatsApp account …0398 in the WhatsApp account “Acme Shop”." in page.words
    await ended(desk, "is connected with Meta again")


async def test_a_link_is_made_for_a_quarter_of_an_hour(login_desk: Desk, browser: Browser):
    address = await link(login_desk.ana)
    back = await browser.answer(address)
    login_desk.clock.skip(timedelta(minutes=15))
    assert (await browser.come_back(back)).heading == "This link cannot be used"
    assert len(await tokens_kept(login_desk)) == 2
    await login_desk.told()
    assert "works no more was opened · Support …0121 · [expired]" in login_desk.maya.reads("#whatsapp-audit")
