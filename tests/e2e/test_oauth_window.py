"""The window that held the one-time link: what became of it stands there too, and no dead link is left to press."""

import asyncio
from datetime import timedelta

import pytest

from bot.roles import Person, Role
from tests.desk import Desk
from tests.e2e.logging_in import Browser, link, looked
from tests.e2e.steps import buttons, seen, title, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")

DEAD = "works no more"


async def test_a_login_that_went_well_is_told_in_its_window_and_the_link_is_gone(
    login_desk: Desk, browser: Browser
):
    desk = login_desk
    await looked(desk)
    await browser.log_in(await link(desk.ana))
    await window_says(desk.ana, "Support …0121 is connected with Meta again.")
    assert "Account: Acme Shop" in seen(desk.ana)
    assert (title(desk.ana), buttons(desk.ana)) == ("Reconnect with Meta", [])


async def test_while_the_new_access_is_tried_the_window_says_so(login_desk: Desk, browser: Browser):
    desk = login_desk
    address = await link(desk.ana)
    back = await browser.answer(address)
    desk.meta.latency_s = 0.4
    login = asyncio.create_task(browser.come_back(back))
    await window_says(desk.ana, "I try the new access now")
    assert buttons(desk.ana) == []
    desk.meta.latency_s = 0.0
    await login
    await window_says(desk.ana, "is connected with Meta again")


async def test_a_login_that_led_to_nothing_is_begun_again_in_the_same_window(
    login_desk: Desk, browser: Browser
):
    desk = login_desk
    await browser.log_in(await link(desk.ana), yes=False)
    await window_says(desk.ana, "Access was not given in Meta's login, so there is none.")
    assert buttons(desk.ana) == ["Reconnect with Meta"]
    await desk.ana.click("Reconnect with Meta")
    await window_says(desk.ana, "The link works once")
    assert buttons(desk.ana) == ["Open Meta's login"]
    await desk.told()
    assert "works once" in seen(desk.ana)  # nothing of the older link is drawn over the new one


async def test_a_link_that_nobody_used_is_taken_out_of_its_window_when_its_time_is_over(login_desk: Desk):
    desk = login_desk
    await link(desk.ana)
    desk.skip(minutes=14)
    await desk.bot.services.logins.expire()
    await desk.told()
    assert buttons(desk.ana) == ["Open Meta's login"]
    await desk.restart()  # which window it was outlives the process
    desk.clock.skip(timedelta(minutes=1))
    await desk.bot.services.logins.expire()
    await window_says(desk.ana, "nobody came back from Meta's login in time. Nothing was changed.")
    assert DEAD in seen(desk.ana)
    assert buttons(desk.ana) == ["Reconnect with Meta"]


async def test_a_newer_link_of_another_window_ends_the_older_one_where_it_stands(login_desk: Desk):
    desk = login_desk
    await link(desk.ana)
    ref = await desk.bot.services.logins.targets.find("Support")
    ana = Person(desk.ana.id, "ana", Role.OPERATOR)
    await desk.bot.services.logins.link(ana, ref.account_id, ref, window="V0ONHERPHONE")
    await window_says(desk.ana, "you have asked for a newer one")
    assert (DEAD in seen(desk.ana), buttons(desk.ana)) == (True, [])


async def test_a_second_link_for_the_same_window_is_not_drawn_over_by_the_end_of_the_first(login_desk: Desk):
    desk = login_desk
    await link(desk.ana)
    assert desk.ana.modal is not None
    ref = await desk.bot.services.logins.targets.find("Support")
    ana = Person(desk.ana.id, "ana", Role.OPERATOR)
    await desk.bot.services.logins.link(ana, ref.account_id, ref, window=desk.ana.modal.window.id)
    await desk.told()
    assert "works once" in seen(desk.ana)


async def test_with_the_window_closed_the_message_alone_tells_it(login_desk: Desk, browser: Browser):
    desk = login_desk
    address = await link(desk.ana)
    await desk.ana.close()
    await browser.log_in(address, yes=False)
    await desk.ana.wait_for("Access was not given in Meta's login, so there is none.")
    await desk.told()
    assert desk.ana.modal is None
