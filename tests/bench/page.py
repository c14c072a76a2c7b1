"""P13, P14: the sandbox's page: ready in the browser, and smooth while messages arrive among many."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from playwright.async_api import Browser, expect

from bot.numbers import NumberRef
from bot.sandbox.page.server import STATIC
from bot.status import Board, Row, State
from handlers.views import status
from tests.bench.result import Result, median
from tests.browser.chromium import MISSING, chromium, found
from tests.browser.demo import running_demo

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROUNDS = 7
MANY = 500
ARRIVALS = 20
GENERAL = "C0GENERAL"
# The moment somebody can type: the box is there, and the bot behind it too.
READY = """() => { const box = document.querySelector('[aria-label="Message"]');
  return box && box.offsetParent && !box.disabled && performance.now(); }"""
WATCH = """() => { window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => window.longTasks.push(e.duration)))
    .observe({ type: "longtask" }); }"""
DRAWN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"""

JSON = dict[str, Any]


async def measure() -> list[Result]:
    asked = ("page ready in the browser", "< 1 s"), ("longest task when a message arrives", "≤ 100 ms")
    if found() is None:
        return [Result(f"P{13 + n}", *each, "–", None, MISSING) for n, each in enumerate(asked)]
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        async with chromium() as browser, running_demo(Path(folder)) as demo:
            ready = [await _ready_ms(browser, demo.address) for _ in range(ROUNDS)]
            longest = await _longest_ms(browser, demo.address)
    soon = f"{median(ready):.0f} ms (slowest of {ROUNDS}: {max(ready):.0f} ms)"
    smooth = (
        (f"{longest:.0f} ms" if longest else "none over 50 ms")
        + f" among {MANY} messages with a board of 100 numbers; {ARRIVALS} more arrived, every other one a board page"
    )
    return [
        Result("P13", *asked[0], soon, median(ready) < 1000),
        Result("P14", *asked[1], smooth, longest <= 100),
    ]


async def _ready_ms(browser: Browser, address: str) -> float:
    """From the address entered to a box that can be typed in; nothing in the cache."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address, wait_until="commit")
    ready = await page.wait_for_function(READY, polling="raf")
    took = float(await ready.json_value())
    await context.close()
    return took


async def _longest_ms(browser: Browser, address: str) -> float:
    """The longest task over 50 ms while messages arrive in a full channel; 0: there was none."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{address}/live?as=U0ANA") as link:
        hello: JSON = await link.receive_json()
    async with _stage(_crowded(hello)) as (url, tabs):
        page = await browser.new_page()
        await page.goto(url)
        await expect(page.get_by_role("region", name="Messages")).to_contain_text(f"message {MANY - 1}")
        await page.evaluate(DRAWN)
        await page.evaluate(WATCH)
        boards = _boards()
        for n in range(ARRIVALS):
            what: JSON = boards[n % len(boards)] if n % 2 else {"text": f"news {n}", "blocks": []}
            await tabs[-1].send_json(
                {"kind": "message", "channel": GENERAL, "message": _message(MANY + n, what)}
            )
            await page.evaluate(DRAWN)
        await expect(page.get_by_role("region", name="Messages")).to_contain_text(f"news {ARRIVALS - 2}")
        durations: Sequence[float] = await page.evaluate("() => window.longTasks")
        await page.close()
    return max(durations, default=0.0)


@asynccontextmanager
async def _stage(hello: JSON) -> AsyncIterator[tuple[str, list[web.WebSocketResponse]]]:
    """The page's files and a socket that says `hello`: what Playwright feeds in itself counts as no task."""
    tabs: list[web.WebSocketResponse] = []

    async def live(request: web.Request) -> web.WebSocketResponse:
        tab = web.WebSocketResponse()
        await tab.prepare(request)
        await tab.send_json(hello)
        tabs.append(tab)
        async for _ in tab:
            pass
        return tab

    async def index(request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def deed(request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.get("/", index), web.get("/live", live), web.post("/{deed:.+}", deed)])
    app.router.add_static("/static", STATIC)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", tabs
    finally:
        await runner.cleanup()


def _crowded(hello: JSON) -> JSON:
    """The same with a full channel; the pages of the board stand last, where they are seen."""
    boards = _boards()
    (general,) = (channel for channel in hello["channels"] if channel["id"] == GENERAL)
    general["messages"] = [_message(n, {"text": f"message {n}", "blocks": []}) for n in range(MANY)]
    for place, board in enumerate(boards, start=MANY - len(boards) - 1):
        general["messages"][place] = _message(place, board)
    return hello


def _boards() -> list[JSON]:
    """The pages of a board of 100 numbers, every block with its id as Slack gives them."""
    rows = tuple(
        Row(
            NumberRef(str(i), "102290129341000", f"Branch {i}", f"1202555{i:04}", f"+1 202-555-{i:04}"),
            State.DISCONNECTED, "DISCONNECTED", "No longer registered.", NOW, True,
        )
        for i in range(100)
    )  # fmt: skip
    pages: list[JSON] = [
        dict(status.board(Board(rows), now=NOW, page=page))
        for page in range(-(-len(rows) // status.PER_PAGE))
    ]
    for page in pages:
        page["blocks"] = [{"block_id": f"b{n}", **block} for n, block in enumerate(page["blocks"])]
    return pages


def _message(n: int, what: JSON) -> JSON:
    return {
        "ts": f"{NOW.timestamp() + n:.0f}.{n:06}", "channel": GENERAL, "author": "U0DESK", "thread_ts": None,
        "ephemeral": False, "edited": False, "values": {}, "trouble": "", "link": "",
        "text": str(what["text"]), "blocks": what["blocks"],
    }  # fmt: skip
