"""One flow a number: the second person sees who holds it, and may join or, as a manager, take over."""

import asyncio
import re
from datetime import datetime, timedelta

import pytest

from bot.sandbox.slack.model import Message
from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, buttons, choosing, seen, window_says, with_a_code_out

CODE = "Verification code"


@pytest.fixture
async def desk(a_desk) -> Desk:
    """With two operators: ana and luis."""
    return await a_desk(WHATSAPP_OPERATORS="U0ANA,U0LUIS")


pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_the_second_person_sees_who_holds_the_number_since_when_and_until_when(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.wait_for_window("In use")
    assert re.search(
        r"@ana is reconnecting this number since \d\d:\d\d, at least until \d\d:\d\d\.", seen(desk.luis)
    )
    assert buttons(desk.luis) == ["Join as code holder"]
    assert desk.writes("request_code") == 1


async def test_join_as_code_holder_moves_the_code_box(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.wait_for_window("In use")
    await desk.luis.click("Join as code holder")
    await window_says(desk.luis, CODE)
    await desk.ana.wait_for("@luis has joined as code holder for Sales …4821.")
    await window_says(desk.ana, "Waiting for @luis")
    await desk.luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(desk.luis, "Thank you")
    await desk.ana.wait_for_window("Connect the number")


async def test_a_third_person_cannot_join_too(desk: Desk):
    await with_a_code_out(desk.ana)
    for person in (desk.luis, desk.maya):
        await person.type("/whatsapp reconnect 4821")
        await person.wait_for_window("In use")
    await desk.luis.click("Join as code holder")
    await window_says(desk.luis, CODE)
    await desk.maya.click("Join as code holder")
    await window_says(desk.maya, "@luis has the code box of this number already.")


async def test_there_is_nothing_to_join_before_a_code_or_after_it(desk: Desk):
    await at_the_pin(desk, desk.ana)
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.luis.wait_for_window("In use")
    assert buttons(desk.luis) == []


async def test_a_manager_takes_over_the_first_one_is_told_and_their_window_stops_working(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await with_a_code_out(ana)
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("In use")
    assert buttons(maya) == ["Join as code holder", "Take over"]
    assert await maya.click("Take over", confirm=False) is None
    await maya.click("Take over")
    await window_says(maya, CODE)
    await ana.wait_for("@maya has taken over the reconnect of Sales …4821 from you.")
    await window_says(ana, "taken over")
    assert ana.modal.submit is None
    await maya.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await maya.wait_for_window("Connect the number")
    await maya.submit({"Two-step PIN": desk.seed.sales_pin})
    await maya.wait_for_window("Connected")
    await desk.told()
    assert "@maya took the reconnect over" in maya.reads("#whatsapp-audit")
    assert desk.writes("request_code") == desk.writes("verify_code") == desk.writes("/register") == 1


async def test_after_a_take_over_it_is_held_since_the_take_over(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.skip(minutes=7)
    await desk.maya.type("/whatsapp reconnect 4821")
    began = await held_since(desk.maya, "@ana")
    await desk.maya.click("Take over")
    await window_says(desk.maya, CODE)
    for restart in (False, True):
        if restart:
            await desk.luis.close()
            await desk.restart()
        await desk.luis.type("/whatsapp reconnect 4821")
        assert timedelta(minutes=6) < await held_since(desk.luis, "@maya") - began < timedelta(minutes=9)


async def held_since(person: Person, who: str) -> datetime:
    """As the window says, in the reader's own zone."""
    await person.wait_for_window("In use")
    told = re.search(rf"{who} is reconnecting this number since (\d\d:\d\d), at least", seen(person))
    assert told is not None, seen(person)
    return datetime.strptime(told[1], "%H:%M")  # noqa: DTZ007  # only compared with another one


async def test_who_is_refused_finds_the_button_for_what_they_may_do(desk: Desk):
    await with_a_code_out(desk.ana)
    (window,) = [view for view in (desk.ana.modal,) if view]
    shown_to_all = await message_with_continue(desk)
    desk.slack.workspace.post(desk.slack.channel("#general"), shown_to_all)
    for person, said, below in (
        (desk.maya, "“Take over” makes it yours; the other person is told.", ["Take over"]),
        (desk.luis, "“Join as code holder” lets you type the code", ["Join as code holder"]),
        (desk.vik, "Ask @ana or a manager.", []),
    ):
        await person.click("Continue", where="#general")
        await window_says(person, "This reconnect belongs to @ana.")
        assert said in seen(person)
        assert buttons(person) == below
        assert window.submit == "Verify"
    await desk.luis.click("Join as code holder")
    await window_says(desk.luis, CODE)


async def message_with_continue(desk: Desk) -> Message:
    await desk.ana.close()
    await desk.ana.wait_for("the reconnect waits for you")
    return desk.slack.workspace.dm("U0ANA").messages[-1]


async def test_what_the_first_one_submits_after_a_take_over_has_no_effect(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await at_the_pin(desk, ana)
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("In use")
    desk.slack.add_fault("views.update", "error", skip=1, error="internal_error")  # ana's window is not told
    await maya.click("Take over")
    await maya.wait_for_window("Connect the number")
    await ana.wait_for("has taken over")
    desk.slack.clear_faults()
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await window_says(ana, "This reconnect belongs to @maya.")
    assert desk.writes("/register") == 0


async def test_a_take_over_also_ends_a_hand_off(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "vik"})
    await desk.vik.wait_for("Enter code")
    await desk.maya.type("/whatsapp reconnect 4821")
    await desk.maya.wait_for_window("In use")
    assert "@vik has the code box." in seen(desk.maya)
    await desk.maya.click("Take over")
    await window_says(desk.maya, CODE)
    await desk.vik.wait_for("The code of Sales …4821 is no longer asked of you.")
    await desk.vik.click("Enter code")
    await window_says(desk.vik, "This reconnect belongs to @maya.")


async def test_two_people_starting_in_the_same_moment_get_one_flow(desk: Desk):
    await asyncio.gather(
        desk.ana.type("/whatsapp reconnect 4821"), desk.luis.type("/whatsapp reconnect 4821")
    )
    titles = {"Reconnect number", "In use"}
    await desk.ana.wait_until(
        lambda: (
            {p.modal.title for p in (desk.ana, desk.luis) if p.modal} == titles
            and any("How should Meta" in seen(p) for p in (desk.ana, desk.luis))
        )
    )


async def test_a_number_of_one_person_does_not_hold_up_another_number(desk: Desk):
    await with_a_code_out(desk.ana)
    await choosing(desk.luis, "Berlin")


async def test_who_has_two_code_boxes_is_asked_for_the_number(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await with_a_code_out(desk.ana, "Berlin")
    await desk.ana.close()
    await desk.ana.type("/whatsapp code")
    await window_says(desk.ana, "You have the code box of 2 numbers. Which one?")
    await desk.ana.type("/whatsapp code 5121")
    await window_says(desk.ana, "Berlin")
