"""The door of the page: only this machine, only its own page, and nothing that a browser could be tricked into."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LARGEST_BODY = 256 * 1024
_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Shut(Exception):
    """Not let in, for the reason its text gives."""

    def __init__(self, sentence: str, *, status: int = 403) -> None:
        super().__init__(sentence)
        self.status = status


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let it in or refuse it with a sentence; every answer leaves with the same headers."""
    try:
        _check(request)
        response = await handler(request)
    except Shut as shut:
        response = wrong(shut.status, str(shut))
    except web.HTTPRequestEntityTooLarge:
        response = wrong(413, "That is more than the sandbox takes at once.")
    except web.HTTPMethodNotAllowed:
        response = wrong(405, "Not with this method.")
    except web.HTTPException as refused:
        response = wrong(refused.status, refused.reason) if refused.status >= 400 else refused
    if not response.prepared:
        response.headers.update(_HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def wrong(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _check(request: web.Request) -> None:
    port = _own_port(request)
    if not _is_ours(f"http://{request.headers.get('Host', '')}", port):
        raise Shut("This page answers only to its own address.")  # a name that was rebound to us
    origin = request.headers.get("Origin")
    if origin is not None and not _is_ours(origin, port):
        raise Shut("Another page may not act here.")
    if _is_from_elsewhere(request):
        raise Shut("Another page may not look here.")
    if request.method == "POST" and request.content_type != "application/json":
        raise Shut("A deed is told in JSON.")


def _is_from_elsewhere(request: web.Request) -> bool:
    """A browser says whose page asks. A link to the page itself may stand anywhere."""
    from_us = request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    is_link = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.path == "/"
    return not from_us and not is_link


def _own_port(request: web.Request) -> int:
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return int(address[1]) if address else 0


def _is_ours(url: str, port: int) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.hostname in _NAMES and (parts.port or 80) == port
    except ValueError:
        return False
    return named and parts.scheme == "http" and "@" not in parts.netloc
