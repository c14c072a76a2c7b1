"""A number that cannot be reconnected, asked for again and again: one message in the channel, every time on record."""

import pytest

from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.steps import seen, window_says
from tests.e2e.trouble import assert_records_hold

pytestmark = pytest.mark.usefixtures("nothing_refused")

BANNED = "Meta has banned this number. No code helps: appeal in Business Support Home."


async def asks(person: Person, number: str = "4821", window: str = "Not connected") -> None:
    if person.modal:
        await person.close()
    await person.type(f"/whatsapp reconnect {number}")
    await person.wait_for_window(window)


def messages(desk: Desk) -> list[str]:
    """The messages that begin the thread of a reconnect."""
    channel = desk.slack.channel("C0AUDIT")
    return [m.text for m in channel.messages if m.thread_ts is None and "reconnecting" in m.text]


async def test_a_banned_number_asked_for_again_is_a_line_in_the_same_thread(desk: Desk):
    desk.meta.number("Sales").ban()
    for _ in range(3):
        await asks(desk.ana)
        assert BANNED in seen(desk.ana)
        desk.skip(minutes=1)
    await asks(desk.maya)
    await desk.told()
    assert len(messages(desk)) == 1
    audit = desk.maya.reads("#whatsapp-audit")
    assert audit.count("@ana asked for the reconnect again: still not possible") == 2
    assert audit.count("@maya asked for the reconnect again: still not possible") == 1
    assert f"why: {BANNED}" in audit
    assert desk.writes("") == 0
    await assert_records_hold(desk)


async def test_a_flood_of_tries_by_one_person_is_one_record_a_minute(desk: Desk):
    desk.meta.number("Sales").ban()
    for _ in range(4):
        await asks(desk.ana)
    await desk.told()
    assert 1 <= desk.maya.reads("#whatsapp-audit").count("asked for the reconnect again") <= 2


async def test_a_connected_number_asked_for_again_is_folded_too(desk: Desk):
    for _ in range(2):
        await asks(desk.ana, "Support", "Connected")
        assert "It was connected already: nothing had to be done." in seen(desk.ana)
    await desk.told()
    assert len(messages(desk)) == 1
    assert "@ana asked for the reconnect again: it is connected already" in desk.maya.reads("#whatsapp-audit")


async def test_another_reason_or_another_day_is_a_message_of_its_own(desk: Desk):
    sales = desk.meta.number("Sales")
    sales.ban()
    await asks(desk.ana)
    sales.restrict()
    await asks(desk.ana)
    desk.skip(hours=25)
    await asks(desk.ana)
    await desk.told()
    assert len(messages(desk)) == 3


async def test_a_number_that_can_be_reconnected_again_starts_a_flow(desk: Desk):
    sales = desk.meta.number("Sales")
    sales.ban()
    await asks(desk.ana)
    sales.disconnect()
    await desk.ana.type("/whatsapp reconnect 4821")
    await window_says(desk.ana, "How should Meta send the code?")
    await desk.told()
    assert len(messages(desk)) == 2


async def test_the_folded_line_survives_a_restart(desk: Desk):
    desk.meta.number("Sales").ban()
    await asks(desk.ana)
    await desk.restart()
    desk.skip(minutes=1)
    await asks(desk.ana)
    await desk.told()
    assert len(messages(desk)) == 1
