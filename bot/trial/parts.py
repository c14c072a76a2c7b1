"""The four parts of the webhook test, sent at once. What proves that we are Meta goes to our own address only.

The last test of our own end point is remembered for a while: the diagnosis rests on it.
"""

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.evidence.records import Fault, Handshake, Trial, TrialResult
from bot.secret import Secret
from bot.trial.address import CannotCall, Resolve, Spot, find, look_up
from bot.trial.asking import WITHIN_S, Heard, ask, trust
from bot.trial.probes import Probes, event
from bot.trial.reasons import of_fault, why

KEPT_FOR = timedelta(minutes=10)
_REFUSED = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """This bot's own end point, and what a request of Meta's to it is proved with."""

    public_url: str
    webhook_url: str
    verify_token: Secret
    app_secret: Secret


class Trials:
    """Runs the test. Everything it sends is new each time, and means nothing to anybody."""

    def __init__(
        self,
        probes: Probes,
        clock: Clock,
        *,
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
        within_s: float = WITHIN_S,
    ) -> None:
        self._probes = probes
        self._clock = clock
        self._last: Handshake | None = None
        self._resolve = resolve
        self._tls = tls
        self._within_s = within_s

    @property
    def probes(self) -> Probes:
        return self._probes

    def last(self) -> Handshake | None:
        """The last test of our own address, if it was lately."""
        last = self._last
        return last if last and timedelta() <= self._clock.now() - last.at <= KEPT_FOR else None

    async def ours(self, ours: Ours) -> Handshake:
        """All four parts, at our own address. One not callable from here proves nothing: not kept."""
        done = Handshake(self._clock.now(), ours.webhook_url, await self._parts(ours))
        if all(result.fault is not Fault.GUARD for result in done.results):
            self._last = done
        return done

    async def _parts(self, ours: Ours) -> tuple[TrialResult, ...]:
        try:
            spot = await self._find(ours.webhook_url, ours.public_url)
        except CannotCall as cannot:
            return tuple(_not_sent(trial, cannot.fault) for trial in Trial)
        parts: tuple[Awaitable[TrialResult], ...] = (
            self._handshake(spot, ours.verify_token),
            self._wrong_token(spot),
            self._signed(spot, ours.app_secret),
            self._badly_signed(spot),
        )
        return tuple(await asyncio.gather(*parts))

    async def foreign(self, url: str, *, public_url: str) -> TrialResult:
        """Of an address that is not ours only whether it answers, and refuses a token nobody ever used."""
        try:
            return await self._wrong_token(await self._find(url, public_url))
        except CannotCall as cannot:
            return _not_sent(Trial.WRONG_TOKEN, cannot.fault)

    async def _find(self, url: str, public_url: str) -> Spot:
        try:
            async with asyncio.timeout(self._within_s):
                return await find(url, ours=public_url, resolve=self._resolve)
        except TimeoutError:
            raise CannotCall(Fault.DNS) from None

    async def _handshake(self, spot: Spot, token: Secret) -> TrialResult:
        with self._probes.out() as number:
            heard = await self._greet(spot, number, token.reveal())
            good = heard.http == 200 and heard.body == number.encode()
            return _result(Trial.HANDSHAKE, spot, heard, good, arrived=self._probes.arrived(number))

    async def _wrong_token(self, spot: Spot) -> TrialResult:
        with self._probes.out() as number:
            heard = await self._greet(spot, number, f"wrong-{number}")
            good = heard.http in _REFUSED
            return _result(Trial.WRONG_TOKEN, spot, heard, good, arrived=self._probes.arrived(number))

    async def _greet(self, spot: Spot, number: str, token: str) -> Heard:
        query = {"hub.mode": "subscribe", "hub.challenge": number, "hub.verify_token": token}
        return await ask(spot, self._trust(), query=query, within_s=self._within_s)

    async def _signed(self, spot: Spot, app_secret: Secret) -> TrialResult:
        with self._probes.out() as number:
            body = event(number)
            heard = await self._send(spot, body, hmac.new(app_secret.reveal().encode(), body, hashlib.sha256))
            arrived = self._probes.arrived(number)
            return _result(Trial.SIGNED, spot, heard, heard.http == 200 and arrived, arrived=arrived)

    async def _badly_signed(self, spot: Spot) -> TrialResult:
        with self._probes.out() as number:
            body = event(number)
            heard = await self._send(spot, body, hmac.new(number.encode(), body, hashlib.sha256))
            good = heard.http in _REFUSED
            return _result(Trial.BADLY_SIGNED, spot, heard, good, arrived=self._probes.arrived(number))

    async def _send(self, spot: Spot, body: bytes, seal: hmac.HMAC) -> Heard:
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={seal.hexdigest()}"}
        return await ask(spot, self._trust(), body=body, headers=headers, within_s=self._within_s)

    def _trust(self) -> ssl.SSLContext:
        """Made when first needed: reading every authority costs a start some milliseconds."""
        self._tls = self._tls or trust()
        return self._tls


def _result(trial: Trial, spot: Spot, heard: Heard, good: bool, *, arrived: bool) -> TrialResult:
    said = "" if good else why(trial, spot, heard, arrived=arrived)
    return TrialResult(trial, good, heard.http, heard.fault, heard.took_s, said)


def _not_sent(trial: Trial, fault: Fault) -> TrialResult:
    return TrialResult(trial, False, fault=fault, why=of_fault(fault))
