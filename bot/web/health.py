"""For whoever watches the process: is it alive, is it ready, and what has it counted."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from sqlmodel import Session

from bot.counts import Counts
from bot.web.guard import plain
from bot.web.server import Route
from storage import events, flows, outbox
from storage.db import Database
from storage.errors import StorageError

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "CF-Connecting-IP")


class Health:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(
        self,
        *,
        db: Database,
        counts: Counts,
        connected: Callable[[], Awaitable[bool]],
        stopping: asyncio.Event,
        public_url: str,
    ) -> None:
        self._db = db
        self._counts = counts
        self._connected = connected
        self._stopping = stopping
        parts = urlsplit(public_url)
        self._public_host = parts.netloc.casefold() if parts.scheme == "https" else ""

    @property
    def routes(self) -> tuple[Route, ...]:
        return (
            Route("GET", "/healthz", self.alive),
            Route("GET", "/readyz", self.ready),
            Route("GET", "/metrics", self.metrics),
        )

    async def alive(self, request: web.Request) -> web.StreamResponse:
        """That this is answered at all is the answer."""
        return plain(200, "alive")

    async def ready(self, request: web.Request) -> web.StreamResponse:
        """200, or 503 with each thing that is missing."""
        missing = [
            what
            for what, there in (
                ("Slack is not connected", await self._connected()),
                ("the database cannot be written", self._db.writable),
                ("the bot is stopping", not self._stopping.is_set()),
            )
            if not there
        ]
        return plain(503, "\n".join(missing)) if missing else plain(200, "ready")

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """Only for this machine or network: whoever comes through the proxy finds nothing."""
        if self._is_public(request):
            raise web.HTTPNotFound
        try:
            owed, waiting, ends = await self._db.read(_on_disk)
        except StorageError:
            return plain(503, "The database cannot be read.")
        page = self._counts.page(owed=owed, waiting=waiting, ends=ends)
        return web.Response(body=page, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    def _is_public(self, request: web.Request) -> bool:
        return request.host.casefold() == self._public_host or any(
            name in request.headers for name in _FORWARDED
        )


def _on_disk(session: Session) -> tuple[int, int, dict[str, int]]:
    return outbox.backlog(session).count, events.backlog(session), flows.ends(session)
