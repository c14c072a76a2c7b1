"""The app's Home tab: what each person finds there, when it is drawn, and what its buttons do."""

import asyncio
import re
from dataclasses import replace

import pytest

from bot.sandbox.meta import seed
from bot.sandbox.meta.faults import Fault
from bot.sandbox.slack.person import Person
from tests.desk import Desk
from tests.e2e.at_home import ALL, home, home_says, opened, published, readings, settled
from tests.e2e.steps import window_says
from tests.e2e.trouble import BRISK, HASTY

pytestmark = pytest.mark.usefixtures("nothing_refused")

LOOKS = ["Access token", "Budget", "Explain"]
VERBS = [
    "Diagnose",
    "Reconnect",
    "Enter code",
    "Try refreshing permissions",
    "Access token",
    "Reconnect with Meta",
    "Webhook",
    "Budget",
    "Explain",
]


def offered(person: Person) -> list[str]:
    """The buttons below “What you may do”."""
    assert person.home is not None
    return [slot.label for slot in person.home.slots if slot.action_id == "menu.run"]


async def test_an_operator_finds_the_numbers_worst_first_with_what_can_be_done(desk: Desk):
    ana = desk.ana
    await opened(ana)
    text = home(ana)
    names = [
        "Old shop",
        "Café App",
        "Sales",
        "Outlet",
        "Berlin",
        "Returns",
        "Warehouse",
        "Billing",
        "Support",
    ]
    assert re.findall(r"^[⛔⚫🔴🟠⚪❔⚠🧪🟢]\S* (.+?)  \S", text, re.MULTILINE) == names
    assert "⛔ Old shop" in text
    assert "Banned · Meta says BANNED" in text
    assert "Read just now" in text
    assert ana.home.buttons.count("Reconnect") == 3 + 1  # what a code can help, and the command
    assert offered(ana) == VERBS
    assert "on record" not in text


async def test_a_viewer_looks_and_is_offered_no_reconnect(desk: Desk):
    await opened(desk.vik)
    assert "Reconnect" not in desk.vik.home.buttons
    assert offered(desk.vik) == LOOKS
    await desk.vik.click("View", where="home", beside="Sales")
    await window_says(desk.vik, "Phone number ID")


async def test_a_manager_reads_where_the_records_are(desk: Desk):
    await opened(desk.maya)
    assert "Every step of everybody is on record in #whatsapp-audit." in home(desk.maya)
    assert offered(desk.maya) == VERBS


@pytest.mark.parametrize("name", ["luis", "guest"])
async def test_without_a_role_there_is_a_sentence_and_nobody_is_reported(desk: Desk, name: str):
    person = desk.person(name)
    for _ in range(3):
        await opened(person, "You have no role in this bot yet")
    await settled(desk)
    assert "This app keeps our WhatsApp Business numbers connected" in home(person)
    assert "Ask a manager" in home(person)
    assert "Sales" not in home(person)
    assert person.home.buttons == []
    await desk.told()
    assert "refused" not in desk.maya.reads("#whatsapp-audit")
    assert (readings(desk), published(desk)) == (0, 1)


async def test_somebody_of_another_workspace_is_refused_and_not_reported(desk: Desk):
    foreign = desk.person("foreign")
    await opened(foreign, "This bot serves another workspace.")
    assert "Sales" not in home(foreign)
    await desk.told()
    assert "refused" not in desk.maya.reads("#whatsapp-audit")


async def test_the_messages_tab_publishes_nothing(desk: Desk):
    await desk.ana.open_home("messages")
    await settled(desk)
    assert published(desk) == 0


async def test_the_event_is_acknowledged_before_anything_is_read(a_desk):
    desk: Desk = await a_desk(tempo=HASTY)
    await settled(desk)
    desk.meta.add_fault(Fault("hang", "phone_numbers", times=0))
    ack = await desk.ana.open_home()
    assert ack.ok
    assert ack.latency_s < 1.0  # sooner than Meta is given up
    await home_says(desk.ana, "Reading Meta…")


