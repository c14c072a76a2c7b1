"""Something breaks while people watch: Meta, the bot, a right they lack; and what they see of it."""

import re
import urllib.parse
from pathlib import Path

import aiohttp
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.demo import Demo
from tests.browser.steps import CODE, PIN, SALES, at_the_pin, choosing, connected, with_a_code_out


async def test_meta_down_in_mid_flow_is_said_in_the_window_and_passes(visit: Visit) -> None:
    ana = await visit("ana")
    await with_a_code_out(ana)
    code = await ana.code_of(SALES)
    await ana.turns("Meta is down")  # beside the open window
    await ana.enter(CODE, code)
    await ana.click("Verify")
    # What never left is known not to have been done; of what may have left, nothing is known.
    await expect(ana.window).to_contain_text(re.compile("Nothing was sent|may or may not have been checked"))
    await ana.turns("Meta is down")
    if await ana.window.get_by_role("button", name="Check status").is_visible():
        await ana.click("Check status")
    await ana.reads_window("Enter the code")
    await ana.enter(CODE, code)
    await ana.click("Verify")
    await ana.reads_window("Connect the number")


async def test_a_bot_killed_in_mid_flow_comes_back_with_continue(visit: Visit, demo: Demo) -> None:
    ana = await visit("ana")
    await with_a_code_out(ana)
    await ana.click("Dismiss")
    (before,) = demo.bots
    await ana.turns("Kill the bot")
    await expect(ana.page.get_by_text("The bot is stopped.")).to_be_visible()
    assert demo.bots == []
    await ana.type("/whatsapp status")
    await ana.sees("failed with the error “dispatch_failed”")  # as Slack puts it
    await ana.turns("Start the bot")
    await ana.sees("The bot runs, process", "Meta")
    assert demo.bots != [before]
    await ana.type(f"/whatsapp reconnect {SALES}")
    await ana.reads_window("Enter the code")
    await ana.enter(CODE, await ana.code_of(SALES))
    await ana.click("Verify")
    await ana.reads_window("Connect the number")
    await ana.click("Dismiss")
    await ana.go_to("Messages")
    await ana.sees("the reconnect waits for you. Nothing is lost.")
    await ana.press("Continue")
    await ana.reads_window("Connect the number")
    await connected(ana)


async def test_a_bot_killed_while_it_asks_meta_says_so_when_it_is_back(visit: Visit) -> None:
    ana = await visit("ana")
    await at_the_pin(ana)
    await ana.turns("Meta hangs")
    await ana.enter("Two-step PIN", PIN)
    await ana.click("Connect")
    await expect(ana.window).to_contain_text("Registering the number with Meta")
    await ana.turns("Kill the bot")
    await expect(ana.page.get_by_text("The bot is stopped.")).to_be_visible()
    await ana.turns("Meta hangs")
    await ana.turns("Start the bot")
    await ana.sees("The bot runs, process", "Meta")
    await ana.click("Dismiss")
    await ana.go_to("Messages")
    await ana.sees("I was restarted while reconnecting")
    await ana.press("Continue")
    await expect(ana.page.get_by_role("dialog")).to_be_visible()


async def test_permissions_are_refreshed_and_the_table_says_what_was_done(visit: Visit) -> None:
    ana = await visit("ana")
    await ana.type("/whatsapp refresh Outlet")
    await expect(ana.window).to_contain_text("No code is sent and nobody is disconnected.")
    await ana.window.get_by_role("button", name=re.compile("[Rr]efresh")).last.click()
    await expect(ana.window).to_contain_text("Read back at", timeout=30_000)
    await expect(ana.window).to_contain_text("App subscribed")
    await expect(ana.window).to_contain_text("Events arrive again.")


async def test_a_guest_is_refused_with_whom_to_ask_and_it_is_on_record(visit: Visit) -> None:
    guest = await visit("guest")
    await guest.type(f"/whatsapp reconnect {SALES}")
    await guest.sees("Only operators and above may use")
    await guest.sees("Ask a manager to do it")
    await expect(guest.page.get_by_role("dialog")).to_have_count(0)
    await guest.act_as("Maya")
    await guest.go_to("whatsapp-audit")
    await guest.sees("was refused")


async def test_what_slack_refuses_stands_in_the_inspector_with_its_path_and_no_secret_does(
    visit: Visit, demo: Demo
) -> None:
    ana = await visit("ana")
    settings = environment_of(demo.bots[0])
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {settings['SLACK_BOT_TOKEN']}"}
    ) as session:
        post = {
            "channel": "C0GENERAL",
            "text": "faulty",
            "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "no"}}],
        }
        address = urllib.parse.urljoin(settings["SLACK_API_URL"], "chat.postMessage")
        async with session.post(address, json=post) as answer:
            assert (await answer.json())["error"] == "invalid_blocks"
    await ana.opens("Inspector")
    refused = ana.region("Inspector").get_by_role("listitem").filter(has_text="invalid_blocks").last
    await expect(refused).to_be_visible()
    await expect(refused).to_contain_text(re.compile(r"blocks\W+0\W+text"))
    await expect(refused).to_contain_text(re.compile("refused", re.IGNORECASE))  # never by its colour alone
    await refused.get_by_role("button").click()
    await expect(refused.locator("pre")).to_be_in_viewport()  # what was asked for is not below the edge

    await choosing(ana)
    await ana.click("Send code")
    await ana.reads_window("Enter the code")
    code = await ana.code_of(SALES)
    await ana.enter(CODE, code)
    await ana.click("Verify")
    await ana.reads_window("Connect the number")
    await connected(ana)
    await ana.click("Close")
    await ana.opens("Inspector")
    seen = await unfolded(ana.region("Inspector"))
    for secret in (
        code,
        PIN,
        settings["SLACK_BOT_TOKEN"],
        settings["SLACK_APP_TOKEN"],
        settings["META_ACCESS_TOKEN"],
    ):
        assert not re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", seen), "a secret stands in the Inspector"


async def unfolded(region: Locator) -> str:
    """Everything that is written there, open or folded."""
    return str(await region.evaluate("(node) => node.textContent"))


def environment_of(pid: int) -> dict[str, str]:
    """What the bot was started with: a test knows its tokens from there alone."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(entry.split("=", 1) for entry in told.split("\0") if "=" in entry)
