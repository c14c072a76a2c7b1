"""Envelopes on their way to the bot: three seconds to acknowledge, copies, retries, and a log of each."""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.slack.links import Links
from bot.sandbox.slack.model import JSON, EnvelopeLog
from bot.sandbox.slack.posting import Posting
from bot.sandbox.slack.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Ack:
    """What came back for one envelope. `error`: "", "operation_timeout" or "dispatch_failed"."""

    payload: JSON | None
    latency_s: float
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(slots=True)
class _Pending:
    log: EnvelopeLog
    answered: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class _Copies:
    delays_s: tuple[float, ...]
    same_id: bool


@dataclass(slots=True)
class Delivery:
    """Sends envelopes and hears their acknowledgements. `deadline_s`: the time to acknowledge.

    `event_retry_s`: when an event that nobody acknowledged comes again, in seconds after each failure.
    `twice`: every envelope comes again half a second later. `on_change`: called when an envelope has left or
    could not, was acknowledged, or waited in vain. `posting`: with a URL, Slack sends there over HTTP instead.
    """

    refusals: Refusals
    ticket_s: float
    deadline_s: float = 3.0
    event_retry_s: Sequence[float] = (0.0, 60.0, 300.0)
    twice: bool = False
    on_change: Callable[[EnvelopeLog], None] | None = None
    posting: Posting = field(default_factory=Posting)
    envelopes: list[EnvelopeLog] = field(default_factory=list)
    links: Links = field(init=False)
    _pending: dict[str, deque[_Pending]] = field(default_factory=dict)
    _copies: deque[_Copies] = field(default_factory=deque)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.links = Links(self.refusals, self.take, self.ticket_s)

    async def deliver(self, envelope: Mapping[str, Any]) -> Ack:
        """Send this envelope over any one connection and wait for its acknowledgement."""
        log = EnvelopeLog(str(envelope["envelope_id"]), str(envelope["type"]), dict(envelope))
        if self._copies:
            self._start(self._repeat(dict(envelope), self._copies.popleft()))
        elif self.twice:
            self._start(self._repeat(dict(envelope), _Copies((0.5,), same_id=True)))
        ack = await self._send(log)
        if not ack.ok and log.type == "events_api":
            self._start(self._retry_event(dict(envelope)))
        return ack

    async def redeliver(self, envelope: Mapping[str, Any], *, copy: int = 1, same_id: bool = True) -> Ack:
        """Send it once more, as Slack does. What the acknowledgement says has no effect."""
        again = dict(envelope)
        if not same_id:
            again["envelope_id"] = secrets.token_hex(16)
        if again["type"] == "events_api":
            again |= {"retry_attempt": copy, "retry_reason": "timeout"}
        return await self._send(EnvelopeLog(again["envelope_id"], again["type"], again, copy))

    def redeliver_next(
        self, times: int = 1, delays_s: Sequence[float] = (0.0,), *, same_id: bool = True
    ) -> None:
        """The next envelope arrives `times` more times, each `delays_s` after the first."""
        delays = tuple(delays_s[min(i, len(delays_s) - 1)] for i in range(times))
        self._copies.append(_Copies(delays, same_id))

    async def settled(self) -> None:
        """Wait until no copy is on its way and nothing waits for an acknowledgement."""
        while self._tasks or self._pending:
            waiting = [p.answered for queue in self._pending.values() for p in queue]
            await asyncio.wait([*self._tasks, *waiting], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0)

    async def _send(self, log: EnvelopeLog) -> Ack:
        self.envelopes.append(log)
        if self.posting.url:
            return await self._post(log)
        connection = self.links.any()
        if connection is None:
            log.undelivered = True
            self._changed(log)
            return Ack(None, 0.0, "dispatch_failed")
        pending = _Pending(log, asyncio.get_running_loop().create_future())
        self._pending.setdefault(log.envelope_id, deque()).append(pending)
        text = json.dumps(log.envelope)
        log.sent_at = time.perf_counter()
        self._changed(log)
        try:
            async with asyncio.timeout(self.deadline_s):
                await connection.send(text)
                await pending.answered
        except TimeoutError:
            if log.acked_at is None:  # else it came in the very moment in which the time was over
                log.timed_out = True
                self._changed(log)
                self._forget(pending)
                return Ack(None, self.deadline_s, "operation_timeout")
        return Ack(log.payload, log.acked_at - log.sent_at if log.acked_at is not None else 0.0)

    async def _post(self, log: EnvelopeLog) -> Ack:
        log.sent_at = time.perf_counter()
        self._changed(log)
        try:
            async with asyncio.timeout(self.deadline_s):
                payload = await self.posting.send(log)
        except TimeoutError:
            log.timed_out = True
            self._changed(log)
            return Ack(None, self.deadline_s, "operation_timeout")
        except (aiohttp.ClientError, OSError):
            log.undelivered = True
            self._changed(log)
            return Ack(None, 0.0, "dispatch_failed")
        log.acked_at = time.perf_counter()
        log.payload = self._payload(log, {"payload": payload})
        self._changed(log)
        return Ack(log.payload, log.acked_at - log.sent_at)

    def take(self, text: str, at: float) -> None:
        try:
            answer = json.loads(text)
            envelope_id = str(answer["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self.refusals.note("socket", "not_an_acknowledgement")
            return
        queue = self._pending.get(envelope_id)
        if not queue:
            self.refusals.note("socket", self._why_ignored(envelope_id, at), envelope_id)
            return
        pending = queue[0]
        self._forget(pending)
        pending.log.acked_at = at
        pending.log.payload = self._payload(pending.log, answer)
        self._changed(pending.log)
        if not pending.answered.done():
            pending.answered.set_result(None)

    def _payload(self, log: EnvelopeLog, answer: JSON) -> JSON | None:
        payload = answer.get("payload")
        if payload and not log.envelope.get("accepts_response_payload"):
            self.refusals.note("socket", "payload_not_accepted", log.type)
            return None
        return payload if isinstance(payload, dict) else None

    def _why_ignored(self, envelope_id: str, at: float) -> str:
        for log in reversed(self.envelopes):
            if log.envelope_id == envelope_id and log.timed_out and log.acked_at is None:
                log.acked_at = at
                self._changed(log)
                return "acknowledged_too_late"
        known = any(log.envelope_id == envelope_id for log in self.envelopes)
        return "acknowledged_twice" if known else "unknown_envelope"

    def _changed(self, log: EnvelopeLog) -> None:
        if self.on_change is not None:
            self.on_change(log)

    def _forget(self, pending: _Pending) -> None:
        queue = self._pending[pending.log.envelope_id]
        queue.remove(pending)
        if not queue:
            del self._pending[pending.log.envelope_id]

    async def _repeat(self, envelope: JSON, copies: _Copies) -> None:
        start = time.monotonic()
        for copy, delay in enumerate(copies.delays_s, start=1):
            await asyncio.sleep(max(0.0, start + delay - time.monotonic()))
            self._start(self.redeliver(envelope, copy=copy, same_id=copies.same_id))

    async def _retry_event(self, envelope: JSON) -> None:
        for attempt, delay in enumerate(self.event_retry_s, start=1):
            await asyncio.sleep(delay)
            if (await self.redeliver(envelope, copy=attempt)).ok:
                return

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.links.close()
