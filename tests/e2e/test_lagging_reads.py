"""Meta's reads may be older than its answers: what it has accepted is not asked of people again."""

import pytest

from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, buttons, seen, title, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, idle

pytestmark = pytest.mark.usefixtures("nothing_refused")

CODE, PIN = "Verification code", "Two-step PIN"
FOR_EVER = 1000


@pytest.fixture
async def desk(a_desk) -> Desk:
    return await a_desk(tempo=BRISK)


async def types_the_code(desk: Desk) -> None:
    await desk.ana.submit({CODE: desk.meta.phone("Sales").latest_code()})


async def test_an_accepted_code_that_is_shown_some_reads_later_changes_nothing(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").prove_reads = 2
    await types_the_code(desk)
    await desk.ana.wait_for_window("Connect the number")
    assert "does not show that yet" not in seen(desk.ana)


async def test_an_accepted_code_that_is_not_shown_leads_on_to_the_pin_and_not_to_another_code(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").prove_reads = FOR_EVER
    await types_the_code(desk)
    await desk.ana.wait_for_window("Connect the number")
    assert "Meta has accepted the code; its status does not show that yet" in seen(desk.ana)
    for _ in range(2):
        await desk.ana.click("Check status")
        await idle(desk)
        assert title(desk.ana) == "Connect the number"
    await desk.restart()
    await desk.ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    assert title(desk.ana) == "Connect the number"
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    assert desk.writes("request_code") == desk.writes("verify_code") == 1


async def test_after_two_minutes_the_reads_are_believed_and_what_was_accepted_is_said(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").prove_reads = FOR_EVER
    await types_the_code(desk)
    await desk.ana.wait_for_window("Connect the number")
    desk.skip(minutes=2, seconds=1)
    await desk.ana.click("Check status")
    await window_says(desk.ana, "Meta accepted the code, but still does not show the ownership as proven.")
    assert title(desk.ana) == "Reconnect number"
    assert "Check status" in buttons(desk.ana)


@pytest.mark.parametrize("kind", ["reset_after", "http_500"])
async def test_a_lost_answer_is_looked_for_before_anything_is_asked_again(desk: Desk, kind: str):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").prove_reads = FOR_EVER
    desk.meta.add_fault(Fault(kind, match="verify_code", phase="after"))
    await types_the_code(desk)
    await desk.ana.wait_for_window("Not sure")
    assert "It may be used up, or accepted already" in seen(desk.ana)
    await desk.ana.click("Check status")
    await window_says(desk.ana, "Meta's answer was lost: it may have accepted the code already")
    assert title(desk.ana) == "Enter the code"
    assert "Send code" not in seen(desk.ana)
    desk.meta.number("Sales").proving_reads = 0
    await desk.ana.click("Check status")
    await desk.ana.wait_for_window("Connect the number")
    assert desk.writes("request_code") == desk.writes("verify_code") == 1


async def test_a_lost_answer_whose_code_has_died_meanwhile_still_offers_no_new_code_first(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.skip(minutes=9, seconds=50)
    desk.meta.number("Sales").prove_reads = FOR_EVER
    desk.meta.add_fault(Fault("reset_after", match="verify_code"))
    await types_the_code(desk)
    await desk.ana.wait_for_window("Not sure")
    desk.skip(seconds=20)
    await desk.ana.click("Check status")
    await idle(desk)
    assert title(desk.ana) == "Not sure"
    desk.skip(minutes=2)
    await desk.ana.click("Check status")
    await window_says(desk.ana, "Meta's answer was lost: it may have accepted the code already")
    assert title(desk.ana) == "Reconnect number"


async def test_a_registration_that_is_shown_late_is_not_made_a_second_time(desk: Desk):
    await at_the_pin(desk, desk.ana)
    sales = desk.meta.number("Sales")
    sales.connect_reads = FOR_EVER
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Almost there")
    await desk.ana.click("Check status")
    await idle(desk)
    assert title(desk.ana) == "Almost there"
    assert desk.ana.modal is not None
    assert desk.ana.modal.submit is None
    sales.connecting_reads = 0
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Connected")
    assert desk.writes("/register") == 1


async def test_a_code_that_meta_denies_after_all_may_be_asked_for_again(desk: Desk):
    await with_a_code_out(desk.ana)
    await types_the_code(desk)
    await desk.ana.wait_for_window("Connect the number")
    desk.meta.number("Sales").code_verification_status = "NOT_VERIFIED"
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await window_says(desk.ana, "Meta wants the number verified again first.")
    assert title(desk.ana) == "Reconnect number"
