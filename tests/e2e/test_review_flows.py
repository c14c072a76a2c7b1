"""What a review found in the flows: each is one story that once went wrong."""

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from bot.audit import Act
from bot.errors import StaleFlow
from bot.flows.state import Step
from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, title, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, assert_records_hold, outcomes

CODE, PIN = "Verification code", "Two-step PIN"


def audit(desk: Desk) -> str:
    return desk.maya.reads("#whatsapp-audit")


async def test_a_status_read_back_is_told_as_connected_only_when_it_is(desk: Desk):
    desk.meta.add_fault(Fault("reset_before", "/request_code"))
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Not sure")
    await desk.ana.click("Check status")
    await desk.ana.wait_for_window("Enter the code")
    await desk.told()
    assert "read the status back: not connected" in audit(desk)
    assert "read the status back: Connected" not in audit(desk)


async def breaks(_: float) -> None:
    raise RuntimeError("a bug of ours in the middle of the read-back")


async def test_a_bug_within_the_proof_leaves_the_flow_unsure_and_not_pending_for_ever(a_desk):
    desk: Desk = await a_desk(tempo=replace(BRISK, pause=breaks))
    await at_the_pin(desk, desk.ana)
    desk.meta.number("Sales").connect_reads = 99
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Not sure")
    assert outcomes(desk, "permissions.refresh") == ["unknown"]
    await desk.ana.click("Check status")
    await desk.ana.wait_until(lambda: title(desk.ana) != "Not sure")
    await assert_records_hold(desk)


async def test_an_act_that_never_ended_is_closed_as_unknown_when_its_lease_is_over(desk: Desk):
    await choosing(desk.ana)
    services, ana = desk.bot.services, Who(desk.ana.id, "ana", Role.OPERATOR)
    (flow,) = await services.opening.of_person(ana)
    claimed = await services.code.claim_code(
        ana, flow.id, method="SMS", language="en_US", key="never acted upon"
    )
    desk.skip(seconds=170)
    await services.opening.expire()
    assert outcomes(desk) == []
    desk.skip(seconds=11)
    await services.opening.expire()
    assert outcomes(desk) == ["unknown"]
    await desk.ana.wait_for("the last step may or may not have been done. Nothing is lost.")
    await desk.ana.click("Continue")
    await window_says(desk.ana, "it may or may not have been sent")
    with pytest.raises(StaleFlow, match="That came too late to be recorded"):
        await claimed.act()
    await assert_records_hold(desk)


