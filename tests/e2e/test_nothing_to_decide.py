"""Where nothing is left to decide, nobody is asked to press: the proof starts by itself."""

import pytest

from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, outcomes

pytestmark = pytest.mark.usefixtures("nothing_refused")

CODE, PIN = "Verification code", "Two-step PIN"


@pytest.fixture
async def desk(a_desk) -> Desk:
    return await a_desk(tempo=BRISK)


def sales_code(desk: Desk) -> str:
    return desk.meta.phone("Sales").latest_code()


async def test_a_registration_whose_answer_was_lost_is_proved_without_another_press(desk: Desk):
    await at_the_pin(desk, desk.ana)
    desk.meta.add_fault(Fault("reset_after", match="/register"))
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    assert "Meta's answer was lost, but reading the number back shows that it was done." in seen(desk.ana)
    assert desk.writes("/register") == 1
    await desk.told()
    assert "finished: Connected, read back from Meta" in desk.maya.reads("#whatsapp-audit")


async def test_a_number_that_meta_connected_meanwhile_is_proved_when_its_window_is_looked_at(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").connect()
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Connected")
    assert (desk.writes("verify_code"), desk.writes("/register")) == (0, 0)


async def test_after_a_proof_that_came_too_early_looking_again_is_the_next_proof(desk: Desk):
    await at_the_pin(desk, desk.ana)
    sales = desk.meta.number("Sales")
    sales.connect_reads = 1000
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Almost there")
    assert "Meta still says DISCONNECTED." in seen(desk.ana)
    sales.connecting_reads = 0
    await desk.ana.click("Check status")
    await desk.ana.wait_for_window("Connected")
    assert desk.writes("/register") == 1
    assert outcomes(desk, "permissions.refresh") == ["ok", "ok"]


async def test_a_colleagues_code_that_was_all_that_missed_brings_the_starter_to_connected(desk: Desk):
    """Registered all the while, only the proof of ownership was missing: the starter presses nothing."""
    luis = desk.luis
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "luis"})
    await luis.wait_for("Enter code")
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    sales = desk.meta.number("Sales")
    sales.status, sales.platform_type = "CONNECTED", "CLOUD_API"
    await luis.submit({CODE: sales_code(desk)})
    await window_says(luis, "Thank you: Meta accepted the code. @ana goes on.")
    await desk.ana.wait_for_window("Connected")
    await desk.told()
    assert "the bot refreshed permissions" in desk.maya.reads("#whatsapp-audit")


async def test_two_windows_that_find_only_the_proof_left_make_it_once(desk: Desk):
    await at_the_pin(desk, desk.ana)
    desk.meta.latency_s = 0.05
    desk.meta.number("Sales").connect()
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Connected")
    assert outcomes(desk, "permissions.refresh") == ["ok"]


async def test_a_proof_that_cannot_be_read_leaves_the_choice_to_the_person(desk: Desk):
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    desk.meta.number("Sales").connect()
    for path in ("/subscribed_apps", "debug_token"):
        desk.meta.add_fault(Fault("http_500", match=path, times=0))
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.click("Back")
    await desk.ana.wait_for_window("Connected")
