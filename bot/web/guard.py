"""Around every request: the same headers on each answer, plain words for refusals, and no trace of a bug outside."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

log = logging.getLogger(__name__)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Server": "",
}
_WORDS = {
    404: "There is nothing here.",
    405: "Not with this method.",
    413: "Too large.",
    417: "Not expected.",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request that is not served: the status it is answered with, and the word that is counted and logged."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason

    @property
    def answer(self) -> web.Response:
        return plain(self.status, f"Refused: {self.reason}.")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of its own may set a header itself, such as a policy that lets its style in."""
    try:
        response = await handler(request)
    except web.HTTPException as refused:
        response = plain(refused.status, _WORDS.get(refused.status, "Not possible."))
        if "Allow" in refused.headers:
            response.headers["Allow"] = refused.headers["Allow"]
    except Exception:  # a bug is told in the log, never to whoever asks
        log.exception("a request failed")
        response = plain(500, "Something went wrong here.")
    return response if response.prepared else in_our_headers(response)


def in_our_headers(response: web.StreamResponse) -> web.StreamResponse:
    """The headers every answer has, unless it sets one itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def plain(status: int, sentence: str = "") -> web.Response:
    return web.Response(status=status, text=f"{sentence}\n" if sentence else "")
