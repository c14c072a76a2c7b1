"""The two-step PIN, the registration, and the reading back that alone makes a number “Connected”."""

from datetime import timedelta

import pytest

from bot.app import Tempo
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, buttons, seen, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def proven(desk: Desk, person: Person) -> NumberRecord:
    """Sales needs no code: its window asks for the PIN."""
    sales = desk.meta.number("Sales")
    sales.disconnect(proven=True)
    await person.type("/whatsapp reconnect 4821")
    await person.wait_for_window("Connect the number")
    return sales


async def guess(person: Person, pin: str, left: str) -> None:
    await person.submit({"Two-step PIN": pin})
    await window_says(person, left)


async def looks_again(desk: Desk, person: Person) -> None:
    """“Check status”, until both the wait and the answer to it were drawn."""
    drawn = len(desk.slack.called("views.update"))
    await person.click("Check status")
    await person.wait_until(lambda: len(desk.slack.called("views.update")) >= drawn + 2)


async def test_a_number_whose_ownership_is_proven_goes_straight_to_the_pin(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp reconnect Returns")
    await ana.wait_for_window("Connect the number")
    assert "No PIN is set: these six digits become the number's new PIN." in seen(ana)
    assert "Set a new PIN" not in buttons(ana)
    await ana.submit({"Two-step PIN": "909090"})
    await ana.wait_for_window("Connected")
    assert desk.meta.number("Returns").pin == "909090"
    assert desk.writes("request_code") == 0


async def test_an_existing_pin_must_match_and_one_wrong_guess_may_be_corrected(desk: Desk):
    await at_the_pin(desk, desk.ana)
    assert "This number has a PIN already: type that one." in seen(desk.ana)
    assert "2 of 2 guesses left in 72 hours · 7 of 7 registrations left in 72 hours" in seen(desk.ana)
    await guess(desk.ana, "111111", "1 of 2 guesses left in 72 hours · 6 of 7 registrations")
    assert "The two-step PIN is wrong." in seen(desk.ana)
    desk.skip(seconds=5)
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")


async def test_after_two_wrong_pins_only_a_manager_goes_on(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await proven(desk, ana)
    await guess(ana, "111111", "1 of 2 guesses")
    desk.skip(seconds=5)
    await guess(ana, "222222", "0 of 2 guesses left in 72 hours; from here on only a manager may go on")
    assert ana.modal.submit is None
    assert "A manager types `/whatsapp reconnect` with the number and presses “Take over”." in seen(ana)
    assert "it brings the field back" not in seen(ana)  # no time would
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("In use")
    await maya.click("Take over")
    await maya.wait_for_window("Connect the number")
    desk.skip(seconds=5)
    await maya.submit({"Two-step PIN": desk.seed.sales_pin})
    await maya.wait_for_window("Connected")
    assert desk.writes("/register") == 3


async def test_a_forgotten_pin_is_replaced_deliberately_and_the_number_connected_with_it(desk: Desk):
    ana = desk.ana
    await proven(desk, ana)
    await ana.click("Set a new PIN")
    await ana.wait_for_window("Set a new PIN")
    with pytest.raises(Exception, match="This replaces the old PIN"):
        await ana.submit({"New two-step PIN": "808080"})
    await ana.submit({"New two-step PIN": "808080", "This replaces the old PIN": ["Yes, replace it"]})
    await ana.wait_for_window("Connected")
    assert desk.meta.number("Sales").pin == "808080"
    await desk.told()
    assert "set a new PIN" in desk.maya.reads("#whatsapp-audit")


async def test_back_from_the_new_pin_goes_back_to_the_old_one(desk: Desk):
    await proven(desk, desk.ana)
    await desk.ana.click("Set a new PIN")
    await desk.ana.wait_for_window("Set a new PIN")
    await desk.ana.click("Back")
    await desk.ana.wait_for_window("Connect the number")
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")


async def test_when_meta_does_not_say_whether_a_pin_exists_the_window_says_both(desk: Desk):
    desk.meta.number("Sales").refuse_field("is_pin_enabled")
    await proven(desk, desk.ana)
    assert "Whether a PIN exists could not be told." in seen(desk.ana)
    assert "Set a new PIN" in buttons(desk.ana)
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")


@pytest.mark.parametrize(
    ("typed", "said"), [("12345", "That is 5 digits"), ("abcdef", "only digits"), ("…", "digits")]
)
async def test_what_cannot_be_a_pin_costs_no_guess(desk: Desk, typed: str, said: str):
    await proven(desk, desk.ana)
    await desk.ana.submit({"Two-step PIN": typed})
    assert said in desk.ana.modal.errors["Two-step PIN"]
    assert desk.writes("/register") == 0


async def test_a_name_under_review_is_offered_nothing_and_costs_no_registration(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp reconnect Warehouse")
    await ana.wait_for_window("Not connected")
    assert "The display name is not approved yet (PENDING_REVIEW)." in seen(ana)
    assert ana.modal.submit is None
    assert desk.writes("") == 0
    desk.meta.number("Warehouse").approve_name()
    assert "Reconnect" not in ana.modal.buttons
    await ana.type("/whatsapp reconnect Warehouse")
    await ana.wait_for_window("Connect the number")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("Old shop", "Meta has banned this number. No code helps"),
        ("Outlet", "Meta restricts this number for a time. No code helps"),
        ("Café App", "This number is used in the WhatsApp Business app. Re-link it there"),
        ("Sandbox", "This is a Meta test number"),
        ("Limited", "This number reached its sending limit."),
        ("Flagged", "Meta flags this number for low quality."),
        ("Moved", "This number was moved to another WhatsApp account."),
        ("Removed", "This number was removed from the WhatsApp account."),
    ],
)
async def test_where_no_code_helps_the_reason_is_said_and_nothing_is_spent(
    desk: Desk, number: str, said: str
):
    sales = desk.meta.number("Sales")
    change = {
        "Limited": sales.limit_rate,
        "Flagged": sales.flag,
        "Moved": sales.migrate,
        "Removed": sales.delete,
    }
    if number == "Sandbox":
        sales.account_mode = "SANDBOX"
    elif number in change:
        change[number]()
    meant = "4821" if number in {*change, "Sandbox"} else number
    await desk.ana.type(f"/whatsapp reconnect {meant}")
    await desk.ana.wait_for_window("Not connected")
    assert said in seen(desk.ana)
    await desk.told()
    assert desk.writes("") == 0
    assert "Not connected" in desk.maya.reads("#whatsapp-audit")


async def test_a_number_that_is_connected_already_needs_nothing(desk: Desk):
    await desk.ana.type("/whatsapp reconnect Support")
    await desk.ana.wait_for_window("Connected")
    assert "It was connected already: nothing had to be done." in seen(desk.ana)
    assert desk.writes("") == 0
    await desk.ana.click("Try refreshing permissions")
    await desk.ana.wait_for_window("Refresh permissions")


async def test_operators_stop_at_seven_registrations_managers_at_nine_and_nobody_makes_the_tenth(desk: Desk):
    ana, maya = desk.ana, desk.maya
    sales = await proven(desk, ana)
    sales.deleting_until = desk.clock.now() + timedelta(hours=9)  # refusals that cost no PIN guess
    for left in (6, 5, 4, 3, 2, 1, 0):
        await guess(ana, desk.seed.sales_pin, f"{left} of 7 registrations left in 72 hours")
        desk.skip(minutes=6)
        await looks_again(desk, ana)
        await ana.wait_until(lambda more=left: (ana.modal.submit == "Connect") is (more > 0))
    await window_says(ana, "0 of 7 registrations left in 72 hours; next in 2 days")
    assert "from here on only a manager may go on" in seen(ana)
    desk.skip(minutes=11)
    await maya.type("/whatsapp reconnect 4821")
    await maya.wait_for_window("Connect the number")
    for made in (8, 9):
        await maya.submit({"Two-step PIN": desk.seed.sales_pin})
        await maya.wait_until(lambda n=made: desk.writes("/register") == n)
        await window_says(maya, "Not now.")
        desk.skip(minutes=6)
        await looks_again(desk, maya)
        await maya.wait_until(lambda more=made: (maya.modal.submit == "Connect") is (more < 9))
    await window_says(maya, "Not now. 0 of 7 registrations left in 72 hours; next in 2 days")
    assert "manager" not in seen(maya)
    assert desk.writes("/register") == 9
    desk.skip(hours=72)
    await ana.type("/whatsapp reconnect 4821")
    await window_says(ana, "7 of 7 registrations left")


@pytest.mark.parametrize(
    ("code", "minutes", "said"),
    [
        ("133008", 60, "Please wait 60 minutes before trying again."),
        ("133015", 5, "Wait 5 minutes before trying again."),
        ("133016", 72 * 60, "It is blocked for 72 hours."),
    ],
)
async def test_metas_waits_are_kept_over_a_restart_and_end_on_time(
    desk: Desk, code: str, minutes: int, said: str
):
    ana = desk.ana
    sales = await proven(desk, ana)
    if code == "133008":
        sales.rules.pin_guesses = 1
    elif code == "133015":
        sales.deleting_until = desk.clock.now() + timedelta(minutes=5)
    else:
        sales.blocked_until = desk.clock.now() + timedelta(hours=72)
    await ana.submit({"Two-step PIN": "111111" if code == "133008" else desk.seed.sales_pin})
    await window_says(ana, said)
    assert ana.modal.submit is None
    assert f"a wait set by Meta (Meta's code {code})" in seen(ana)
    await desk.restart()
    await ana.close()
    await desk.maya.type("/whatsapp budget 4821")
    await desk.maya.wait_for(f"a wait set by Meta (Meta's code {code})")
    desk.skip(minutes=minutes - 1)
    await ana.type("/whatsapp reconnect 4821")
    await window_says(ana, "Not now.")
    assert desk.writes("/register") == 1
    await ana.close()
    desk.skip(minutes=2)
    await ana.type("/whatsapp reconnect 4821")
    await ana.wait_until(lambda: ana.modal is not None and ana.modal.submit == "Connect")
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await ana.wait_for_window("Connected")


async def test_a_pin_that_was_tried_too_fast_waits_as_long_as_meta_says(desk: Desk):
    ana = desk.ana
    sales = await proven(desk, ana)
    sales.rules.pin_gap = timedelta(seconds=30)
    await guess(ana, "111111", "1 of 2 guesses")
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await window_says(ana, "Please wait 30 seconds before trying again.")
    assert ana.modal.submit is None
    desk.skip(seconds=31)
    await ana.click("Check status")
    await ana.wait_until(lambda: ana.modal is not None and ana.modal.submit == "Connect")
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await ana.wait_for_window("Connected")


async def test_a_proof_that_has_aged_sends_the_person_back_to_the_code(desk: Desk):
    ana = desk.ana
    sales = await proven(desk, ana)
    sales.code_verification_status = "NOT_VERIFIED"
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await window_says(ana, "Meta wants the number verified again first.")
    assert "How should Meta send the code?" in seen(ana)


async def no_pause(seconds: float) -> None:
    """The read-backs follow each other at once."""


async def test_connected_is_said_only_when_the_status_says_so(a_desk):
    desk: Desk = await a_desk(tempo=Tempo(pause=no_pause))
    sales = await proven(desk, desk.ana)
    sales.connect_reads = 4
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    assert sales.status == "CONNECTED"


async def test_a_number_that_never_becomes_connected_gets_an_honest_answer(a_desk):
    desk: Desk = await a_desk(tempo=Tempo(pause=no_pause))
    ana = desk.ana
    sales = await proven(desk, ana)
    sales.connect_reads = 1000
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await ana.wait_for_window("Almost there")
    assert "Meta still says DISCONNECTED." in seen(ana)
    sales.connect_reads = 0
    sales.connect()
    await ana.click("Try refreshing permissions")
    await ana.wait_for_window("Connected")
