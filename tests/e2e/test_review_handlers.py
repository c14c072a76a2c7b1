"""What a review of the way from Slack into the bot found: each fault as a story that was red before."""

import asyncio
import gc
import logging
import sqlite3
from types import FunctionType, ModuleType

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import AlreadyDone
from bot.sandbox.meta import seed
from bot.sandbox.slack import payloads
from handlers.call import Answer, Call
from handlers.front import ANSWER_WITHIN_S, Front
from handlers.people import People
from handlers.presses import submit_key
from handlers.screen import Slack
from tests.desk import Desk
from tests.e2e.steps import choosing, seen, title, window_says, with_a_code_out
from tests.e2e.test_bad_input import place, press
from tests.e2e.trouble import idle, own


@pytest.mark.parametrize(
    ("action_id", "value", "why"),
    [
        ("status.next", "0", "Only viewers and above may look at numbers."),
        ("menu.next", "budget 0", "Only viewers and above may use `/whatsapp budget`."),
        ("menu.previous", "refresh 0", "Only operators and above may use `/whatsapp refresh`."),
        ("reconnect.refresh", "f0", "Only operators and above may reconnect a number."),
    ],
)
async def test_turning_a_page_needs_the_role_too(desk: Desk, action_id: str, value: str, why: str):
    await press(desk, desk.luis, action_id, value, in_window=False)
    said = "\n".join(own(desk, desk.luis))
    assert why in said
    assert "Sales" not in said


async def test_the_proof_in_anothers_flow_is_refused_before_anything_is_drawn(desk: Desk):
    await with_a_code_out(desk.ana)
    flow_id = desk.ana.modal.window.view["private_metadata"]
    await desk.maya.type("/whatsapp reconnect Berlin")
    await window_says(desk.maya, "How should Meta")
    drawn = len(desk.slack.called("views.update"))
    await press(desk, desk.maya, "reconnect.refresh", flow_id)
    assert "This reconnect belongs to @ana." in seen(desk.maya)
    assert len(desk.slack.called("views.update")) == drawn + 1


async def test_buttons_in_a_channel_that_is_not_for_it_do_nothing_but_say_where(a_desk):
    desk: Desk = await a_desk(WHATSAPP_CHANNELS="C0RANDOM")
    await press(desk, desk.ana, "status.next", "0", in_window=False)  # stands in #general
    assert "is not used in this channel" in desk.ana.sees()
    assert "9 numbers:" not in desk.ana.sees()
    await desk.ana.type("/whatsapp status", "@desk")
    await desk.ana.wait_for("9 numbers:")
    await desk.ana.click("View", beside="Sales")
    await window_says(desk.ana, "Phone number ID")
    await desk.ana.click("Check now", where="modal")
    await idle(desk)
    assert title(desk.ana) == "Number"


async def test_commands_are_acknowledged_in_time_while_somebody_holds_the_database(desk: Desk):
    link = sqlite3.connect(desk.path, isolation_level=None)
    try:
        link.execute("PRAGMA locking_mode = EXCLUSIVE")
        link.execute("BEGIN EXCLUSIVE")
        acks = await asyncio.gather(*(desk.luis.type("/whatsapp") for _ in range(3)))
        assert [ack.error for ack in acks] == ["", "", ""]
    finally:
        link.close()
    await idle(desk)
    said = "\n".join(own(desk, desk.luis))
    assert said.count("You have no role in this bot yet") == 3
    assert "One moment" not in said


@pytest.mark.parametrize("words", ["1777", ""])
async def test_a_refresh_of_several_numbers_asks_in_its_window(desk: Desk, words: str):
    for name, display in (("Support", "+1 312-555-1777"), ("Billing", "+1 202-555-1777")):
        desk.meta.number(name).display_phone_number = display
    await desk.ana.type(f"/whatsapp refresh {words}")
    if words:
        await window_says(desk.ana, "2 numbers fit “1777”. Which one?")
        await desk.ana.click("This one", beside="Support")
    else:
        await window_says(desk.ana, "Which number? (refresh)")
        await desk.ana.choose("Choose a number", "Support …1777")
    await window_says(desk.ana, "No code is sent")
    assert "Support" in seen(desk.ana)


async def test_a_refresh_opens_its_window_before_meta_is_read(desk: Desk):
    desk.meta.latency_s = 0.4
    await desk.ana.type("/whatsapp refresh")
    await window_says(desk.ana, "One moment")
    await window_says(desk.ana, "Which number?")


async def test_the_pages_of_a_picker_in_a_window_turn_in_it(a_desk):
    desk: Desk = await a_desk(world=seed.many(150))
    await desk.ana.type("/whatsapp refresh")
    await window_says(desk.ana, "Numbers 1 to 100 of 150")
    await desk.ana.click("Next")
    await window_says(desk.ana, "Numbers 101 to 150 of 150")


