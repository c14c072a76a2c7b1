"""One request of the webhook test, to an IP that was checked before: short, small, and without a token."""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.evidence.records import Fault
from bot.trial.address import Spot

WITHIN_S = 5.0
LARGEST = 64 * 1024
_HEADERS = {"User-Agent": "whatsapp-desk webhook test", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back. `body` is for comparing only: it is shown, logged and kept nowhere."""

    http: int = 0
    body: bytes = b""
    fault: Fault = Fault.NONE
    took_s: float = 0.0


class _Found(AbstractResolver):
    """Knows one answer: the IP that was checked. A name is not looked up a second time."""

    def __init__(self, spot: Spot) -> None:
        self._spot = spot

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        spot = self._spot
        kind = socket.AF_INET6 if ":" in spot.ip else socket.AF_INET
        return [
            ResolveResult(
                hostname=host, host=spot.ip, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


def trust() -> ssl.SSLContext:
    """The usual authorities, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)


async def ask(
    spot: Spot,
    tls: ssl.SSLContext,
    *,
    query: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    within_s: float = WITHIN_S,
) -> Heard:
    """GET, or POST when there is a body. Follows nothing, repeats nothing, never raises."""
    start = time.monotonic()
    try:
        async with asyncio.timeout(within_s), _session(spot, tls) as session:
            method = "GET" if body is None else "POST"
            asked = session.request(
                method, _url(spot), params=query, data=body, headers={**_HEADERS, **(headers or {})},
                allow_redirects=False,
            )  # fmt: skip
            async with asked as answer:
                said = await _start(answer.content)
                return Heard(answer.status, said, took_s=time.monotonic() - start)
    except (TimeoutError, aiohttp.ServerTimeoutError):
        fault = Fault.TIMEOUT
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError):
        fault = Fault.TLS
    except (aiohttp.ClientError, OSError, ValueError):
        fault = Fault.CONNECTION
    return Heard(fault=fault, took_s=time.monotonic() - start)


def _session(spot: Spot, tls: ssl.SSLContext) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=_Found(spot), ssl=tls, use_dns_cache=False, force_close=True)
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
    )


def _url(spot: Spot) -> str:
    """Path as it was written: a “+” in it stays one."""
    host = f"[{spot.host}]" if ":" in spot.host else spot.host
    return f"{spot.scheme}://{host}:{spot.port}{spot.path}" + (f"?{spot.query}" if spot.query else "")


async def _start(content: aiohttp.StreamReader) -> bytes:
    """As much of the body as is taken; one byte beyond tells that there was more."""
    said = bytearray()
    while len(said) <= LARGEST and (piece := await content.read(LARGEST + 1 - len(said))):
        said += piece
    return bytes(said)
