"""The front door when an acknowledgement cannot leave."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.call import Answer, Call
from handlers.front import Front
from handlers.people import People
from handlers.screen import Slack
from tests.desk import Desk


async def lost(**_: Any) -> None:
    raise ConnectionResetError("the socket is gone")


@pytest.mark.parametrize("kind", ["command", "submit"])
async def test_what_was_claimed_is_done_even_when_its_acknowledgement_is_lost(desk: Desk, kind: str):
    done: list[str] = []

    async def work() -> None:
        done.append("done")

    async def listener(call: Call) -> Answer:
        return Answer({}, work)

    async with aiohttp.ClientSession() as session:
        slack = Slack(client=AsyncWebClient(base_url=desk.slack.api_url, session=session), session=session)
        people = People(config=desk.bot.services.config, slack=slack, clock=desk.clock)
        team = desk.ana.screen.place.workspace.team_id
        front = Front(services=desk.bot.services, people=people, slack=slack, team_id=team)
        body = {"trigger_id": "1.2.x", "team_id": team, "user": {"id": "U0ANA"}}
        await front.serve(lost, body, kind, "one press", listener)
        while len(desk.bot.services.tasks):
            await asyncio.sleep(0)
    assert done == ["done"]
