"""`/whatsapp explain` and “What is this?”: an error number of Meta's in words."""

import pytest

from tests.desk import Desk
from tests.e2e.steps import at_the_pin, seen, title, window_says

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_a_number_is_explained_to_everybody_who_may_look(desk: Desk):
    await desk.vik.type("/whatsapp explain 133005")
    await desk.vik.wait_for("Error 133005")
    text = desk.vik.sees()
    assert "What to do:" in text
    assert "Who can act:" in text
    assert "Source:" in text


async def test_a_second_number_is_told_apart(desk: Desk):
    await desk.vik.type("/whatsapp explain 190/460")
    await desk.vik.wait_for("Error 190/460")
    assert "With another second number:" in desk.vik.sees()


async def test_an_unknown_number_says_so(desk: Desk):
    await desk.vik.type("/whatsapp explain 987654")
    await desk.vik.wait_for("987654 is not in this bot's table.")


async def test_without_a_number_it_says_what_to_type(desk: Desk):
    await desk.vik.type("/whatsapp explain")
    await desk.vik.wait_for("Type a number as Meta gives it, for example 133005 or 190/463.")


async def test_the_wizard_s_warning_is_explained_on_top_of_the_window_and_nothing_typed_is_lost(desk: Desk):
    ana = desk.ana
    await at_the_pin(desk, ana)
    await ana.submit({"Two-step PIN": "111111"})
    await window_says(ana, "(Meta's code 133005)")
    before = title(ana)
    await ana.click("What is this?")
    await ana.wait_for_window("What is this?")
    assert "Error 133005" in seen(ana)
    assert "Meta says: “" in seen(ana)
    await ana.close()
    assert title(ana) == before


async def test_the_refresh_report_explains_a_dead_token(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp refresh Support")
    await window_says(ana, "No code is sent and nobody is disconnected.")
    desk.meta.token("main").revoke_token(463)
    await ana.submit()
    await window_says(ana, "Read back at")
    await ana.click("What is this?")
    await window_says(ana, "Error 190/463")


async def test_an_error_in_a_message_is_explained_too(desk: Desk):
    desk.meta.token("main").revoke_token(460)
    await desk.vik.type("/whatsapp status 4821")
    await desk.vik.wait_for("190/460")
    await desk.vik.click("What is this?")
    await window_says(desk.vik, "Error 190/460")


async def test_the_menu_s_button_says_how_it_is_typed(desk: Desk):
    await desk.vik.type("/whatsapp")
    await desk.vik.click("Explain")
    await window_says(desk.vik, "/whatsapp explain 133005")
