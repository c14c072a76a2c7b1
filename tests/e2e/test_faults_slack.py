"""Slack answers badly, late, or not at all: the deed is recorded, the person hears of it, nothing is doubled."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from bot import run
from bot.app import build
from bot.config import Config
from bot.sandbox.slack.happenings import PATIENCE_S
from handlers.link import LinkLost
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, connected, seen, title, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, DROPPED, assert_records_hold, idle, outcomes, own, types

MakeDesk = Callable[..., Awaitable[Desk]]
NOT_OPENED = "That took too long for Slack: no window could be opened. Nothing is lost. Please try again."


@pytest.fixture
async def desk(a_desk: MakeDesk) -> AsyncIterator[Desk]:
    desk = await a_desk(tempo=replace(DROPPED, graph=BRISK.graph))
    yield desk
    desk.slack.clear_faults()
    await assert_records_hold(desk)


def records_posted(desk: Desk) -> Counter[str]:
    """How often each record id stands in the audit channel."""
    posts = [m.metadata["event_payload"]["records"] for m in desk.slack.channel("#whatsapp-audit").messages
             if m.metadata]  # fmt: skip
    return Counter(number for post in posts for number in post.split(","))


OPENINGS = {
    "expired": ("error", {"error": "expired_trigger_id"}),
    "exchanged": ("error", {"error": "exchanged_trigger_id"}),
    "throttled": ("429", {}),
    "trouble": ("500", {}),
    "html": ("503", {}),
    "garbage": ("garbage", {}),
    "reset": ("reset_before", {}),
    "slow": ("slow", {"delay_s": 2.7}),
}


@pytest.mark.parametrize("kind", OPENINGS)
async def test_a_window_that_slack_does_not_open_is_told_and_costs_nothing(desk, kind):
    how, options = OPENINGS[kind]
    desk.slack.add_fault("views.open", how, **options)
    said = await types(desk, desk.ana, "/whatsapp reconnect 4821")
    if kind == "slow":  # it came after all, and is found by its name
        assert title(desk.ana) == "Reconnect number"
    else:
        assert NOT_OPENED in " ".join(said.split())
    await choosing(desk.ana)
    assert desk.writes("request_code") == 0


async def test_a_window_whose_opening_was_answered_by_a_cut_line_is_found_and_used(desk):
    desk.slack.add_fault("views.open", "reset_after")
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")


async def test_a_late_continue_keeps_the_flow(desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await desk.ana.wait_for("the reconnect waits for you")
    desk.slack.add_fault("views.open", "error", error="expired_trigger_id")
    await desk.ana.click("Continue")
    await desk.ana.wait_for("no window could be opened")
    await desk.ana.click("Continue")
    await desk.ana.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 1


UPDATES = {
    "not_found": ("error", {"error": "not_found"}),
    "hash_conflict": ("error", {"error": "hash_conflict"}),
    "429": ("429", {}),
    "500": ("500", {}),
    "503": ("503", {}),
    "garbage": ("garbage", {}),
    "reset": ("reset_before", {}),
}


@pytest.mark.parametrize("kind", UPDATES)
async def test_a_window_that_cannot_be_drawn_becomes_a_private_message_with_the_result(desk, kind):
    await with_a_code_out(desk.ana)
    how, options = UPDATES[kind]
    desk.slack.add_fault("views.update", how, times=None, **options)
    await desk.ana.submit(
        {"Verification code": "000000" if desk.meta.number("Sales").sent.text != "000000" else "1" * 6}
    )
    await desk.ana.wait_for("Meta did not accept the code.")
    assert "the reconnect waits for you. Nothing is lost." in desk.ana.sees()
    assert outcomes(desk, "code.verify") == ["failed"]
    desk.slack.clear_faults()
    await desk.ana.click("Continue")
    await desk.ana.wait_for_window("Enter the code")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


async def test_a_drawing_that_fails_once_is_tried_again(desk):
    await with_a_code_out(desk.ana)
    desk.slack.add_fault("views.update", "503")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")
    assert own(desk, desk.ana) == []


@pytest.mark.parametrize(
    ("how", "step"),
    [
        ("429", "code"), ("500", "check"), ("503", "register"), ("garbage", "code"), ("reset_before", "check"),
        ("reset_after", "register"),
    ],
)  # fmt: skip
async def test_while_all_of_slack_is_down_the_deed_is_recorded_once_and_told_later(desk, how, step):
    ana = desk.ana
    if step == "code":
        await choosing(ana)
        values, path = {}, "request_code"
    elif step == "check":
        await with_a_code_out(ana)
        values, path = {"Verification code": desk.meta.phone("Sales").latest_code()}, "verify_code"
    else:
        await at_the_pin(desk, ana)
        values, path = {"Two-step PIN": desk.seed.sales_pin}, "/register"
    before = len(outcomes(desk))
    desk.slack.add_fault("*", how, times=None)
    await ana.submit(values)
    await idle(desk)
    assert outcomes(desk)[before] == "ok"
    assert desk.writes(path) == 1
    desk.slack.clear_faults()
    if how != "reset_after":  # then Slack had taken it all the same
        await ana.wait_for("There is news about Sales …4821")
    await ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    assert (
        title(ana)
        in {"code": ("Enter the code",), "check": ("Connect the number",), "register": ("Connected",)}[step]
    )
    assert desk.writes(path) == 1
    desk.skip(minutes=11)
    await desk.told()
    assert set(records_posted(desk)) == {str(n) for n in range(1, len(records_posted(desk)) + 1)}


async def test_audit_posts_are_owed_and_come_later_in_order_and_once(desk):
    fault = desk.slack.add_fault("chat.postMessage", "503", times=None)
    await at_the_pin(desk, desk.ana)
    await desk.ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    assert records_posted(desk) == Counter()
    assert fault.times is None
    desk.slack.clear_faults()
    desk.skip(minutes=11)
    await desk.told()
    posted = records_posted(desk)
    assert set(posted.values()) == {1}
    thread = [int(n) for m in desk.slack.channel("#whatsapp-audit").messages if m.metadata
              for n in m.metadata["event_payload"]["records"].split(",")]  # fmt: skip
    of_flow = [n for n in thread if n > 1]
    assert of_flow == sorted(of_flow)


@pytest.mark.parametrize(
    "word", ["invalid_blocks", "msg_blocks_too_long", "metadata_too_large", "thread_not_found"]
)
async def test_a_record_whose_drawing_slack_refuses_reaches_the_channel_in_plain_words(desk, word):
    await choosing(desk.ana)
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "error", error=word)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    await desk.told()
    assert "asks Meta to send a code" in desk.maya.reads("#whatsapp-audit")
    assert "asked for a code: sent" in desk.maya.reads("#whatsapp-audit")


async def test_a_line_cut_after_the_post_doubles_it_at_most_and_the_id_tells(desk):
    desk.slack.add_fault("chat.postMessage", "reset_after", times=2)
    await connected(desk, desk.ana)
    posted = records_posted(desk)
    assert sorted(map(int, posted)) == list(range(1, len(posted) + 1))
    assert max(posted.values()) <= 3


async def test_a_used_up_response_url_is_made_up_for_by_a_direct_message(desk):
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("WhatsApp numbers")
    for _ in range(7):
        await desk.ana.click("Check now")
        await idle(desk)
    assert "WhatsApp numbers" in own(desk, desk.ana)[-1]
    assert [r for r in desk.slack.refusals if r.error not in ("used_url", "expired_url")] == []


# -- the socket -------------------------------------------------------------------------------------------


async def works(desk: Desk) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await desk.ana.type("/whatsapp help")).error:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_a_goodbye_of_slacks_is_followed_by_a_new_link(desk, reason):
    since = desk.slack.delivery.links.opened
    await desk.slack.disconnect(reason, close_after_s=0.1)
    await desk.slack.connected(since=since)
    await works(desk)


async def test_a_cut_line_is_replaced(desk):
    since = desk.slack.delivery.links.opened
    desk.slack.drop()
    await desk.slack.connected(since=since)
    await works(desk)


async def test_a_link_that_is_half_open_is_noticed_and_replaced(a_desk):
    desk = await a_desk(tempo=replace(DROPPED, watch=replace(DROPPED.watch, ping_s=0.25)))
    since = desk.slack.delivery.links.opened
    desk.slack.go_half_open()
    await desk.slack.connected(since=since)
    await works(desk)


async def test_an_address_that_is_used_up_is_not_tried_for_ever(desk):
    """Measured: without the watchdog the SDK tries the same dead address again and again."""
    since = desk.slack.delivery.links.opened
    desk.slack.add_fault("apps.connections.open", "slow", delay_s=0.3, times=1)
    desk.slack.drop()
    await asyncio.sleep(0.1)
    desk.slack.delivery.links.spoil_tickets()
    await desk.slack.connected(since=since)
    await works(desk)


async def test_what_was_acknowledged_is_finished_although_the_link_breaks(desk):
    await choosing(desk.ana)
    desk.meta.latency_s = 0.2
    await desk.ana.submit()
    desk.slack.drop()
    await desk.ana.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 1


async def test_an_app_token_that_is_revoked_ends_the_process_with_a_reason(a_desk, caplog):
    desk = await a_desk(tempo=DROPPED)
    await desk.stop()
    config = Config.from_env(desk.settings(), today=date(2026, 11, 22))
    running = asyncio.create_task(run.until_stopped(await build(config, clock=desk.clock, tempo=DROPPED)))
    await desk.slack.connected(since=desk.slack.delivery.links.opened - 1)
    await asyncio.sleep(0.1)
    desk.slack.revoke(desk.slack.app_token)
    desk.slack.drop()
    assert await asyncio.wait_for(running, PATIENCE_S) == run.LOST_SLACK != 0
    assert "SLACK_APP_TOKEN is not accepted by Slack any more (token_revoked)" in caplog.text


async def test_socket_mode_switched_off_ends_in_link_lost(desk):
    desk.slack.add_fault("apps.connections.open", "error", error="not_allowed_token_type", times=None)
    await desk.slack.disconnect("link_disabled", close_after_s=0.05)
    with pytest.raises(LinkLost, match="no Socket Mode connection for 4 seconds"):
        await asyncio.wait_for(desk.bot.wait(), PATIENCE_S)


async def test_a_revoked_bot_token_is_said_so_and_nothing_is_lost(desk):
    await with_a_code_out(desk.ana)
    desk.slack.revoke(desk.slack.bot_token)
    said = await types(desk, desk.ana, "/whatsapp reconnect 4821")
    assert (
        "Slack does not accept this bot's token any more (token_revoked), so no window can be opened." in said
    )
    assert "SLACK_BOT_TOKEN" in said
    assert "WhatsApp numbers" in await types(desk, desk.vik, "/whatsapp status")
    desk.slack.revoke(desk.slack.bot_token, "")
    await desk.ana.type("/whatsapp reconnect 4821")
    await window_says(desk.ana, "Verify")
    assert "6 digits" in seen(desk.ana)
