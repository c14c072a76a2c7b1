"""What managers read: one message a flow, every step in its thread, the end written onto the message."""

import asyncio
import json
import re
import sqlite3

import pytest

from bot.sandbox.meta.faults import Fault
from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.model import Message
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, connected, window_says, with_a_code_out

CODE, PIN = "Verification code", "Two-step PIN"


def audit(desk: Desk) -> list[Message]:
    return [m for m in desk.slack.channel("#whatsapp-audit").messages if m.author == "U0DESK"]


def thread_of(desk: Desk, parent: Message) -> list[Message]:
    return [m for m in audit(desk) if m.thread_ts == parent.ts]


def parents(desk: Desk) -> list[Message]:
    return [
        m for m in audit(desk) if (m.thread_ts is None and "reconnecting" in m.text) or "refreshing" in m.text
    ]


def numbers(desk: Desk) -> list[int]:
    """The records in the channel, in the order in which they stand there."""
    return [int(n) for n in re.findall(r"`#(\d+)`", desk.maya.reads("#whatsapp-audit"))]


def posted(desk: Desk) -> list[int]:
    """The records whose messages stand in the channel, in that order, as the messages name them for machines."""
    return [
        int(n) for m in audit(desk) if m.metadata for n in m.metadata["event_payload"]["records"].split(",")
    ]


def records(desk: Desk) -> list[sqlite3.Row]:
    with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        return db.execute("SELECT * FROM audit ORDER BY seq").fetchall()


async def test_a_flow_is_one_message_with_every_step_in_its_thread(desk: Desk, nothing_refused: None):
    await with_a_code_out(desk.ana)
    await desk.told()
    (parent,) = parents(desk)
    assert parent.text.startswith("<@U0ANA> is reconnecting Sales …4821")
    await desk.ana.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")
    desk.skip(minutes=3)
    await desk.ana.submit({PIN: desk.seed.sales_pin})
    await desk.ana.wait_for_window("Connected")
    await desk.told()
    assert parents(desk)[0].ts == parent.ts
    assert len(parents(desk)) == 1
    assert re.match(r":large_green_circle: \*Connected\* after 3 min \d+ s – <@U0ANA> was reconnecting Sales …4821",
                    parents(desk)[0].text)  # fmt: skip
    thread = desk.maya.reads("#whatsapp-audit").split("was reconnecting Sales")[1]
    steps = ["asks Meta to send a code", "asked for a code: sent", "hands the code in", "handed the code in: accepted",
             "registers the number", "registered the number", "refreshes permissions", "refreshed permissions",
             "finished: Connected, read back from Meta"]  # fmt: skip
    places = [thread.index(step) for step in steps]
    assert places == sorted(places)


async def test_the_numbers_of_the_records_have_no_gap_and_no_double(desk: Desk, nothing_refused: None):
    await connected(desk, desk.ana)
    seqs = [row["seq"] for row in records(desk)]
    assert seqs == list(range(1, len(seqs) + 1))
    posted = sorted(
        int(number)
        for message in audit(desk)
        if message.metadata
        for number in str(message.metadata["event_payload"]["records"]).split(",")
        if number
    )
    assert posted == seqs


async def test_failures_and_refusals_are_there_too(desk: Desk, nothing_refused: None):
    await with_a_code_out(desk.ana)
    await desk.ana.submit(
        {CODE: "111111" if desk.meta.phone("Sales").latest_code() != "111111" else "222222"}
    )
    await window_says(desk.ana, "2 of 3 tries")
    await desk.luis.type("/whatsapp reconnect 4821")
    await desk.told()
    text = desk.maya.reads("#whatsapp-audit")
    assert re.search(
        r"❌ @ana handed the code in: rejected · Sales …4821 · \[100\] trace \S+ · meta: Couldn't verify",
        text,
    )
    assert "⛔ @luis was refused: not allowed" in text


async def test_no_post_ever_holds_a_code_a_pin_a_token_or_a_whole_number(desk: Desk, nothing_refused: None):
    ana = desk.ana
    await at_the_pin(desk, ana)
    await ana.submit({PIN: "717171"})
    await window_says(ana, "1 of 2 guesses")
    await ana.click("Set a new PIN")
    await ana.wait_for_window("Set a new PIN")
    await ana.submit({"New two-step PIN": "808080", "This replaces the old PIN": ["Yes, replace it"]})
    await ana.wait_for_window("Connected")
    await ana.type("/whatsapp refresh Outlet")
    await window_says(ana, "No code is sent")
    await ana.submit()
    await window_says(ana, "Read back at")
    await desk.luis.type("/whatsapp reconnect +1 555-010-4821")
    await desk.told()
    posts = json.dumps(
        [call.payload for call in desk.slack.calls if call.method.startswith("chat.")], ensure_ascii=False
    )
    secrets = {message.code for phone in desk.meta.world.phones.values() for message in phone.messages}
    secrets |= {
        "717171",
        "808080",
        desk.seed.sales_pin,
        desk.seed.token.reveal(),
        desk.seed.app_secret.reveal(),
    }
    assert [secret for secret in secrets if secret in posts] == []
    digits = [number.digits for number in desk.meta.world.numbers.values()]
    squeezed = re.sub(r"[ ().+-]", "", posts)
    assert [number for number in digits if number in squeezed] == []
    rows = json.dumps([tuple(row) for row in records(desk)], default=str)
    assert [secret for secret in secrets if secret in rows] == []


