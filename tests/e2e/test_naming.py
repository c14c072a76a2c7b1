"""Which number a person means: a nickname, last digits, the whole number in any usual form, or nothing."""

import pytest

from tests.desk import Desk
from tests.e2e.steps import choosing, seen, window_says

NICKNAMES = "Sales desk=106540352242922,help LINE=+1 202-555-0121"


@pytest.mark.parametrize(
    "typed",
    [
        "sales", "SALES", "4821", "104821", "15550104821", "+15550104821", "+1 555-010-4821", "+1 (555) 010-4821",
        "001 555 010 4821", "1.555.010.4821", "106540352242922", "٤٨٢١", "４８２１", "+१ ५५५-०१०-४८२१", "sal",
        "  4821  ", "+1\u00a0555\u2011010\u20114821",
    ],
)  # fmt: skip
async def test_every_usual_form_finds_the_number(desk: Desk, nothing_refused: None, typed: str):
    await desk.vik.type(f"/whatsapp status {typed}")
    await desk.vik.wait_for("Checked at")
    assert "Sales  +1 555-010-4821" in desk.vik.sees()


async def test_a_nickname_is_what_people_see_and_type(a_desk):
    desk: Desk = await a_desk(WHATSAPP_NICKNAMES=NICKNAMES)
    await desk.ana.type("/whatsapp status")
    await desk.ana.wait_for("Sales desk")
    assert "help LINE" in desk.ana.sees()
    await choosing(desk.ana, "sales desk")
    assert "Sales desk +1 555-010-4821" in seen(desk.ana)
    await desk.ana.submit()
    await desk.maya.wait_for("@ana is reconnecting Sales desk …4821")


async def test_digits_that_fit_several_numbers_offer_a_choice(desk: Desk, nothing_refused: None):
    await desk.vik.type("/whatsapp status 0123")
    await desk.vik.wait_for("2 numbers fit “0123”. Which one?")
    await desk.vik.click("This one", beside="Outlet")
    await desk.vik.wait_for("Checked at")
    assert "🟠 Outlet" in desk.vik.sees()


async def test_the_wizard_offers_the_same_choice_in_its_window(desk: Desk, nothing_refused: None):
    ana = desk.ana
    desk.meta.number("106540352242928").display_phone_number = "+1 800-555-4821"
    await ana.type("/whatsapp reconnect 4821")
    await window_says(ana, "How should Meta send the code?")
    assert await ana.options("Number") == ["Sales …4821", "Outlet …4821"]
    await ana.submit({"Number": "Sales …4821"})
    await ana.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 1


async def test_nothing_typed_gives_a_picker(desk: Desk, nothing_refused: None):
    await desk.vik.type("/whatsapp budget")
    await desk.vik.wait_for("Which number? (budget)")
    assert len(await desk.vik.options("menu.pick")) == 9
    await desk.vik.choose("menu.pick", "Billing …0132")
    await desk.vik.wait_for("Budget of Billing …0132")


@pytest.mark.parametrize("verb", ["status", "budget", "refresh", "reconnect"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("salse", "I know no number called “salse”. Did you mean “Sales”?"),
        ("12", "Type a nickname, the last 4 digits or more, or the whole number."),
        ("9999999", "No number of our WhatsApp accounts ends in “9999999”."),
        ("+49 151 23456789", "It may belong to an account this bot's token cannot see."),
    ],
)
async def test_a_number_nobody_knows_gets_a_hint(
    desk: Desk, nothing_refused: None, verb: str, typed: str, said: str
):
    await desk.ana.type(f"/whatsapp {verb} {typed}")
    await desk.ana.wait_for(said)
    assert desk.writes("request_code") == 0


async def test_a_strange_name_is_shown_as_text_and_mentions_nobody(desk: Desk, nothing_refused: None):
    desk.meta.number("Sales").verified_name = "<!channel> *bold* <@U0MAYA> :red_circle: & co"
    await desk.ana.type("/whatsapp status 4821")
    await desk.ana.wait_for("Checked at")
    assert "<!channel> bold <@U0MAYA>" in desk.ana.sees()
    await choosing(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    await desk.maya.wait_for("is reconnecting <!channel>")
    assert "@channel" not in desk.maya.reads("#whatsapp-audit")
