"""The code: how it is sent, how it is typed, and how few of them there are."""

import re

import pytest

from tests.desk import Desk
from tests.e2e.steps import buttons, choosing, seen, window_says, with_a_code_out

pytestmark = pytest.mark.usefixtures("nothing_refused")


async def test_an_sms_is_asked_for_unless_the_line_is_no_mobile(desk: Desk):
    await choosing(desk.ana, "4821")
    assert desk.ana.modal.fields["How should Meta send the code?"] == "SMS"
    assert "The phone must be able to receive SMS or calls now." in seen(desk.ana)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    assert [m.kind for m in desk.meta.phone("Sales").messages] == ["SMS"]
    assert "Meta was asked for an SMS" in seen(desk.ana)


@pytest.mark.parametrize(
    ("number", "status", "advice"),
    [
        ("Berlin", "UNVERIFIED", "This looks like a landline: choose “Voice call”."),
        ("Outlet", "DISCONNECTED", "This is a toll-free number: choose “Voice call”"),
        (
            "Warehouse",
            "DISCONNECTED",
            "This looks like an internet (VoIP) number: “Voice call” is safer than SMS.",
        ),
    ],
)
async def test_a_line_that_gets_no_sms_is_advised_and_preset_to_a_call(
    desk: Desk, number: str, status: str, advice: str
):
    desk.meta.number(number).disconnect()
    desk.meta.number(number).status = status
    await choosing(desk.ana, number)
    assert advice in seen(desk.ana)
    assert desk.ana.modal.fields["How should Meta send the code?"] == "Voice call"
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")
    assert [m.kind for m in desk.meta.phone(number).messages] == ["CALL"]
    assert "Meta was asked for a voice call" in seen(desk.ana)


async def test_a_landline_chosen_in_the_window_is_advised_before_an_sms_is_wasted(desk: Desk):
    ana = desk.ana
    await ana.type("/whatsapp reconnect")
    await window_says(ana, "How should Meta send the code?")
    await ana.submit({"Number": "Berlin …5121"})
    await window_says(ana, "This looks like a landline")
    assert desk.writes("request_code") == 0
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    assert [m.kind for m in desk.meta.phone("Berlin").messages] == ["CALL"]


async def test_a_number_chosen_in_the_window_gets_its_code_at_once(desk: Desk):
    await desk.ana.type("/whatsapp reconnect")
    await window_says(desk.ana, "How should Meta send the code?")
    await desk.ana.submit({"Number": "Sales …4821", "Language of the message": "French"})
    await desk.ana.wait_for_window("Enter the code")
    assert desk.meta.phone("Sales").messages[-1].language == "fr_FR"


@pytest.mark.parametrize(
    ("language", "begins"),
    [("German", "dein WhatsApp-Code"), ("Portuguese (Brazil)", "seu código"), ("", "your WhatsApp")],
)
async def test_the_message_comes_in_the_language_that_was_chosen(desk: Desk, language: str, begins: str):
    await choosing(desk.ana)
    await desk.ana.submit({"Language of the message": language} if language else {})
    await desk.ana.wait_for_window("Enter the code")
    assert begins in desk.meta.phone("Sales").messages[-1].text


@pytest.mark.parametrize(
    "typed",
    [
        "{0}{1}{2}{3}{4}{5}",
        "{0}{1}{2}-{3}{4}{5}",
        "{0}{1}{2} {3}{4}{5}",
        " {0} {1} {2} {3} {4} {5} ",
        "arabic",
        "wide",
    ],
)
async def test_spaces_dashes_and_other_scripts_digits_are_all_the_same_code(desk: Desk, typed: str):
    await with_a_code_out(desk.ana)
    code = desk.meta.phone("Sales").latest_code()
    scripts = {"arabic": "٠١٢٣٤٥٦٧٨٩", "wide": "０１２３４５６７８９"}
    text = "".join(scripts[typed][int(d)] for d in code) if typed in scripts else typed.format(*code)
    await desk.ana.submit({"Verification code": text})
    await desk.ana.wait_for_window("Connect the number")


async def test_a_code_keeps_its_leading_zeros(desk: Desk):
    await with_a_code_out(desk.ana)
    desk.meta.number("Sales").sent.text = "000042"
    await desk.ana.submit({"Verification code": "000042"})
    await desk.ana.wait_for_window("Connect the number")


