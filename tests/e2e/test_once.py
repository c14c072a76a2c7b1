"""Double clicks and deliveries that arrive again: one effect, the same answer."""

import pytest

from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, title, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")

CODE, PIN = "Verification code", "Two-step PIN"
NEW_PIN = {"New two-step PIN": "808080", "This replaces the old PIN": ["Yes, replace it"]}


class Submit:
    """One window with a submit that costs something: how to get there, what to enter, what it costs."""

    def __init__(self, name: str, path: str, then: str) -> None:
        self.name, self.path, self.then = name, path, then

    def __repr__(self) -> str:
        return self.name

    async def reach(self, desk: Desk, ana: Person) -> dict[str, object]:
        match self.name:
            case "send":
                await choosing(ana)
                return {}
            case "send_chosen":
                await ana.type("/whatsapp reconnect")
                await window_says(ana, "How should Meta send the code?")
                return {"Number": "Sales …4821"}
            case "verify":
                await with_a_code_out(ana)
                return {CODE: desk.meta.phone("Sales").latest_code()}
            case "connect":
                await at_the_pin(desk, ana)
                return {PIN: desk.seed.sales_pin}
            case "new_pin":
                await at_the_pin(desk, ana)
                await ana.click("Set a new PIN")
                await ana.wait_for_window("Set a new PIN")
                return NEW_PIN
            case _:
                desk.meta.account("102290129340398").unsubscribe_app(desk.seed.app_id)
                await ana.type("/whatsapp refresh 4821")
                await window_says(ana, "No code is sent")
                return {}


SUBMITS = [
    Submit("send", "/request_code", "Enter the code"),
    Submit("send_chosen", "/request_code", "Enter the code"),
    Submit("verify", "/verify_code", "Connect the number"),
    Submit("connect", "/register", "Connected"),
    Submit("new_pin", "/register", "Connected"),
    Submit("refresh", "/subscribed_apps", "Refresh permissions"),
]


async def settled(desk: Desk, ana: Person, then: str) -> None:
    await ana.wait_until(lambda: title(ana) == then and "Looking at the token" not in seen(ana))
    await desk.slack.settled()
    await desk.told()


@pytest.mark.parametrize("submit", SUBMITS, ids=str)
async def test_a_window_submitted_twice_has_one_effect(desk: Desk, submit: Submit):
    values = await submit.reach(desk, desk.ana)
    acks = await desk.ana.submit_twice(values)
    assert all(ack.ok for ack in acks)
    await settled(desk, desk.ana, submit.then)
    assert desk.writes(submit.path) == 1
    assert audit_is_single(desk)


@pytest.mark.parametrize("submit", SUBMITS, ids=str)
@pytest.mark.parametrize("same_id", [True, False])
async def test_a_submit_delivered_again_gets_the_same_answer_and_has_one_effect(
    desk: Desk, submit: Submit, same_id: bool
):
    values = await submit.reach(desk, desk.ana)
    await desk.ana.fill(values)
    desk.slack.redeliver_next(3, (0.0, 0.02, 0.2), same_id=same_id)
    await desk.ana.submit()
    await settled(desk, desk.ana, submit.then)
    assert desk.writes(submit.path) == 1
    copies = [
        log for log in desk.slack.envelopes if log.envelope["payload"].get("type") == "view_submission"
    ][-4:]
    answers = [log.payload for log in copies]
    assert len(copies) == 4
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("button", ["Send again", "Call instead"])
@pytest.mark.parametrize("apart_s", [0.0, 0.05])
async def test_a_button_that_costs_a_code_pressed_twice_costs_one(desk: Desk, button: str, apart_s: float):
    await with_a_code_out(desk.ana)
    desk.skip(seconds=61)
    acks = await desk.ana.double_click(button, apart_s=apart_s)
    assert all(ack.ok for ack in acks)
    await window_says(desk.ana, "3 of 5 codes left")
    await desk.slack.settled()
    assert desk.writes("/request_code") == 2


@pytest.mark.parametrize("same_id", [True, False])
async def test_a_press_delivered_again_costs_one_code(desk: Desk, same_id: bool):
    await with_a_code_out(desk.ana)
    desk.skip(seconds=61)
    desk.slack.redeliver_next(2, (0.0, 0.1), same_id=same_id)
    await desk.ana.click("Send again")
    await window_says(desk.ana, "3 of 5 codes left")
    await desk.slack.settled()
    assert desk.writes("/request_code") == 2


async def test_a_command_delivered_again_opens_one_flow(desk: Desk):
    desk.slack.redeliver_next(2, (0.0, 0.1))
    await choosing(desk.ana)
    await desk.slack.settled()
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("is reconnecting Sales") == 1
    assert len(desk.slack.called("views.open")) == 1


async def test_a_delivery_of_before_the_restart_has_no_second_effect(desk: Desk):
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    sent = [log for log in desk.slack.envelopes if log.envelope["payload"].get("type") == "view_submission"][
        -1
    ]
    await desk.restart()
    desk.skip(minutes=2)
    await desk.slack.redeliver(sent)
    await desk.slack.settled()
    assert desk.writes("/request_code") == 1


async def test_a_double_click_on_every_other_button_does_no_harm(desk: Desk):
    ana, maya, luis = desk.ana, desk.maya, desk.luis
    await ana.type("/whatsapp status")
    await ana.wait_for("9 numbers:")
    await ana.double_click("View")
    await window_says(ana, "Phone number ID")
    await ana.close()
    await with_a_code_out(ana)
    await ana.double_click("Someone else has the phone")
    await window_says(ana, "Who has the phone?")
    await ana.submit_twice({"Who has the phone?": "luis"})
    await window_says(ana, "Waiting for @luis")
    await luis.wait_for("Enter code")
    await luis.double_click("Enter code")
    await window_says(luis, CODE)
    await ana.double_click("Take back")
    await window_says(ana, CODE)
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("In use")
    await maya.double_click("Take over")
    await window_says(maya, CODE)
    await maya.double_click("Stop reconnecting")
    await maya.wait_for_window("Stopped")
    await desk.slack.settled()
    await desk.told()
    audit = maya.reads("#whatsapp-audit")
    for said in (
        "handed the code box",
        "took the code box back",
        "took the reconnect over",
        "stopped the reconnect",
    ):
        assert audit.count(said) == 1, said
    assert luis.sees().count("asks you for the code") == 1


def audit_is_single(desk: Desk) -> bool:
    """Each record stands once in the audit channel."""
    text = desk.maya.reads("#whatsapp-audit")
    marks = [word for word in text.split() if word.startswith("`#")]
    return len(marks) == len(set(marks))
