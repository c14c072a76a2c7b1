"""A scripted server below HTTP: it counts what reached it and can misbehave byte by byte."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class Wire:
    """Answers with its replies in order, the last one for ever. `script` may also look at the request."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.connections = 0  # on which something was asked
        self.script: Callable[[Seen], Reply] | None = None
        self._replies: list[Reply] = []
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self.serve, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def will(self, *replies: Reply) -> None:
        self._replies = list(replies)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            fresh = 1
            while not writer.is_closing():
                seen = await _read_request(reader)
                self.seen.append(seen)
                self.connections, fresh = self.connections + fresh, 0
                reply = self.script(seen) if self.script else self._next()
                await reply(writer)
                await writer.drain()
        writer.close()

    def _next(self) -> Reply:
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


async def _read_request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body)


def raw(status: int, body: bytes, **headers: str) -> Reply:
    """These bytes as the body. Header names are written with underscores."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    return reply


def says(value: object, status: int = 200, **headers: str) -> Reply:
    return raw(status, json.dumps(value).encode(), **headers)


def refuses(
    code: int,
    message: str = "(#0) no",
    *,
    status: int = 400,
    headers: dict[str, str] | None = None,
    **more: object,
) -> Reply:
    """Meta's error envelope."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "TRACE1", **more}
    return says({"error": error}, status, **(headers or {}))


async def reset(writer: asyncio.StreamWriter) -> None:
    """The connection is torn down instead of an answer."""
    handle = writer.get_extra_info("socket")
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """The connection is closed politely, without an answer."""
    writer.close()


async def hang(writer: asyncio.StreamWriter) -> None:
    """Silence."""
    await asyncio.sleep(60)


async def break_off(writer: asyncio.StreamWriter) -> None:
    """Half an answer, then a reset."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"success":')
    await writer.drain()
    await asyncio.sleep(0.02)
    await reset(writer)


async def drip(writer: asyncio.StreamWriter) -> None:
    """One byte at a time, each soon enough for a read time-out never to fire."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def not_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff\xfe whatever this is\r\n\r\n")
    await writer.drain()
    writer.close()
