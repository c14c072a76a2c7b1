"""One call to Meta with everything around it: the gate, the retries of reads, and the log line."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime

import httpx
import stamina

from bot.clock import Clock
from bot.graph.errors import GraphError, Throttled, Unreachable
from bot.graph.hiding import hide, one_line
from bot.graph.kinds import NUMBER_WAITS
from bot.graph.limits import Limits
from bot.graph.reading import entry, text
from bot.graph.refusal import UNREADABLE, judge
from bot.graph.transport import Answer, Request, exchange
from bot.graph.usage import Gate
from bot.secret import Secret

log = logging.getLogger("bot.graph")
_Judge = Callable[[Answer, datetime, tuple[Secret, ...]], GraphError | None]


class Caller:
    """Sends requests. A read may be tried again; a write is sent once, whatever happens."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        base_url: str,
        clock: Clock,
        limits: Limits,
        gate: Gate,
        heard: Callable[[str], None] | None = None,
    ) -> None:
        self._http = http
        self._base_url = base_url
        self._clock = clock
        self._limits = limits
        self.gate = gate
        self._heard = heard

    async def read(self, request: Request) -> dict[str, object]:
        """The JSON object asked for. Tries again on silence and trouble, never on a refusal or a throttle."""
        until = self._until()
        tries = stamina.retry_context(
            on=Unreachable,
            attempts=self._limits.tries,
            timeout=self._limits.retry_s,
            wait_initial=self._limits.first_wait_s,
            wait_jitter=self._limits.first_wait_s,
        )
        async for attempt in tries:
            with attempt:
                return await self._send(request, _judge_read, until=until)
        raise AssertionError("a retry ends with an answer or an exception")

    async def write(self, request: Request) -> None:
        """Send once. Anything but a literal `success: true` is Unreachable or a refusal."""
        await self._send(request, _judge_confirmation, until=self._until())

    async def once(self, request: Request) -> dict[str, object]:
        """Send once and return the JSON object, judged as a write: what is not certain is unknown."""
        return await self._send(request, _judge_write, until=self._until())

    async def _send(self, request: Request, judge_it: _Judge, *, until: float) -> dict[str, object]:
        self._pass_gate()
        answer: Answer | None = None
        failure: GraphError | None = None
        start = time.monotonic()
        try:
            answer = await exchange(self._http, self._base_url, request, limits=self._limits, until=until)
            self.gate.read(answer.headers)
            failure = judge_it(answer, self._clock.now(), request.secrets)
        except Unreachable as silence:
            failure = silence
        finally:  # also when cancelled: the request may have left
            _log(request, answer, failure, ms=round((time.monotonic() - start) * 1000))
            if self._heard:
                self._heard(_outcome(answer, failure))
        if failure is None and answer is not None and isinstance(answer.body, dict):
            return answer.body
        raise self._heed(failure or Unreachable(UNREADABLE, sent=True))

    def _pass_gate(self) -> None:
        until = self.gate.not_before()
        if until is not None:
            throttled = Throttled("Meta asks us to wait. Nothing was sent.")
            throttled.retry_at, throttled.sent = until, False
            raise throttled

    def _heed(self, failure: GraphError) -> GraphError:
        """Close the gate for everybody when the throttle is not about one number only."""
        if isinstance(failure, Throttled) and failure.code not in NUMBER_WAITS:
            wait = failure.retry_at - self._clock.now() if failure.retry_at else None
            failure.retry_at = self.gate.close(wait)
        return failure

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._limits.answer_s


def _judge_read(answer: Answer, now: datetime, secrets: tuple[Secret, ...]) -> GraphError | None:
    return judge(answer, write=False, now=now, secrets=secrets)


def _judge_write(answer: Answer, now: datetime, secrets: tuple[Secret, ...]) -> GraphError | None:
    return judge(answer, write=True, now=now, secrets=secrets)


def _judge_confirmation(answer: Answer, now: datetime, secrets: tuple[Secret, ...]) -> GraphError | None:
    failure = _judge_write(answer, now, secrets)
    if failure is None and entry(answer.body, "success") is not True:
        return Unreachable(UNREADABLE, sent=True, http=answer.status)
    return failure


def _log(request: Request, answer: Answer | None, failure: GraphError | None, *, ms: int) -> None:
    trace = text(entry(answer.body if answer else None, "error"), "fbtrace_id") or ""
    log.info(
        "method=%s path=%s status=%d error=%d ms=%d outcome=%s trace=%s",
        request.method,
        request.path,
        answer.status if answer else 0,
        failure.code if failure else 0,
        ms,
        _outcome(answer, failure),
        one_line(hide(trace, request.secrets)),
    )


def _outcome(answer: Answer | None, failure: GraphError | None) -> str:
    if isinstance(failure, Unreachable) and not failure.sent:
        return "not_sent"
    if failure is not None:
        return type(failure).__name__
    return "ok" if answer else "cancelled"
