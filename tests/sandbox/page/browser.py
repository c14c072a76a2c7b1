"""The page as a browser's tabs see it, over real sockets, with a bot of three lines behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.sandbox.page.server import PageServer
from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.model import Message
from bot.sandbox.world import Sandbox

JSON = dict[str, Any]


class Tab:
    """One open tab: what it was told so far, in order."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.frames: list[JSON] = []
        self.hello: JSON = {}

    async def next(self, kind: str, fits: Callable[[JSON], bool] = lambda frame: True) -> JSON:
        """The next frame of this kind that `fits`, from now on; those on the way to it are kept in `frames`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: JSON = json.loads(await self.ws.receive_str())
                self.frames.append(frame)
                if frame["kind"] == kind and fits(frame):
                    return frame

    async def quiet(self, marker: str) -> list[JSON]:
        """Everything told before the traffic of a call named `marker`, which the test has just made."""
        start = len(self.frames)
        await self.next("traffic", lambda f: any(e["what"] == marker for e in f["entries"]))
        return self.frames[start:]


class Browser:
    """Tabs, deeds, and the tiny bot: `answers` is what it acknowledges with, `heard` what it got."""

    def __init__(self, sandbox: Sandbox, page: PageServer, http: aiohttp.ClientSession) -> None:
        self.sandbox, self.page, self.http = sandbox, page, http
        self.slack = sandbox.slack
        self.heard: list[JSON] = []
        self.answers: Callable[[JSON], JSON | None] = lambda envelope: None
        self.acknowledges = True

    @asynccontextmanager
    async def tab(self, user_id: str = "U0ANA") -> AsyncIterator[Tab]:
        async with self.http.ws_connect(f"{self.page.url}live?as={user_id}") as ws:
            tab = Tab(ws)
            tab.hello = await tab.next("hello")
            yield tab

    async def post(self, path: str, body: object) -> tuple[int, JSON]:
        async with self.http.post(self.page.url + path, json=body) as answer:
            return answer.status, await answer.json()

    async def act(self, verb: str, person: str = "U0ANA", **body: object) -> JSON:
        """The answer to a deed that is done."""
        status, answer = await self.post(f"act/{verb}", {"as": person, **body})
        assert status == 200, answer
        return answer

    async def refused(self, verb: str, person: str = "U0ANA", **body: object) -> str:
        """The sentence of one that is not."""
        status, answer = await self.post(f"act/{verb}", {"as": person, **body})
        assert status == 200, "a browser would write it into its console"
        assert set(answer) == {"error"}
        return str(answer["error"])

    async def weight(self, path: str) -> int:
        """How many bytes of this file travel to a browser."""
        async with (
            aiohttp.ClientSession(auto_decompress=False) as raw,
            raw.get(self.page.url + path, headers={"Accept-Encoding": "gzip"}) as answer,
        ):
            assert answer.status == 200
            return len(await answer.read())

    def says(self, text: str, channel: str = "#general", **more: Any) -> Message:
        """The bot posts this."""
        where = self.slack.channel(channel) if channel.startswith("#") else self.slack.workspace.dm(channel)
        return self.slack.workspace.post(where, Message("", where.id, "U0DESK", text, **more))

    def opens(self, view: JSON, person: str = "U0ANA") -> JSON:
        """The bot opens this window; as its person sees it."""
        windows = self.slack.place.windows
        window = windows.open(windows.trigger(person), view)
        return {"view": window.id}

    async def call(self, method: str, **arguments: object) -> JSON:
        """A Web API call of the bot."""
        headers = {"Authorization": f"Bearer {self.slack.bot_token}"}
        async with self.http.post(self.slack.api_url + method, json=arguments, headers=headers) as answer:
            said: JSON = await answer.json()
            return said

    async def be_the_bot(self) -> None:
        """Acknowledge whatever comes."""
        headers = {"Authorization": f"Bearer {self.slack.app_token}"}
        async with self.http.post(self.slack.api_url + "apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with self.http.ws_connect(url) as ws:
            async for message in ws:
                envelope = json.loads(message.data)
                if "envelope_id" not in envelope:
                    continue
                self.heard.append(envelope)
                payload = self.answers(envelope)
                reply = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
                if self.acknowledges:
                    await ws.send_json(reply)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A sandbox whose bot is played by the test."""
    sandbox = Sandbox()
    sandbox.slack.delivery.deadline_s = 3.0
    page = PageServer(sandbox)
    async with aiohttp.ClientSession() as http:
        await sandbox.slack.start()
        await sandbox.meta.start()
        await page.start()
        browser = Browser(sandbox, page, http)
        bot = asyncio.create_task(browser.be_the_bot())
        try:
            await sandbox.slack.connected()
            yield browser
        finally:
            bot.cancel()
            await asyncio.gather(bot, return_exceptions=True)
            await page.close()
            await sandbox.stop()
