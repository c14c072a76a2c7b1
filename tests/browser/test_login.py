"""Meta's login in a browser: from the button in Slack, through Meta's page, to the page that says how it ended."""

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import AUDIT
from tests.browser.visitor import Visitor

OPEN = re.compile("^Open Meta's login")


async def at_metas_login(person: Visitor, number: str = "Support") -> Page:
    """The tab that the link in the window opens."""
    await person.type(f"/whatsapp oauth {number}")
    await person.reads_window("Reconnect with Meta", "The link works once")
    async with person.page.context.expect_page() as opened:
        await person.window.get_by_role("button", name=OPEN).click()
    tab = await opened.value
    await expect(tab.get_by_role("heading", level=1)).to_contain_text("Acme Ops")
    return tab


async def test_an_operator_logs_in_and_is_told_in_slack(visit: Visit) -> None:
    ana = await visit("ana")
    tab = await at_metas_login(ana)
    await tab.get_by_role("button", name="Continue as Ana Sandbox").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Connected with Meta")
    await expect(tab.get_by_text("You can close this page and go back to Slack.")).to_be_visible()
    found = await Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    await tab.reload()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("This link cannot be used")
    await tab.close()
    await ana.click("Close")
    await ana.go_to("Messages")
    await ana.sees("is connected with Meta again")
    await ana.act_as("Maya")
    await ana.go_to(AUDIT)
    await ana.sees("connected with Meta again")


async def test_whoever_declines_changes_nothing(look: Visit) -> None:
    ana = await look("ana")
    tab = await at_metas_login(ana)
    await tab.get_by_role("button", name="Cancel").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Access was declined")
    await tab.close()
    await ana.click("Close")
    await ana.go_to("Messages")
    await ana.sees("Access was not given in Meta's login, so there is none.")


async def test_somebody_of_another_business_is_told_whose_account_was_meant(look: Visit) -> None:
    ana = await look("ana")
    tab = await at_metas_login(ana)
    await tab.get_by_role("link", name="Log in as Otto Other").click()
    await tab.get_by_role("button", name="Continue as Otto Other").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Another business")
    await expect(tab.get_by_role("main")).to_contain_text("WhatsApp account of Support …0121")
