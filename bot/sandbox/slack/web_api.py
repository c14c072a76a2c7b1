"""The Web API over HTTP: token, scopes, limits and faults around each method."""

import asyncio
import json
import socket
import struct
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.methods import Call, Method
from bot.sandbox.slack.methods_chat import CHAT
from bot.sandbox.slack.methods_files import FILES
from bot.sandbox.slack.methods_people import PEOPLE
from bot.sandbox.slack.methods_views import VIEWS
from bot.sandbox.slack.model import JSON, ApiCall, RateLimited, Refused
from bot.sandbox.slack.place import Place

METHODS: dict[str, Method] = {**PEOPLE, **CHAT, **VIEWS, **FILES}
_OBJECTS = ("view", "blocks", "attachments", "metadata")
_HTML = "<html><head><title>503 Service Unavailable</title></head><body>try later</body></html>"
_LINGER_OFF = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class WebApi:
    """Answers /api/{method}. `tokens`: token → "" or the error it is answered with.

    `posts_per_s`: how many chat.postMessage a channel takes per second; 0 does not count them.
    """

    place: Place
    scopes: frozenset[str]
    tokens: dict[str, str]
    posts_per_s: float = 0.0
    faults: Faults = field(default_factory=Faults)
    calls: list[ApiCall] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _last_post: dict[str, datetime] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        began = time.monotonic()
        fault = self.faults.take(name)
        try:
            args, token, was_json = await _read(request)
        except ValueError:
            self.place.refusals.note(name, "invalid_json")
            return web.json_response({"ok": False, "error": "invalid_json"})
        if fault is not None:
            spoiled = await self._spoil(fault, request, name, args, began)
            if spoiled is not None:
                return spoiled
        status, answer = self._run(name, args, token, was_json)
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        if status == 429:
            headers["Retry-After"] = str(answer.pop("retry_after"))
        self._log(name, args, status, answer, began)
        if fault is not None and fault.kind in ("reset_after", "hang_after"):
            return await self._lose(fault, request)
        return web.json_response(answer, status=status, headers=headers)

    def _run(self, name: str, args: JSON, token: str, was_json: bool) -> tuple[int, JSON]:
        try:
            method = METHODS.get(name)
            if method is None:
                raise Refused("unknown_method", req_method=name)
            self._admit(method, token)
            if was_json and not method.json and args:
                self.place.refusals.note(name, "json_not_supported", *args)
                args = {}
            call = Call(self.place, args, self.scopes)
            call.need(*method.scopes)
            self._pace(name, args)
            return 200, {"ok": True, **method.run(call)}
        except RateLimited as limited:
            self.place.refusals.note(name, "ratelimited")
            return 429, {"ok": False, "error": "ratelimited", "retry_after": limited.retry_after_s}
        except Refused as refused:
            self.place.refusals.note_refused(name, refused)
            return 200, {"ok": False, "error": refused.error, **refused.extra}

    def _admit(self, method: Method, token: str) -> None:
        if not token:
            raise Refused("not_authed")
        error = self.tokens.get(token, "invalid_auth")
        if error:
            raise Refused(error)
        if token.startswith("xapp-") != (method.by == "app"):
            raise Refused("not_allowed_token_type")

    def _pace(self, name: str, args: JSON) -> None:
        if not self.posts_per_s or name != "chat.postMessage":
            return
        channel, now = str(args.get("channel")), self.place.workspace.clock.now()
        last = self._last_post.get(channel)
        if last is not None and now - last < timedelta(seconds=1 / self.posts_per_s):
            raise RateLimited(1)
        self._last_post[channel] = now

    def _log(self, name: str, args: JSON, status: int, answer: JSON, began: float) -> None:
        ok, error = bool(answer.get("ok")), str(answer.get("error", ""))
        now = time.monotonic()
        self.calls.append(ApiCall(name, args, now, ok, error, status, answer, (now - began) * 1000))
        self.place.workspace.happenings.tell("called", text=name, ok=ok, error=error)

    # -- faults ---------------------------------------------------------------------------------------

    async def _spoil(
        self, fault: Fault, request: web.Request, name: str, args: JSON, began: float
    ) -> web.Response | None:
        """The answer instead of the effect, or None when the call goes on."""
        if fault.kind in ("reset_after", "hang_after"):
            return None
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay_s)
            return None
        if fault.kind in ("reset_before", "hang"):
            self._log(name, args, 0, {"ok": False, "error": fault.kind}, began)
            return await self._lose(fault, request)
        response = _bad_answer(fault)
        error = {"ok": False, "error": fault.error if fault.kind == "error" else fault.kind}
        self._log(name, args, response.status, error, began)
        return response

    async def _lose(self, fault: Fault, request: web.Request) -> web.Response:
        if fault.kind.startswith("hang"):
            await self.closing.wait()
        elif request.transport is not None:
            line: socket.socket | None = request.transport.get_extra_info("socket")
            if line is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
            request.transport.abort()
        return web.Response()


def _bad_answer(fault: Fault) -> web.Response:
    match fault.kind:
        case "429":
            headers = {"Retry-After": str(fault.retry_after_s)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case "500":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        case "503":
            return web.Response(text=_HTML, status=503, content_type="text/html")
        case "garbage":
            return web.Response(text='{"ok": tru', content_type="application/json")
        case _:
            return web.json_response({"ok": False, "error": fault.error})


async def _read(request: web.Request) -> tuple[JSON, str, bool]:
    """Arguments, token, and whether the body was JSON (whose token counts only in the header)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("the body must be an object")
        return {**args, **{k: v for k, v in body.items() if v is not None}}, token, True
    form = await request.post()
    args |= {key: value for key, value in form.items() if isinstance(value, str)}
    in_form = str(args.pop("token", ""))
    for key in _OBJECTS:
        if isinstance(args.get(key), str):
            args[key] = _parsed(args[key])
    return args, token or in_form, False


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
