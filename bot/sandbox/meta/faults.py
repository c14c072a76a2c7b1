"""Faults on demand: ways to answer badly, before or after the deed is done."""

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from aiohttp import web

Kind = Literal[
    "hang",
    "hang_before",
    "hang_after",
    "reset",
    "reset_before",
    "reset_after",
    "http_500",
    "http_503",
    "http_502_html",
    "http_200_html",
    "garbage_json",
    "empty",
    "invalid_utf8",
    "huge_body",
    "deep_nesting",
    "slow_loris",
    "status_429",
    "wrong_types",
    "success_false_string",
    "drop_connection_at_accept",
]
KINDS: tuple[str, ...] = get_args(Kind)
HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry</h1></body></html>"
HUGE = 5 * 1024 * 1024  # bytes; five times what a careful client reads
DRIP_S = 0.3


@dataclass(slots=True)
class Fault:
    """`match` is a part of "METHOD /path" ("" matches all), `times` how often it strikes (0: always).

    `phase` "before": nothing was done; "after": done, and only the answer is bad. `retry_after` is the
    header of `status_429`, in whatever form: "120", a date, "-5", "soon". A connection dropped at accept
    has neither method nor path nor phase: it strikes the next connection.
    """

    kind: Kind
    match: str = ""
    times: int = 1
    phase: Literal["before", "after"] = "before"
    retry_after: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no fault; there are {', '.join(KINDS)}")
        if self.kind.endswith("_after"):
            self.phase = "after"

    @property
    def way(self) -> str:
        """The kind without its phase."""
        return self.kind.removesuffix("_before").removesuffix("_after")


@dataclass(slots=True)
class Faults:
    """Those still to strike, in the order they were added."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def remove(self, fault: Fault) -> None:
        """Take back one that is like this, if there is any."""
        if fault in self.waiting:
            self.waiting.remove(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, line: str) -> Fault | None:
        """The fault that strikes the request "METHOD /path", counted down."""
        return self._take(lambda fault: fault.kind != "drop_connection_at_accept" and fault.match in line)

    def take_at_accept(self) -> Fault | None:
        return self._take(lambda fault: fault.kind == "drop_connection_at_accept")

    def _take(self, strikes: Callable[[Fault], bool]) -> Fault | None:
        fault = next((fault for fault in self.waiting if strikes(fault)), None)
        if fault is not None and fault.times:
            fault.times -= 1
            if not fault.times:
                self.waiting.remove(fault)
        return fault


async def play(
    fault: Fault, request: web.BaseRequest, answer: Mapping[str, object], closing: asyncio.Event
) -> web.StreamResponse:
    """Answer `request` as the fault says; `answer` is what an honest Meta would have sent."""
    match fault.way:
        case "hang":
            await _hang(request, closing)
            return web.Response()
        case "reset":
            _reset(request)
            return web.Response()
        case "slow_loris":
            return await _drip(request, json.dumps(answer).encode(), closing)
        case "status_429":
            return _throttled(fault)
        case "wrong_types":
            return _body(json.dumps(_bent(answer)).encode())
    status, kind, body = _STATIC[fault.way]()
    return _body(body, status, kind)


_STATIC: Mapping[str, Callable[[], tuple[int, str, bytes]]] = {
    "http_500": lambda: (500, "application/json", _error(2, "Service temporarily unavailable")),
    "http_503": lambda: (503, "application/json", _error(2, "Service temporarily unavailable")),
    "http_502_html": lambda: (502, "text/html", HTML.encode()),
    "http_200_html": lambda: (200, "text/html", HTML.encode()),
    "garbage_json": lambda: (200, "application/json", b'{"success": tru'),
    "empty": lambda: (200, "application/json", b""),
    "invalid_utf8": lambda: (200, "application/json", b'{"success": "\xff\xfe\xfa"}'),
    "huge_body": lambda: (200, "application/json", b'{"success": true, "pad": "' + b"x" * HUGE + b'"}'),
    "deep_nesting": lambda: (200, "application/json", b"[" * 100_000 + b"]" * 100_000),
    "success_false_string": lambda: (200, "application/json", b'{"success": "false"}'),
}


def _body(body: bytes, status: int = 200, kind: str = "application/json") -> web.Response:
    return web.Response(body=body, status=status, content_type=kind)


def _error(code: int, message: str) -> bytes:
    error = {"message": message, "type": "OAuthException", "code": code, "is_transient": True}
    return json.dumps({"error": error | {"fbtrace_id": "AFault"}}).encode()


def _throttled(fault: Fault) -> web.Response:
    response = _body(_error(4, "(#4) Application request limit reached"), 429)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = fault.retry_after
    return response


def _bent(value: object) -> object:
    """Every value in a type nobody expects."""
    match value:
        case dict():
            return {name: _bent(inner) for name, inner in value.items()}
        case list():
            return {str(place): _bent(inner) for place, inner in enumerate(value)}
        case bool() | None:
            return {"value": value}
        case int() | float():
            return [str(value)]
    return [value]


async def _hang(request: web.BaseRequest, closing: asyncio.Event) -> None:
    """Say nothing until the caller gives up or the server closes."""
    while request.transport is not None and not request.transport.is_closing() and not closing.is_set():
        try:
            await asyncio.wait_for(closing.wait(), 0.1)
        except TimeoutError:
            continue
    _reset(request)


def _reset(request: web.BaseRequest) -> None:
    """RST, not FIN."""
    if request.transport is None:
        return
    peer = request.transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    if isinstance(request.transport, asyncio.WriteTransport):
        request.transport.abort()


async def _drip(request: web.BaseRequest, body: bytes, closing: asyncio.Event) -> web.StreamResponse:
    """One byte at a time."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    for place in range(len(body)):
        if closing.is_set():
            break
        try:
            await response.write(body[place : place + 1])
        except ConnectionError:
            break
        await asyncio.sleep(DRIP_S)
    if closing.is_set():
        _reset(request)
    return response
