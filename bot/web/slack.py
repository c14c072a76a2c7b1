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
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.config import SLACK_PATH
from bot.counts import Counts
from bot.secret import Secret
from bot.web import body
from bot.web.guard import Refused
from bot.web.server import Route

LARGEST = 256 * 1024
OLDEST_S = 300
REMEMBERED_S = 600.0
MOST_REMEMBERED = 100_000
MOST_FIELDS = 100
# Where Bolt and our front door look without asking what is there.
_SHAPES = MappingProxyType(
    {
        "type": str, "user": dict, "team": dict, "view": dict, "channel": dict, "actions": list, "event": dict,
        "enterprise": dict, "container": dict, "message": dict, "authorizations": list, "trigger_id": str,
    }
)  # fmt: skip
WITHIN_S = 2.0  # Slack gives up after three
_STAMP, _SIGNATURE = re.compile(r"[0-9]{1,11}"), re.compile(r"v0=[0-9a-f]{64}")

log = logging.getLogger(__name__)


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
            payload = _payload(await self._genuine(request), request.content_type)
        except Refused as refused:
            self._counts.slack(refused.reason)
            log.info("slack: %s (%d)", refused.reason, refused.status)
            return refused.answer
        self._counts.slack("served")
        if payload.get("type") == "url_verification":  # asked when the address is set
            return web.json_response({"challenge": str(payload.get("challenge") or "")[:200]})
        # As Bolt's own Socket Mode does it: read already, and known to be Slack's.
        bolt_request = AsyncBoltRequest(body=payload, mode="socket_mode")
        return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))

    async def _genuine(self, request: web.Request) -> str:
        if self._stopping.is_set():
            raise Refused(503, "stopping")
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            raise Refused(401, "no signature")
        if abs(time.time() - int(stamp)) > OLDEST_S:  # the wall clock: it is Slack's clock that is compared
            raise Refused(401, "too old")
        raw = await body.read(request, most=LARGEST, within_s=WITHIN_S)
        right = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode(), f"v0={right}".encode()):
            raise Refused(401, "wrong signature")
        if not self._replays.is_new(signature):
            raise Refused(401, "replayed")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise Refused(400, "not text") from None


def _payload(text: str, content_type: str) -> dict[str, Any]:
    """What Slack sent as one object. Raises Refused for anything of another shape."""
    try:
        if content_type == "application/json":
            return _object(json.loads(text))
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
        payload = _object(json.loads(form["payload"])) if "payload" in form else form
    except (ValueError, RecursionError):
        raise Refused(400, "not readable") from None
    if not payload.keys() & {"command", "type"}:
        raise Refused(400, "not readable")
    return payload


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Refused(400, "not readable")
    for name, kind in _SHAPES.items():
        if not isinstance(document.get(name), kind | None):
            raise Refused(400, "not readable")
    return document
