"""What hostile or hurried people type, click and forge: each gets its sentence, and nothing is lost or sent."""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.slack import payloads
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.model import Message
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.workspace import BOT_USER
from tests.desk import Desk
from tests.e2e.steps import at_the_pin, choosing, seen, title, window_says, with_a_code_out
from tests.e2e.trouble import BRISK, assert_records_hold, idle, outcomes, own, types

MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def desk(a_desk: MakeDesk) -> AsyncIterator[Desk]:
    desk = await a_desk(tempo=BRISK)
    yield desk
    await assert_records_hold(desk)
    assert [r for r in desk.slack.refusals if r.error not in EXPECTED] == []


EXPECTED = ("not_found", "channel_not_found")  # a window closed meanwhile; nobody there to write to
LOST = "I know no number called"
SENTENCES = {
    "status 9999": f"{LOST} “9999”.",
    "status 48": f"{LOST} “48”.",
    "status +49 171 1234567": "No number of our WhatsApp accounts ends in “+49 171 1234567”.",
    "status 106540352249999": "No number of our WhatsApp accounts ends in “106540352249999”.",
    "status Salse": "Did you mean “Sales”?",
    "reconnect nonsense": f"{LOST} “nonsense”.",
    "refresh nonsense": f"{LOST} “nonsense”.",
    "budget nonsense": f"{LOST} “nonsense”.",
    "code nonsense": "No code is out for this number that you could type.",
    "code": "No code is out that you could type.",
    "code 4821": "No code is out for this number that you could type.",
    "frobnicate": "I do not know “frobnicate”. Type `/whatsapp help` to see what you may do.",
    "recnnect": "I do not know “recnnect”. Did you mean `reconnect`?",
    "status " + "9" * 10_000: "No number of our WhatsApp accounts ends in “" + "9" * 40 + "”.",
    "x" * 10_000: "I do not know “" + "x" * 60 + "”.",
    "status 📱\u202e\x00 :tada: <!channel>": "📱",
    "<!channel>": "I do not know “<!channel>”.",
    "@maya": "I do not know “",
    "status <@U0MAYA|maya>": LOST,
    "\u202e\x07": "I do not know",
    "🙂🙂🙂": "I do not know “🙂🙂🙂”.",
}


@pytest.mark.parametrize("words", SENTENCES)
async def test_a_command_that_makes_no_sense_gets_a_sentence_and_asks_meta_for_nothing(desk, words):
    said = await types(desk, desk.ana, f"/whatsapp {words}")
    assert SENTENCES[words] in " ".join(said.split())
    assert [call for call in desk.meta.calls if call.is_write] == []
    assert outcomes(desk) == []


@pytest.mark.parametrize(
    "words", ["+1 (555) 010-4821", "٤٨٢١", "０４８２１", "sales", "SALES", "Sal", "15550104821"]
)
async def test_a_number_is_known_in_any_usual_form(desk, words):
    assert "Sales" in await types(desk, desk.ana, f"/whatsapp status {words}")


async def test_a_suffix_that_fits_several_numbers_offers_a_choice(desk):
    for name in ("Support", "Billing"):
        desk.meta.number(name).display_phone_number = f"+1 202-555-{1 if name == 'Billing' else 2}777"
    said = await types(desk, desk.ana, "/whatsapp status 777")
    assert "I know no number called “777”." in said  # three digits name nothing
    desk.meta.number("Support").display_phone_number = "+1 312-555-1777"
    desk.skip(minutes=2)
    said = await types(desk, desk.ana, "/whatsapp status 1777")
    assert "2 numbers fit “1777”" in said or "fit" in said
    await desk.ana.type("/whatsapp reconnect 1777")
    await desk.ana.wait_for("How should Meta send the code?")
    assert "2 numbers fit “1777”. Which one?" in seen(desk.ana)
    assert await desk.ana.options("Number") == ["Billing …1777", "Support …1777"]
    await desk.ana.close()
    await desk.ana.type("/whatsapp reconnect")
    await desk.ana.wait_for("How should Meta send the code?")
    assert "fit" not in seen(desk.ana)


