"""One verdict and its one button in a browser: from what is wrong to read back as right."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_login import OPEN
from tests.browser.visitor import Visitor


async def diagnosed(person: Visitor, number: str, verdict: str) -> None:
    await person.type(f"/whatsapp diagnose {number}")
    await person.reads_window("Diagnosis", verdict)


async def test_subscribe_app_is_asked_done_and_read_back_and_the_next_cause_shows(visit: Visit) -> None:
    ana = await visit("ana")
    await diagnosed(ana, "Outlet", "App not subscribed")
    await ana.click("Subscribe app")
    asks = ana.page.get_by_role("alertdialog")
    await expect(asks).to_contain_text("Other apps, addresses and numbers stay as they are.")
    await asks.get_by_role("button", name="Subscribe app").click()
    await ana.reads_window("Diagnosis", "Done: Our app was subscribed to the account.")
    await expect(ana.window).to_contain_text("Limited: Number restricted")
    await ana.click("Show all checks")
    await expect(ana.window).to_contain_text("ok Is this bot's app subscribed to the account?")
    await ana.click("Yes")
    await expect(ana.window).to_contain_text("Thank you: your answer is counted.")


async def test_an_expired_token_is_replaced_by_a_login_and_the_number_is_healthy(visit: Visit) -> None:
    ana = await visit("ana")
    await diagnosed(ana, "Support", "Healthy")
    await ana.opens("Meta")
    await ana.region("Meta").get_by_role("button", name=re.compile("^Expire: the token's")).click()
    await ana.click("Diagnose again")
    await ana.reads_window("Diagnosis", "Token expired")
    await ana.click("What is this?")
    await ana.reads_window("What is this?", "Error 190/463")
    await ana.window.get_by_role("button", name="Back").last.click()
    await ana.click("Reconnect with Meta")
    await ana.reads_window("Reconnect with Meta", "The link works once")
    async with ana.page.context.expect_page() as opened:
        await ana.window.get_by_role("button", name=OPEN).click()
    tab = await opened.value
    await tab.get_by_role("button", name="Continue as Ana Sandbox").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Connected with Meta")
    await tab.close()
    await ana.leaves()
    await diagnosed(ana, "Support", "Healthy")


async def test_a_webhook_taken_over_is_won_back_and_read_back(visit: Visit) -> None:
    ana = await visit("ana")
    await ana.opens("Meta")
    numbers = ana.region("Meta").get_by_role("combobox", name="Number", exact=True)
    support = numbers.get_by_role("option", name=re.compile("^Support"))
    await numbers.select_option(value=await support.get_attribute("value"))
    await ana.region("Meta").get_by_role("button", name=re.compile("^Take over.*Support")).click()
    await diagnosed(ana, "Support", "go to elsewhere.example instead of this bot")
    await ana.click("Restore webhook override")
    await ana.reads_window("Fix webhook", "https://elsewhere.example/hook")
    await ana.click("Apply")
    await ana.reads_window("Fix webhook", "Read back: it is in force.")
    await ana.click("Diagnose")
    await ana.reads_window("Diagnosis", "Healthy")


async def test_an_address_of_our_own_on_the_number_is_set_shown_with_its_level_and_cleared(
    visit: Visit,
) -> None:
    ana = await visit("ana")
    await ana.opens("Meta")
    numbers = ana.region("Meta").get_by_role("combobox", name="Number", exact=True)
    support = numbers.get_by_role("option", name=re.compile("^Support"))
    await numbers.select_option(value=await support.get_attribute("value"))
    await ana.region("Meta").get_by_role("button", name=re.compile("^Set: Support")).click()
    await ana.sees("Set to ours: http", "Meta")
    await ana.type("/whatsapp webhook Support")
    await ana.reads_window("Webhook", "set on the number")
    await ana.leaves()
    await ana.region("Meta").get_by_role("button", name=re.compile("^Clear: Support")).click()
    await diagnosed(ana, "Support", "Healthy")


async def test_numbers_of_meta_s_are_explained_and_unknown_ones_are_said_to_be(look: Visit) -> None:
    vik = await look("vik")
    await vik.type("/whatsapp explain 131047")
    await vik.sees("Send an approved template, or wait until the customer writes.")
    await vik.type("/whatsapp explain 999999")
    await vik.sees("999999 is not in this bot's table.")
