"""The README's pictures, taken from the running page: the board with the wizard open, and the audit thread."""

import asyncio
import re
import tempfile
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from tests.browser.chromium import MISSING, chromium, found
from tests.browser.demo import running_demo
from tests.browser.steps import AUDIT, CODE, SALES, connected, with_a_code_out
from tests.browser.visitor import WITHIN_MS, Visitor
from tests.place import ROOT

FOLDER = ROOT / ".github" / "images"
SIZE = ViewportSize(width=1600, height=800)
SCALE = 1.25  # sharp at the width README is read at, and still small
MOST_BYTES = 300_000


async def main() -> None:
    if found() is None:
        raise SystemExit(MISSING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk-pictures-") as folder:
        async with chromium() as browser, running_demo(Path(folder)) as demo:
            await _play(browser, demo.address)


async def _play(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport=SIZE, device_scale_factor=SCALE, reduced_motion="reduce")
    page.set_default_timeout(WITHIN_MS)
    ana = Visitor(page, address)
    await ana.arrive("ana")
    await ana.type("/whatsapp status")
    await ana.sees("9 numbers:")
    await with_a_code_out(ana, SALES)
    code = await ana.code_of(SALES)
    await ana.enter(CODE, f"{code[:3]} {code[3:]}")
    await (
        ana.region("Messages")
        .get_by_role("group", name="Conversation")
        .evaluate("(node) => node.scrollTo(0, 0)")
    )
    await _take(ana, "board-and-wizard.png")
    await ana.click("Verify")
    await ana.reads_window("Connect the number")
    await connected(ana)
    await ana.click("Close")
    await ana.act_as("Maya")
    await ana.go_to(AUDIT)
    await ana.region("Messages").get_by_role("button", name=re.compile(r"^\d+ replies")).last.click()
    await ana.sees("finished", "Thread")
    await page.get_by_role("heading", name="Phone").hover()  # away from what shows more under a pointer
    await _take(ana, "audit-thread.png")


async def _take(visitor: Visitor, name: str) -> None:
    path = FOLDER / name
    await visitor.page.wait_for_timeout(300)  # until lists have scrolled to their end
    picture = await visitor.page.screenshot(path=path, animations="disabled", caret="hide")
    print(f"{path.relative_to(ROOT)}: {len(picture) // 1000} KB")
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{name} is larger than {MOST_BYTES // 1000} KB.")


if __name__ == "__main__":
    asyncio.run(main())
