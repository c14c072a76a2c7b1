"""What each person is offered, and what is said to a word the bot does not know."""

import pytest

from tests.desk import Desk
from tests.e2e.steps import with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")

READS = ["status", "budget"]
ALL = ["status", "reconnect", "code", "refresh", "budget"]


@pytest.mark.parametrize(
    ("name", "verbs"),
    [("vik", READS), ("ana", ALL), ("maya", ALL), ("ada", ALL), ("luis", []), ("guest", [])],
)
async def test_the_menu_and_the_help_offer_what_this_person_may_run(desk: Desk, name: str, verbs: list[str]):
    person = desk.person(name)
    await person.type("/whatsapp help")
    assert [verb for verb in ALL if f"/whatsapp {verb}" in person.sees()] == verbs
    await person.type("/whatsapp")
    labels = {"status": "Status", "reconnect": "Reconnect", "code": "Enter code", "budget": "Budget",
              "refresh": "Try refreshing permissions"}  # fmt: skip
    assert [verb for verb in ALL if f"[{labels[verb]}]" in person.sees()] == verbs
    assert ("You have no role" in person.sees()) is (not verbs)


async def test_every_menu_button_does_what_its_command_does(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp")
    await ana.click("Status")
    await ana.wait_for("9 numbers:")
    await ana.click("Reconnect", beside="Bring a number back")
    await ana.wait_for_window("Reconnect number")
    await ana.close()
    await ana.click("Budget")
    await ana.wait_for("Which number? (budget)")
    await ana.click("Try refreshing permissions")
    await ana.wait_for("Which number? (refresh)")


async def test_somebody_without_a_role_is_offered_the_code_box_only_while_one_waits_for_them(desk: Desk):
    luis = desk.luis
    await luis.type("/whatsapp")
    assert "Enter code" not in luis.sees()
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await desk.ana.wait_for("Who has the phone?")
    await desk.ana.submit({"Who has the phone?": "luis"})
    await luis.type("/whatsapp help")
    assert "/whatsapp code" in luis.sees()
    assert "/whatsapp status" not in luis.sees()


@pytest.mark.parametrize(
    ("typed", "meant"), [("reconect 4821", "reconnect"), ("stauts", "status"), ("bugdet", "budget")]
)
async def test_a_misspelt_verb_is_answered_with_the_one_that_was_meant(desk: Desk, typed: str, meant: str):
    await desk.ana.type(f"/whatsapp {typed}")
    assert f"Did you mean `{meant}`?" in desk.ana.sees()
    assert f"[{meant.capitalize()}]" in desk.ana.sees()


async def test_a_verb_one_may_not_run_is_never_proposed(desk: Desk):
    await desk.vik.type("/whatsapp reconect")
    await desk.vik.wait_for("I do not know")
    assert "Did you mean" not in desk.vik.sees()
    assert "I do not know “reconect”. Type `/whatsapp help`" in desk.vik.sees().replace("\n  ", " ")


async def test_a_word_like_nothing_gets_the_way_to_the_help(desk: Desk):
    await desk.ana.type("/whatsapp <!channel> frobnicate")
    await desk.ana.wait_for("I do not know")
    assert "Type `/whatsapp help`" in desk.ana.sees()


async def test_answers_are_visible_only_to_the_asker(desk: Desk):
    for words in ("", "help", "status", "status 4821", "budget 4821", "nonsense"):
        await desk.ana.type(f"/whatsapp {words}")
    await desk.ana.wait_for("Budget of Sales")
    await desk.ana.wait_for("Checked at")
    await desk.ana.wait_for("9 numbers:")
    assert "WhatsApp" not in desk.maya.reads("#general")