async def test_a_wrong_code_may_be_corrected(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": wrong(desk)})
    await window_says(desk.ana, "Meta did not accept the code.")
    assert "2 of 3 tries left for this code · 5 of 6 tries left in 24 hours" in seen(desk.ana)
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


async def test_three_wrong_codes_use_the_code_up_and_a_new_one_opens_the_box_again(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    for left in (2, 1):
        await ana.submit({"Verification code": wrong(desk)})
        await window_says(ana, f"{left} of 3")
    await ana.submit({"Verification code": wrong(desk)})
    await window_says(ana, "No tries left for this code.")
    assert "Compare it with the message or the call. " in seen(ana)
    assert "type it again" not in seen(ana)
    assert ana.modal.submit is None
    assert desk.writes("verify_code") == 3
    desk.skip(seconds=61)
    await ana.click("Send again")
    await window_says(ana, "3 of 3 tries left for this code · 3 of 6 tries left in 24 hours")
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")


@pytest.mark.parametrize("typed", ["1234", "12 34 5"])
async def test_a_code_that_is_not_six_digits_is_asked_about_before_a_try_is_burnt(desk: Desk, typed: str):
    ana = desk.ana
    await with_a_code_out(ana)
    await ana.submit({"Verification code": typed})
    await window_says(ana, "Nothing was sent, no try was used.")
    await ana.submit()
    assert desk.writes("verify_code") == 0
    await ana.submit({"Not six digits": ["Send it as it is"]})
    await window_says(ana, "2 of 3 tries left for this code")
    assert desk.writes("verify_code") == 1


async def test_after_the_question_six_digits_need_no_tick(desk: Desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": "1234"})
    await window_says(desk.ana, "no try was used")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("12", "That is 2 digits; the code has 6."), ("1234567", "That is 7 digits"), ("12a456", "only digits"),
     ("½23456", "only digits"), ("- - -", "Type the code: 6 digits.")],
)  # fmt: skip
async def test_what_cannot_be_a_code_is_refused_beside_its_field(desk: Desk, typed: str, said: str):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": typed})
    assert said in desk.ana.modal.errors["Verification code"]
    assert desk.ana.modal.fields["Verification code"] == typed
    assert desk.writes("verify_code") == 0


async def test_send_again_waits_a_minute_and_says_until_when(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    assert re.search(r"“Send again” and “Call instead” open in 0:[45]\d \(at \d\d:\d\d\)", seen(ana))
    await ana.click("Send again")
    await window_says(ana, "Too early for more codes. It opens again")
    assert desk.writes("request_code") == 1
    first = desk.meta.phone("Sales").latest_code()
    desk.skip(seconds=61)
    await ana.click("Send again")
    await ana.wait_until(lambda: desk.writes("request_code") == 2 and "Send again" in buttons(ana))
    await window_says(ana, "3 of 5 codes left in 24 hours")
    assert "open in 1:59" in seen(ana)
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")
    assert len(desk.meta.phone("Sales").messages) == 2
    assert first


async def test_call_instead_rings_the_phone(desk: Desk):
    ana = desk.ana
    desk.meta.phone("Sales").lose_next_sms()
    await with_a_code_out(ana)
    desk.skip(seconds=61)
    await ana.click("Call instead")
    await window_says(ana, "Meta was asked for a voice call")
    assert [m.kind for m in desk.meta.phone("Sales").messages] == ["CALL"]
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")


async def test_an_expired_code_is_not_sent_to_meta(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    desk.skip(minutes=10, seconds=1)
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    assert "more than ten minutes old, so it was not sent to Meta" in ana.modal.errors["Verification code"]
    assert desk.writes("verify_code") == 0
    await ana.click("Send again")
    await window_says(ana, "3 of 5 codes left")
    await ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await ana.wait_for_window("Connect the number")


async def test_an_older_code_is_void_once_a_new_one_was_sent(desk: Desk):
    ana = desk.ana
    await with_a_code_out(ana)
    first = desk.meta.phone("Sales").latest_code()
    desk.skip(seconds=61)
    await ana.click("Send again")
    await ana.wait_until(lambda: len(desk.meta.phone("Sales").messages) == 2)
    await window_says(ana, "3 of 5 codes")
    if first != desk.meta.phone("Sales").latest_code():
        await ana.submit({"Verification code": first})
        await window_says(ana, "Meta did not accept the code.")


async def test_five_codes_a_day_then_only_a_manager(desk: Desk):
    ana, maya = desk.ana, desk.maya
    await with_a_code_out(ana)
    for sent, wait in enumerate((1, 2, 5), start=2):
        desk.skip(minutes=wait, seconds=1)
        await ana.click("Send again")
        await window_says(ana, f"{5 - sent} of 5 codes left in 24 hours")
    desk.skip(minutes=15, seconds=1)
    await ana.click("Send again")
    await window_says(ana, "0 of 5 codes left in 24 hours")
    assert "from here on only a manager may go on" in seen(ana)
    await ana.close()
    desk.skip(minutes=61)
    await ana.type("/whatsapp reconnect 4821")
    await window_says(ana, "No code can be asked for now. 0 of 5 codes left in 24 hours")
    assert ana.modal.submit is None
    await ana.click("Stop reconnecting")
    await ana.wait_for_window("Stopped")
    await choosing(maya)
    await maya.submit()
    await maya.wait_for_window("Enter the code")
    assert desk.writes("request_code") == 6


async def test_metas_own_refusal_of_a_code_is_told_in_metas_words(desk: Desk):
    desk.meta.number("Sales").rules.max_codes = 0
    await choosing(desk.ana)
    await desk.ana.submit()
    await window_says(desk.ana, "Too many attempts: You asked for too many codes. Try again later.")
    assert "Meta refuses a code for this number now." in seen(desk.ana)


def wrong(desk: Desk) -> str:
    """A code that is not the one on the phone."""
    return "111111" if desk.meta.phone("Sales").latest_code() != "111111" else "222222"
