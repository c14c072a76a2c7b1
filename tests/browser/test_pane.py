"""What a person looks at stays where it is: a tall board from its first line on, the focus on Home."""

import asyncio

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.steps import SALES
from tests.browser.visitor import Visitor


def boards(visitor: Visitor) -> Locator:
    return visitor.region("Messages").get_by_role("listitem").filter(has_text="9 numbers:")


def newest(visitor: Visitor) -> Locator:
    return boards(visitor).last


async def test_a_board_taller_than_its_pane_is_read_from_its_first_line_on(look: Visit) -> None:
    ana = await look("ana")
    for _ in range(2):  # the second one is asked for while the pane is scrolled somewhere
        before = await boards(ana).count()
        await ana.type("/whatsapp status")
        await expect(boards(ana)).to_have_count(before + 1)  # else it is the last one that is scrolled
        first_line = newest(ana).get_by_text("9 numbers:")
        await expect(first_line).to_be_in_viewport()
        await newest(ana).get_by_role("button", name="Check now").scroll_into_view_if_needed()
        await expect(first_line).not_to_be_in_viewport()
        await ana.composer.fill("a box\nthat\ngrows")  # does not throw the reader back to the top
        await expect(newest(ana).get_by_role("button", name="Check now")).to_be_in_viewport()
        await newest(ana).get_by_text(SALES, exact=True).first.scroll_into_view_if_needed()


async def test_home_keeps_the_focus_when_the_bot_draws_it_again(visit: Visit) -> None:
    vik = await visit("vik")
    await vik.go_to("Home")
    await vik.sees("9 numbers:")
    view = vik.region("Messages").get_by_role("button", name="View", exact=True).nth(2)
    await view.focus()
    before = await view.element_handle()
    await vik.page.evaluate(
        """async () => { for (const [path, body] of [["world/time", { skip_s: 3600 }], ["act/home", { as: "U0VIK" }]])
             await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" },
               body: JSON.stringify(body) }); }"""
    )
    async with asyncio.timeout(15):
        while await before.evaluate("(node) => node.isConnected"):
            await vik.page.evaluate("() => new Promise(requestAnimationFrame)")
    await expect(view).to_be_focused()


async def test_a_double_click_on_start_starts_the_bot_once_and_is_no_error(visit: Visit) -> None:
    ana = await visit("ana")
    await ana.turns("Kill the bot")
    await ana.page.get_by_role("button", name="Start", exact=True).dblclick()
    await ana.sees("The bot runs, process", "Meta")