CODES = {
    "12": "That is 2 digits; the code has 6. Compare it with the message or the call.",
    "123": "That is 3 digits; the code has 6. Compare it with the message or the call.",
    "1234567": "That is 7 digits; the code has 6. Compare it with the message or the call.",
    "7": "That is 1 digit; the code has 6. Compare it with the message or the call.",
    "12a456": "A code has only digits: 6 of them, please.",
    "①②③④⑤⑥": "A code has only digits: 6 of them, please.",
    "²²²²²²": "A code has only digits: 6 of them, please.",
    "- - -": "Type the code: 6 digits.",
    "9" * 60: "That is 60 digits; the code has 6. Compare it with the message or the call.",
}


@pytest.mark.parametrize("code", CODES)
async def test_a_code_that_cannot_be_one_is_said_beside_the_field_and_stays_there(desk, code):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": code})
    assert desk.ana.modal.errors == {"Verification code": CODES[code]}
    assert desk.ana.modal.fields["Verification code"] == code
    assert desk.writes("verify_code") == 0
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


PINS = {
    "123": "That is 3 digits; a PIN has exactly 6.",
    "1234567": "That is 7 digits; a PIN has exactly 6.",
    "pin": "A PIN has only digits: 6 of them, please.",
    "––": "Type the PIN: 6 digits.",
}


@pytest.mark.parametrize("pin", PINS)
async def test_a_pin_that_cannot_be_one_is_said_beside_the_field_and_stays_there(desk, pin):
    await at_the_pin(desk, desk.ana)
    await desk.ana.submit({"Two-step PIN": pin})
    assert desk.ana.modal.errors == {"Two-step PIN": PINS[pin]}
    assert desk.ana.modal.fields["Two-step PIN"] == pin
    await desk.ana.click("Set a new PIN")
    await desk.ana.wait_for_window("Set a new PIN")
    await desk.ana.submit({"New two-step PIN": pin, "This replaces the old PIN": ["Yes, replace it"]})
    assert desk.ana.modal.errors == {"New two-step PIN": PINS[pin]}
    assert (desk.writes("/register"), desk.writes(desk.meta.number("Sales").id)) == (0, 0)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}–{1} ", "\u200f{0}\u00a0{1}"])
async def test_a_code_may_be_typed_as_it_stands_in_the_message(desk, typed):
    await with_a_code_out(desk.ana)
    code = desk.meta.phone("Sales").latest_code()
    await desk.ana.submit({"Verification code": typed.format(code[:3], code[3:])})
    await desk.ana.wait_for_window("Connect the number")


async def test_a_code_of_four_digits_is_asked_about_once_more_before_a_try_is_burnt(desk):
    await with_a_code_out(desk.ana)
    await desk.ana.submit({"Verification code": "1234"})
    await window_says(desk.ana, "That was not six digits, and Meta's codes have 6.")
    assert desk.writes("verify_code") == 0
    assert "3 of 3 tries left" in seen(desk.ana)


async def test_an_expired_code_is_not_sent_to_meta(desk):
    await with_a_code_out(desk.ana)
    code = desk.meta.phone("Sales").latest_code()
    desk.skip(minutes=10, seconds=1)
    await desk.ana.submit({"Verification code": code})
    errors = desk.ana.modal.errors
    assert "more than ten minutes old" in errors["Verification code"]
    assert desk.writes("verify_code") == 0
    await desk.ana.type("/whatsapp reconnect 4821")
    await desk.ana.wait_for_window("Reconnect number")
    await idle(desk)
    await desk.ana.submit()
    await desk.ana.wait_for_window("Enter the code")


async def test_a_code_that_a_newer_one_replaced_says_so_and_the_newer_one_works(desk):
    await with_a_code_out(desk.ana)
    old = desk.meta.phone("Sales").latest_code()
    desk.skip(seconds=61)
    await desk.ana.click("Send again")
    await idle(desk)
    await desk.ana.submit({"Verification code": old})
    await window_says(desk.ana, "2 of 3 tries left for this code")
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


async def test_the_window_of_an_ended_flow_says_so_and_offers_a_way_on(desk):
    await with_a_code_out(desk.ana)
    stale = desk.ana.modal.window
    envelope = payloads.view_submission(place(desk), desk.ana.user, stale)
    await desk.ana.click("Stop reconnecting")
    await desk.ana.wait_for_window("Stopped")
    envelope["payload"]["view"]["state"]["values"]["reconnect.code"]["reconnect.code.text"]["value"] = (
        "123456"
    )
    ack = await desk.slack.deliver(envelope)
    assert "has ended" in str(ack.payload)
    assert desk.writes("verify_code") == 0


