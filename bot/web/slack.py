"""Slack over HTTP: our own guard, then Bolt. What does not pass is refused without its body going anywhere.

Bolt's own verifier is not used: it logs whole bodies, and raises on a header that is no number
(reliability.md §0.4, §0.5).
"""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.config import SLACK_PATH
from bot.counts import Counts
from bot.secret import Secret
from bot.web import body
from bot.web.guard import plain
from bot.web.server import Route

LARGEST = 256 * 1024
OLDEST_S = 300
REMEMBERED_S = 600.0
MOST_REMEMBERED = 100_000
WITHIN_S = 2.0  # Slack gives up after three
_STAMP, _SIGNATURE = re.compile(r"[0-9]{1,11}"), re.compile(r"v0=[0-9a-f]{64}")

log = logging.getLogger(__name__)


class _Refused(Exception):
    """The answer's status and the word that is counted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Replays:
    """Signatures seen in the last ten minutes: the same request is served once."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, signature: str) -> bool:
        now = time.monotonic()
        while self._seen and (
            len(self._seen) > MOST_REMEMBERED or next(iter(self._seen.values())) < now - REMEMBERED_S
        ):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True


class SlackHttp:
    """`POST /slack/events`: commands, interactions and events. Stands where the Socket Mode link stands."""

    def __init__(
        self, *, app: AsyncApp, signing_secret: Secret, counts: Counts, stopping: asyncio.Event
    ) -> None:
        self._app = app
        self._secret = signing_secret.reveal().encode()
        self._counts = counts
        self._stopping = stopping
        self._replays = Replays()

    @property
    def routes(self) -> tuple[Route, ...]:
        return (Route("POST", SLACK_PATH, self.receive),)

    async def start(self, address: str | None) -> None:
        """Nothing to connect to: Slack comes by itself."""

    async def connected(self) -> bool:
        return True

    async def watch(self) -> None:
        """There is no connection that could be lost."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """The server ends it."""

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Served by Bolt when it is Slack's, whole, new and of now."""
        try:
            text = await self._genuine(request)
            challenge = _challenge(text, request.content_type)
        except _Refused as refused:
            self._counts.slack(refused.reason)
            log.info("slack: %s (%d)", refused.reason, refused.status)
            return plain(refused.status, f"Refused: {refused.reason}.")
        self._counts.slack("served")
        if challenge is not None:
            return web.json_response({"challenge": challenge})
        headers: Mapping[str, str] = {"content-type": request.headers.get("Content-Type", "")}
        bolt_request = AsyncBoltRequest(body=text, headers=dict(headers))
        return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))

    async def _genuine(self, request: web.Request) -> str:
        if self._stopping.is_set():
            raise _Refused(503, "stopping")
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            raise _Refused(401, "no signature")
        if abs(time.time() - int(stamp)) > OLDEST_S:  # the wall clock: it is Slack's clock that is compared
            raise _Refused(401, "too old")
        raw = await _read(request)
        right = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode(), f"v0={right}".encode()):
            raise _Refused(401, "wrong signature")
        if not self._replays.is_new(signature):
            raise _Refused(401, "replayed")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise _Refused(400, "not text") from None


async def _read(request: web.Request) -> bytes:
    try:
        return await body.read(request, most=LARGEST, within_s=WITHIN_S)
    except body.TooLarge:
        raise _Refused(413, "too large") from None
    except body.TooSlow:
        raise _Refused(408, "too slow") from None


def _challenge(text: str, content_type: str) -> str | None:
    """Slack's question when the address is set, None for anything else. Raises _Refused for what is no JSON."""
    if content_type != "application/json":
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _Refused(400, "not JSON") from None
    if not isinstance(document, dict):
        raise _Refused(400, "not JSON")
    return str(document.get("challenge") or "")[:200] if document.get("type") == "url_verification" else None
