"""A login that meets trouble on the way: a lost answer, a Meta that is silent, a disk, a process that is killed."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.sandbox.meta.faults import Fault
from storage import audit
from tests.desk import Desk
from tests.e2e.logging_in import Browser, link, looked, tokens_kept
from tests.e2e.steps import buttons, window_says
from tests.e2e.trouble import HASTY

EXCHANGE = "GET /v25.0/oauth/access_token"
Make = Callable[..., Awaitable[Desk]]
BrowserOf = Callable[[Desk], Awaitable[Browser]]


@pytest.fixture
async def desk(a_login_desk: Make) -> Desk:
    """In a hurry: what Meta does not answer is given up soon."""
    desk = await a_login_desk(tempo=HASTY)
    await looked(desk)
    return desk


@pytest.fixture
async def browser(desk: Desk, browser_of: BrowserOf) -> Browser:
    return await browser_of(desk)


async def ends(desk: Desk) -> list[tuple[str, str]]:
    """How the logins ended, by the records."""

    def work(session: object) -> list[tuple[str, str]]:
        rows = audit.latest(session, desk.meta.number("Support").id, 50)  # type: ignore[arg-type]  # a session
        return [
            (row.outcome, row.reason) for row in rows if (row.action, row.kind) == ("oauth.used", "outcome")
        ]

    return await desk.bot.services.db.read(work)


@pytest.mark.parametrize(
    "kind", ["reset_after", "reset_before", "hang_after", "http_500", "garbage_json", "empty"]
)
async def test_an_exchange_whose_answer_is_lost_is_unknown_and_not_tried_again(
    desk: Desk, browser: Browser, kind: str
) -> None:
    desk.meta.add_fault(Fault(kind, match=EXCHANGE, times=0))  # type: ignore[arg-type]  # one of its kinds
    page = await browser.log_in(await link(desk.ana))
    assert (page.status, page.heading) == (502, "Could not tell")
    assert "may or may not have been completed there" in page.words
    assert "Nothing was changed." in page.words
    await desk.ana.wait_for(
        "I could not tell how the login with Meta for Support …0121 ended. Nothing was stored."
    )
    assert [outcome for outcome, _ in await ends(desk)] == ["unknown"]
    assert len([call for call in desk.meta.calls if call.path.endswith("/oauth/access_token")]) == 1
    assert len(await tokens_kept(desk)) == 2


@pytest.mark.parametrize("path", ["debug_token", "phone_numbers"])
async def test_a_token_that_could_not_be_checked_is_not_kept(desk: Desk, browser: Browser, path: str) -> None:
    back = await browser.answer(await link(desk.ana))
    desk.meta.add_fault(Fault("http_503", match=path, times=0))
    page = await browser.come_back(back)
    assert (page.status, page.heading) == (502, "Could not check")
    assert "So it was not stored." in page.words
    await desk.ana.wait_for("was not taken, and nothing was changed")
    assert [outcome for outcome, _ in await ends(desk)] == ["failed"]
    assert len(await tokens_kept(desk)) == 2


async def test_when_nothing_can_be_recorded_no_link_is_made(desk: Desk) -> None:
    with locked(desk):
        await desk.ana.type("/whatsapp oauth Support")
        await desk.ana.wait_for("The database is busy with another program")


async def test_when_nothing_can_be_recorded_the_code_is_not_exchanged_and_the_link_still_works(
    desk: Desk, browser: Browser
) -> None:
    back = await browser.answer(await link(desk.ana))
    with locked(desk):
        page = await browser.come_back(back)
        assert (page.status, page.heading) == (503, "Nothing was done")
    assert not [call for call in desk.meta.calls if call.path.endswith("/oauth/access_token")]
    assert (await browser.come_back(back)).status == 200


async def test_a_token_that_cannot_be_stored_is_not_used(desk: Desk, browser: Browser) -> None:
    """Another program takes the file between the exchange and the store."""
    back = await browser.answer(await link(desk.ana))
    desk.meta.latency_s = 0.2
    coming = asyncio.create_task(browser.come_back(back))
    await exchanged(desk)
    with locked(desk):
        page = await coming
    assert (page.status, page.heading) == (503, "Not stored")
    await desk.ana.wait_for("The database is busy with another program")
    assert len(await tokens_kept(desk)) == 2


async def test_killed_between_the_exchange_and_the_store_it_is_unknown_and_the_person_is_told(
    desk: Desk, browser: Browser
) -> None:
    back = await browser.answer(await link(desk.ana))
    desk.meta.add_fault(Fault("hang_after", match=EXCHANGE))
    coming = asyncio.create_task(browser.come_back(back))
    await exchanged(desk)
    await restarted_as_it_is_now(desk, coming)
    await desk.ana.wait_for("I was in the middle of the login with Meta for Support …0121.")
    assert "may or may not have been completed at Meta" in desk.ana.sees()
    await desk.told()
    assert await ends(desk) == [("unknown", "restart")]
    assert len(await tokens_kept(desk)) == 2
    await window_says(desk.ana, "I was in the middle of the login with Meta for Support …0121.")
    assert buttons(desk.ana) == ["Reconnect with Meta"]
    await desk.ana.close()
    assert desk.ana.sees().count("I was in the middle") == 1
    await desk.restart()
    await desk.told()
    assert desk.ana.sees().count("I was in the middle") == 1, "told once"


async def test_killed_after_the_store_the_person_is_told_at_the_next_start(
    desk: Desk, browser: Browser
) -> None:
    back = await browser.answer(await link(desk.ana))
    desk.meta.add_fault(Fault("hang", match=f"GET /v25.0/{desk.meta.number('Support').id}", times=0))
    assert (await browser.come_back(back)).status == 200
    await restarted_as_it_is_now(desk, None)
    await desk.ana.wait_for("Support …0121 is connected with Meta again. The login was stored.")
    assert await ends(desk) == [("ok", "")]
    assert len([row for row in await tokens_kept(desk) if row.retired_at is None]) == 2


async def test_who_closes_the_browser_too_early_is_told_in_slack_all_the_same(
    desk: Desk, browser: Browser
) -> None:
    back = await browser.answer(await link(desk.ana))
    desk.meta.latency_s = 0.2
    coming = asyncio.create_task(browser.come_back(back))
    await exchanged(desk)
    coming.cancel()
    await desk.ana.wait_for("Support …0121 is connected with Meta again.")
    assert len(await tokens_kept(desk)) == 3


@contextmanager
def locked(desk: Desk) -> Iterator[None]:
    """Another program writes in the file all the while."""
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def exchanged(desk: Desk) -> None:
    """Until the code has become a token at Meta."""
    async with asyncio.timeout(5):
        while not any(grant.token for grant in desk.meta.world.grants.values()):
            await asyncio.sleep(0.005)


async def restarted_as_it_is_now(desk: Desk, coming: asyncio.Task[object] | None) -> None:
    """What a kill leaves behind: the file as it is at this moment, and nothing of what would have come."""
    left = desk.path.with_suffix(".left")
    shutil.copyfile(desk.path, left)
    if coming:
        await asyncio.wait({coming})
    desk.meta.clear_faults()
    await desk.stop()
    shutil.copyfile(left, desk.path)
    await desk.start()
