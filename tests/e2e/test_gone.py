"""A number that is gone from Meta's list: who asks for it is told so, and since when, for a month."""

import re

import pytest

from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says
from tests.e2e.trouble import idle

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def gone(desk: Desk) -> None:
    """Support was known, was removed at Meta, and the list was read again."""
    await desk.bot.services.directory.board()
    await idle(desk)
    desk.skip(minutes=2)
    desk.meta.world.remove_number(desk.meta.number("Support").id)
    await desk.bot.services.directory.board()
    await idle(desk)


@pytest.mark.parametrize("typed", ["0121", "Support", "+1 202-555-0121"])
async def test_it_can_be_diagnosed_as_before_and_the_verdict_says_since_when(desk: Desk, typed: str):
    await gone(desk)
    await desk.restart()
    desk.skip(days=3)
    await desk.ana.type(f"/whatsapp diagnose {typed}")
    await window_says(desk.ana, "Reason: `NUMBER_GONE`")
    assert re.search(r"Meta's list has lacked it since \w{3} \d+, \d{4}", seen(desk.ana))
    await desk.ana.click("Diagnose again")
    await window_says(desk.ana, "Reason: `NUMBER_GONE`")
    assert "Ask a manager" in buttons(desk.ana)


async def test_its_status_says_that_it_is_gone_and_where_to_look(desk: Desk):
    await gone(desk)
    await desk.ana.type("/whatsapp status 0121")
    await desk.ana.wait_for(
        "“Support” (…0121) is no longer in its WhatsApp account: Meta has not listed it since "
    )
    await desk.ana.wait_for("`/whatsapp diagnose 0121` looks for the reason.")


async def test_after_a_month_it_is_forgotten(desk: Desk):
    await gone(desk)
    desk.skip(days=29)
    await desk.ana.type("/whatsapp status 0121")
    await desk.ana.wait_for("is no longer in its WhatsApp account")
    desk.skip(days=2)
    await desk.ana.type("/whatsapp diagnose 0121")
    await desk.ana.wait_for("I know no number called “0121”")


async def test_one_that_comes_back_is_no_longer_gone(desk: Desk):
    await desk.bot.services.directory.board()
    support = desk.meta.number("Support")
    await gone(desk)
    desk.meta.world.add_number(support)
    desk.skip(minutes=2)
    await desk.bot.services.directory.board()
    await idle(desk)
    assert await desk.bot.services.directory.gone("0121") is None
    assert (await desk.bot.services.directory.find("0121")).id == support.id


async def test_one_whose_account_cannot_be_read_is_not_gone(desk: Desk):
    await desk.bot.services.directory.board()
    await idle(desk)
    desk.meta.token("main").revoke_token(460)
    desk.skip(minutes=2)
    await desk.bot.services.directory.board()
    await idle(desk)
    assert await desk.bot.services.directory.gone("0121") is None
