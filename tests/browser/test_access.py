"""The page for everybody: axe finds nothing anywhere, by light and dark, wide and narrow."""

import re

from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import Visit
from tests.browser.scan import clean, cut_off
from tests.browser.steps import AUDIT, CODE, SALES, choosing, connected

NARROW = ViewportSize(width=400, height=800)
NARROWEST = ViewportSize(width=320, height=640)  # as a window of 1280 by 400 % zoom


async def test_start_board_windows_and_a_field_error_break_no_rule(look: Visit) -> None:
    ana = await look("ana", bypass_csp=True)
    await clean(ana.page, "start")
    await ana.type("/whatsapp status")
    await ana.sees("9 numbers:")
    await clean(ana.page, "board")
    await ana.type("/whatsapp reconnect")
    await ana.reads_window("Reconnect number", "How should Meta send the code?")
    await clean(ana.page, "the window that asks for a number")
    await ana.click("Send code")
    await expect(ana.window.get_by_role("combobox", name="Number")).to_have_attribute("aria-invalid", "true")
    await clean(ana.page, "the same with an error at its field")
    await ana.click("Dismiss")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)


async def test_every_panel_home_and_the_tour_break_no_rule(look: Visit) -> None:
    maya = await look("maya", tour=True, bypass_csp=True)
    await clean(maya.page, "the tour")
    await maya.skip_tour()
    for panel in ("Phone", "Meta", "Inspector"):
        await maya.opens(panel)
        await clean(maya.page, panel)
    await maya.go_to("Home")
    await clean(maya.page, "Home")


async def test_a_thread_breaks_no_rule(look: Visit) -> None:
    guest = await look("guest", bypass_csp=True)
    await guest.type("/whatsapp status")
    await guest.sees("Only viewers and above may use")
    await guest.act_as("Maya")
    await guest.go_to(AUDIT)
    await guest.sees("was refused")
    await guest.page.get_by_role("button", name="Reply in thread").last.click()
    await expect(guest.region("Thread")).to_be_visible()
    await clean(guest.page, "thread")


async def test_a_number_is_reconnected_in_a_narrow_dark_window_and_nothing_is_cut_off(visit: Visit) -> None:
    ana = await visit("ana", bypass_csp=True, viewport=NARROW, color_scheme="dark")
    page = ana.page
    await clean(page, "start", by="dark")
    await ana.type("/whatsapp status")
    await ana.sees("9 numbers:")
    await clean(page, "board", by="dark")
    for pane in ("Channels", "Phone", "Meta", "Inspector"):
        await ana.opens(pane)
        await clean(page, pane, by="dark")
    await ana.opens("Messages")
    await ana.press("Reconnect", beside=SALES)
    await ana.reads_window("Reconnect number", "How should Meta send the code?")
    await clean(page, "the first window", by="dark")
    await ana.click("Send code")
    await ana.reads_window("Enter the code")
    code = await ana.code_of(SALES)
    await ana.opens("Messages")
    await ana.enter(CODE, code)
    await clean(page, "the code box", by="dark")
    await ana.click("Verify")
    await ana.reads_window("Connect the number")
    await connected(ana)
    assert await cut_off(page) == []
    await ana.click("Close")
    await ana.act_as("Maya")
    await ana.opens("Channels")
    await ana.go_to(AUDIT)
    await ana.region("Messages").get_by_role("button", name=re.compile(r"^\d+ replies")).last.click()
    await ana.sees("finished", "Thread")
    await clean(page, "thread", by="dark")


async def test_a_touched_screen_shows_the_tools_of_every_message(look: Visit) -> None:
    """Nothing hovers there; in words, and not over the message."""
    luis = await look("luis", viewport=NARROWEST, has_touch=True, is_mobile=True)
    await luis.opens("Channels")
    await luis.go_to("random")
    await luis.type("Who has the phone of Berlin?")
    message = luis.region("Messages").get_by_role("listitem").filter(has_text="the phone of Berlin").last
    reply = message.get_by_role("button", name="Reply in thread")
    await expect(reply).to_have_css("opacity", "1")
    await expect(message.locator(".tools")).to_have_css("opacity", "1")
    text, tool = await message.get_by_text("the phone of Berlin").bounding_box(), await reply.bounding_box()
    assert text
    assert tool
    assert tool["y"] >= text["y"] + text["height"]
    assert await cut_off(luis.page) == []
    await reply.tap()
    await expect(luis.region("Thread")).to_be_visible()
    assert await cut_off(luis.page) == []


async def test_in_a_narrow_pane_the_tools_of_a_message_leave_its_author_and_its_time_alone(
    look: Visit,
) -> None:
    maya = await look("maya")
    await maya.go_to("random")
    await maya.type("Anybody here?")
    message = maya.region("Messages").get_by_role("listitem").filter(has_text="Anybody here").last
    await message.hover()
    await message.get_by_role("button", name="Reply in thread").click()
    await expect(maya.region("Thread")).to_be_visible()  # the pane is half as wide now
    await message.hover()
    tools = message.locator(".tools")
    await expect(tools).to_have_css("opacity", "1")
    assert await tools.evaluate(
        """(node) => { const box = (one) => one.getBoundingClientRect();
          return box(node).left > box(node.closest(".message").querySelector("time")).right; }"""
    )


async def test_who_leaves_the_tour_goes_on_in_the_window_that_is_open(look: Visit) -> None:
    vik = await look("vik", tour=True)
    await vik.type("/whatsapp help")
    await vik.sees("WhatsApp help")
    await vik.skip_tour()
    await expect(vik.composer).to_be_focused()
    ana = await look("ana", tour=True)
    await choosing(ana, "Berlin")
    await ana.skip_tour()
    await expect(ana.window.get_by_role("radio", checked=True)).to_be_focused()


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