async def test_opened_again_within_the_minute_meta_is_not_read_and_nothing_is_published(desk: Desk):
    await opened(desk.ana)
    await settled(desk)
    read, drawn = readings(desk), published(desk)
    assert read == 2  # one for each account
    assert drawn in (1, 2)  # “reading”, unless that was over before, and what was read
    for _ in range(5):
        await desk.ana.open_home()
    await settled(desk)
    assert (readings(desk), published(desk)) == (read, drawn)


async def test_opened_many_times_at_once_it_is_read_once_and_drawn_twice(desk: Desk):
    await asyncio.gather(*(desk.ana.open_home() for _ in range(8)))
    await home_says(desk.ana, ALL)
    await settled(desk)
    assert readings(desk) == 2
    assert published(desk) <= 4  # each event says that Slack shows nothing yet


async def test_an_event_that_arrives_again_has_no_second_effect(desk: Desk):
    desk.slack.redeliver_next(3, (0.0, 0.02, 0.2))
    await opened(desk.ana)
    await settled(desk)
    assert readings(desk) == 2
    assert published(desk) in (1, 2)


async def test_later_the_last_known_state_stands_at_once_and_then_the_fresh_one(a_desk):
    desk: Desk = await a_desk(tempo=replace(HASTY, graph=replace(HASTY.graph, answer_s=8.0, retry_s=6.0)))
    await opened(desk.ana)
    await settled(desk)
    desk.skip(minutes=3)
    desk.meta.number("Sales").connect()
    desk.meta.add_fault(Fault("hang", "phone_numbers", times=2))
    await desk.ana.open_home()
    await home_says(desk.ana, "Reading Meta again…")
    assert "Read 3 min ago" in home(desk.ana)
    assert "2 Connected" in home(desk.ana)
    await home_says(desk.ana, "3 Connected")
    assert "Reading Meta" not in home(desk.ana)
    assert "Read just now" in home(desk.ana)


async def test_while_meta_is_down_what_is_known_stays_and_the_trouble_is_told(a_desk):
    desk: Desk = await a_desk(tempo=BRISK)
    await opened(desk.ana)
    await settled(desk)
    desk.skip(minutes=3)
    desk.meta.add_fault(Fault("http_503", "GET ", times=0))
    await opened(desk.ana, "could not be read")
    await settled(desk)
    assert ALL in home(desk.ana)
    assert "Sales" in home(desk.ana)
    assert "Read 3 min ago" in home(desk.ana)


async def test_an_account_that_cannot_be_read_keeps_its_numbers_and_says_how_old_they_are(desk: Desk):
    await opened(desk.ana)
    await settled(desk)
    desk.skip(minutes=3)
    desk.meta.token("main").unassign(seed.CAFE, (seed.SHOP, seed.CAFE))
    await opened(desk.ana, f"Account {seed.CAFE} could not be read")
    await settled(desk)
    assert "Read just now" in home(desk.ana)
    assert ALL in home(desk.ana)
    assert home(desk.ana).count("· read ") == 3


async def test_a_meta_that_was_never_reached_is_told_and_not_asked_at_every_opening(a_desk):
    desk: Desk = await a_desk(tempo=BRISK)
    await settled(desk)
    desk.skip(minutes=11)  # the accounts that the token names are not remembered any more
    desk.meta.add_fault(Fault("http_503", "GET ", times=0))
    await opened(desk.ana, "could not be read")
    await settled(desk)
    asked = len(desk.meta.calls)
    for _ in range(4):
        await desk.ana.open_home()
    await settled(desk)
    assert len(desk.meta.calls) == asked
    desk.meta.clear_faults()
    await desk.ana.click("Check now", where="home")
    await home_says(desk.ana, ALL)
    assert "could not" not in home(desk.ana)


@pytest.mark.parametrize("name", ["ana", "maya"])
async def test_a_thousand_numbers_fit(a_desk, name: str):
    desk: Desk = await a_desk(seed.many(1000, 5))
    person = desk.person(name)
    await person.open_home()
    await person.wait_until(lambda: "1000 numbers" in home(person))
    assert "… and 970 more, none of them worse. /whatsapp status shows all" in home(person).replace("`", "")
    assert len(person.home.window.blocks) <= 100
