"""The main job in a browser: a number is brought back by those whom Slack shows it to."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import AUDIT, CODE, PIN, SALES, at_the_pin, connected, with_a_code_out, wrong


async def test_an_operator_led_by_the_tour_brings_a_number_back_and_a_manager_reads_the_thread(
    visit: Visit,
) -> None:
    ana = await visit("ana", tour=True)
    tour = ana.page.get_by_role("region", name="Tour")
    await ana.type("/whatsapp status")
    await ana.sees("9 numbers:")
    await expect(tour).to_contain_text("Step 2 of 5")
    await ana.press("Reconnect", beside=SALES)
    await ana.reads_window("Reconnect number", "The phone must be able to receive SMS or calls now.")
    await expect(ana.window.get_by_role("radio", name="SMS")).to_be_checked()
    await ana.click("Send code")
    await ana.reads_window("Enter the code", "Meta was asked for an SMS")
    await expect(tour).to_contain_text("Step 3 of 5")
    code = await ana.code_of(SALES)
    await ana.enter(CODE, f"{code[:3]} {code[3:]}")
    await ana.click("Verify")
    await ana.reads_window("Connect the number", "This number has a PIN already")
    await connected(ana)
    await expect(tour).to_contain_text("Step 4 of 5")
    await ana.click("Close")
    await expect(ana.page.get_by_role("dialog")).to_have_count(0)

    await ana.act_as("Maya")
    await ana.go_to(AUDIT)
    await expect(tour).to_contain_text("Step 5 of 5")
    await ana.sees("was reconnecting Sales …4821")
    await ana.region("Messages").get_by_role("button", name=re.compile("^[0-9]+ replies")).last.click()
    for words in ("asked for a code", "handed the code in", "finished"):
        await ana.sees(words, "Thread")
    everything = await ana.page.locator("body").inner_text()
    assert code not in everything.replace(await ana.region("Phone").inner_text(), "")
    assert PIN not in await ana.region("Thread").inner_text()
    await ana.opens("Meta")
    await ana.turns("Disconnect")
    await ana.go_to("general")
    await ana.type("/whatsapp status")
    await expect(tour).to_contain_text("That was the tour.")


async def test_the_colleague_with_the_phone_types_the_code_in_a_tab_of_his_own(visit: Visit) -> None:
    ana, luis = await visit("ana"), await visit("luis")
    await with_a_code_out(ana)
    await ana.click("Someone else has the phone")
    await ana.choose("Who has the phone?", "Luis Ortega")
    await ana.click("Ask them")
    await ana.reads_window("Enter the code", "Waiting for @luis")

    await luis.go_to("Messages")
    await luis.sees("asks you for the code that Meta sends to the phone of Sales")
    await luis.press("Enter code")
    await luis.reads_window("Enter the code")
    await luis.enter(CODE, await luis.code_of(SALES))
    await luis.click("Verify")
    await luis.reads_window("Enter the code", "Thank you: Meta accepted the code.")

    await ana.reads_window("Connect the number")
    await connected(ana)


async def test_a_wrong_code_costs_a_try_and_may_be_corrected(visit: Visit) -> None:
    ana = await visit("ana")
    await with_a_code_out(ana)
    code = await ana.code_of(SALES)
    await ana.enter(CODE, wrong(code))
    await ana.click("Verify")
    await ana.reads_window("Enter the code", "Meta did not accept the code.")
    await ana.reads_window("Enter the code", "2 of 3 tries left for this code")
    await ana.enter(CODE, "12")
    await ana.click("Verify")
    await ana.field_says(CODE, "That is 2 digits; the code has 6.")
    await expect(ana.window.get_by_role("textbox", name=CODE)).to_have_value("12")
    await ana.enter(CODE, code)
    await ana.click("Verify")
    await ana.reads_window("Connect the number")


async def test_a_code_that_has_expired_is_answered_beside_its_field_and_a_new_one_helps(visit: Visit) -> None:
    ana = await visit("ana")
    await with_a_code_out(ana)
    late = await ana.code_of(SALES)
    await ana.skips("10 minutes")
    await ana.enter(CODE, late)
    await ana.click("Verify")
    await ana.field_says(CODE, "more than ten minutes old, so it was not sent to Meta")
    await ana.click("Send again")
    await ana.reads_window("Enter the code", "3 of 5 codes left in 24 hours")
    await ana.enter(CODE, await ana.code_of(SALES))
    arrived = ana.region("Phone").get_by_role("listitem")
    await expect(arrived.filter(has_text="no longer valid")).to_have_count(1)
    await expect(arrived).to_have_count(2)
    await ana.click("Verify")
    await ana.reads_window("Connect the number")


async def test_a_pin_that_does_not_match_costs_a_guess_and_may_be_corrected(visit: Visit) -> None:
    ana = await visit("ana")
    await at_the_pin(ana)
    await ana.enter("Two-step PIN", "111111")
    await ana.click("Connect")
    await ana.reads_window("Connect the number", "The two-step PIN is wrong.")
    await ana.reads_window("Connect the number", "1 of 2 guesses left")
    await ana.skips("1 minute")
    await connected(ana)


async def test_two_people_at_once_the_second_sees_who_and_the_manager_takes_over(visit: Visit) -> None:
    ana, maya = await visit("ana"), await visit("maya")
    await with_a_code_out(ana)
    await maya.type("/whatsapp reconnect Sales")
    await maya.reads_window("In use", "@ana is reconnecting this number since")
    await maya.click("Take over")
    question = maya.page.get_by_role("alertdialog")
    await expect(question).to_be_visible()
    await expect(question.get_by_role("button").first).to_be_focused()  # “no” is what Enter means
    await question.get_by_role("button").first.press("Enter")
    await expect(question).to_have_count(0)
    await maya.reads_window("In use")
    await maya.click("Take over")
    await question.get_by_role("button").last.click()
    await maya.reads_window("Enter the code")
    await expect(ana.window).to_contain_text("taken over")
    await maya.enter(CODE, await maya.code_of(SALES))
    await maya.click("Verify")
    await maya.reads_window("Connect the number")
    await connected(maya)
