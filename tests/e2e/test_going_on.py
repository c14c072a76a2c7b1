"""Closing the window, restarting the bot, losing the client, coming back late: nothing is lost."""

import pytest

from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, title, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")

CODE, PIN = "Verification code", "Two-step PIN"


async def connects(desk: Desk, person: Person) -> None:
    """From wherever the window stands: to the end."""
    if title(person) == "Reconnect number":
        await person.submit()
        await person.wait_for_window("Enter the code")
    if title(person) == "Enter the code":
        await person.submit({CODE: desk.meta.phone("Sales").latest_code()})
        await person.wait_for_window("Connect the number")
    await person.submit({PIN: desk.seed.sales_pin})
    await person.wait_for_window("Connected")
    assert desk.writes("request_code") == 1
    assert desk.writes("verify_code") == 1
    assert desk.writes("/register") == 1


@pytest.mark.parametrize("step", ["code", "pin"])
async def test_a_closed_window_is_answered_by_a_message_with_continue(desk: Desk, step: str):
    ana = desk.ana
    await (with_a_code_out(ana) if step == "code" else at_the_pin(desk, ana))
    was = title(ana)
    await ana.close()
    await ana.wait_for("Sales …4821: the reconnect waits for you. Nothing is lost.")
    await ana.click("Continue")
    await ana.wait_for_window(was)
    await connects(desk, ana)


async def test_closing_before_anything_was_asked_for_says_nothing(desk: Desk):
    await choosing(desk.ana)
    await desk.ana.close()
    await desk.slack.settled()
    assert "waits for you" not in desk.ana.sees()


@pytest.mark.parametrize("step", ["code", "pin"])
@pytest.mark.parametrize("restart", [False, True])
async def test_reconnect_typed_again_goes_on_at_the_right_step(desk: Desk, step: str, restart: bool):
    ana = desk.ana
    await (with_a_code_out(ana) if step == "code" else at_the_pin(desk, ana))
    was = title(ana)
    await ana.close()
    if restart:
        await desk.restart()
    await ana.type("/whatsapp reconnect 4821")
    await ana.wait_until(lambda: title(ana) == was and ana.modal is not None and ana.modal.submit is not None)
    await connects(desk, ana)
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("@ana was reconnecting Sales") == 1


@pytest.mark.parametrize("step", ["choose", "code", "pin"])
async def test_an_open_window_keeps_working_after_a_restart(desk: Desk, step: str):
    ana = desk.ana
    await {
        "choose": lambda: choosing(ana),
        "code": lambda: with_a_code_out(ana),
        "pin": lambda: at_the_pin(desk, ana),
    }[step]()
    await desk.restart()
    await connects(desk, ana)


async def test_a_restart_between_all_steps_loses_nothing(desk: Desk):
    ana = desk.ana
    await choosing(ana)
    await desk.restart()
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    await desk.restart()
    await ana.submit({CODE: "000000" if desk.meta.phone("Sales").latest_code() != "000000" else "111111"})
    await window_says(ana, "2 of 3 tries left for this code")
    await desk.restart()
    await ana.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")
    await desk.restart()
    await ana.submit({PIN: desk.seed.sales_pin})
    await ana.wait_for_window("Connected")
    await desk.restart()
    await desk.told()
    assert "🟢 Connected after" in desk.maya.reads("#whatsapp-audit")


async def test_the_continue_of_a_week_old_message_leads_to_where_the_number_stands_now(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    await ana.close()
    await ana.wait_for("Continue")
    desk.skip(days=7)
    await desk.bot.services.opening.expire()
    await ana.click("Continue")
    await ana.wait_for_window("Expired")
    await ana.click("Reconnect", where="modal")
    await window_says(ana, "How should Meta send the code?")


async def test_a_board_of_last_week_still_opens_the_wizard(desk: Desk):
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("9 numbers:")
    desk.skip(days=7)
    await desk.restart()
    await desk.ana.click("Reconnect", beside="Sales")
    await window_says(desk.ana, "How should Meta send the code?")


@pytest.mark.parametrize("step", ["choose", "code", "pin"])
async def test_the_window_of_a_flow_that_has_ended_says_so_and_spends_nothing(desk: Desk, step: str):
    ana = desk.ana
    await {
        "choose": lambda: choosing(ana),
        "code": lambda: with_a_code_out(ana),
        "pin": lambda: at_the_pin(desk, ana),
    }[step]()
    spent = desk.writes("")
    desk.skip(minutes=30)
    await desk.bot.services.opening.expire()
    values = {"code": {CODE: "123456"}, "pin": {PIN: "123456"}}.get(step, {})
    await ana.submit(values)
    await window_says(ana, "`/whatsapp reconnect`")
    assert "ended" in seen(ana) or "moved on" in seen(ana)
    assert desk.writes("") == spent


async def test_a_flow_at_rest_lets_the_number_go_after_ten_minutes(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await choosing(ana)
    desk.skip(minutes=9)
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("In use")
    await maya.close()
    desk.skip(minutes=2)
    await maya.type("/whatsapp reconnect 4821")
    await window_says(maya, "How should Meta send the code?")
    await desk.told()
    assert "Expired after" in maya.reads("#whatsapp-audit")
    assert "nobody went on" in maya.reads("#whatsapp-audit")


async def test_the_starter_of_a_flow_that_ran_out_of_time_is_told(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    desk.skip(minutes=11)
    await desk.bot.services.opening.expire()
    await desk.ana.wait_for("The reconnect of Sales …4821 has run out of time.")


async def test_stop_reconnecting_ends_the_flow_and_leaves_the_number_alone(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    assert await ana.click("Stop reconnecting", confirm=False) is None
    await ana.click("Stop reconnecting")
    await ana.wait_for_window("Stopped")
    await desk.told()
    assert "Stopped after" in desk.maya.reads("#whatsapp-audit")
    assert desk.writes("") == 1
    desk.skip(seconds=61)
    await choosing(desk.maya)


async def test_a_window_closed_while_meta_is_asked_is_answered_by_a_message(desk: Desk):
    ana = desk.ana
    desk.meta.latency_s = 0.15
    await choosing(ana)
    await ana.submit()
    await window_says(ana, "Asking Meta to send a code…")
    await ana.close()
    await ana.wait_for("Sales …4821: the reconnect waits for you. Nothing is lost.")
    await ana.click("Continue")
    await ana.wait_for_window("Enter the code")
    await connects(desk, ana)


async def test_a_second_window_opened_in_impatience_hears_how_it_ended(desk: Desk):
    ana = desk.ana
    await choosing(ana)
    desk.meta.latency_s = 0.2
    await ana.submit()
    await window_says(ana, "Asking Meta to send a code…")
    first = ana.modal.id
    await ana.type("/whatsapp reconnect 4821")
    await ana.wait_until(lambda: ana.modal is not None and ana.modal.id != first)
    await ana.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 1
    await connects(desk, ana)
