"""The fix buttons: each says what it will do, does it once, reads it back, and leaves its line for the managers."""

import asyncio
from datetime import timedelta

import pytest

from bot.causes.catalogue import CATALOGUE
from bot.fixes import ALL
from bot.fixes.fixing import offered
from bot.remedy import BUTTONS, Fix
from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta.faults import Fault
from tests.desk import Desk
from tests.e2e.steps import METHOD, buttons, seen, window_says
from tests.e2e.test_diagnose import diagnosed
from tests.e2e.trouble import assert_records_hold, idle, outcomes
from tests.handlers.views.ugly_diagnose import report

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_subscribe_app_asks_first_does_it_once_and_reads_only_that_again(desk: Desk):
    ana = desk.ana
    assert "App not subscribed" in await diagnosed(ana, "Outlet")
    await ana.click("Subscribe app", confirm=False)
    assert desk.writes("/subscribed_apps") == 0
    before = len(desk.meta.calls)
    await ana.click("Subscribe app")
    await window_says(ana, "✅ Done: Our app was subscribed to the account.")
    await window_says(ana, "Number restricted")  # the next cause comes to light
    calls = [f"{call.method} {call.path.rpartition('/')[2]}" for call in list(desk.meta.calls)[before:]]
    assert sorted(calls) == [
        "GET subscribed_apps",
        "GET subscribed_apps",
        "GET subscriptions",
        "POST subscribed_apps",
    ]
    await desk.told()
    assert "@ana subscribed our app · Outlet …0123" in desk.maya.reads("#whatsapp-audit")
    assert outcomes(desk) == ["ok"]


async def test_a_double_click_subscribes_once(desk: Desk):
    await diagnosed(desk.ana, "Outlet")
    await desk.ana.double_click("Subscribe app")
    await window_says(desk.ana, "✅ Done")
    await idle(desk)
    assert desk.writes("/subscribed_apps") == 1