async def test_a_click_on_a_week_old_message_still_leads_somewhere(desk):
    await with_a_code_out(desk.ana)
    await desk.ana.close()
    await desk.ana.wait_for("the reconnect waits for you")
    desk.skip(days=7)
    await desk.ana.click("Continue")
    await idle(desk)
    assert title(desk.ana) in ("Enter the code", "Reconnect number", "Expired")
    assert desk.writes("request_code") == 1


def place(desk: Desk) -> Any:
    return desk.ana.screen.place


async def press(
    desk: Desk, person: Person, action_id: str, value: str = "", *, in_window: bool = True
) -> Ack:
    """A click that the windows do not offer."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1",
              "text": {"type": "plain_text", "text": "x"}}  # fmt: skip
    window = place(desk).windows.top(person.id)
    if in_window and window:
        envelope = payloads.view_action(place(desk), person.user, window, action)
    else:
        channel = desk.slack.channel("#general")
        message = place(desk).workspace.post(channel, _message(channel.id, person.id))
        envelope = payloads.message_action(place(desk), person.user, channel, message, action)
    ack = await desk.slack.deliver(envelope)
    await idle(desk)
    return ack


def _message(channel_id: str, to: str) -> Any:
    return Message("", channel_id, BOT_USER, "old", ephemeral_to=to)


@pytest.mark.parametrize("action_id", ["gone.button", "", "a" * 255])
async def test_a_button_of_an_older_version_says_so(desk, action_id):
    await press(desk, desk.ana, action_id)
    assert "This button or window is from an older version of the bot." in desk.ana.sees()


async def test_a_window_of_an_older_version_says_so(desk):
    await choosing(desk.ana)
    envelope = payloads.view_submission(place(desk), desk.ana.user, desk.ana.modal.window)
    envelope["payload"]["view"]["callback_id"] = "gone.window"
    ack = await desk.slack.deliver(envelope)
    assert "from an older version of the bot" in str(ack.payload)


async def forged(desk: Desk, person: Person, **changes: Any) -> Ack:
    """A submission of the window on top with parts of the view exchanged."""
    envelope = payloads.view_submission(place(desk), person.user, person.modal.window)
    view = envelope["payload"]["view"]
    for key, value in changes.items():
        if key == "values":
            view["state"]["values"] = {**copy.deepcopy(view["state"]["values"]), **value}
        else:
            view[key] = value
    ack = await desk.slack.deliver(envelope)
    await idle(desk)
    return ack


GARBAGE = ["f" + "0" * 16, "'; DROP TABLE flow; --", "{}", "f", "\x00", "x" * 3000, "106540352242922"]


@pytest.mark.parametrize("about", GARBAGE)
async def test_forged_window_data_leads_nowhere(desk, about):
    await with_a_code_out(desk.ana)
    code = {"reconnect.code": {"reconnect.code.text": {"type": "plain_text_input", "value": "123456"}}}
    ack = await forged(desk, desk.ana, private_metadata=about, values=code)
    assert "This flow is not known any more." in str(ack.payload)
    assert desk.writes("verify_code") == 0


@pytest.mark.parametrize("callback", ["reconnect.send", "reconnect.verify", "reconnect.connect", "reconnect.set_pin",
                                      "reconnect.handed"])  # fmt: skip
async def test_another_persons_flow_cannot_be_driven_by_forging_its_id(desk, callback):
    """Ada is an admin, so no role stands in the way: only the flow's owner does."""
    await with_a_code_out(desk.ana)
    flow_id = desk.ana.modal.window.view["private_metadata"]
    ada = desk.person("ada")
    await choosing(ada, "Berlin")
    typed = lambda field, value: {f"reconnect.{field}": {f"reconnect.{field}.text": {"value": value}}}  # noqa: E731
    values = {
        **typed("code", desk.meta.phone("Sales").latest_code()), **typed("pin", "123456"),
        **typed("fresh_pin", "681357"),
        "reconnect.sure": {"reconnect.sure.tick": {"selected_options": [{"value": "yes"}]}},
        "reconnect.holder": {"reconnect.holder.person": {"selected_user": "U0LUIS"}},
    }  # fmt: skip
    ack = await forged(desk, ada, private_metadata=flow_id, callback_id=callback, values=values)
    assert "This reconnect belongs to <@U0ANA>." in str(ack.payload)
    writes = [c.path.rpartition("/")[2] for c in desk.meta.calls if c.is_write]
    assert writes == ["request_code"]


