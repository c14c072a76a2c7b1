"""Faults of the Web API: as often as asked, with or without the effect."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


@pytest.mark.parametrize("kind", ["429", "500", "503", "garbage", "error"])
async def test_a_fault_happens_as_often_as_asked_and_has_no_effect(slack, client, kind):
    slack.add_fault("chat.postMessage", kind, times=2, error="fatal_error")
    for _ in range(2):
        with pytest.raises((SlackApiError, ValueError)):
            await client.chat_postMessage(channel="C0GENERAL", text="lost")
    assert slack.channel("#general").messages == []
    await client.chat_postMessage(channel="C0GENERAL", text="arrived")
    assert [c.ok for c in slack.called("chat.postMessage")] == [False, False, True]


@pytest.mark.parametrize(("kind", "posted"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_before_and_after_the_effect(slack, kind, posted):
    slack.add_fault("chat.postMessage", kind)
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0GENERAL", text="maybe")
    assert len(slack.channel("#general").messages) == posted


@pytest.mark.parametrize(("kind", "posted"), [("hang", 0), ("hang_after", 1)])
async def test_a_call_that_never_comes_back(slack, kind, posted):
    slack.add_fault("chat.postMessage", kind)
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.chat_postMessage(channel="C0GENERAL", text="maybe")
    assert len(slack.channel("#general").messages) == posted


async def test_a_share_of_calls_fails_after_some_good_ones(slack, client):
    slack.add_fault("*", "500", times=None, skip=5, share=0.5)
    answers = []
    for _ in range(45):
        try:
            answers.append((await client.auth_test())["ok"])
        except SlackApiError:
            answers.append(False)
    assert all(answers[:5])
    assert 8 < answers.count(False) < 32
    slack.clear_faults()
    assert (await client.auth_test())["ok"]
