"""“Try refreshing permissions”: asked first, repaired where it can be, read back, told as a table."""

import re
from datetime import timedelta

import pytest

from bot.roles import Person as Who
from bot.roles import Role
from bot.sandbox.meta import seed
from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import choosing, seen, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def refreshed(person: Person, number: str) -> dict[str, str]:
    """Confirm the refresh of `number`; the table by line: “verdict | note | before → after”."""
    await person.type(f"/whatsapp refresh {number}")
    await window_says(person, "No code is sent and nobody is disconnected.")
    await person.submit()
    await window_says(person, "Read back at")
    lines = seen(person).splitlines()
    table = {}
    for place, line in enumerate(lines):
        what, dash, verdict = line.partition(" – ")
        if dash and not line.startswith(" "):
            after = next(i for i in range(place, len(lines)) if lines[i].startswith("  After"))
            table[what] = " | ".join(
                [verdict[2:].strip(), *(text.strip() for text in lines[place + 1 : after + 1])]
            )
    return table


async def test_nothing_is_done_before_it_was_confirmed(desk: Desk):
    await desk.ana.type("/whatsapp refresh Outlet")
    await window_says(desk.ana, "subscribes our app if – and only if – it is missing")
    await desk.ana.close()
    await desk.slack.settled()
    assert desk.writes("") == 0


async def test_our_missing_app_is_subscribed_and_the_table_says_so(desk: Desk):
    table = await refreshed(desk.ana, "Outlet")
    assert table["App subscribed"] == "changed | Events arrive again. | Before no | After yes"
    assert desk.writes("/subscribed_apps") == 1
    assert desk.seed.app_id in desk.meta.account(seed.CAFE).subscriptions
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "@ana was refreshing permissions of Outlet …0123" in audit
    assert "subscribed our app" in audit
    assert "changed: App subscribed: no → yes" in audit


async def test_an_address_set_elsewhere_is_never_deleted(desk: Desk):
    desk.meta.account(seed.SHOP).take_over_webhook("https://elsewhere.example/hook")
    desk.meta.number("Support").take_over_webhook("https://number.example/hook")
    table = await refreshed(desk.ana, "Support")
    assert table["App subscribed"] == "was fine | Before yes | After yes"
    assert "https://number.example/hook" in table["Events go to"]
    assert desk.writes("/subscribed_apps") == 0
    assert desk.meta.account(seed.SHOP).subscriptions[desk.seed.app_id] == "https://elsewhere.example/hook"


async def test_what_is_fine_stays_untouched(desk: Desk):
    table = await refreshed(desk.ana, "Support")
    assert {text.split(" | ")[0] for text in table.values()} == {"was fine"}
    assert set(table) == {
        "Access token", "Permissions", "WhatsApp account", "App subscribed", "Events go to", "Status",
    }  # fmt: skip
    assert "The number is connected (Meta says CONNECTED)." in seen(desk.ana)
    assert desk.writes("") == 0


async def test_a_token_with_two_weeks_left_is_extended_kept_encrypted_and_survives_a_restart(desk: Desk):
    old = desk.meta.token("main")
    old.expires_at = desk.clock.now() + timedelta(days=13)
    table = await refreshed(desk.ana, "Support")
    assert table["Access token"].startswith("changed | Extended. | Before valid, 1")
    fresh = next(token for token in desk.meta.world.tokens.values() if token is not old)
    assert fresh.text.encode() not in desk.path.read_bytes()
    old.revoke_token()
    for _ in range(2):
        await desk.vik.type("/whatsapp status Support")
        await desk.vik.wait_for("59 days left")
        await desk.restart()
    assert fresh.text not in desk.maya.reads("#whatsapp-audit")


@pytest.mark.parametrize("days", [15, 60, None])
async def test_a_token_that_lasts_is_not_touched(desk: Desk, days: int | None):
    desk.meta.token("main").expires_at = None if days is None else desk.clock.now() + timedelta(days=days)
    table = await refreshed(desk.ana, "Support")
    assert table["Access token"].startswith("was fine")
    assert len(desk.meta.world.tokens) == 1


async def test_a_worse_token_is_refused_and_the_old_one_stays(desk: Desk):
    old = desk.meta.token("main")
    old.expires_at = desk.clock.now() + timedelta(days=3)
    old.lost_on_exchange.add("whatsapp_business_messaging")
    table = await refreshed(desk.ana, "Support")
    assert table["Access token"].startswith("needs a person | Extending failed: The new token lacks")
    await desk.vik.type("/whatsapp status Support")
    await desk.vik.wait_for("2 days left")


async def test_what_only_a_person_can_fix_is_said_with_the_way(desk: Desk):
    desk.meta.token("main").remove_scope("whatsapp_business_messaging")
    table = await refreshed(desk.ana, "Support")
    assert table["Permissions"].startswith(
        "needs a person | Missing: whatsapp_business_messaging. A person grants it"
    )
    assert "for a person to fix" in seen(desk.ana)


async def test_a_number_that_is_not_connected_is_told_so_after_the_refresh(desk: Desk):
    table = await refreshed(desk.ana, "Sales")
    assert table["Status"].startswith("needs a person | Not connected: `/whatsapp reconnect`")
    assert "The number is not connected (Meta says DISCONNECTED)." in seen(desk.ana)
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert "Permissions refreshed" in audit
    assert "(Meta still says DISCONNECTED)" in audit
    assert "finished refreshing permissions" in audit
    assert "reconnect" not in audit.replace("[reconnect]", "")


@pytest.mark.parametrize("name", ["Outlet", "Old shop", "Café App", "Warehouse"])
async def test_a_refresh_of_a_number_no_code_helps_does_not_send_for_a_reconnect(desk: Desk, name: str):
    table = await refreshed(desk.ana, name)
    assert table["Status"].startswith("needs a person | Not connected. ")
    assert "/whatsapp reconnect" not in table["Status"]


async def test_a_refresh_leaves_the_number_free(desk: Desk):
    await refreshed(desk.ana, "Sales")
    await desk.ana.close()
    await desk.maya.type("/whatsapp reconnect 4821")
    await window_says(desk.maya, "How should Meta send the code?")


async def test_a_refresh_waits_for_a_reconnect_that_is_under_way(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.maya.type("/whatsapp refresh 4821")
    await window_says(desk.maya, "No code is sent")
    await desk.maya.submit()
    await desk.maya.wait_for_window("In use")
    await desk.ana.type("/whatsapp refresh 4821")
    await window_says(desk.ana, "No code is sent")
    await desk.ana.submit()
    await window_says(desk.ana, "Your own reconnect of this number is under way")
    assert desk.writes("") == 1


async def test_a_refresh_that_was_left_open_makes_way_for_a_reconnect_of_the_same_person(desk: Desk):
    ana = Who(desk.ana.id, "ana", Role.OPERATOR)
    number = await desk.bot.services.directory.find("4821")
    await desk.bot.services.refreshing.claim(ana, number, key="a refresh cut off before it ran")
    await choosing(desk.ana)
    await desk.told()
    audit = desk.maya.reads("#whatsapp-audit")
    assert re.search(r"Stopped after \d+ s – @ana was refreshing permissions of Sales …4821", audit)
    assert "@ana is reconnecting Sales …4821" in audit


async def test_a_window_closed_during_the_refresh_is_answered_by_a_message(desk: Desk):
    desk.meta.latency_s = 0.2
    await desk.ana.type("/whatsapp refresh Outlet")
    await window_says(desk.ana, "No code is sent")
    await desk.ana.submit()
    await desk.ana.close()
    await desk.ana.wait_for("App subscribed – 🔄 changed")
