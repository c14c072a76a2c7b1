"""A colleague whom Slack delivers nothing to never holds the code box for long."""

import pytest

from tests.desk import Desk
from tests.e2e.steps import window_says, with_a_code_out
from tests.e2e.test_handoff import asked_of, hand_over, has_the_box_again


async def test_a_deactivated_colleague_hands_the_box_back_by_itself(desk: Desk):
    desk.slack.workspace.users["U0LUIS"].deleted = True
    await asked_of(desk, "luis")
    await has_the_box_again(desk, "luis")


@pytest.mark.parametrize("restart", [False, True])
async def test_it_is_handed_back_after_slack_was_down_and_after_a_restart_too(desk: Desk, restart: bool):
    desk.slack.add_fault("chat.postMessage", "error", times=3, error="internal_error")
    desk.slack.workspace.users["U0LUIS"].deleted = True
    await asked_of(desk, "luis")
    if restart:
        await desk.restart()
    desk.skip(minutes=1)
    await has_the_box_again(desk, "luis")


async def test_a_box_that_was_taken_back_meanwhile_is_left_alone(desk: Desk):
    desk.slack.workspace.users["U0LUIS"].deleted = True
    await with_a_code_out(desk.ana)
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "error", times=0, error="internal_error")
    await hand_over(desk, "luis")
    await window_says(desk.ana, "Waiting for @luis")
    await desk.ana.click("Take back")
    await window_says(desk.ana, "Verification code")
    desk.slack.clear_faults()
    desk.skip(minutes=1)
    await desk.told()
    assert "cannot be reached from here" not in desk.ana.sees()
