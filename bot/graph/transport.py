"""One HTTP exchange with Meta: bytes out, JSON back, and the truth about whether anything left.

The query, which may hold a token under inspection or the app secret's proof, travels beside the request
and is put into the address below httpx: neither its log line at INFO nor any of its exceptions can then
show it. (It also spares httpx two of its three slow readings of a long address.)
"""

import asyncio
import json
import ssl
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.graph.errors import Unreachable
from bot.graph.limits import DEFAULT, Limits
from bot.secret import Secret

CONNECTIONS = 200
Leaf = str | Secret
_HIDDEN_PART = "bot.graph.hidden_query"

# What aiohttp raises before it has a connection, so before a byte of the request can have left:
# refused, unreachable, no such host, handshake or certificate failure; no connection in time.
_NOTHING_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ConnectionTimeoutError,
)
_NOT_TRUSTED = (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `secret_query` and the bodies never reach a log or an exception."""

    method: str
    path: str  # with the version, without the query: safe to log
    query: Mapping[str, str] = field(default_factory=dict)
    secret_query: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    form: Mapping[str, Leaf] | None = field(default=None, repr=False)
    json: Mapping[str, Leaf | Mapping[str, Leaf]] | None = field(default=None, repr=False)
    bearer: Secret | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything in it that must not turn up anywhere else."""
        nested = (inner for inner in (self.json or {}).values() if isinstance(inner, Mapping))
        carried = (
            self.bearer,
            *self.secret_query.values(),
            *(self.form or {}).values(),
            *(self.json or {}).values(),
            *(value for inner in nested for value in inner.values()),
        )
        return tuple(value for value in carried if isinstance(value, Secret))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is the JSON value, None when there was none that could be read."""

    status: int
    headers: Mapping[str, str]
    body: object = field(repr=False)


class _HiddenQuery(httpx.AsyncBaseTransport):
    """Adds the query to the address where httpx no longer looks."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        query = _revealed(request.extensions.get(_HIDDEN_PART))
        if query:
            request = httpx.Request(
                request.method,
                f"{request.url}?{urlencode(query, safe=',')}",
                headers=request.headers,
                content=request.content or None,
                extensions=request.extensions,
            )
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def open_http(limits: Limits = DEFAULT, *, trust: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """The one client all Graph calls share. Close it with `aclose()`.

    `trust` None: the usual certificate authorities. Environment variables change nothing: no proxy, no
    other authorities, no key log.
    """
    context = trust or _usual_trust()

    def session() -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=context),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        # aiohttp sends a GET a second time by itself when a kept connection turns out closed; a token
        # exchange is a GET, and our own count of tries would be wrong. Its own test client does the same.
        session._retry_connection = False
        return session

    return httpx.AsyncClient(
        transport=_HiddenQuery(AiohttpTransport(verify=context, client=session)),
        timeout=_timeout(limits),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=False,
        follow_redirects=False,
    )


@cache
def _usual_trust() -> ssl.SSLContext:
    """The usual certificate authorities. To read them takes 18 ms, so it is done once in a process."""
    return httpx.create_ssl_context(trust_env=False)


async def exchange(
    http: httpx.AsyncClient, base_url: str, request: Request, *, limits: Limits, until: float
) -> Answer:
    """Send once and read the answer, no later than `until` (the loop's time).

    Raises Unreachable; its `sent` is False only when no connection came about.
    """
    try:
        async with asyncio.timeout_at(until), _open(http, base_url, request, limits) as response:
            raw = await _read(response, limits.body_bytes)
            return Answer(response.status_code, response.headers, parse(raw))
    except TimeoutError:
        failure = Unreachable("Meta did not answer in time.", sent=True)
    except (httpx.HTTPError, aiohttp.ClientError, OSError) as problem:
        failure = _unreachable(problem)
    # Raised out here so that the failure carries no trace of the original, whose text holds the address.
    raise failure


def _open(
    http: httpx.AsyncClient, base_url: str, request: Request, limits: Limits
) -> AbstractAsyncContextManager[httpx.Response]:
    headers = {"Authorization": f"Bearer {request.bearer.reveal()}"} if request.bearer else {}
    if request.form is not None:  # said even when there is nothing in it: aiohttp would call it octets
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return http.stream(
        request.method,
        base_url.rstrip("/") + request.path,
        data=_revealed(request.form),
        json=_revealed_json(request.json),
        headers=headers,
        timeout=_timeout(limits),
        extensions={_HIDDEN_PART: {**request.query, **request.secret_query}},
    )


def _revealed(body: Mapping[str, Leaf] | None) -> dict[str, str] | None:
    if body is None:
        return None
    return {name: each.reveal() if isinstance(each, Secret) else each for name, each in body.items()}


def _revealed_json(body: Mapping[str, Leaf | Mapping[str, Leaf]] | None) -> dict[str, object] | None:
    if body is None:
        return None
    plain: dict[str, object] = {}
    for name, each in body.items():
        if isinstance(each, Mapping):
            plain[name] = _revealed(each)
        else:
            plain[name] = each.reveal() if isinstance(each, Secret) else each
    return plain


async def _read(response: httpx.Response, most: int) -> bytes | None:
    """The body; None when it is longer than `most` bytes (the rest is not fetched)."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > most:
            return None
    return bytes(body)


def parse(raw: bytes | None) -> object:
    """The JSON value, or None: not JSON, not UTF-8, nested beyond reason, or too long to have been read."""
    if raw is None:
        return None
    try:
        return json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        return None


def _unreachable(problem: Exception) -> Unreachable:
    """httpx-aiohttp reports a connection lost *after* the request as ConnectTimeout: believe aiohttp only."""
    origin = problem if isinstance(problem, aiohttp.ClientError) else problem.__cause__
    if not isinstance(origin, _NOTHING_LEFT):
        return Unreachable("The connection to Meta broke before an answer came.", sent=True)
    if isinstance(origin, _NOT_TRUSTED):
        return Unreachable("The connection to Meta could not be trusted. Nothing was sent.", sent=False)
    return Unreachable("Meta could not be reached. Nothing was sent.", sent=False)


def _timeout(limits: Limits) -> httpx.Timeout:
    return httpx.Timeout(
        connect=limits.connect_s, read=limits.read_s, write=limits.write_s, pool=limits.pool_s
    )
