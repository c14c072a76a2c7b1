"""The board of all numbers: worst first, every account, however many there are."""

import re

import pytest

from bot.sandbox.meta import seed
from tests.desk import Desk


def names(text: str) -> list[str]:
    """The numbers of the newest board, from top to bottom."""
    board = text.rsplit("WhatsApp numbers", 1)[-1]
    return re.findall(r"^  [⛔⚫🔴🟠⚪❔⚠🧪🟢]\S* (.+?)  \S", board, re.MULTILINE)


async def test_the_board_shows_every_number_of_every_account_worst_first(desk: Desk, nothing_refused: None):
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("9 numbers:")
    worst_first = [
        "Old shop",
        "Café App",
        "Sales",
        "Outlet",
        "Berlin",
        "Returns",
        "Warehouse",
        "Billing",
        "Support",
    ]
    assert names(desk.vik.sees()) == worst_first
    assert "Banned · Meta says BANNED · read just now" in desk.vik.sees()


async def test_a_viewer_may_look_but_is_offered_no_reconnect(desk: Desk, nothing_refused: None):
    await desk.vik.type("/whatsapp status")
    await desk.vik.wait_for("9 numbers:")
    assert "[View]" in desk.vik.sees()
    assert "Reconnect" not in desk.vik.sees()
    await desk.vik.click("View", beside="Sales")
    await desk.vik.wait_for("Phone number ID")
    assert desk.vik.modal.buttons == ["Budget", "Check now"]


async def test_reconnect_is_offered_only_where_a_code_or_a_registration_can_help(
    desk: Desk, nothing_refused: None
):
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("9 numbers:")
    board = desk.ana.sees()
    offered = re.findall(
        r"  \S+ ([^\n]+?)  [+\d][^\n]*\n[^\n]*\n[^\n]*\n  \[View\] \[Diagnose\] \[Reconnect\]", board
    )
    assert offered == ["Sales", "Berlin", "Returns"]
    await desk.ana.click("Reconnect", beside="Sales")
    await desk.ana.wait_for("How should Meta send the code?")
    assert "Sales" in desk.ana.modal.text


async def test_check_now_reads_again_and_draws_over_the_old_board(desk: Desk, nothing_refused: None):
    ana = desk.ana
    await ana.type("/whatsapp status")
    await ana.wait_for("9 numbers:")
    desk.meta.number("Sales").connect()
    await ana.click("Check now")
    await ana.wait_for("3 Connected.")
    assert ana.sees().count("WhatsApp numbers") == 1


@pytest.mark.parametrize(("count", "accounts"), [(100, 3), (130, 2), (1000, 5)])
async def test_any_number_of_numbers_is_paged_without_a_refusal(a_desk, count: int, accounts: int):
    desk: Desk = await a_desk(seed.many(count, accounts))
    ana = desk.ana
    await ana.type("/whatsapp status")
    await ana.wait_for(f"{count} numbers: {count // 10} Disconnected")
    pages, found = -(-count // 12), set(names(ana.sees()))
    for page in range(2, min(pages, 10) + 1):
        await ana.click("Next")
        await ana.wait_for(f"Page {page} of {pages}.")
        found |= set(names(ana.sees()))
    assert len(found) == min(count, 120)
    await ana.click("Previous")
    await ana.wait_for(f"Page {min(pages, 10) - 1} of {pages}.")
    assert desk.slack.refusals == []


async def test_the_picker_of_a_thousand_numbers_has_pages_and_finds_each(a_desk):
    desk: Desk = await a_desk(seed.many(230, 2))
    ana = desk.ana
    await ana.type("/whatsapp budget")
    await ana.wait_for("Numbers 1 to 100 of 230")
    await ana.click("Next")
    await ana.wait_for("Numbers 101 to 200 of 230")
    await ana.click("Next")
    await ana.wait_for("Numbers 201 to 230 of 230")
    await ana.choose("menu.pick", (await ana.options("menu.pick"))[-1])
    await ana.wait_for("Budget of Branch")
    await ana.type("/whatsapp reconnect")
    await ana.wait_for("How should Meta send the code?")
    assert len(await ana.options("Number")) == 230
    assert desk.slack.refusals == []


async def test_an_account_that_cannot_be_read_is_named_and_the_others_are_shown(
    desk: Desk, nothing_refused: None
):
    desk.meta.token("main").unassign(seed.CAFE, (seed.SHOP, seed.CAFE))
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("6 numbers:")
    assert f"Account {seed.CAFE} could not be read" in desk.ana.sees()
    assert "Outlet" not in desk.ana.sees()


async def test_a_team_without_numbers_reads_that_there_are_none(a_desk):
    desk: Desk = await a_desk(seed.many(0))
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("There is no number in our WhatsApp accounts yet.")
    assert desk.slack.refusals == []
