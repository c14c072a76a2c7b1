"""One open tab: what it is told waits in a line of its own, and one that does not keep up is cut off."""

import asyncio
from contextlib import suppress

from aiohttp import web

MOST_WAITING = 500  # frames
SENT_WITHIN_S = 20.0


class Tab:
    """`user_id`: whose eyes it has. After a cut the page comes back by itself and begins afresh."""

    def __init__(
        self, user_id: str, ws: web.WebSocketResponse, transport: asyncio.BaseTransport | None
    ) -> None:
        self.user_id = user_id
        self._ws = ws
        self._transport = transport
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)

    def tell(self, text: str) -> None:
        """Put a frame into the line; never waits."""
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self._cut()

    async def run(self) -> None:
        """Until the tab goes, or is cut off."""
        sending = asyncio.create_task(self._send())
        try:
            async for _ in self._ws:
                pass  # a tab has nothing to say here; it acts by POST
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    async def close(self) -> None:
        """Say goodbye; the server ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await self._ws.close(code=1001)
        self._cut()

    async def _send(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            while True:
                text = await self._waiting.get()
                async with asyncio.timeout(SENT_WITHIN_S):
                    await self._ws.send_str(text)
        self._cut()

    def _cut(self) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