NO_CODE = "No code is out for this number that you could type."
NONE_AT_ALL = "No code is out that you could type."


@pytest.mark.parametrize("words", ["Sales", "Salse", "4821", "0121", "nobody", "+1 202 555 0121", ""])
async def test_who_has_no_code_box_learns_nothing_of_the_numbers_from_asking_for_one(desk: Desk, words: str):
    await with_a_code_out(desk.ana)
    reads = len(desk.meta.calls)
    await desk.luis.type(f"/whatsapp code {words}")
    await window_says(desk.luis, NO_CODE if words else NONE_AT_ALL)
    assert "Sales" not in seen(desk.luis)
    assert len(desk.meta.calls) == reads


async def test_who_has_several_code_boxes_chooses_in_the_window(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await with_a_code_out(desk.ana, "Berlin")
    await desk.ana.close()
    await desk.ana.type("/whatsapp code")
    await window_says(desk.ana, "You have the code box of 2 numbers. Which one?")
    await desk.ana.click("This one", beside="Berlin")
    await window_says(desk.ana, "Berlin")
    await desk.ana.wait_until(
        lambda: "Verify" in (desk.ana.modal.window.view.get("submit") or {}).get("text", "")
    )
    await desk.ana.close()
    await desk.ana.type("/whatsapp code Sal")
    await window_says(desk.ana, "Sales")


async def not_redrawn(desk: Desk, button: str) -> None:
    """The button is pressed, and Slack takes no drawing of what came of it."""
    desk.slack.add_fault("views.update", "error", times=None, error="access_denied")
    await desk.ana.click(button)
    await idle(desk)
    desk.slack.clear_faults()


async def test_a_button_pressed_again_in_a_window_that_was_not_redrawn_shows_how_it_stands(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.skip(seconds=61)
    await not_redrawn(desk, "Send again")
    assert "4 of 5 codes left" in seen(desk.ana)
    await desk.ana.click("Send again")
    await window_says(desk.ana, "3 of 5 codes left")
    assert desk.writes("/request_code") == 2


async def test_a_button_pressed_again_much_later_in_a_window_that_was_not_redrawn_does_it_again(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.skip(seconds=61)
    await not_redrawn(desk, "Send again")
    desk.skip(minutes=6)
    await desk.ana.click("Send again")
    await window_says(desk.ana, "2 of 5 codes left")
    assert desk.writes("/request_code") == 3


def reachable_texts(root: object) -> str:
    """Every text and byte string that can be reached from `root`, without modules, classes and what runs it all."""
    seen_ids, queue, texts = set(), [root], []
    while queue:
        one = queue.pop()
        if id(one) in seen_ids or isinstance(one, NOT_OURS):
            continue
        seen_ids.add(id(one))
        if isinstance(one, str | bytes):
            texts.append(str(one))
        elif isinstance(one, FunctionType):
            queue += [*(one.__closure__ or ()), *(one.__defaults__ or ())]
        else:
            queue += gc.get_referents(one)
    return "\n".join(texts)


NOT_OURS = (ModuleType, type, asyncio.AbstractEventLoop, logging.Logger, Desk)


async def test_a_typed_code_and_pin_are_not_kept_after_the_flow(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": "918273"})
    await window_says(desk.ana, "2 of 3 tries left for this code")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")
    await desk.ana.submit({"Two-step PIN": "736451"})
    await window_says(desk.ana, "1 of 2 guesses left")
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    await idle(desk)
    await desk.told()
    gc.collect()
    texts = reachable_texts(desk.bot)
    assert "U0ANA" in texts
    assert [secret for secret in ("918273", "736451") if secret in texts] == []


async def test_a_submit_that_was_done_already_leaves_no_window_at_one_moment(desk: Desk):
    async def done_already(_: Call) -> Answer:
        await asyncio.sleep(ANSWER_WITHIN_S + 0.1)
        raise AlreadyDone("This was done already.")

    await choosing(desk.ana)
    services, acked = desk.bot.services, []
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=desk.slack.bot_token, base_url=desk.slack.api_url)
        slack = Slack(client=client, session=session)
        people = People(config=services.config, slack=slack, clock=services.clock)
        front = Front(services=services, people=people, slack=slack, team_id="T0DESK")
        body = payloads.view_submission(place(desk), desk.ana.user, desk.ana.modal.window)["payload"]

        async def ack(**parts: object) -> None:
            acked.append(parts)

        view = body["view"]
        await front.serve(ack, body, "submit", submit_key(view), done_already, view=view)
        assert "One moment" in str(acked)
        await window_says(desk.ana, "This was done already.")
    assert "Continue" in desk.ana.modal.buttons
