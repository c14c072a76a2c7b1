"""Meta's webhook: the handshake, and signed events that are answered once they are safe on disk.

The order is the point (reliability.md T14): size, then signature over the raw bytes, then JSON, then the
database, then 200. What the events mean is found out later (bot/happened.py).
"""

import asyncio
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.config import WEBHOOK_PATH
from bot.counts import Counts
from bot.happened import Happened
from bot.hooks.event import Event
from bot.hooks.reading import OBJECT, read_events
from bot.hooks.rows import row_of
from bot.secret import Secret
from bot.trial.probes import Probes
from bot.web import body
from bot.web.guard import Refused, plain
from bot.web.server import Route
from storage.errors import StorageError

LARGEST = 3 * 1024 * 1024  # Meta sends no more (meta-graph.md §5.2)
KEPT_WITHIN_S = 5.0  # Meta waits longer, and sends again after a 503
_LONG = 64 * 1024  # from here on JSON is read in a thread
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")
_CHALLENGE = re.compile(r"[0-9]{1,40}")

log = logging.getLogger(__name__)


class Webhook:
    """`GET` and `POST /webhooks/whatsapp`."""

    def __init__(
        self,
        *,
        verify_token: Secret | None,
        app_secret: Secret,
        happened: Happened,
        clock: Clock,
        counts: Counts,
        stopping: asyncio.Event,
        probes: Probes,
        within_s: float = body.WITHIN_S,
    ) -> None:
        self._verify_token = verify_token.reveal().encode() if verify_token else b""
        self._app_secret = app_secret.reveal().encode()
        self._happened = happened
        self._clock = clock
        self._counts = counts
        self._stopping = stopping
        self._probes = probes
        self._within_s = within_s

    @property
    def routes(self) -> tuple[Route, ...]:
        return (Route("GET", WEBHOOK_PATH, self.handshake), Route("POST", WEBHOOK_PATH, self.receive))

    async def handshake(self, request: web.Request) -> web.StreamResponse:
        """Meta asks whether this is the end point it was told of: only its own question is echoed."""
        query = request.query
        token = query.get("hub.verify_token", "").encode("utf-8", "replace")
        challenge = query.get("hub.challenge", "")
        tested = self._probes.saw(challenge)
        known = bool(self._verify_token) and hmac.compare_digest(token, self._verify_token)
        if not known or query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
            return self._refuse(Refused(403, "handshake refused"))
        self._counts.webhook("test" if tested else "handshake")
        return web.Response(text=challenge)

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """200 when everything in it is kept, or was before."""
        try:
            raw, tested = await self._signed(request)
            events = await self._read(raw)
            await self._keep(events)
        except Refused as refused:
            return self._refuse(refused)
        self._counts.webhook("test" if tested else "kept" if events else "nothing in it")
        return plain(200)

    async def _signed(self, request: web.Request) -> tuple[bytes, bool]:
        """The body, and whether it is an event of our own test."""
        if self._stopping.is_set():
            raise Refused(503, "stopping")
        given = _SIGNATURE.fullmatch(request.headers.get("X-Hub-Signature-256", ""))
        if not given:
            raise Refused(401, "no signature")
        raw = await body.read(request, most=LARGEST, within_s=self._within_s)
        tested = self._probes.saw_in(raw)
        right = hmac.new(self._app_secret, raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given[1], right):
            raise Refused(401, "wrong signature")
        return raw, tested

    async def _read(self, raw: bytes) -> tuple[Event, ...]:
        try:
            if len(raw) > _LONG:
                return await asyncio.to_thread(self._events, raw)
            return self._events(raw)
        except (ValueError, RecursionError):
            raise Refused(400, "not JSON") from None

    def _events(self, raw: bytes) -> tuple[Event, ...]:
        document: Any = json.loads(raw.decode())
        if not isinstance(document, Mapping) or document.get("object") != OBJECT:
            return ()
        return read_events(document, self._clock.now())

    async def _keep(self, events: tuple[Event, ...]) -> None:
        if not events:
            return
        now = self._clock.now()
        try:
            async with asyncio.timeout(KEPT_WITHIN_S):
                await self._happened.receive([row_of(event, now) for event in events])
        except (StorageError, TimeoutError) as error:
            log.warning("events of Meta's could not be stored: %s", type(error).__name__)
            raise Refused(503, "not stored") from None

    def _refuse(self, refused: Refused) -> web.Response:
        """One line, without anything of what was sent."""
        self._counts.webhook(refused.reason)
        log.info("webhook: %s (%d)", refused.reason, refused.status)
        return refused.answer
