"""The whole reconnect without a mouse: from the empty page to “Connected”."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import PIN, SALES
from tests.browser.visitor import Visitor

MOST_TABS = 80


async def tab_to(page: Page, name: str, role: str = "button") -> None:
    """Press Tab until the thing of this name has the focus, as somebody who listens does."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # any of Playwright's roles
    for _ in range(MOST_TABS):
        if await wanted.count() and await wanted.last.evaluate("(node) => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab, and never at the {role} “{name}”")


async def test_a_number_is_reconnected_by_keys_alone(visit: Visit) -> None:
    ana: Visitor = await visit("ana", tour=True)
    page = ana.page
    await page.add_init_script("throw new Error('the page was loaded again')")
    await page.evaluate(
        """() => ["mousedown", "pointerdown", "touchstart"].forEach((kind) => addEventListener(kind, (event) =>
          { if (event.isTrusted) console.error("a mouse was used"); }, true))"""
    )
    await tab_to(page, "Skip the tour")
    await page.keyboard.press("Enter")
    await tab_to(page, "Message", "textbox")
    await page.keyboard.type(f"/whatsapp reconnect {SALES}")
    await page.keyboard.press("Enter")
    await ana.reads_window("Reconnect number", "How should Meta send the code?")
    await tab_to(page, "SMS", "radio")
    await page.keyboard.press("ArrowDown")
    await expect(ana.window.get_by_role("radio", name="Voice call")).to_be_checked()
    await page.keyboard.press("ArrowUp")
    await tab_to(page, "Send code")
    await page.keyboard.press("Enter")
    await ana.reads_window("Enter the code")
    await expect(ana.window.get_by_role("textbox", name="Verification code")).to_be_focused()
    await page.keyboard.type(await ana.code_on_screen())  # the page shows the phone that rang by itself
    await page.keyboard.press("Enter")
    await ana.reads_window("Connect the number")
    await expect(ana.window.get_by_role("textbox", name="Two-step PIN")).to_be_focused()
    await page.keyboard.type(PIN)
    await page.keyboard.press("Enter")
    await ana.reads_window("Connected")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(ana.composer).to_be_focused()
