"""The reconnect wizard on one screen: its steps, and which may follow which."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import StaleFlow
from bot.numbers import NumberRef

HOLD = timedelta(minutes=10)  # a flow nobody touches for so long lets the number go
CODE_LIFE = timedelta(minutes=10)  # how long Meta's code lives (meta-graph.md §2.1)


class Step(StrEnum):
    """Where a flow stands. The …ING steps are pending: a call to Meta may be under way."""

    CHOOSE = "choose"
    SENDING = "sending"
    SENT = "sent"
    CHECKING = "checking"
    PIN = "pin"
    SETTING_PIN = "setting_pin"
    REGISTERING = "registering"
    REFRESH = "refresh"
    REFRESHING = "refreshing"
    UNSURE = "unsure"
    CONNECTED = "connected"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


PENDING = frozenset({Step.SENDING, Step.CHECKING, Step.SETTING_PIN, Step.REGISTERING, Step.REFRESHING})
FINAL = frozenset({Step.CONNECTED, Step.STOPPED, Step.CANCELLED, Step.EXPIRED})
_OPEN = frozenset({Step.CHOOSE, Step.SENT, Step.PIN, Step.REFRESH})
_END = frozenset({Step.STOPPED, Step.CANCELLED, Step.EXPIRED})

NEXT: dict[Step, frozenset[Step]] = {
    Step.CHOOSE: _OPEN | _END | {Step.SENDING, Step.CONNECTED},
    Step.SENDING: frozenset({Step.SENT, Step.CHOOSE, Step.UNSURE, Step.STOPPED, Step.PIN}),
    Step.SENT: _OPEN | _END | {Step.CHECKING, Step.SENDING, Step.CONNECTED},
    Step.CHECKING: frozenset({Step.SENT, Step.PIN, Step.REFRESH, Step.CHOOSE, Step.UNSURE, Step.STOPPED}),
    Step.PIN: _OPEN | _END | {Step.REGISTERING, Step.SETTING_PIN, Step.CONNECTED},
    Step.SETTING_PIN: frozenset({Step.PIN, Step.UNSURE, Step.STOPPED}),
    Step.REGISTERING: frozenset({Step.REFRESH, Step.PIN, Step.CHOOSE, Step.UNSURE, Step.STOPPED}),
    Step.REFRESH: _OPEN | _END | {Step.REFRESHING, Step.CONNECTED},
    Step.REFRESHING: frozenset({Step.CONNECTED, Step.REFRESH, Step.UNSURE, Step.STOPPED}),
    Step.UNSURE: _OPEN | _END | {Step.SENDING, Step.CHECKING, Step.CONNECTED},
    Step.CONNECTED: frozenset(),
    Step.STOPPED: frozenset(),
    Step.CANCELLED: frozenset(),
    Step.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconnect:
    """One reconnect flow. Never holds a code, PIN or token.

    `owner`: Slack user id of the starter; `holder`: of the colleague who types the code, or None.
    `code_sent_at` (UTC): when the code now out was asked for; `code_unsure`: it may or may not have been
    sent. `code_op`, `method`: of that code; `asked_op`, `asked_method`: of the latest one asked for, which
    takes its place only when Meta sent it, or may have.
    `unsure_after`: the pending step whose outcome is unknown, while `step` is UNSURE.
    `pin_exists`: True an existing PIN must match, False a new one will be set, None could not tell.
    `view_id`: the starter's window; `holder_view_id`: the holder's. `reason`: why it stopped, is unsure, or
    stands where it does. `taken_over_at`: since when it is `owner`'s, who did not start it.
    `done`: CHECKING or REGISTERING, which Meta accepted last (`done_at`), or may have: a read may show it late.
    """

    id: str
    ref: NumberRef
    owner: str
    step: Step
    version: int
    started_at: datetime
    updated_at: datetime
    kind: str = "reconnect"  # or "refresh": a permission refresh on its own
    method: str = "SMS"
    language: str = "en_US"
    code_sent_at: datetime | None = None
    code_op: str = ""
    asked_op: str = ""
    asked_method: str = "SMS"
    code_unsure: bool = False
    holder: str | None = None
    holder_since: datetime | None = None
    pin_exists: bool | None = None
    unsure_after: Step | None = None
    view_id: str | None = None
    holder_view_id: str | None = None
    reason: str = ""
    taken_over_at: datetime | None = None
    done: Step | None = None
    done_at: datetime | None = None

    @property
    def held_until(self) -> datetime:
        """Until when the number is this flow's alone: ten minutes of rest, or as long as a code lives."""
        rest = self.updated_at + HOLD
        return max(rest, self.code_dies_at) if self.code_dies_at and self.step is Step.SENT else rest

    @property
    def owned_since(self) -> datetime:
        return self.taken_over_at or self.started_at

    @property
    def active(self) -> bool:
        return self.step not in FINAL

    @property
    def code_dies_at(self) -> datetime | None:
        return self.code_sent_at + CODE_LIFE if self.code_sent_at else None

    def not_ahead_of(self, now: datetime) -> "Reconnect":
        """The same with no time later than `now`: the clock went back, and no wait may grow by that."""
        times = {"started_at": self.started_at, "updated_at": self.updated_at, "code_sent_at": self.code_sent_at,
                 "holder_since": self.holder_since, "taken_over_at": self.taken_over_at,
                 "done_at": self.done_at}  # fmt: skip
        ahead = {name: now for name, at in times.items() if at and at > now}
        return replace(self, **ahead) if ahead else self  # type: ignore[arg-type]  # all of them are times

    def with_asked_code(self, at: datetime) -> "Reconnect":
        """The code asked for `at` is the one now out, with tries of its own."""
        return replace(
            self, code_sent_at=at, code_op=self.asked_op, method=self.asked_method, done=None, done_at=None
        )

    def to(self, step: Step, **changes: object) -> "Reconnect":
        """The flow one step on, its `reason` gone unless a new one is given.

        Raises StaleFlow when `step` cannot follow (the window is old).
        """
        if step not in NEXT[self.step]:
            raise StaleFlow(
                "This reconnect has moved on." if self.active else f"This {self.kind} has ended.",
                hint=f"Type `/whatsapp {self.kind}` with the number to see how it stands.",
            )
        changed: dict[str, object] = {"reason": "", **changes}
        return replace(self, step=step, **changed)  # type: ignore[arg-type]  # checked by the dataclass
