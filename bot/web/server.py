"""The server: which paths there are, and its start and stop."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.guard import Handler, guard, in_our_headers, plain

HEADERS_WITHIN_S = 15.0  # also how long a kept connection may be idle
LINGERS_S = 1.0  # for what is still sent after an answer was given
LAST_ANSWERS_WITHIN_S = 3.0

log = logging.getLogger(__name__)


class CannotListen(Exception):
    """The address cannot be listened on; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path that is served. Another method than those named for a path is 405, another path 404."""

    method: str
    path: str
    handler: Handler


class _Connection(web.RequestHandler):
    """One connection. aiohttp's own would answer what is no HTTP with a piece of it, and log it with a traceback."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, HttpProcessingError):
            log.info("a request that is no HTTP was refused (%s)", type(exc).__name__)
        else:
            log.error("a request could not be handled", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is under way already")
        answer = in_our_headers(
            plain(status, "This is no request." if status < 500 else "Something went wrong here.")
        )
        answer.force_close()
        return answer


class WebServer:
    """Listens on one address. What it serves is handed in."""

    def __init__(
        self, *, host: str, port: int, routes: Sequence[Route], headers_within_s: float = HEADERS_WITHIN_S
    ) -> None:
        self._host = host
        self._port = port
        self._headers_within_s = headers_within_s
        app = web.Application(middlewares=[guard])
        for route in routes:
            app.router.add_route(route.method, route.path, route.handler)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=LAST_ANSWERS_WITHIN_S)
        self._listener: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port that is listened on; 0 before the start."""
        sockets = self._listener.sockets if self._listener else ()
        return int(sockets[0].getsockname()[1]) if sockets else 0

    async def start(self) -> None:
        """Raises CannotListen."""
        await self._runner.setup()
        try:
            self._listener = await asyncio.get_running_loop().create_server(
                self._connection, self._host, self._port, backlog=128
            )
        except OSError as error:
            await self._runner.cleanup()
            why = error.strerror or type(error).__name__
            raise CannotListen(
                f"HTTP_HOST {self._host} and HTTP_PORT {self._port} cannot be listened on ({why}): "
                "choose others, or stop what uses them."
            ) from None

    def _connection(self) -> web.RequestHandler:
        server = self._runner.server
        assert server is not None, "set up before it listens"  # noqa: S101
        return _Connection(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # as its own runner has none: addresses hold codes
            auto_decompress=False,  # signatures are over what was sent, and a small body stays small
            keepalive_timeout=self._headers_within_s,  # counted from the first byte of the connection
            lingering_time=LINGERS_S,
        )

    async def close(self) -> None:
        """Take no more requests, answer those that are there, then end. May be called twice."""
        listener, self._listener = self._listener, None
        if listener:
            listener.close()
            await self._runner.cleanup()
