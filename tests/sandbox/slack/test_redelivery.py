"""Copies, late acknowledgements, disconnect frames and dead links."""

import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import FakeSlack
from tests.sandbox.slack.conftest import connected_by_hand, modal, running, section


@pytest.mark.parametrize(("same_id", "ids"), [(True, 1), (False, 4)])
async def test_an_envelope_can_arrive_four_times(bolt, slack, ana, same_id, ids):
    heard = []

    @bolt.command("/whatsapp")
    async def hear(ack, command):
        heard.append(command["trigger_id"])
        await ack("Heard.")

    slack.redeliver_next(3, (0.0, 0.02, 0.04), same_id=same_id)
    await ana.type("/whatsapp")
    await slack.settled()
    assert len(heard) == 4
    assert len(set(heard)) == 1
    assert len({log.envelope_id for log in slack.envelopes}) == ids
    assert [log.copy for log in slack.envelopes] == [0, 1, 2, 3]
    assert ana.sees().count("Heard.") == 1


async def test_an_old_envelope_can_come_again_much_later(bolt, slack, ana):
    heard = []

    @bolt.command("/whatsapp")
    async def hear(ack):
        heard.append(1)
        await ack()

    await ana.type("/whatsapp")
    await slack.redeliver(slack.envelopes[0])
    assert len(heard) == 2


async def test_an_event_nobody_acknowledged_comes_again_with_its_attempt():
    async with FakeSlack(ack_s=0.1, event_retry_s=(0.0, 0.02, 60.0)) as slack, connected_by_hand(slack) as ws:
        opened = asyncio.create_task(slack.person("ana").open_home())
        first, second, third = [await ws.receive_json() for _ in range(3)]
        await ws.send_json({"envelope_id": third["envelope_id"]})
        await slack.settled()
        assert (await opened).error == "operation_timeout"
        assert [e["retry_attempt"] for e in (first, second, third)] == [0, 1, 2]
        assert third["retry_reason"] == "timeout"
        assert len({e["payload"]["event_id"] for e in (first, second, third)}) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets", "link_disabled"])
async def test_after_a_disconnect_frame_the_app_comes_back_with_a_new_ticket(bolt, slack, ana, reason):
    @bolt.command("/whatsapp")
    async def answer(ack):
        await ack("Still here.")

    await slack.disconnect(reason)
    await slack.connected()
    assert slack.delivery.links.opened == 2
    assert len(slack.called("apps.connections.open")) == 2
    await ana.type("/whatsapp")
    assert "Still here." in ana.sees()


async def test_a_cut_connection_is_replaced(app, slack, ana):
    @app.command("/whatsapp")
    async def answer(ack):
        await ack("Still here.")

    async with running(app, slack, ping_interval=0.1):
        slack.drop()
        await slack.connected()
        await ana.type("/whatsapp")
        assert "Still here." in ana.sees()


async def test_a_half_open_connection_swallows_commands_until_it_is_noticed(app, slack, ana):
    slack.delivery.deadline_s = 0.3
    heard = []

    @app.command("/whatsapp")
    async def answer(ack):
        heard.append(1)
        await ack("Back.")

    async with running(app, slack, ping_interval=0.2):
        slack.go_half_open()
        assert (await ana.type("/whatsapp")).error == "operation_timeout"
        await slack.connected(since=1)
        await ana.type("/whatsapp")
    assert "Back." in ana.sees()
    assert len(heard) == 1


async def test_a_trigger_from_a_command_is_exchanged_when_the_command_is_repeated(bolt, slack, ana):
    errors = []

    @bolt.command("/whatsapp")
    async def hear(ack, command, client):
        await ack()
        try:
            await client.views_open(trigger_id=command["trigger_id"], view=modal(section("Hi")))
        except SlackApiError as refused:
            errors.append(refused.response["error"])

    slack.redeliver_next()
    await ana.type("/whatsapp")
    await slack.settled()
    assert errors == ["exchanged_trigger_id"]
