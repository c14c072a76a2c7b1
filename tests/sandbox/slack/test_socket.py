"""Socket Mode: tickets, the time to acknowledge, copies, disconnects, dead links."""

import asyncio

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import connected_by_hand, running, section, ticket_url


async def test_a_ticket_is_good_for_one_connection(slack):
    url = await ticket_url(slack)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as ws:
            hello = await ws.receive_json()
            assert hello["type"] == "hello"
            assert hello["num_connections"] == 1
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)
    assert refused.value.status == 404
    assert slack.refusals[-1].error == "used_or_expired_ticket"


async def test_a_spoilt_ticket_is_refused(slack):
    url = await ticket_url(slack)
    slack.delivery.links.spoil_tickets()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_the_eleventh_connection_is_too_many(slack):
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await ticket_url(slack)) for _ in range(10)]
        async with session.ws_connect(await ticket_url(slack)) as eleventh:
            frame = await eleventh.receive_json()
            assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")
        for ws in sockets:
            await ws.close()


async def test_without_a_connection_a_command_is_not_dispatched(slack, ana):
    ack = await ana.type("/whatsapp status")
    assert ack.error == "dispatch_failed"
    assert "/whatsapp failed with the error “dispatch_failed”" in ana.sees()


async def test_a_late_acknowledgement_is_an_operation_timeout(bolt, slack, ana):
    @bolt.command("/whatsapp")
    async def slow(ack):
        await asyncio.sleep(0.3)
        await ack("too late")

    noted = asyncio.Event()
    slack.place.refusals.on_note = lambda _: noted.set()
    slack.delivery.deadline_s = 0.1
    ack = await ana.type("/whatsapp status")
    assert ack.error == "operation_timeout"
    assert "/whatsapp failed with the error “operation_timeout”" in ana.sees()
    await noted.wait()
    assert slack.refusals[-1].error == "acknowledged_too_late"
    assert "too late" not in ana.sees()
    [log] = slack.envelopes
    assert log.timed_out
    assert log.latency_ms > 100


async def test_the_acknowledgement_can_carry_the_reply(bolt, slack, ana):
    @bolt.command("/whatsapp")
    async def answer(ack, command):
        await ack(f"You typed {command['text']} in {command['channel_name']}")

    ack = await ana.type("/whatsapp status sales")
    assert "You typed status sales in general" in ana.sees()
    assert "only visible to you" in ana.sees()
    assert "You typed" not in slack.person("maya").reads("#general")
    assert 0 < ack.latency_s < 3.0


async def test_an_invalid_reply_in_the_acknowledgement_is_refused(bolt, slack, ana):
    @bolt.command("/whatsapp")
    async def answer(ack):
        await ack(text="x", blocks=[section("y" * 3001)])

    await ana.type("/whatsapp")
    assert "invalid_command_response" in ana.sees()
    assert slack.refusals[-1].error == "invalid_blocks"


async def test_an_unknown_command_never_reaches_the_bot(bolt, slack, ana):
    await ana.type("/whatsup")
    assert "/whatsup is not a valid command." in ana.sees()
    assert slack.envelopes == []


async def test_only_the_first_acknowledgement_counts(slack, ana):
    async with connected_by_hand(slack) as ws:
        typed = asyncio.create_task(ana.type("/whatsapp"))
        envelope = await ws.receive_json()
        for words in ("first", "second"):
            await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": words}})
        await typed
        await ws.send_json({"envelope_id": "made up"})
        await ws.send_str("not json")
    assert "first" in ana.sees()
    assert "second" not in ana.sees()
    assert [r.error for r in slack.refusals] == [
        "acknowledged_twice",
        "unknown_envelope",
        "not_an_acknowledgement",
    ]


async def test_a_click_takes_no_payload_in_its_acknowledgement(slack, ana):
    async with connected_by_hand(slack) as ws:
        opened = asyncio.create_task(ana.open_home())
        envelope = await ws.receive_json()
        assert envelope["accepts_response_payload"] is False
        await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hello"}})
        assert (await opened).payload is None
    assert slack.refusals[-1].error == "payload_not_accepted"


async def test_each_payload_goes_to_any_one_of_two_connections(slack, ana):
    heard = []

    def app(name):
        made = AsyncApp(
            client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url),
            name=name,
            process_before_response=True,
        )

        @made.command("/whatsapp")
        async def hear(ack):
            heard.append(name)
            await ack()

        return made

    async with running(app("one"), slack), running(app("two"), slack):
        for _ in range(12):
            await ana.type("/whatsapp")
    assert len(heard) == 12
    assert set(heard) == {"one", "two"}


async def test_two_hundred_envelopes_fifty_at_a_time(bolt, slack):
    @bolt.command("/whatsapp")
    async def answer(ack):
        await ack()

    gate = asyncio.Semaphore(50)

    async def one():
        async with gate:
            return await slack.deliver(slack.slash_envelope("ana", "/whatsapp status"))

    acks = await asyncio.gather(*(one() for _ in range(200)))
    assert all(a.ok for a in acks)


async def test_the_foreign_person_comes_from_another_team(bolt, slack):
    seen = []

    @bolt.command("/whatsapp")
    async def hear(ack, command):
        seen.append(command["team_id"])
        await ack()

    await slack.person("foreign").type("/whatsapp")
    await slack.person("ana").type("/whatsapp")
    assert seen == ["T0OTHER", "T0DESK"]


async def test_mentions_arrive_as_ids(bolt, slack, ana):
    seen = []

    @bolt.command("/whatsapp")
    async def hear(ack, command):
        seen.append(command["text"])
        await ack()

    await ana.type("/whatsapp code @luis #general @nobody")
    assert seen == ["code <@U0LUIS|luis> <#C0GENERAL|general> @nobody"]