async def test_not_six_digits_in_another_persons_flow_do_not_show_that_flow(desk):
    await with_a_code_out(desk.ana)
    flow_id = desk.ana.modal.window.view["private_metadata"]
    await choosing(desk.maya, "Berlin")
    code = {"reconnect.code": {"reconnect.code.text": {"value": "1234"}}}
    ack = await forged(desk, desk.maya, private_metadata=flow_id, callback_id="reconnect.verify", values=code)
    assert "010-4821" not in str(ack.payload)
    assert "This reconnect belongs to <@U0ANA>." in str(ack.payload)


@pytest.mark.parametrize(
    ("field", "value"), [("method", "FAX"), ("method", ""), ("language", "tlh_QO"), ("language", "en'")]
)
async def test_a_value_that_was_never_offered_is_refused_beside_its_field(desk, field, value):
    await choosing(desk.ana)
    values = {f"reconnect.{field}": {f"reconnect.{field}.choice": {"selected_option": {"value": value}}}}
    ack = await forged(desk, desk.ana, values=values)
    assert ack.payload["response_action"] == "errors"
    assert list(ack.payload["errors"]) == [f"reconnect.{field}"]
    assert desk.writes("request_code") == 0


ACTIONS = ["reconnect.continue", "reconnect.cancel", "reconnect.send_again", "reconnect.call", "reconnect.hand_off",
           "reconnect.take_back", "reconnect.new_pin", "reconnect.join", "reconnect.take_over", "reconnect.refresh",
           "status.check", "status.view", "reconnect.open", "menu.run", "menu.pick", "menu.choose", "menu.next",
           "refresh.open", "budget.open", "status.next"]  # fmt: skip


@pytest.mark.parametrize("value", ["f" + "9" * 16, "x y z", "\x00", ""])
async def test_forged_button_values_lead_nowhere(desk, value):
    for action_id in ACTIONS:
        ack = await press(desk, desk.ana, action_id, value, in_window=False)
        assert ack.ok
    assert [call for call in desk.meta.calls if call.is_write] == []
    assert "Something went wrong on our side" not in desk.ana.sees()


@pytest.mark.parametrize("action_id", ["reconnect.cancel", "reconnect.send_again", "reconnect.call",
                                       "reconnect.hand_off", "reconnect.take_back", "reconnect.new_pin",
                                       "reconnect.refresh"])  # fmt: skip
async def test_the_buttons_of_another_persons_flow_say_whose_it_is(desk, action_id):
    await at_the_pin(desk, desk.ana)
    flow_id = desk.ana.modal.window.view["private_metadata"]
    await press(desk, desk.maya, action_id, flow_id, in_window=False)
    assert "This reconnect belongs to @ana." in "\n".join(own(desk, desk.maya))
    assert title(desk.ana) == "Connect the number"
    assert "[Take over]" in own(desk, desk.maya)[-1]  # she is a manager
    await press(desk, desk.person("luis"), action_id, flow_id, in_window=False)
    assert "[Take over]" not in "\n".join(own(desk, desk.person("luis")))


async def test_a_viewers_forged_clicks_and_submits_are_refused(desk):
    await choosing(desk.ana)
    flow_id = desk.ana.modal.window.view["private_metadata"]
    for action_id in (
        "reconnect.open",
        "reconnect.refresh",
        "refresh.open",
        "reconnect.take_over",
        "reconnect.send_again",
    ):
        await press(desk, desk.vik, action_id, flow_id, in_window=False)
    said = "\n".join(own(desk, desk.vik))
    assert said.count("Only operators") >= 4
    assert "Only managers and above may" in said
    await desk.told()
    assert "was refused: not allowed" in desk.maya.reads("#whatsapp-audit")


@pytest.mark.parametrize(("person", "sentence"), [
    ("foreign", "This bot serves another workspace."),
    ("guest", "Only viewers and above may use `/whatsapp status`."),
    ("luis", "Only viewers and above may use `/whatsapp status`."),
])  # fmt: skip
async def test_who_may_not_is_told_so_and_it_is_on_record(desk, person, sentence):
    assert sentence in await types(desk, desk.person(person), "/whatsapp status")
    await desk.told()
    assert f"@{person} was refused: not allowed" in desk.maya.reads("#whatsapp-audit")
    assert desk.meta.calls == [] or all(not c.is_write for c in desk.meta.calls)