async def test_a_refused_send_again_gives_the_code_that_is_out_no_new_tries(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit(
        {CODE: "000000" if desk.meta.phone("Sales").latest_code() != "000000" else "111111"}
    )
    await window_says(desk.ana, "2 of 3 tries left for this code")
    desk.skip(seconds=61)
    desk.meta.add_fault(Fault("status_429", "/request_code"))
    await desk.ana.click("Call instead")
    await window_says(desk.ana, "Meta asks us to wait.")
    assert "2 of 3 tries left for this code" in seen(desk.ana)
    assert "Meta was asked for an SMS" in seen(desk.ana)
    desk.skip(minutes=2)
    await desk.ana.click("Call instead")
    await window_says(desk.ana, "3 of 3 tries left for this code")
    assert "Meta was asked for a voice call" in seen(desk.ana)


async def cut_off_refresh(desk: Desk) -> None:
    """A restart in the middle of ana's refresh of Sales."""
    await running_refresh(desk)
    await desk.restart()


async def running_refresh(desk: Desk) -> None:
    services, ana = desk.bot.services, Who(desk.ana.id, "ana", Role.OPERATOR)
    started = await services.refreshing.claim(ana, await services.directory.find("4821"), key="a press")
    await services.acts.claim(
        started.flow.id, ana, Act.REFRESH, "a press", lambda f, _now, _op: f.to(Step.REFRESHING)
    )


async def test_a_refresh_cut_off_by_a_restart_goes_on_as_a_refresh(desk: Desk):
    await cut_off_refresh(desk)
    await desk.ana.wait_for("The permission refresh was not finished.")
    await desk.ana.click("Continue")
    await desk.ana.wait_for_window("Not connected")
    assert "App subscribed" in seen(desk.ana)
    await desk.told()
    assert "@ana was refreshing permissions of Sales" in audit(desk)
    await assert_records_hold(desk)


async def test_a_refresh_cut_off_by_a_restart_makes_way_for_a_reconnect(desk: Desk):
    await cut_off_refresh(desk)
    await with_a_code_out(desk.ana)
    await desk.told()
    assert "@ana was refreshing permissions of Sales" in audit(desk)
    assert "@ana is reconnecting Sales" in audit(desk)


async def test_a_reconnect_waits_for_a_refresh_of_the_same_person_that_is_running(desk: Desk):
    await running_refresh(desk)
    await desk.ana.type("/whatsapp reconnect 4821")
    await window_says(desk.ana, "Your own refresh of this number is still running.")


async def test_a_stop_during_the_read_back_is_told_as_not_yet(a_desk):
    desk: Desk = await a_desk(tempo=replace(BRISK, pause=asyncio.sleep))
    await at_the_pin(desk, desk.ana)
    desk.meta.number("Sales").connect_reads = 99
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_until(lambda: desk.writes("/register") == 1)
    async with asyncio.timeout(6):  # the read-back alone goes on for twenty seconds
        await desk.restart()
    await desk.ana.wait_for_window("Almost there")
    assert "Meta still says DISCONNECTED." in seen(desk.ana)
    assert outcomes(desk, "permissions.refresh") == ["ok"]
    assert "I was restarted" not in desk.ana.sees()
    desk.meta.number("Sales").connecting_reads = 0
    await desk.ana.click("Try refreshing permissions")
    await desk.ana.wait_for_window("Connected")


def ended_by(desk: Desk) -> list[tuple[str, str]]:
    """Who ended each flow, in which role, on record."""
    link = sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True)
    rows = link.execute("SELECT actor, role FROM audit WHERE action = 'flow.ended' ORDER BY seq").fetchall()
    link.close()
    return rows


async def test_a_flow_that_ran_out_was_ended_by_the_bot_and_not_by_its_owner(desk: Desk):
    await choosing(desk.ana)
    desk.skip(minutes=11)
    await choosing(desk.maya)
    desk.skip(minutes=11)
    await desk.bot.services.opening.expire()
    assert ended_by(desk) == [("bot", "bot"), ("bot", "bot")]
    await desk.told()
    assert "the bot ended the reconnect: it ran out of time" in audit(desk)
    assert "Expired after 11 min 0 s – @ana was reconnecting Sales" in audit(desk)


async def test_whoever_ends_a_flow_is_on_record_with_their_role(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "luis"})
    await desk.luis.wait_for("Enter code")
    desk.meta.number("Sales").ban()
    await desk.luis.click("Enter code")
    await window_says(desk.luis, "This reconnect has ended")
    await desk.ana.type("/whatsapp reconnect Berlin")
    await window_says(desk.ana, "How should Meta send the code?")
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    assert ended_by(desk) == [(desk.luis.id, "nobody"), (desk.ana.id, "operator")]


async def test_the_code_holder_who_types_reconnect_gets_the_code_box(a_desk):
    desk: Desk = await a_desk(WHATSAPP_OPERATORS="U0ANA,U0LUIS")
    await with_a_code_out(desk.ana)
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.wait_for_window("In use")
    await desk.luis.click("Join as code holder")
    await window_says(desk.luis, CODE)
    await desk.luis.close()
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.wait_for_window("Enter the code")
    await desk.luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(desk.luis, "Thank you")
    await desk.ana.wait_for_window("Connect the number")
