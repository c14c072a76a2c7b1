"""The card of one number: separate facts, each yes, no or could not tell."""

from datetime import timedelta

import pytest

from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import seen, window_says

FACTS = ("Token", "Registered", "Ownership proven", "PIN set", "Can send", "Webhook")


async def card(desk: Desk, name: str, who: str = "vik") -> dict[str, str]:
    """The card's lines by label, read from the newest answer."""
    person = desk.person(name=who)
    before = person.sees().count("Checked at")
    await person.type(f"/whatsapp status {name}")
    await person.wait_until(lambda: person.sees().count("Checked at") > before, what=f"the card of {name}")
    lines = person.sees().rsplit("desk (only visible to you):", 1)[1].splitlines()
    pairs = (line.strip().split(": ", 1) for line in lines if ": " in line)
    return {label: text for label, text in pairs} | {"all": "\n".join(line.strip() for line in lines)}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Sales", "✅ ❌ ❌ ✅ ❌ ✅"),
        ("Support", "✅ ✅ ✅ ✅ ✅ ✅"),
        ("Returns", "✅ ❌ ✅ ❌ ❌ ✅"),
        ("Billing", "✅ ✅ ❌ ❌ ✅ ✅"),
        ("Berlin", "✅ ❌ ❌ ❌ ❌ ✅"),
        ("Old shop", "✅ ❌ ✅ ❌ ❌ ✅"),
        ("Outlet", "✅ ✅ ✅ ❌ ✅ ❌"),
        ("Warehouse", "✅ ❌ ✅ ❌ ❌ ❌"),
        ("Café App", "✅ ❌ ❌ ❌ ❌ ❌"),
    ],
)
async def test_each_number_shows_its_own_facts(desk: Desk, nothing_refused: None, name: str, facts: str):
    found = await card(desk, name)
    assert " ".join(found[fact][0] for fact in FACTS) == facts, found["all"]


async def test_the_card_shows_what_meta_says_beside_what_we_say(desk: Desk, nothing_refused: None):
    found = await card(desk, "Support")
    assert found["Registered"] == "✅ yes (Meta: CONNECTED)"
    assert found["Quality"] == "GREEN"
    assert found["Messaging limit (whole portfolio)"] == "TIER_2K"
    assert found["Display name"] == "Support (APPROVED)"
    assert found["Throughput"] == "STANDARD"
    assert found["Account mode"] == "LIVE"
    assert found["On the Business app"] == "no"
    assert "Checked at" in found["all"]


async def test_expired_while_connected_is_explained_and_never_treated_as_down(
    desk: Desk, nothing_refused: None
):
    found = await card(desk, "Billing", "ana")
    assert found["Ownership proven"].startswith("❌ no (Meta: EXPIRED) – It works today")
    assert "🟢 Billing" in found["all"]
    assert "EXPIRED while CONNECTED is not a fault: the number works." in found["all"]
    assert "[Reconnect]" not in found["all"]


async def test_calling_that_is_not_set_up_does_not_make_a_number_look_blocked(
    desk: Desk, nothing_refused: None
):
    desk.meta.number("Support").sip_trap = True
    found = await card(desk, "Support")
    assert found["Can send"].startswith("✅ yes (Meta: AVAILABLE)")
    assert "SIP" in found["Can send"]


async def test_a_payment_that_failed_says_why_nothing_is_sent(desk: Desk, nothing_refused: None):
    desk.meta.account(seed.SHOP).fail_payment()
    found = await card(desk, "Support")
    assert found["Can send"].startswith("❌ no (Meta: BLOCKED)")
    assert "payment method" in found["Can send"]
    assert found["Registered"].startswith("✅ yes")
    assert "⚠ Support" in found["all"]


async def test_a_field_that_meta_refuses_costs_only_its_own_fact(desk: Desk, nothing_refused: None):
    desk.meta.number("Support").refuse_field("is_pin_enabled")
    desk.meta.number("Support").refuse_field("health_status")
    found = await card(desk, "Support")
    assert found["PIN set"] == "❔ could not tell"
    assert found["Can send"].startswith("❔ could not tell")
    assert found["Registered"].startswith("✅ yes")
    assert found["Meta refused these fields"] == "health_status, is_pin_enabled."


async def test_our_app_that_is_not_subscribed_is_a_fact_of_its_own(desk: Desk, nothing_refused: None):
    found = await card(desk, "Outlet")
    assert found["Webhook"].startswith("❌ no – Our app is not subscribed.")