async def test_a_foreign_teams_click_and_submit_are_refused(desk):
    await choosing(desk.ana)
    envelope = payloads.view_submission(place(desk), desk.ana.user, desk.ana.modal.window)
    envelope["payload"]["team"]["id"] = "T0EVIL"
    envelope["payload"]["user"]["team_id"] = "T0EVIL"
    ack = await desk.slack.deliver(envelope)
    assert "This bot serves another workspace." in str(ack.payload)
    assert desk.writes("request_code") == 0


async def test_in_a_channel_that_is_not_for_it_the_command_says_where_it_is(a_desk):
    desk = await a_desk(tempo=BRISK, WHATSAPP_CHANNELS="C0RANDOM")
    said = await types(desk, desk.ana, "/whatsapp status")
    assert "`/whatsapp` is not used in this channel." in said
    assert "Use it in #random, or in a message to me." in said
    assert "WhatsApp help" in await types(desk, desk.ana, "/whatsapp help", "#random")
    assert "WhatsApp help" in await types(desk, desk.ana, "/whatsapp help", "@desk")


async def test_the_code_box_cannot_be_handed_to_oneself_or_to_nobody(desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Only this person")
    await desk.ana.submit({"Who has the phone?": "U0ANA"})
    assert desk.ana.modal.errors == {
        "Who has the phone?": "Choose somebody else: you have the code box already."
    }
    ack = await forged(desk, desk.ana, values={"reconnect.holder": {"reconnect.holder.person": {}}})
    assert ack.payload["errors"] == {"reconnect.holder": "Choose who has the phone."}


async def test_the_code_box_is_not_handed_to_the_bot(desk):
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Only this person")
    chosen = {"type": "users_select", "selected_user": BOT_USER}
    ack = await forged(desk, desk.ana, values={"reconnect.holder": {"reconnect.holder.person": chosen}})
    assert "reconnect.holder" in ack.payload["errors"]


async def test_who_hands_the_code_box_to_nobody_reachable_has_it_again_by_itself_and_is_told(desk):
    who = "U0NOBODY"
    await with_a_code_out(desk.ana)
    await desk.ana.click("Someone else has the phone")
    await window_says(desk.ana, "Only this person")
    values = {"reconnect.holder": {"reconnect.holder.person": {"type": "users_select", "selected_user": who}}}
    await forged(desk, desk.ana, values=values)
    await desk.ana.wait_for("cannot be reached from here, so the code of Sales …4821 will not come")
    await window_says(desk.ana, "cannot be reached from here, so the code box is yours again.")
    assert "Take back" not in seen(desk.ana)
    await desk.ana.submit({"Verification code": desk.meta.phone("Sales").latest_code()})
    await desk.ana.wait_for_window("Connect the number")


JUMPS = [
    timedelta(hours=-1),
    timedelta(seconds=400),
    timedelta(seconds=-400),
    timedelta(days=1),
    timedelta(days=-1),
]


@pytest.mark.parametrize("by", JUMPS, ids=str)
async def test_a_clock_that_jumps_at_every_step_leaves_nothing_stuck(desk, by):
    def jump() -> None:
        desk.clock.jump(desk.clock.now() + by)

    ana = desk.ana
    await choosing(ana)
    jump()
    await ana.submit()
    await ana.wait_for_window("Enter the code")
    jump()
    await ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    if by > timedelta(minutes=10):
        assert title(ana) == "Reconnect number"  # that code is dead
        await ana.submit()
        await ana.wait_for_window("Enter the code")
    await ana.submit({"Verification code": desk.meta.number("Sales").sent.text})
    await ana.wait_for_window("Connect the number")
    jump()
    await ana.submit({"Two-step PIN": desk.seed.sales_pin})
    await ana.wait_for_window("Connected")
    jump()
    await desk.told()


async def test_no_wait_is_longer_than_its_length_after_the_clock_went_back(desk):
    await with_a_code_out(desk.ana)
    desk.clock.jump(desk.clock.now() - timedelta(hours=1))
    await desk.ana.type("/whatsapp reconnect 4821")
    await idle(desk)
    await window_says(desk.ana, "“Send again” and “Call instead” open in")
    assert "open in 0:5" in seen(desk.ana) or "open in 1:00" in seen(desk.ana)
    assert "Time left: 9:5" in seen(desk.ana) or "Time left: 10:00" in seen(desk.ana)
