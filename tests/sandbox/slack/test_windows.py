"""Windows: what a person enters, what an acknowledgement does, what is kept and what is gone."""

import pytest

from bot.sandbox.slack import ClientRefused
from tests.sandbox.slack.conftest import actions, button, field, modal, section


async def test_a_command_opens_a_window_and_its_submission_reaches_the_bot(bolt, opens, ana, slack):
    opens(modal(field("code", "Verification code")))
    heard = []

    @bolt.view("window")
    async def on_window(ack, view):
        heard.append(view["state"]["values"]["code"]["value"])
        await ack()

    await ana.type("/whatsapp reconnect 4821")
    await ana.wait_for("Verification code")
    assert ana.modal.title == "A window"
    assert ana.modal.submit == "Send"
    await ana.submit(verification_code="123456")
    assert heard == [{"type": "plain_text_input", "value": "123456"}]
    assert ana.modal is None
    assert slack.refusals == []


async def test_errors_stand_beside_their_field_and_the_window_stays(bolt, opens, ana):
    opens(modal(field("code", "Code")))

    @bolt.view("window")
    async def on_window(ack):
        await ack(response_action="errors", errors={"code": "Not six digits."})

    await ana.type("/whatsapp")
    await ana.submit(code="12")
    assert ana.modal.errors == {"Code": "Not six digits."}
    assert ana.modal.fields == {"Code": "12"}
    assert "! Not six digits." in ana.sees()
