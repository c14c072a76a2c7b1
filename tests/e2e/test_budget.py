"""What a number has left: one budget for everybody, counted from the records."""

import re
from datetime import timedelta

import pytest

from tests.desk import Desk
from tests.e2e.steps import at_the_pin, window_says, with_a_code_out
from tests.e2e.trouble import idle

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def budget(desk: Desk, who: str = "vik", number: str = "4821") -> dict[str, str]:
    """The budgets by name, from the newest answer."""
    person = desk.person(who)
    before = person.sees().count("Budget of")
    await person.type(f"/whatsapp budget {number}")
    await person.wait_until(lambda: person.sees().count("Budget of") > before, what="the budget")
    newest = person.sees().rsplit("Budget of", 1)[1]
    return {m[2]: f"{m[1]} {m[3]}" for m in re.finditer(r"(open|waiting), ([A-Z][^:]+): ([^\n]+)", newest)}


async def test_an_untouched_number_has_everything_left(desk: Desk):
    assert await budget(desk) == UNTOUCHED


UNTOUCHED = {
    "Codes": "open 5 of 5 codes left in 24 hours",
    "Tries of the code now out": "open 3 of 3 tries left for this code",
    "Tries in all": "open 6 of 6 tries left in 24 hours",
    "PIN guesses": "open 2 of 2 guesses left in 72 hours",
    "Registrations": "open 7 of 7 registrations left in 72 hours",
}


async def test_every_spend_of_everybody_counts_and_comes_back(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": wrong(desk)})
    await window_says(desk.ana, "2 of 3 tries")
    await desk.maya.type("/whatsapp reconnect 4821")
    await desk.maya.wait_for_window("In use")
    await desk.maya.click("Take over")
    await desk.maya.wait_for_window("Enter the code")
    await desk.maya.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.maya.wait_for_window("Connect the number")
    await desk.maya.submit({"Two-step PIN": "111111"})
    await window_says(desk.maya, "1 of 2 guesses")
    found = await budget(desk)
    assert found["Codes"].startswith("waiting 4 of 5 codes left in 24 hours; next in 0:")
    assert found["PIN guesses"] == "open 1 of 2 guesses left in 72 hours"
    assert found["Registrations"] == "open 6 of 7 registrations left in 72 hours"
    assert without_times(await budget(desk, "ana")) == without_times(found)
    desk.skip(hours=73)
    assert await budget(desk) == UNTOUCHED


async def test_a_restart_changes_nothing(desk: Desk):
    await at_the_pin(desk, desk.ana)
    await desk.ana.submit({"Two-step PIN": "111111"})
    await window_says(desk.ana, "1 of 2 guesses")
    desk.skip(minutes=2)
    before = await budget(desk)
    await desk.restart()
    assert await budget(desk) == before
    assert before["Registrations"] == "open 6 of 7 registrations left in 72 hours"


async def test_one_number_does_not_spend_for_another(desk: Desk):
    await with_a_code_out(desk.ana)
    assert (await budget(desk, "vik", "Berlin"))["Codes"] == "open 5 of 5 codes left in 24 hours"


async def test_a_manager_hears_what_a_manager_may_do_and_takes_over_from_there(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.vik.type("/whatsapp budget 4821")
    await desk.vik.wait_for("@ana is reconnecting this number since")
    assert "As a manager" not in desk.vik.sees()
    assert "Take over" not in desk.vik.sees()
    await desk.maya.type("/whatsapp budget 4821")
    await desk.maya.wait_for("As a manager you may go on where our own line is reached")
    await desk.maya.click("Take over")
    await window_says(desk.maya, "Verification code")
    await desk.ana.wait_for("@maya has taken over the reconnect of Sales …4821 from you.")


async def test_a_manager_is_told_that_they_may_go_on_where_others_must_wait(a_desk):
    desk: Desk = await a_desk(CODES_PER_DAY="1", CODE_WAITS="0")
    await with_a_code_out(desk.ana)
    assert (await budget(desk, "vik"))["Codes"].endswith("from here on only a manager may go on")
    assert (await budget(desk, "maya"))["Codes"].endswith("you may go on as a manager")


async def test_a_wait_of_metas_is_told_in_words_with_what_is_this_beside_it(desk: Desk):
    await at_the_pin(desk, desk.ana)
    desk.meta.number("Sales").blocked_until = desk.clock.now() + timedelta(hours=72)
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await window_says(desk.ana, "a wait set by Meta (Meta's code 133016): ten registrations in 72 hours")
    assert "What is this?" in desk.ana.modal.buttons
    await desk.vik.type("/whatsapp budget 4821")
    await desk.vik.wait_for("a wait set by Meta (Meta's code 133016): ten registrations in 72 hours")
    await desk.vik.click("What is this?")
    await window_says(desk.vik, "Error 133016")


async def test_the_budget_button_of_a_card_shows_the_same_in_a_window(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.vik.type("/whatsapp status 4821")
    await desk.vik.wait_for("Checked at")
    await desk.vik.click("Budget")
    await window_says(desk.vik, "4 of 5 codes left in 24 hours; next in 0:")


async def test_settings_of_the_operator_change_the_lines(a_desk):
    desk: Desk = await a_desk(CODES_PER_DAY="2", CODE_WAITS="10,20", TRIES_PER_CODE="1")
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": wrong(desk)})
    await window_says(desk.ana, "No tries left for this code.")
    assert (await budget(desk))["Codes"].startswith("waiting 1 of 2 codes left in 24 hours; next in 0:0")


async def test_what_the_budget_holds_back_again_and_again_is_on_record_once_a_minute(desk: Desk):
    await with_a_code_out(desk.ana)
    for _ in range(4):
        desk.skip(seconds=11)  # else it is a double click
        await desk.ana.click("Send again")
        await idle(desk)
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert 1 <= audit.count("was held back by the budget") <= 2


async def test_what_the_budget_holds_back_is_on_record(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Send again")
    await window_says(desk.ana, "Too early for more codes.")
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "@ana was held back by the budget · Sales …4821 · [budget] · asked: a code" in audit
    assert desk.writes("/request_code") == 1


def without_times(found: dict[str, str]) -> dict[str, str]:
    """Each reader sees the times in their own zone."""
    return {name: said.split(" (at")[0].split("; next")[0] for name, said in found.items()}


def wrong(desk: Desk) -> str:
    return "111111" if desk.meta.phone("Sales").latest_code() != "111111" else "222222"
