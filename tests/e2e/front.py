"""A reverse proxy in front of the bot's server or of Meta, as good or bad as a story wants it."""

from collections.abc import Callable, Mapping
from types import TracebackType

import aiohttp
from aiohttp import web

Spoils = Callable[[web.Request], int | tuple[int, bytes] | None]
"""The status, or status and body, that goes out instead of the answer; None: the answer itself."""


def is_handshake(request: web.Request) -> bool:
    return request.method == "GET" and not is_wrong_token(request)


def is_wrong_token(request: web.Request) -> bool:
    return request.method == "GET" and request.query["hub.verify_token"].startswith("wrong-")


# Scenario → how the proxy spoils one part of the webhook test.
SPOILT: Mapping[str, Spoils] = {
    "the handshake is refused": lambda request: 403 if is_handshake(request) else None,
    "a signature is demanded on GET": lambda request: 401 if request.method == "GET" else None,
    "a wrong verify token is taken": lambda request: 200 if is_wrong_token(request) else None,
    "a good signature is refused": lambda request: 401 if request.method == "POST" else None,
    "a bad signature is taken": lambda request: 200 if request.method == "POST" else None,
}
ELSEWHERE = ("the name is not in the DNS", "the certificate is bad")
_OWN = ("host", "content-length", "accept-encoding")


class Front:
    """Passes everything on to `behind`; `spoils` may change any answer, and may be changed."""

    def __init__(self, spoils: Spoils = lambda _: None) -> None:
        self.behind = ""
        self.spoils = spoils
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> "Front":
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        self._session = aiohttp.ClientSession()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        headers = {name: text for name, text in request.headers.items() if name.lower() not in _OWN}
        asked = self._session.request(
            request.method, f"{self.behind}{request.path_qs}", data=await request.read(), headers=headers
        )
        async with asked as answer:
            body, status, kind = await answer.read(), answer.status, answer.content_type
        match self.spoils(request):
            case int() as status:
                body = b""
            case (status, body):
                kind = "application/json"
        return web.Response(status=status, body=body, content_type=kind)
