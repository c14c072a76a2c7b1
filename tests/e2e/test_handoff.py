"""“Someone else has the phone”: a colleague types the code, and nothing else."""

import pytest

from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import buttons, seen, title, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")

CODE = "Verification code"


async def hand_to(desk: Desk, colleague: str = "luis") -> Person:
    """Ana asked for a code and asks a colleague, who has read the message."""
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": colleague})
    await window_says(desk.ana, f"Waiting for @{colleague}, who has the code box since")
    person = desk.person(colleague)
    await person.wait_for("@ana asks you for the code that Meta sends to the phone of Sales …4821")
    return person


async def test_the_colleague_with_the_phone_types_the_code_and_the_starter_goes_on(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(luis, "Thank you: Meta accepted the code. @ana goes on.")
    await desk.ana.wait_for_window("Connect the number")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "@ana handed the code box to a colleague · Sales …4821 · to: @luis" in audit
    assert "@luis handed the code in: accepted" in audit


async def test_the_colleague_sees_the_code_box_and_nothing_more(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    assert buttons(luis) == []
    for verb in ("status", "reconnect 4821", "refresh 4821", "budget 4821"):
        await luis.type(f"/whatsapp {verb}")
    assert luis.sees().count("Only ") == 4


async def test_the_colleague_is_never_told_to_press_what_they_do_not_have(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    wrong = "000000" if desk.meta.phone("Sales").latest_code() != "000000" else "111111"
    for left in ("2 of 3 tries left", "1 of 3 tries left", "Ask @ana for a new one."):
        await luis.submit({CODE: wrong})
        await window_says(luis, left)
        assert "Send again" not in seen(luis)


async def test_the_colleague_with_a_code_that_has_died_is_sent_to_who_can_ask_for_another(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    desk.skip(minutes=10, seconds=1)
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    assert luis.modal.errors[CODE].endswith("Ask whoever gave you the code box for a new one.")


async def test_a_wrong_code_of_the_colleague_is_seen_by_both(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    await luis.submit({CODE: "000000" if desk.meta.phone("Sales").latest_code() != "000000" else "111111"})
    await window_says(luis, "Meta did not accept the code.")
    assert "2 of 3 tries left for this code" in seen(luis)
    assert "Waiting for @luis" in seen(desk.ana)


async def test_the_starter_whose_window_is_closed_is_told_by_message(desk: Desk):
    luis = await hand_to(desk)
    await desk.ana.close()
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for("Sales …4821: the reconnect waits for you.")
    await desk.ana.click("Continue")
    await desk.ana.wait_for_window("Connect the number")


async def test_take_back_closes_the_colleagues_box_and_tells_them(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    await desk.ana.click("Take back")
    await window_says(desk.ana, CODE)
    await window_says(luis, "The code box was taken back. Thank you.")
    await luis.wait_for("@ana has taken the code box of Sales …4821 back.")
    await luis.close()
    await luis.click("Enter code")
    await window_says(luis, "This reconnect belongs to @ana.")
    assert luis.modal.submit is None
    await desk.ana.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


async def test_what_the_colleague_had_typed_is_not_sent_after_the_box_was_taken_back(desk: Desk):
    luis = await hand_to(desk)
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    before = luis.modal.window
    await desk.ana.click("Take back")
    await window_says(luis, "taken back")
    assert before is luis.modal.window
    await luis.type("/whatsapp code 4821")
    await luis.wait_for("No code is out for this number that you could type.")
    assert desk.writes("verify_code") == 0


async def test_while_a_colleague_has_the_box_the_starter_cannot_type(desk: Desk):
    await hand_to(desk)
    await desk.ana.type("/whatsapp code 4821")
    await window_says(desk.ana, "Waiting for @luis")
    assert desk.ana.modal.submit is None


async def test_nobody_else_can_press_the_colleagues_button(desk: Desk):
    await hand_to(desk)
    shown_to_all = desk.slack.workspace.dm("U0LUIS").messages[-1]
    desk.slack.workspace.post(desk.slack.channel("#general"), shown_to_all)
    for person in (desk.vik, desk.maya):
        await person.click("Enter code", where="#general")
        await window_says(person, "This reconnect belongs to @ana.")
        assert person.modal.submit is None
        await person.close()
        await person.type("/whatsapp code 4821")
        await window_says(person, "No code is out for this number that you could type.")
    await desk.told()
    assert desk.maya.reads("#whatsapp-audit").count("was refused: not allowed") == 2


async def test_the_button_is_good_only_until_the_code_dies(desk: Desk):
    luis = await hand_to(desk)
    desk.skip(minutes=10, seconds=1)
    await luis.click("Enter code")
    await window_says(luis, "No code is out now. @ana can ask Meta for one.")
    assert luis.modal.submit is None
    assert buttons(luis) == []
    await window_says(desk.ana, "How should Meta send the code?")
    desk.skip(minutes=10, seconds=1)
    await desk.bot.services.opening.expire()
    await luis.wait_for("The code of Sales …4821 is no longer asked of you.")


async def test_a_hand_off_that_nobody_takes_up_ends_with_the_flow(desk: Desk):
    luis = await hand_to(desk)
    desk.skip(minutes=11)
    await desk.bot.services.opening.expire()
    await luis.wait_for("The code of Sales …4821 is no longer asked of you.")
    await desk.ana.wait_for("The reconnect of Sales …4821 has run out of time.")
    await luis.click("Enter code")
    await window_says(luis, "This reconnect has ended")


async def test_stopping_tells_the_colleague_that_nothing_is_asked_any_more(desk: Desk):
    luis = await hand_to(desk)
    await desk.ana.click("Stop reconnecting")
    await luis.wait_for("The code of Sales …4821 is no longer asked of you.")


async def test_a_hand_off_survives_a_restart(desk: Desk):
    luis = await hand_to(desk)
    await desk.restart()
    await luis.click("Enter code")
    await luis.wait_for_window("Enter the code")
    await desk.restart()
    await luis.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await window_says(luis, "Thank you")
    await desk.ana.wait_for_window("Connect the number")


async def test_one_hands_the_box_to_somebody_else_not_to_oneself_or_to_a_bot(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "ana"})
    assert "you have the code box already" in desk.ana.modal.errors["Who has the phone?"]
    await desk.ana.click("Back")
    await window_says(desk.ana, CODE)
    assert title(desk.ana) == "Enter the code"


@pytest.mark.parametrize("who", ["ana", "luis"])
async def test_the_code_command_opens_the_box_for_whoever_has_it(desk: Desk, who: str):
    if who == "luis":
        await hand_to(desk)
    else:
        await with_a_code_out(desk.ana)
        await desk.ana.close()
    person = desk.person(who)
    await person.type("/whatsapp code")
    await window_says(person, CODE)
    await person.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number") if who == "ana" else await window_says(
        person, "Thank you"
    )


async def test_the_code_command_says_when_there_is_no_code_to_type(desk: Desk):
    for person, number in ((desk.ana, ""), (desk.ana, "4821"), (desk.luis, ""), (desk.luis, "4821")):
        await person.type(f"/whatsapp code {number}")
        what = "for this number that" if number else "that"
        await window_says(person, f"No code is out {what} you could type.")
        await person.close()


async def test_who_has_no_code_to_type_is_told_what_they_themselves_can_do(desk: Desk):
    for person, way in (
        (desk.ana, "`/whatsapp reconnect` with the number asks Meta for one."),
        (desk.luis, "Ask whoever reconnects the number to choose you under “Someone else has the phone”."),
        (desk.vik, "Ask whoever reconnects the number to choose you under “Someone else has the phone”."),
    ):
        await person.type("/whatsapp code 4821")
        await window_says(person, "No code is out for this number that you could type.")
        assert seen(person).count("reconnect") == 1
        assert way in seen(person)


async def asked_of(desk: Desk, colleague: str) -> None:
    """Ana hands the code box to somebody by name."""
    await with_a_code_out(desk.ana)
    await hand_over(desk, colleague)


async def hand_over(desk: Desk, colleague: str) -> None:
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Who has the phone?")
    await desk.ana.submit({"Who has the phone?": colleague})


async def has_the_box_again(desk: Desk, colleague: str) -> None:
    """Ana's window is the code box, it says why, a message says it too, and her code is taken."""
    await window_says(desk.ana, f"@{colleague} cannot be reached from here, so the code box is yours again.")
    assert desk.ana.modal is not None
    assert desk.ana.modal.submit == "Verify"
    await desk.ana.wait_for(
        f"@{colleague} cannot be reached from here, so the code of Sales …4821 will not come"
    )
    await desk.ana.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


async def test_a_click_from_another_workspace_hands_the_box_back_by_itself(desk: Desk):
    await asked_of(desk, "foreign")
    foreign = desk.person("foreign")
    await foreign.wait_for("Enter code")
    await foreign.click("Enter code")
    await foreign.wait_for("This bot serves another workspace.")
    await has_the_box_again(desk, "foreign")
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "the bot took the code box back · Sales …4821 · former: @foreign" in audit
    assert "why: cannot be reached" in audit


async def test_a_stranger_who_was_asked_for_nothing_changes_nothing(desk: Desk):
    await hand_to(desk)
    foreign = desk.person("foreign")
    shown_to_all = desk.slack.workspace.dm("U0LUIS").messages[-1]
    desk.slack.workspace.post(desk.slack.channel("#general"), shown_to_all)
    await foreign.click("Enter code", where="#general")
    await foreign.wait_for("This bot serves another workspace.")
    assert "Waiting for @luis" in seen(desk.ana)


async def test_a_colleague_is_not_thanked_for_a_code_they_never_typed(desk: Desk):
    luis = await hand_to(desk)
    sales = desk.meta.number("Sales")
    sales.status, sales.platform_type = "CONNECTED", "CLOUD_API"
    await luis.click("Enter code")
    await window_says(luis, "This number needs no code any more: nothing is asked of you. Thank you.")
    await desk.ana.wait_for_window("Connected")
    assert desk.writes("verify_code") == 0
