"""Every way a view or message can reach Slack, as bytes: a bare bot that sends it and says what came back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.sandbox.slack import FakeSlack
from tests.handlers.views.good import JSON, asking, modal

ANA = "U0ANA"
HERE = "C0GENERAL"
FORM = modal(asking({"type": "plain_text_input", "action_id": "a", "initial_value": "x"}))


class Wire:
    """A bot without any client library. Each way returns Slack's error, "" when it was accepted."""

    def __init__(
        self, slack: FakeSlack, http: aiohttp.ClientSession, ws: aiohttp.ClientWebSocketResponse
    ) -> None:
        self.slack, self._http, self._ws = slack, http, ws
        self.ways: dict[str, dict[str, Callable[[JSON], Awaitable[str]]]] = {
            "modal": {
                "views.open": self._open,
                "views.update": self._update,
                "views.push": self._push,
                "the acknowledgement's update": lambda view: self._submit("update", view),
                "the acknowledgement's push": lambda view: self._submit("push", view),
            },
            "home": {"views.publish": self._publish},
            "message": {
                "chat.postMessage": lambda args: self._call("chat.postMessage", channel=HERE, **args),
                "chat.postEphemeral": lambda args: self._call(
                    "chat.postEphemeral", channel=HERE, user=ANA, **args
                ),
                "chat.update": self._edit,
                "response_url": self._respond,
                "the command's acknowledgement": self._answer,
            },
        }

    async def _call(self, method: str, **args: Any) -> str:
        headers = {"Authorization": f"Bearer {self.slack.bot_token}"}
        async with self._http.post(f"{self.slack.api_url}{method}", json=args, headers=headers) as response:
            answer = await response.json()
        self.last = answer
        return "" if answer["ok"] else str(answer["error"])

    async def _open(self, view: JSON) -> str:
        return await self._call("views.open", trigger_id=self.slack.place.windows.trigger(ANA), view=view)

    async def _opened(self) -> str:
        """A form is open; its id."""
        assert await self._open(FORM) == ""
        return str(self.last["view"]["id"])

    async def _update(self, view: JSON) -> str:
        return await self._call("views.update", view_id=await self._opened(), view=view)

    async def _push(self, view: JSON) -> str:
        below = await self._opened()
        trigger = self.slack.place.windows.trigger(ANA, below)
        return await self._call("views.push", trigger_id=trigger, view=view)

    async def _publish(self, view: JSON) -> str:
        return await self._call("views.publish", user_id=ANA, view=view)

    async def _edit(self, args: JSON) -> str:
        assert await self._call("chat.postMessage", channel=HERE, text="before") == ""
        return await self._call("chat.update", channel=HERE, ts=self.last["ts"], **args)

    async def _respond(self, args: JSON) -> str:
        url = self.slack.place.answers.url(HERE, ANA)
        async with self._http.post(url, json=args) as response:
            return "" if response.status == 200 else str((await response.json())["error"])

    async def _submit(self, action: str, view: JSON) -> str:
        await self._opened()
        before = len(self.slack.refusals)
        deed = asyncio.ensure_future(self.slack.person("ana").submit())
        await self._acknowledge({"response_action": action, "view": view})
        await deed
        return self._refused_since(before)

    async def _answer(self, args: JSON) -> str:
        before = len(self.slack.refusals)
        deed = asyncio.ensure_future(self.slack.person("ana").type("/whatsapp"))
        await self._acknowledge(args)
        await deed
        return self._refused_since(before)

    async def _acknowledge(self, payload: JSON) -> None:
        envelope = await self._ws.receive_json()
        await self._ws.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})

    def _refused_since(self, before: int) -> str:
        new = self.slack.refusals[before:]
        return new[0].error if new else ""


@asynccontextmanager
async def wired() -> AsyncIterator[Wire]:
    async with FakeSlack() as slack, aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {slack.app_token}"}
        async with http.post(f"{slack.api_url}apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        async with http.ws_connect(url) as ws:
            await ws.receive_json()
            yield Wire(slack, http, ws)