@pytest.mark.parametrize(
    ("level", "word"), [("number", "number"), ("account", "account"), ("app", "application")]
)
async def test_the_address_in_force_is_shown_with_the_level_it_is_set_on(
    desk: Desk, nothing_refused: None, level: str, word: str
):
    if level == "number":
        desk.meta.number("Support").take_over_webhook("https://elsewhere.example/hook")
    elif level == "account":
        desk.meta.account(seed.SHOP).take_over_webhook("https://elsewhere.example/hook")
    found = await card(desk, "Support")
    url = seed.CALLBACK if level == "app" else "https://elsewhere.example/hook"
    assert found["Webhook"] == f"✅ yes – Subscribed. Events go to {url} (set on the {word})."


async def test_a_restricted_number_is_registered_and_says_what_it_may_still_do(
    desk: Desk, nothing_refused: None
):
    found = await card(desk, "Outlet")
    assert "🟠 Outlet" in found["all"]
    assert found["Registered"] == "✅ yes (Meta: RESTRICTED)"
    assert "it may only reply" in found["all"]


async def test_a_number_on_the_business_app_is_not_said_to_need_a_code(desk: Desk, nothing_refused: None):
    found = await card(desk, "Café App", "ana")
    assert "re-link it there" in found["all"]
    assert "A code is needed" not in found["all"]
    assert "[Reconnect]" not in found["all"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("expiring", "✅ yes (Meta: USER) – 3 days left"),
        ("scope", "❌ no (Meta: scope missing) – Not granted: whatsapp_business_messaging."),
    ],
)
async def test_the_token_is_a_fact_of_its_own(desk: Desk, nothing_refused: None, trouble: str, said: str):
    token = desk.meta.token("main")
    if trouble == "expiring":
        token.expires_at = desk.clock.now() + timedelta(days=3, hours=1)
    else:
        token.remove_scope("whatsapp_business_messaging")
    assert (await card(desk, "Support"))["Token"].startswith(said)


async def test_a_token_that_reads_nothing_gets_metas_own_words(desk: Desk, nothing_refused: None):
    desk.meta.token("main").lapse_data_access()
    await desk.vik.type("/whatsapp status 0121")
    await desk.vik.wait_for("The user's data access for this app has expired")


async def test_a_fact_that_could_not_be_read_is_neither_yes_nor_no(desk: Desk, nothing_refused: None):
    desk.meta.add_fault(Fault("http_200_html", "GET /v25.0/" + seed.SHOP + "/subscribed_apps", times=0))
    found = await card(desk, "Support")
    assert found["Webhook"].startswith("❔ could not tell")
    assert found["Registered"].startswith("✅ yes")


async def test_the_buttons_of_a_card_do_what_they_say(desk: Desk, nothing_refused: None):
    ana = desk.ana
    await card(desk, "Sales", "ana")
    await ana.click("Budget")
    await window_says(ana, "5 of 5 codes left in 24 hours")
    await ana.close()
    await ana.click("Try refreshing permissions")
    await ana.wait_for_window("Refresh permissions")
    await window_says(ana, "No code is sent")
    await ana.close()
    await ana.click("Reconnect")
    await window_says(ana, "How should Meta send the code?")
    await ana.close()
    desk.meta.number("Sales").connect()
    await ana.click("Check now")
    await ana.wait_for("🟢 Sales")
    assert ana.sees().count("Checked at") == 1


async def test_check_now_in_a_window_draws_in_that_window(desk: Desk, nothing_refused: None):
    ana = desk.ana
    await ana.type("/whatsapp status")
    await ana.wait_for("9 numbers:")
    await ana.click("View", beside="Returns")
    await window_says(ana, "Phone number ID")
    desk.meta.number("Returns").connect()
    await ana.click("Check now", where="modal")
    await window_says(ana, "🟢 Returns")
    assert "Disconnected" not in seen(ana)


async def test_the_card_of_a_number_that_is_gone_says_so(desk: Desk, nothing_refused: None):
    ana = desk.ana
    await ana.type("/whatsapp status")
    await ana.wait_for("9 numbers:")
    desk.meta.world.remove_number(desk.meta.number("Returns").id)
    await ana.click("View", beside="Returns")
    await window_says(ana, "Meta does not find this number, or our token may not see it.")
