"""The page as a place: the tour, what the composer suggests, what is new, and who sees what."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import AUDIT

EVERYBODY = ("Luis Ortega", "Maya Stern", "Vik Rao", "Ada Holm", "Gus Guest", "Fay Foreign")


async def test_a_first_visit_is_shown_around_and_can_leave_at_once(look: Visit) -> None:
    ana = await look("ana", tour=True)
    tour = ana.page.get_by_role("region", name="Tour")
    await expect(tour).to_be_visible()
    await ana.skip_tour()
    await expect(tour).to_be_hidden()
    await ana.page.reload()
    await expect(ana.composer).to_be_enabled()
    await expect(tour).to_be_hidden()  # once is enough
    await ana.page.get_by_role("button", name="Start the tour again").click()
    await expect(tour).to_be_visible()  # but it can be had again


async def test_the_tour_can_be_walked_to_its_end(look: Visit) -> None:
    vik = await look("vik", tour=True)
    tour = vik.page.get_by_role("region", name="Tour")
    for step in range(1, 6):
        await expect(tour).to_contain_text(f"Step {step} of 5")
        await tour.get_by_role("button", name="Next").click()
    await expect(tour).to_contain_text("That was the tour.")
    await tour.get_by_role("button", name="Done").click()
    await expect(tour).to_be_hidden()
    await expect(vik.composer).to_be_focused()


async def test_the_tab_acts_as_whoever_is_chosen_and_the_address_remembers(look: Visit) -> None:
    ana = await look("ana")
    for name in EVERYBODY:
        await ana.act_as(name)
        await expect(ana.region("Channels").get_by_role("button", name="general")).to_be_visible()
    await ana.act_as("Vik")
    await expect(ana.page).to_have_url(re.compile("U0VIK"))
    await ana.page.reload()
    chosen = ana.page.get_by_role("combobox", name="Act as").get_by_role("option", name=re.compile("Vik"))
    await expect(chosen).to_have_js_property("selected", True)


async def test_the_composer_suggests_commands_as_they_are_typed(look: Visit) -> None:
    ana = await look("ana")
    await ana.composer.press_sequentially("/what")
    offered = ana.region("Messages").get_by_role("listbox", name="Suggestions")
    await expect(offered.get_by_role("option")).not_to_have_count(0)
    await ana.composer.press_sequentially("sapp re")
    await expect(offered.get_by_role("option")).to_have_count(2)  # reconnect and refresh
    await ana.composer.press("ArrowDown")
    await expect(offered.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await ana.composer.press("Tab")
    await expect(ana.composer).to_have_value(re.compile("^/whatsapp reconnect ?$"))
    await ana.composer.press("Escape")
    await expect(offered).to_be_hidden()
    await ana.composer.fill("")


async def test_only_members_see_the_audit_channel_and_only_the_asker_the_answer(look: Visit) -> None:
    ana, luis = await look("ana"), await look("luis")
    await ana.type("/whatsapp help")
    await ana.sees("WhatsApp help")
    await ana.sees("Only visible to you")
    for person in (ana, luis):
        await expect(person.region("Channels").get_by_role("button", name="general")).to_be_visible()
        await expect(person.region("Channels").get_by_role("button", name=AUDIT)).to_have_count(0)
    await expect(luis.region("Messages").get_by_text("WhatsApp help")).to_have_count(0)
    await luis.act_as("Maya")
    await expect(luis.region("Channels").get_by_role("button", name=AUDIT)).to_be_visible()
    await expect(luis.region("Messages").get_by_text("WhatsApp help")).to_have_count(0)


async def test_what_is_new_elsewhere_is_counted_until_it_was_looked_at(look: Visit) -> None:
    maya, guest = await look("maya"), await look("guest")
    await maya.go_to(AUDIT)
    await maya.go_to("general")
    channels = maya.region("Channels")
    await expect(channels.get_by_role("button", name=re.compile(f"{AUDIT}.*unread"))).to_have_count(0)
    await guest.type("/whatsapp status")
    await expect(channels.get_by_role("button", name=re.compile(rf"{AUDIT} ?, [1-9] unread"))).to_be_visible()
    await maya.go_to(AUDIT)
    await maya.sees("was refused")
    await expect(channels.get_by_role("button", name=re.compile(f"{AUDIT}.*unread"))).to_have_count(0)


async def test_messages_of_people_arrive_in_every_tab_and_in_threads(look: Visit) -> None:
    ana, luis = await look("ana"), await look("luis")
    await ana.type("Is *Sales* back yet? <b>no</b>")
    await luis.sees("<b>no</b>")  # text stays text
    await luis.region("Messages").get_by_role("listitem").filter(has_text="back yet").last.hover()
    await luis.region("Messages").get_by_role("button", name="Reply in thread").last.click()
    thread = luis.region("Thread")
    await thread.get_by_role("textbox", name="Reply in thread").fill("Soon.")
    await thread.get_by_role("button", name="Send reply").click()
    await luis.sees("Soon.", "Thread")
    await ana.region("Messages").get_by_role("button", name=re.compile("^1 reply")).last.click()
    await ana.sees("Soon.", "Thread")


async def test_what_the_sandbox_refuses_is_said_where_it_was_done(look: Visit) -> None:
    """And is no error of the page: nothing of it stands in the browser's console."""
    ana = await look("ana")
    await ana.type("x" * 12_001)
    await ana.sees("A message has at most 12000 characters.")
    await expect(ana.composer).to_have_value(re.compile("^x+$"))  # it can be shortened
    await ana.type("é" * 140_000)
    await ana.sees("That is more than the sandbox takes at once.")
    await ana.opens("Meta")
    await ana.region("Meta").get_by_role("textbox", name="New PIN").fill("12")
    await ana.turns("Set PIN")
    await expect(ana.region("Meta").get_by_role("status")).to_have_text("A PIN has six digits.")
    await ana.turns("Hold for review")
    await expect(ana.region("Meta").get_by_role("status")).to_be_empty()  # it is not said for ever
    await ana.turns("Approve")


async def test_home_shows_the_numbers_to_those_who_may_see_them(look: Visit) -> None:
    vik = await look("vik")
    await vik.go_to("Home")
    await vik.sees("Sales")
    await vik.act_as("Gus")
    await vik.go_to("Home")
    await vik.sees("You have no role in this bot yet")
    await expect(vik.region("Messages").get_by_text("Sales").filter(visible=True)).to_have_count(0)