async def test_a_refresh_has_a_message_of_its_own(desk: Desk, nothing_refused: None):
    await desk.ana.type("/whatsapp refresh Support")
    await window_says(desk.ana, "No code is sent")
    await desk.ana.submit()
    await window_says(desk.ana, "Read back at")
    await desk.told()
    text = desk.maya.reads("#whatsapp-audit")
    assert "Connected after" in text
    assert "@ana was refreshing permissions of Support …0121" in text
    assert "[refresh] [support] [connected]" in text


async def test_flows_of_two_numbers_have_their_own_threads(desk: Desk, nothing_refused: None):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await with_a_code_out(desk.maya, "Berlin")
    await desk.told()
    found = {parent.text.split(" is ")[1]: len(thread_of(desk, parent)) for parent in parents(desk)}
    assert set(found) == {"reconnecting Sales …4821", "reconnecting Berlin …5121"}
    assert all(count >= 1 for count in found.values())


async def test_what_slack_did_not_take_is_told_later_in_order_and_once(desk: Desk):
    ana = desk.ana
    await choosing(ana)
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "503", times=None)
    desk.slack.add_fault("chat.update", "503", times=None)
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    await ana.submit({CODE: desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")
    await ana.submit({PIN: desk.seed.sales_pin})
    await ana.wait_for_window("Connected")
    before = numbers(desk)
    desk.slack.clear_faults()
    desk.skip(minutes=11)
    await desk.restart()
    await desk.told()
    after = numbers(desk)
    assert after[: len(before)] == before
    assert after == sorted(set(after))
    assert after[-1] == records(desk)[-1]["seq"]
    assert "🟢 Connected after" in desk.maya.reads("#whatsapp-audit")


async def test_one_failure_in_a_backlog_does_not_change_the_order(desk: Desk):
    await choosing(desk.ana)
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "503", times=None)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    desk.skip(minutes=11)
    await choosing(desk.maya)
    await desk.stop()
    desk.slack.clear_faults()
    failure = desk.slack.add_fault("chat.postMessage", "503", times=1)
    await desk.start()
    async with asyncio.timeout(PATIENCE_S):
        while failure.times:
            await asyncio.sleep(0.01)
    desk.skip(minutes=11)
    await desk.told()
    assert posted(desk) == [row["seq"] for row in records(desk)]


async def test_a_post_whose_answer_was_lost_can_be_told_from_its_copy(desk: Desk):
    await choosing(desk.ana)
    await desk.told()
    desk.slack.add_fault("chat.postMessage", "reset_after", times=1)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    desk.skip(minutes=1)
    await desk.restart()
    await desk.told()
    assert {*posted(desk)} == {row["seq"] for row in records(desk)}


async def test_managers_are_told_when_the_audit_channel_cannot_be_used_and_nothing_is_lost(desk: Desk):
    channel = desk.slack.channel("#whatsapp-audit")
    channel.is_archived = True
    await with_a_code_out(desk.ana)
    await desk.maya.wait_for("I cannot write to the audit channel (Slack says: is_archived).")
    await desk.person("ada").wait_for("I cannot write to the audit channel")
    assert "I cannot write" not in desk.ana.sees()
    channel.is_archived = False
    desk.skip(minutes=2)
    await desk.restart()
    await desk.told()
    # every record is there once; which lane was posted first says nothing, they go side by side
    assert sorted(posted(desk)) == [row["seq"] for row in records(desk)]
    assert desk.maya.sees().count("I cannot write to the audit channel") == 1


async def test_the_records_can_be_neither_changed_nor_deleted(desk: Desk, nothing_refused: None):
    await with_a_code_out(desk.ana)
    with sqlite3.connect(desk.path, timeout=5) as db:
        for statement in (
            "UPDATE audit SET actor = 'U0EVE'",
            "DELETE FROM audit",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="append"):
                db.execute(statement)


async def test_an_outcome_that_is_unknown_stays_unknown_in_the_channel(desk: Desk):
    desk.meta.add_fault(Fault("reset_after", "POST /v25.0/106540352242922/request_code"))
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for("may or may not have been sent")
    await desk.told()
    assert "❔ @ana asked for a code (may or may not have been done)" in desk.maya.reads("#whatsapp-audit")