async def test_two_people_at_once_subscribe_once(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await diagnosed(ana, "Outlet")
    await diagnosed(maya, "Outlet")
    await asyncio.gather(ana.click("Subscribe app"), maya.click("Subscribe app"))
    await window_says(ana, "✅ Done")
    await window_says(maya, "✅ Done")
    assert desk.writes("/subscribed_apps") == 1
    assert any("It was subscribed" in seen(one) or "already" in seen(one) for one in (ana, maya))


async def test_a_refusal_is_told_in_meta_s_words_and_explained(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Outlet")
    desk.meta.token("main").remove_scope("whatsapp_business_management")
    await ana.click("Subscribe app")
    await window_says(ana, "❌ Not done")
    assert desk.writes("/subscribed_apps") == 0
    assert "Nothing was changed." in seen(ana)


async def test_an_answer_that_is_lost_is_could_not_tell_and_what_is_read_back_counts(desk: Desk):
    ana = desk.ana
    await diagnosed(ana, "Outlet")
    desk.meta.add_fault(Fault("reset_after", "POST"))
    await ana.click("Subscribe app")
    await window_says(ana, "❔ Could not tell: Meta did not answer: it may or may not have been done.")
    await window_says(ana, "Number restricted")  # it was done
    await assert_records_hold(desk)
    assert outcomes(desk) == ["unknown"]


@pytest.mark.parametrize(
    ("number", "label", "says"),
    [("Sales", "Request code", METHOD), ("Returns", "Register", "Two-step PIN")],
)
async def test_what_is_missing_on_the_way_back_leads_into_the_wizard_at_its_step(
    desk: Desk, number, label, says
):
    await diagnosed(desk.ana, number)
    await desk.ana.click(label)
    await window_says(desk.ana, says)
    assert desk.writes("") == 0


async def test_refresh_permissions_leads_into_the_refresh_there_is(desk: Desk):
    desk.meta.token("main").unassign("102290129340399", ("102290129340398", "102290129340399"))
    await desk.ana.type("/whatsapp status")  # what is known from before stays known
    await diagnosed(desk.ana, "Sales")
    await desk.bot.services.directory.refs()
    desk.meta.token("main").unassign("102290129340398", ("102290129340398",))
    await desk.ana.click("Diagnose again")
    await window_says(desk.ana, "Reconnect with Meta")
    assert "Refresh permissions" in buttons(desk.ana)
    await desk.ana.click("Refresh permissions")
    await window_says(desk.ana, "No code is sent and nobody is disconnected.")


async def test_a_dead_token_is_the_verdict_also_for_a_bot_that_cannot_list_its_numbers(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp status")
    await ana.wait_for("9 numbers:")
    await idle(desk)
    desk.meta.token("main").revoke_token(460)
    desk.skip(minutes=11)
    text = await diagnosed(ana, "Sales")
    assert "TOKEN_PASSWORD" in text
    assert "code 190/460" in text
    assert buttons(ana)[:2] == ["Reconnect with Meta", "Ask a manager"]
    await desk.restart()
    await ana.type("/whatsapp diagnose")
    await window_says(ana, "9 numbers: 9 down.")


async def test_refresh_token_is_a_managers_and_reads_the_token_again(desk: Desk):
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=5)
    text = await diagnosed(desk.ana, "Support")
    assert "Token ends soon" in text
    assert "Refresh token" not in buttons(desk.ana)
    assert "Ask a manager" in buttons(desk.ana)
    await diagnosed(desk.maya, "Support")
    await desk.maya.click("Refresh token")
    await window_says(desk.maya, "✅ Done: The token was refreshed.")
    await window_says(desk.maya, "Healthy")
    assert desk.writes("") == 0


async def test_a_manager_is_asked_once_an_hour_and_can_diagnose_from_the_message(desk: Desk):
    ana, maya = desk.ana, desk.maya
    desk.meta.account("102290129340398").fail_payment()
    await diagnosed(ana, "Support")
    await ana.click("Ask a manager")
    await window_says(ana, "managers were asked.")
    await desk.told()
    assert "@ana asks for your help with Support …0121." in maya.sees()
    assert "asks a manager for help" in maya.reads("#whatsapp-audit")
    desk.skip(minutes=1)
    await diagnosed(ana, "Support")
    await ana.click("Ask a manager")
    await window_says(ana, "were asked about this number already")
    await maya.click("Diagnose", beside="asks for your help")
    await window_says(maya, "What to do:")
    assert "Ask a manager" not in buttons(maya)
    desk.skip(hours=1)
    await diagnosed(ana, "Support")
    await ana.click("Ask a manager")
    await window_says(ana, "managers were asked.")


async def test_a_number_somebody_else_is_mending_is_left_alone(desk: Desk):
    outlet = await desk.bot.services.directory.find("Outlet")
    await desk.bot.services.refreshing.claim(Who("U0MAYA", "maya", Role.MANAGER), outlet, key="hers")
    await diagnosed(desk.ana, "Outlet")
    await desk.ana.click("Subscribe app")
    await window_says(desk.ana, "@maya holds this number.")
    assert desk.writes("") == 0


async def test_meta_that_goes_down_in_the_middle_changes_nothing_and_says_so(desk: Desk):
    await diagnosed(desk.ana, "Outlet")
    desk.meta.add_fault(Fault("http_503", times=0))
    await desk.ana.click("Subscribe app")
    await desk.ana.wait_until(lambda: "Nothing was changed." in seen(desk.ana), what="the end", timeout_s=9)
    assert "Not read: the subscribed apps." in seen(desk.ana)
    assert desk.writes("") == 0


async def test_a_fix_works_after_a_restart(desk: Desk):
    await diagnosed(desk.ana, "Outlet")
    await desk.restart()
    await desk.ana.click("Subscribe app")
    await window_says(desk.ana, "✅ Done")
    assert desk.writes("/subscribed_apps") == 1


@pytest.mark.parametrize("repair", ALL, ids=lambda repair: repair.fix.value)
def test_what_a_fix_asks_before_fits_into_slack_s_dialog(repair):
    asked = repair.asks(report(CATALOGUE[0], "9" * 20))
    assert len(asked) <= 300
    assert bool(asked) == (not repair.lead and repair.fix is not Fix.PREPARE_TICKET)


def test_every_fix_of_a_cause_is_there_and_every_button_has_its_words():
    named = {fix for cause in CATALOGUE for fix in (cause.fix, *cause.also)} - {Fix.WAIT, Fix.NONE}
    assert {repair.fix for repair in ALL} == named | set(BUTTONS)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MANAGER, Role.ADMIN])
