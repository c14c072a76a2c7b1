"""Socket Mode's connections: single-use tickets, up to ten websockets, and the ways they break."""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.slack.happenings import PATIENCE_S
from bot.sandbox.slack.model import JSON
from bot.sandbox.slack.refusals import Refusals
from bot.sandbox.slack.workspace import APP_ID

MOST_CONNECTIONS = 10


@dataclass(eq=False, slots=True)
class Connection:
    """One websocket. `mute`: half open, it neither answers pings nor hears; `leaving`: gets nothing new."""

    ws: web.WebSocketResponse
    request: web.Request
    mute: bool = False
    leaving: bool = False

    async def send(self, text: str) -> None:
        """A dead link takes the bytes and says nothing, as TCP does for a while."""
        if not self.mute:
            with contextlib.suppress(ConnectionError):
                await self.ws.send_str(text)

    def cut(self) -> None:
        self.leaving = True
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(slots=True)
class Links:
    """All open sockets of the app. `heard` gets each text frame and the moment it arrived."""

    refusals: Refusals
    heard: Callable[[str, float], None]
    ticket_s: float = 30.0
    connections: list[Connection] = field(default_factory=list)
    opened: int = 0
    _tickets: dict[str, float] = field(default_factory=dict)
    _goodbyes: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _dice: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311 - no secret hangs on it

    def ticket(self) -> str:
        """Good for one connection, for `ticket_s` seconds."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic() + self.ticket_s
        return ticket

    def spoil_tickets(self) -> None:
        """Every URL handed out so far answers 404 from now on."""
        self._tickets.clear()

    async def link(self, request: web.Request) -> web.StreamResponse:
        """GET /link?ticket=…: the websocket itself."""
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < time.monotonic():
            self.refusals.note("link", "used_or_expired_ticket")
            raise web.HTTPNotFound
        ws = web.WebSocketResponse(autoping=False, max_msg_size=1 << 20)
        await ws.prepare(request)
        connection = Connection(ws, request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await self._farewell(connection, "too_many_websockets")
            await ws.close()
            return ws
        self.connections.append(connection)
        self.opened += 1
        try:
            await ws.send_json(self._hello())
            self._changed.set()
            await self._listen(connection)
        finally:
            with contextlib.suppress(ValueError):
                self.connections.remove(connection)
            self._changed.set()
        return ws

    def _hello(self) -> JSON:
        debug = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18_060}
        info = {"app_id": APP_ID}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": info,
            "debug_info": debug,
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.ws:
            if connection.mute:
                continue
            if message.type is WSMsgType.TEXT:
                self.heard(message.data, time.perf_counter())
            elif message.type is WSMsgType.PING:
                await connection.ws.pong(message.data)

    async def connected(self, count: int = 1, *, since: int = 0, timeout_s: float = PATIENCE_S) -> None:
        """Wait until `count` sockets are open and more than `since` were ever. TimeoutError otherwise."""
        async with asyncio.timeout(timeout_s):
            while len(self._open()) < count or self.opened <= since:
                self._changed.clear()
                await self._changed.wait()

    def _open(self) -> list[Connection]:
        return [c for c in self.connections if not c.leaving and not c.ws.closed]

    def any(self) -> Connection | None:
        """The socket the next payload goes to: any one, there is no pattern to rely on."""
        sockets = self._open()
        return self._dice.choice(sockets) if sockets else None

    async def disconnect(
        self, reason: str = "refresh_requested", *, close_after_s: float | None = None
    ) -> None:
        """Tell every connection to go; hang up `close_after_s` later (10 after a warning, else 0.5)."""
        for connection in tuple(self.connections):
            await self._farewell(connection, reason)
            after = close_after_s if close_after_s is not None else 10.0 if reason == "warning" else 0.5
            task = asyncio.get_running_loop().create_task(self._hang_up(connection, after))
            self._goodbyes.add(task)
            task.add_done_callback(self._goodbyes.discard)

    async def _farewell(self, connection: Connection, reason: str) -> None:
        connection.leaving = True
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
        await connection.send(json.dumps(frame))

    async def _hang_up(self, connection: Connection, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await connection.ws.close()

    def go_half_open(self) -> None:
        """The links look alive from here and are dead: nothing gets through, no ping is answered."""
        for connection in self.connections:
            connection.mute = True

    def drop(self) -> None:
        """Cut every TCP connection without a goodbye."""
        for connection in tuple(self.connections):
            connection.cut()

    async def close(self) -> None:
        for task in tuple(self._goodbyes):
            task.cancel()
        await asyncio.gather(*self._goodbyes, return_exceptions=True)
        self.drop()
