"""Nobody is left standing: what a verdict, a card or an explanation advises, its reader can really press or do."""

from collections.abc import Awaitable, Callable

import pytest

from tests.desk import Desk
from tests.e2e.steps import buttons, seen, window_says
from tests.e2e.test_diagnose import diagnosed
from tests.e2e.webhook_desk import ELSEWHERE, asks, reachable

pytestmark = pytest.mark.usefixtures("nothing_refused")
A_Desk = Callable[..., Awaitable[Desk]]
APP = "Change the app's webhook"


@pytest.mark.parametrize("fault", ["off", "no_messages"])
async def test_a_manager_mends_the_app_s_webhook_from_the_verdict_an_operator_asks_one(
    a_desk: A_Desk, fault: str
):
    desk = await reachable(a_desk)
    app = desk.meta.world.apps[desk.seed.app_id]
    app.callback_url = desk.bot.services.config.webhook_url
    if fault == "off":
        app.disable_callback()
    else:
        app.drop_field("messages")
    assert f"A manager presses “{APP}”" in await diagnosed(desk.ana, "Support")
    assert buttons(desk.ana)[0] == "Ask a manager"
    await diagnosed(desk.maya, "Support")
    assert buttons(desk.maya)[0] == APP
    await desk.maya.click(APP)
    await window_says(desk.maya, "This moves EVERY account of the app at once")
    assert "The address stays." in seen(desk.maya)


async def test_beside_an_override_a_manager_may_change_the_app_itself(a_desk: A_Desk):
    desk = await reachable(a_desk)
    desk.meta.world.apps[desk.seed.app_id].callback_url = ELSEWHERE
    await asks(desk.ana, "fix Support", "Set this bot's address on the WhatsApp account.")
    assert APP not in buttons(desk.ana)
    await asks(desk.maya, "fix Support", "Set this bot's address on the WhatsApp account.")
    assert APP in buttons(desk.maya)


async def test_who_has_judged_is_not_asked_again_when_the_checks_unfold(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Sales")
    await ana.click("No")
    await window_says(ana, "Thank you: your answer is counted.")
    await ana.click("Show all checks")
    await window_says(ana, "Is the access token alive?")
    assert "Thank you: your answer is counted." in seen(ana)
    await diagnosed(desk.maya, "Sales")
    assert "Thank you" not in seen(desk.maya)


async def test_of_a_dead_token_nothing_is_claimed_that_meta_did_not_say(desk: Desk):
    desk.meta.token("main").revoke_token(458)
    await desk.maya.type("/whatsapp token Support")
    await window_says(desk.maya, "Login needed")
    text = seen(desk.maya)
    assert "not limited to particular ones" not in text
    assert "never\n" not in text.partition("Access to data ends")[2][:10]


async def test_an_unknown_number_names_no_button_that_is_not_there(desk: Desk):
    await desk.vik.type("/whatsapp explain 987654")
    await desk.vik.wait_for("987654 is not in this bot's table.")
    assert "Prepare Meta ticket" not in desk.vik.sees()
    assert "developers.facebook.com" in desk.vik.sees()


async def test_the_source_of_an_explanation_is_one_its_reader_can_open(desk: Desk):
    await desk.vik.type("/whatsapp explain 131047")
    await desk.vik.wait_for("Source: Meta, 24-hour rule")
    assert ".md" not in desk.vik.sees()


async def test_the_times_in_a_ticket_can_be_copied_as_they_are(desk: Desk):
    await diagnosed(desk.ana, "Old")
    await desk.ana.click("Prepare Meta ticket")
    await window_says(desk.ana, "Copy this into a ticket")
    assert "\ua789" not in seen(desk.ana)


async def test_a_yes_of_meta_s_that_does_not_read_back_is_not_called_done(desk: Desk):
    await diagnosed(desk.ana, "Outlet")
    desk.meta.lies = True
    await desk.ana.click("Subscribe app")
    await window_says(desk.ana, "Meta said yes, but what was read back is as before.")
    assert "✅ Done" not in seen(desk.ana)
    assert "App not subscribed" in seen(desk.ana)
