"""Somebody's webhook end point: it keeps what reached it and answers what it is told to."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True)
class Post:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def changes(self) -> list[tuple[str, str, dict[str, object]]]:
        """(account, field, value) of each."""
        document = json.loads(self.body)
        assert document["object"] == "whatsapp_business_account"
        return [
            (entry["id"], change["field"], change["value"])
            for entry in document["entry"]
            for change in entry["changes"]
        ]

    @property
    def fields(self) -> list[str]:
        return [field for _, field, _ in self.changes]


class Hook:
    """Knows the verify token "right". `answers`: statuses of the next POSTs, then 200; 0 is no answer at all."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.challenged = 0
        self.answers: list[int] = []
        self.url = ""
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None))

    async def open(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://{}:{}/hook".format(*self._runner.addresses[0])

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET":
            self.challenged += 1
            right = request.query.get("hub.verify_token") == "right"
            return web.Response(text=request.query["hub.challenge"]) if right else web.Response(status=403)
        self.posts.append(Post(request.path, dict(request.headers), await request.read()))
        status = self.answers.pop(0) if self.answers else 200
        if not status and isinstance(request.transport, asyncio.WriteTransport):
            request.transport.abort()
        return web.Response(status=status or 500, headers={"Location": "/moved"} if status == 302 else {})
