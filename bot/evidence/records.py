"""What the bot itself saw and tried: events at its webhook, attempts on the number, tests. No body, no code, no PIN."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.acts import Act


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something learnt before the diagnosis that a check may rest on: how, and when. How it was, not how it is."""

    how: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """One entry of `restriction_info`. `ends_at` None: Meta gave no end. `of_number`: of this number alone."""

    kind: str  # RESTRICTED_BIZ_INITIATED_MESSAGING, …
    ends_at: datetime | None = None
    seen_at: datetime | None = None
    of_number: bool = False


@dataclass(frozen=True, slots=True)
class Failures:
    """Messages that Meta reported as failed with one error number, in the last 24 hours."""

    count: int
    last: datetime

    @property
    def told(self) -> Earlier:
        return Earlier("Meta's event of a failed message", self.last)


@dataclass(frozen=True, slots=True)
class Strange:
    """Events of Meta's that this bot cannot read: how many of this field, and when the last one happened."""

    field: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Events:
    """What this bot's webhook end point has received for the number. Everything may be absent.

    `ban_state`: DISABLE, SCHEDULE_FOR_DISABLE, REINSTATE, DELETED, told at `ban_at`; `ban_date` is text of Meta's
    ("April 17, 2026").
    `offboarded`: the reason, as a word of Meta's or "", while no ACCOUNT_RECONNECTED followed
    (`offboarded_at` None: not offboarded). `limited_since`: when RATE_LIMITED was first seen. `usual_gap`: the
    longest silence that is normal for this number at this hour, None while too little is known.
    `failures`: by Meta's error number, of the last 24 hours.
    """

    last_any: datetime | None = None
    last_inbound: datetime | None = None
    usual_gap: timedelta | None = None
    restrictions: tuple[Restriction, ...] = ()
    offboarded_at: datetime | None = None
    offboarded: str = ""
    ban_state: str = ""
    ban_date: str = ""
    ban_at: datetime | None = None
    failures: Mapping[int, Failures] = field(default_factory=dict)
    limited_since: datetime | None = None
    strange: tuple[Strange, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The last attempt of one kind. `code` 0: it went well, or Meta gave no number (`ok` tells).

    `until`: when the next one makes sense, if Meta or our own guard line says so.
    """

    ok: bool
    at: datetime
    code: int = 0
    subcode: int = 0
    words: str = ""
    trace: str = ""
    until: datetime | None = None

    @property
    def told(self) -> Earlier:
        return Earlier("our record of the last try", self.at)


@dataclass(frozen=True, slots=True)
class Attempts:
    """What our records say was tried last on this number, by act. `pin_misses`: wrong PINs since the last good one."""

    last: Mapping[Act, Attempt] = field(default_factory=dict)
    pin_misses: int = 0


@dataclass(frozen=True, slots=True)
class Extension:
    """The last automatic extension of the token, when it failed. `reason`: a clause without a full stop."""

    at: datetime
    reason: str


class Trial(StrEnum):
    """The parts of a webhook test, in order."""

    HANDSHAKE = "handshake"
    WRONG_TOKEN = "wrong token"  # noqa: S105  # must be refused
    SIGNED = "signed event"
    BADLY_SIGNED = "badly signed event"  # must be refused


class Fault(StrEnum):
    """Why a part of the test did not come through to the bot at all."""

    NONE = ""
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    GUARD = "guard"  # not called: the address leads into a network of somebody's own


@dataclass(frozen=True, slots=True)
class TrialResult:
    """`passed`: it went as it must. `http`: the status answered, 0 without an answer.

    `why`: the likely cause of a failure, in a sentence.
    """

    trial: Trial
    passed: bool
    http: int = 0
    fault: Fault = Fault.NONE
    took_s: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Handshake:
    """A webhook test that was run."""

    at: datetime
    url: str
    results: tuple[TrialResult, ...] = ()
