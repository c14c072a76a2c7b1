"""What the acknowledgement of a submission does to the window."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.acks import TROUBLE
from tests.sandbox.slack.conftest import (
    answering,
    connected_by_hand,
    field,
    modal,
    section,
)


async def test_a_command_opens_a_window_and_its_submission_reaches_the_bot(bolt, opens, ana, slack):
    opens(modal(field("code", "Verification code")))
    heard = answering(bolt)
    await ana.type("/whatsapp reconnect 4821")
    window = await ana.wait_for_window("A window")
    assert (window.submit, window.fields) == ("Send", {"Verification code": None})
    await ana.submit(verification_code="123456")
    assert heard[0]["view"]["state"]["values"]["code"]["value"]["value"] == "123456"
    assert "channel" not in heard[0]
    assert "response_url" not in heard[0]
    assert ana.modal is None
    assert slack.refusals == []


async def test_errors_stand_beside_their_field_and_the_window_stays(bolt, opens, ana):
    opens(modal(field("code", "Code")))
    answering(bolt, response_action="errors", errors={"code": "Not six digits."})
    await ana.type("/whatsapp")
    await ana.submit(code="12")
    assert ana.modal.errors == {"Code": "Not six digits."}
    assert ana.modal.fields == {"Code": "12"}
    assert "! Not six digits." in ana.sees()


async def test_errors_for_something_that_is_no_input_are_trouble(bolt, opens, ana, slack):
    opens(modal({**section("Hello"), "block_id": "hello"}, field("code", "Code")))
    answering(bolt, response_action="errors", errors={"hello": "Sections show no errors."})
    await ana.type("/whatsapp")
    await ana.submit(code="12")
    assert TROUBLE in ana.modal.text
    assert slack.refusals[-1].problems == ("errors.hello: not the block_id of an input",)


@pytest.mark.parametrize(
    "payload",
    [
        {"response_action": "explode"},
        {"response_action": "clear", "view": {}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"code": ""}},
        {"text": "A submission takes no text."},
    ],
)
async def test_an_ack_slack_does_not_understand_is_trouble(slack, ana, client, payload):
    await client.views_open(trigger_id=slack.windows.trigger(ana.id), view=modal(field("code", "Code")))
    async with connected_by_hand(slack) as ws:
        submitted = asyncio.create_task(ana.submit(code="1"))
        envelope = await ws.receive_json()
        await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
        await submitted
    assert TROUBLE in ana.modal.text


async def test_an_update_in_the_ack_replaces_the_window_and_keeps_its_id(bolt, opens, ana):
    opens(modal(field("code", "Code")))
    answering(bolt, response_action="update", view=modal(section("Checking…"), submit=None))
    await ana.type("/whatsapp")
    before = ana.modal.id, ana.modal.hash
    await ana.submit(code="123456")
    assert "Checking…" in ana.modal.text
    assert ana.modal.submit is None
    assert ana.modal.id == before[0]
    assert ana.modal.hash != before[1]


@pytest.mark.parametrize(
    "view",
    [
        modal(section("x"), title="A title of more than twenty-four letters"),
        {"type": "modal", "blocks": [section("no title")]},
        modal(field("code", "Code"), submit=None),
    ],
)
async def test_an_invalid_view_in_the_ack_is_trouble(bolt, opens, ana, slack, view):
    opens(modal(field("code", "Code")))
    answering(bolt, response_action="update", view=view)
    await ana.type("/whatsapp")
    await ana.submit(code="123456")
    assert TROUBLE in ana.modal.text
    assert slack.refusals[-1].error == "invalid_arguments"


async def test_a_pushed_window_lies_on_top_and_an_empty_ack_goes_back(bolt, opens, ana):
    opens(modal(field("code", "Code")))
    answering(
        bolt, response_action="push", view=modal(section("Sure?"), title="Second", callback_id="second")
    )

    @bolt.view("second")
    async def on_second(ack):
        await ack()

    await ana.type("/whatsapp")
    below = ana.modal.id
    await ana.submit(code="123456")
    assert ana.modal.title == "Second"
    assert ana.modal.window.root_id == ana.modal.window.previous_id == below
    await ana.submit()
    assert ana.modal.id == below
    assert ana.modal.fields == {"Code": "123456"}


async def test_clear_closes_the_whole_stack(bolt, opens, ana):
    opens(modal(field("code", "Code")))
    answering(bolt, response_action="clear")
    await ana.type("/whatsapp")
    await ana.submit(code="123456")
    assert ana.modal is None


async def test_nobody_answering_a_submission_is_trouble_and_keeps_what_was_typed(bolt, opens, slack, ana):
    slack.delivery.deadline_s = 0.3
    opens(modal(field("code", "Code"), callback_id="nobody_listens"))
    await ana.type("/whatsapp")
    ack = await ana.submit(code="123456")
    assert ack.error == "operation_timeout"
    assert TROUBLE in ana.sees()
    assert ana.modal.fields == {"Code": "123456"}


async def test_a_window_closed_by_its_empty_ack_is_not_found_afterwards(bolt, opens, ana, client):
    opens(modal(field("code", "Code")))
    heard = answering(bolt)
    await ana.type("/whatsapp")
    await ana.submit(code="1")
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=heard[0]["view"]["id"], view=modal(section("Late")))


async def test_two_submissions_in_one_tick_both_arrive(bolt, opens, ana, slack):
    opens(modal(field("code", "Code")))
    heard = answering(bolt, response_action="update", view=modal(section("Checking…"), submit=None))
    await ana.type("/whatsapp")
    acks = await ana.submit_twice(code="123456")
    assert [a.ok for a in acks] == [True, True]
    assert len(heard) == 2
    assert len({log.envelope_id for log in slack.envelopes}) == 3


async def test_a_background_update_after_the_ack_wins(bolt, opens, ana, client):
    opens(modal(field("code", "Code")))
    tasks = []

    @bolt.view("window")
    async def on_window(ack, body):
        await ack(response_action="update", view=modal(section("Checking…"), submit=None))
        tasks.append(asyncio.create_task(later(body["view"]["id"])))

    async def later(view_id):
        await asyncio.sleep(0.03)
        await client.views_update(view_id=view_id, view=modal(section("Done"), submit=None))

    await ana.type("/whatsapp")
    await ana.submit(code="1")
    assert "Checking…" in ana.modal.text
    await ana.wait_for("Done")
    assert "Checking…" not in ana.modal.text
