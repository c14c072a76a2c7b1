"""The server: which paths there are, and its start and stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.guard import guard

HEADERS_WITHIN_S = 15  # also how long a kept connection may be idle
LINGERS_S = 1.0  # for what is still sent after an answer was given
LAST_ANSWERS_WITHIN_S = 3.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotListen(Exception):
    """The address cannot be listened on; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path that is served. Another method than those named for a path is 405, another path 404."""

    method: str
    path: str
    handler: Handler


class WebServer:
    """Listens on one address. What it serves is handed in."""

    def __init__(
        self, *, host: str, port: int, routes: Sequence[Route], headers_within_s: float = HEADERS_WITHIN_S
    ) -> None:
        self._host = host
        self._port = port
        app = web.Application(middlewares=[guard])
        for route in routes:
            app.router.add_route(route.method, route.path, route.handler)
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            auto_decompress=False,  # signatures are over what was sent, and a small body stays small
            keepalive_timeout=headers_within_s,  # aiohttp counts it from the first byte of the connection
            lingering_time=LINGERS_S,
            shutdown_timeout=LAST_ANSWERS_WITHIN_S,
        )

    @property
    def port(self) -> int:
        """The port that is listened on; 0 before the start."""
        addresses = self._runner.addresses
        return int(addresses[0][1]) if addresses else 0

    async def start(self) -> None:
        """Raises CannotListen."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            why = error.strerror or type(error).__name__
            raise CannotListen(
                f"HTTP_HOST {self._host} and HTTP_PORT {self._port} cannot be listened on ({why}): "
                "choose others, or stop what uses them."
            ) from None

    async def close(self) -> None:
        """Take no more requests, answer those that are there, then end. May be called twice."""
        await asyncio.shield(self._runner.cleanup())
