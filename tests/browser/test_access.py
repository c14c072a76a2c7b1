"""The page for everybody: axe finds nothing anywhere, by light and dark, wide and narrow."""

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.scan import cut_off, violations
from tests.browser.steps import AUDIT, choosing
from tests.browser.visitor import Visitor

NARROW = ViewportSize(width=400, height=800)
LIGHTS = ("light", "dark")


async def clean(visitor: Visitor, where: str) -> None:
    assert await violations(visitor.page) == [], where
    assert await cut_off(visitor.page) == [], where


@pytest.mark.parametrize("light", LIGHTS)
async def test_start_board_windows_and_a_field_error_break_no_rule(look: Visit, light: str) -> None:
    ana = await look("ana", color_scheme=light, bypass_csp=True)
    await clean(ana, "start")
    await ana.type("/whatsapp status")
    await ana.sees("9 numbers:")
    await clean(ana, "board")
    await ana.type("/whatsapp reconnect")
    await ana.reads_window("Reconnect number", "How should Meta send the code?")
    await clean(ana, "the window that asks for a number")
    await ana.click("Send code")
    await expect(ana.window.get_by_role("combobox", name="Number")).to_have_attribute("aria-invalid", "true")
    await clean(ana, "the same with an error at its field")
    await ana.click("Dismiss")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("light", LIGHTS)
async def test_every_panel_home_and_the_tour_break_no_rule(look: Visit, light: str) -> None:
    maya = await look("maya", tour=True, color_scheme=light, bypass_csp=True)
    await clean(maya, "the tour")
    await maya.skip_tour()
    for panel in ("Phone", "Meta", "Inspector"):
        await maya.opens(panel)
        await clean(maya, panel)
    await maya.go_to("Home")
    await clean(maya, "Home")


@pytest.mark.parametrize("light", LIGHTS)
async def test_a_thread_breaks_no_rule(look: Visit, light: str) -> None:
    guest = await look("guest", color_scheme=light, bypass_csp=True)
    await guest.type("/whatsapp status")
    await guest.sees("Only viewers and above may use")
    await guest.act_as("Maya")
    await guest.go_to(AUDIT)
    await guest.sees("was refused")
    await guest.page.get_by_role("button", name="Reply in thread").last.click()
    await expect(guest.region("Thread")).to_be_visible()
    await clean(guest, "thread")


@pytest.mark.parametrize("light", LIGHTS)
async def test_a_narrow_window_breaks_no_rule_and_cuts_nothing_off(look: Visit, light: str) -> None:
    vik = await look("vik", color_scheme=light, bypass_csp=True, viewport=NARROW)
    await clean(vik, "start")
    await vik.type("/whatsapp status")
    await vik.sees("9 numbers:")
    await clean(vik, "board")
    for pane in ("Channels", "Phone", "Meta", "Inspector"):
        await vik.page.get_by_role("button", name=pane).click()
        await expect(vik.region(pane)).to_be_visible()
        await clean(vik, pane)


async def test_focus_is_always_seen(look: Visit) -> None:
    """Every stop of the Tab key from the top of the page has an outline or a shadow of its own."""
    ana = await look("ana")
    await ana.page.locator("body").press("Home")
    seen = set()
    for _ in range(25):
        await ana.page.keyboard.press("Tab")
        name, shown = await ana.page.evaluate(
            """() => { const node = document.activeElement;
              const style = (one) => getComputedStyle(one);
              const marked = (one) => style(one).outlineStyle !== "none" || style(one).boxShadow !== "none";
              return [node.outerHTML.slice(0, 90), marked(node) || marked(node.parentElement)]; }"""
        )
        seen.add(name)
        assert shown or name.startswith("<body"), name
    assert len(seen) > 10


async def test_a_window_keeps_slack_behind_it_out_of_reach_but_not_the_world(look: Visit) -> None:
    ana = await look("ana")
    await choosing(ana, "Berlin")
    reached = set()
    for _ in range(40):
        await ana.page.keyboard.press("Tab")
        reached.add(
            await ana.page.evaluate(
                """() => document.activeElement.closest("dialog, section, header")?.ariaLabel"""
            )
        )
    assert reached.isdisjoint({"Channels", "Messages", "Thread"})
    assert "Phone" in reached
    await (
        ana.window.get_by_role("radio", name="SMS")
        .or_(ana.window.get_by_role("radio", name="Voice call"))
        .last.focus()
    )
    await ana.page.keyboard.press("Escape")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)
    await expect(ana.composer).to_be_focused()
