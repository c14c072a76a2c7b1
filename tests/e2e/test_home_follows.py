"""The Home tab follows what happens, and its buttons do what they do elsewhere."""

import sqlite3

import pytest

from tests.desk import Desk
from tests.e2e.at_home import ALL, home, home_says, opened, published, readings, settled
from tests.e2e.steps import connected, seen, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_a_reconnect_under_way_is_shown_with_who_has_the_code_and_gone_on_with(desk: Desk):
    ana, luis, maya = desk.ana, desk.luis, desk.maya
    await opened(maya)
    await opened(ana)
    await opened(luis, "You have no role")
    await with_a_code_out(ana)
    await home_says(maya, "@ana reconnects Sales …4821")
    await ana.click("Someone else has the phone")
    await ana.wait_for_window("Enter the code")
    await window_says(ana, "Who has the phone?")
    await ana.submit({"Who has the phone?": "luis"})
    await home_says(maya, "@luis has the code box.")
    assert "Continue" not in maya.home.buttons
    await home_says(luis, "@ana reconnects Sales …4821")
    assert luis.home.buttons == ["Enter code", "Enter code"]  # of this reconnect, and the command
    assert "numbers:" not in home(luis)
    await luis.click("Enter code", where="home")
    await window_says(luis, "Verification code")
    await ana.close()
    await ana.click("Continue", where="home")
    await window_says(ana, "Waiting for @luis")


async def test_when_a_reconnect_ends_the_tab_follows_by_itself(desk: Desk):
    await opened(desk.ana)
    await opened(desk.vik)
    assert "2 Connected" in home(desk.ana)
    await connected(desk, desk.ana)
    for person in (desk.ana, desk.vik):
        await home_says(person, "3 Connected")
        await person.wait_until(lambda person=person: "Under way" not in home(person))


async def test_when_a_reconnect_is_left_alone_the_tab_lets_go_of_it(desk: Desk):
    await opened(desk.ana)
    await with_a_code_out(desk.ana)
    await home_says(desk.ana, "Under way")
    desk.skip(minutes=11)
    await desk.bot.services.opening.expire()
    await desk.ana.wait_until(lambda: "Under way" not in home(desk.ana))


async def test_a_change_that_the_tab_does_not_show_is_not_published(desk: Desk):
    await opened(desk.vik)
    await settled(desk)
    drawn = published(desk)
    await desk.luis.type("/whatsapp status")  # refused, and on record
    await desk.told()
    desk.skip(seconds=30)
    await desk.person("guest").type("/whatsapp status")
    await settled(desk)
    assert published(desk) == drawn


async def test_check_now_reads_meta_again_within_the_minute_and_once_for_a_double_click(desk: Desk):
    await opened(desk.ana)
    await settled(desk)
    desk.meta.number("Sales").connect()
    acks = await desk.ana.double_click("Check now", where="home")
    assert all(ack.ok for ack in acks)
    await home_says(desk.ana, "3 Connected")
    await settled(desk)
    assert readings(desk) == 4
    assert desk.ana.sees() == ""  # nothing but the tab


@pytest.mark.parametrize(
    ("button", "beside", "says"),
    [
        ("View", "Sales", "Phone number ID"),
        ("Reconnect", "Sales", "How should Meta send the code?"),
        ("Reconnect", "Bring a number back", "Number"),
        ("Enter code", "", "No code is out that you could type."),
        ("Try refreshing permissions", "", "Which number? (refresh)"),
        ("Budget", "", "Which number? (budget)"),
    ],
)
@pytest.mark.parametrize("restarted", [False, True])
async def test_every_button_opens_its_window(
    desk: Desk, button: str, beside: str, says: str, restarted: bool
):
    await opened(desk.ana)
    if restarted:  # the tab of before the restart still stands in Slack
        await desk.restart()
    acks = await desk.ana.double_click(button, where="home", beside=beside)
    assert all(ack.ok for ack in acks)
    await window_says(desk.ana, says)
    await settled(desk)
    assert desk.ana.sees() == "\n" + seen(desk.ana)  # the window, and no message


async def test_a_budget_asked_for_on_the_tab_is_answered_in_its_window(desk: Desk):
    await opened(desk.vik)
    await desk.vik.click("Budget", where="home")
    await window_says(desk.vik, "Which number? (budget)")
    await desk.vik.choose("menu.pick", "Sales …4821", where="modal")
    await desk.vik.wait_for_window("Budget")


async def test_after_a_restart_a_tab_that_is_pressed_on_follows_again(desk: Desk):
    await opened(desk.ana)
    await desk.restart()
    await desk.ana.click("Reconnect", where="home", beside="Sales")
    await window_says(desk.ana, "How should Meta send the code?")
    await desk.ana.submit()
    await home_says(desk.ana, "a code is out")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")
    await home_says(desk.ana, "waits for the PIN")


async def test_a_role_taken_away_is_gone_from_the_tab_and_its_old_buttons(a_desk):
    desk: Desk = await a_desk(WHATSAPP_OPERATORS="S0OPERATORS")
    ana = desk.ana
    await opened(ana)
    desk.slack.workspace.groups["S0OPERATORS"].users.remove("U0ANA")
    await desk.restart()
    await ana.click("Reconnect", where="home", beside="Sales")
    await window_says(ana, "Only operators and above may")
    await opened(ana, "You have no role")
    assert "Sales" not in home(ana)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("error", "not_enabled"), ("error", "hash_conflict"), ("429", ""), ("500", ""), ("hang", "")],
)
async def test_what_slack_does_not_take_reaches_nobody_and_is_made_good_at_the_next_opening(
    desk: Desk, kind: str, error: str
):
    options = {"error": error} if error else {}
    fault = desk.slack.add_fault("views.publish", kind, times=None, **options)
    await desk.ana.open_home()
    await desk.ana.type("/whatsapp help")
    await desk.ana.wait_for("WhatsApp help")
    desk.slack.lift_fault(fault)
    await opened(desk.ana)
    assert "Something went wrong" not in desk.ana.sees()


async def test_while_the_records_cannot_be_read_the_numbers_are_there_all_the_same(desk: Desk):
    await with_a_code_out(desk.ana)
    await opened(desk.vik)
    assert "Under way" in home(desk.vik)
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    await opened(desk.vik, "What is under way cannot be shown.")
    assert "The database is busy with another program." in home(desk.vik)
    assert ALL in home(desk.vik)
    other.execute("ROLLBACK")
    other.close()
    await opened(desk.vik, "Under way")
