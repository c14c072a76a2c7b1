"""`demo`: the page's process, fresh for a test; `shared`: one for tests that only look. `visit`: a person's tab."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.chromium import MISSING, chromium, found
from tests.browser.demo import Demo, running_demo
from tests.browser.visitor import WITHIN_MS, Visitor
from tests.browser.watch import Watch

WIDE = ViewportSize(width=1280, height=800)
HERE = Path(__file__).parent
FAILED = pytest.StashKey[bool]()

Visit = Callable[..., Awaitable[Visitor]]


expect.set_options(timeout=WITHIN_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser outlives a test, so its tests share one loop."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Without Chromium: skipped with its reason; where it must be (CI): failed."""
    if found() is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path, browser: Browser) -> AsyncIterator[Demo]:
    """Its own process, with a bot and a world of its own."""
    async with running_demo(tmp_path) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Demo]:
    """One process for every test of this worker that leaves the world as it was."""
    async with running_demo(tmp_path_factory.mktemp("shared")) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def watch() -> AsyncIterator[Watch]:
    """Nothing may have gone wrong unseen in any tab when the test ends; what a test expects it takes out."""
    watch = Watch()
    yield watch
    assert watch.troubles == []


@pytest_asyncio.fixture(loop_scope="session")
async def a_tab(
    browser: Browser, watch: Watch, request: pytest.FixtureRequest
) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """An empty tab; options as of Playwright's `new_context`. A test that fails leaves pictures of its tabs."""
    contexts: list[BrowserContext] = []

    async def opened(**options: Any) -> Page:
        context = await browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        context.set_default_timeout(WITHIN_MS)
        contexts.append(context)
        page = await context.new_page()
        await watch.over(page)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        await _pictures(contexts, request)
    for context in contexts:
        await context.close()


async def _pictures(contexts: list[BrowserContext], request: pytest.FixtureRequest) -> None:
    folder = Path(os.fspath(request.config.rootpath)) / ".pytest_cache" / "browser"
    name = re.sub(r"\W+", "-", request.node.name)
    pages = [page for context in contexts for page in context.pages]
    for place, page in enumerate(pages):
        await page.screenshot(path=folder / f"{name}-{place}.png")
    print(f"{len(pages)} picture(s): {folder / name}-*.png")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(demo: Demo, a_tab: Callable[..., Awaitable[Page]]) -> Visit:
    """`ana = await visit("ana")`: a tab of hers at the fresh `demo`."""
    return _visits(demo, a_tab, [])


@pytest_asyncio.fixture(loop_scope="session")
async def look(shared: Demo, a_tab: Callable[..., Awaitable[Page]]) -> AsyncIterator[Visit]:
    """The same at the `shared` one; windows that a test leaves open are closed after it."""
    visitors: list[Visitor] = []
    yield _visits(shared, a_tab, visitors)
    for visitor in visitors:
        await visitor.leaves()


def _visits(demo: Demo, a_tab: Callable[..., Awaitable[Page]], visitors: list[Visitor]) -> Visit:
    async def visited(name: str, *, tour: bool = False, **options: Any) -> Visitor:
        visitor = Visitor(await a_tab(**options), demo.address)
        visitors.append(visitor)
        await visitor.arrive(name, tour=tour)
        return visitor

    return visited
