"""The body of a request, as it was sent: never more of it than allowed, and not for longer than allowed."""

import asyncio

from aiohttp import web

WITHIN_S = 10.0


class TooLarge(Exception):
    """More than is taken; what was read is dropped."""


class TooSlow(Exception):
    """It did not arrive in time, or not whole."""


async def read(request: web.Request, *, most: int, within_s: float = WITHIN_S) -> bytes:
    """Raises TooLarge at the byte that is too much, or at once when the sender says how much it will be."""
    if (request.content_length or 0) > most:
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > most:
                    raise TooLarge
    except (TimeoutError, web.RequestPayloadError, ConnectionError):
        raise TooSlow from None
    return bytes(body)
