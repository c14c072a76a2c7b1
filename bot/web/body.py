"""The body of a request, as it was sent: never more of it than allowed, and not for longer than allowed."""

import asyncio

from aiohttp import web

from bot.web.guard import Refused

WITHIN_S = 10.0


async def read(request: web.Request, *, most: int, within_s: float = WITHIN_S) -> bytes:
    """Refused at the byte that is too much, or at once when the sender says how much it will be; and when it did
    not arrive in time, or not whole."""
    if (request.content_length or 0) > most:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > most:
                    raise _too_large()
    except (TimeoutError, web.RequestPayloadError, ConnectionError):
        raise Refused(408, "too slow") from None
    return bytes(body)


def _too_large() -> Refused:
    return Refused(413, "too large")