@pytest.mark.parametrize("cause", CATALOGUE, ids=lambda cause: cause.code)
def test_nobody_is_offered_what_they_may_not_press_and_everybody_a_way_on(cause, role):
    found = offered(cause, role)
    assert all(role >= repair.role for repair in found)
    if role >= Role.MANAGER:
        assert Fix.ASK_MANAGER not in {repair.fix for repair in found}
    elif cause.fix not in (Fix.WAIT, Fix.NONE):
        assert found


async def test_a_further_finding_has_one_way_of_its_own_and_the_verdict_keeps_the_first_place(desk: Desk):
    """“Outlet” is not subscribed and restricted; now its payment fails, too."""
    ana = desk.ana
    text = await diagnosed(ana, "Outlet")
    assert text.index("App not subscribed") < text.index("Also: Number restricted")
    assert buttons(ana)[:2] == ["Subscribe app", "Prepare Meta ticket"]
    await ana.click("Prepare Meta ticket")
    await window_says(ana, "Problem: Meta restricts this number for a time")
    assert "App not subscribed" in seen(ana)
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "prepared a ticket for Meta · Outlet …0123 · [NUMBER_RESTRICTED]" in audit


async def test_a_further_finding_is_mended_while_the_verdict_stands(desk: Desk):
    ana, outlet = desk.ana, desk.meta.number("Outlet")
    outlet.disconnect(proven=True)
    text = await diagnosed(ana, "Outlet")
    assert "Down: Not registered" in text
    assert "Also: App not subscribed – This bot's app is not subscribed" in text
    assert buttons(ana)[:2] == ["Register", "Subscribe app"]
    await ana.click("Subscribe app", confirm=False)
    assert desk.writes("") == 0
    await ana.click("Subscribe app")
    await window_says(ana, "✅ Done: Our app was subscribed to the account.")
    assert "Also: App not subscribed" not in seen(ana)
    assert "Down: Not registered" in seen(ana)
    assert desk.writes("/subscribed_apps") == 1


async def test_a_further_finding_that_stays_after_its_fix_is_not_called_done(desk: Desk):
    ana, outlet = desk.ana, desk.meta.number("Outlet")
    outlet.disconnect(proven=True)
    await diagnosed(ana, "Outlet")
    desk.meta.add_fault(Fault("empty", "POST"))
    await ana.click("Subscribe app")
    await window_says(ana, "❔ Could not tell")
    assert "Also: App not subscribed" in seen(ana)


async def test_a_further_finding_that_is_gone_after_a_restart_is_left_alone(desk: Desk):
    ana, outlet = desk.ana, desk.meta.number("Outlet")
    outlet.disconnect(proven=True)
    await diagnosed(ana, "Outlet")
    desk.meta.account(outlet.account_id).subscribe_app(desk.seed.app_id)
    await desk.restart()
    await ana.click("Subscribe app")
    await window_says(ana, "This is not found any more, so there was nothing to do.")
    assert desk.writes("/subscribed_apps") == 0


async def test_what_is_beyond_the_reader_s_role_leads_to_a_manager_about_that_very_finding(desk: Desk):
    ana, maya = desk.ana, desk.maya
    desk.meta.number("Support").disconnect(proven=True)
    desk.meta.token("main").expires_at = desk.clock.now() + timedelta(days=5)
    await diagnosed(ana, "Support")
    assert buttons(ana)[:2] == ["Register", "Reconnect with Meta"]
    desk.meta.token("main").expires_at = None
    desk.meta.account("102290129340398").fail_payment()
    await diagnosed(ana, "Support")
    assert buttons(ana)[:2] == ["Register", "Ask a manager"]
    await ana.click("Ask a manager")
    await window_says(ana, "managers were asked.")
    await desk.told()
    assert "Payment problem (PAYMENT)" in maya.sees()
    await diagnosed(maya, "Support")
    assert buttons(maya)[:2] == ["Register", "Show all checks"]
