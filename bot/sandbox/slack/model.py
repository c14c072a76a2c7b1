"""What the fake Slack keeps: people, channels, messages, and the logs a test may ask."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

JSON = dict[str, Any]
Value = TypeVar("Value")


def copied(value: Value) -> Value:
    """A copy of something that is JSON all through: several times faster than copy.deepcopy."""
    copy: Value = json.loads(json.dumps(value))
    return copy


class Now(Protocol):
    """Where the time comes from; `bot.clock.Clock` is one, a test's hand-wound clock another."""

    def now(self) -> datetime: ...


class ClientRefused(AssertionError):
    """Slack's own app would not let the person do this: a required field is empty, a button is not there."""


class Refused(Exception):
    """A request the fake refuses: `error` is Slack's word, `problems` say which path broke which rule."""

    def __init__(self, error: str, *, problems: tuple[str, ...] = (), **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.problems = problems
        self.extra = extra


class RateLimited(Exception):
    """429; `retry_after_s` goes into the header."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("ratelimited")
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class User:
    """A member. `team_id` differs from the workspace's for somebody of a connected workspace."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Madrid"
    is_admin: bool = False
    is_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Message:
    """`ephemeral_to` is the only user id that sees it; None: everyone in the channel."""

    ts: str
    channel_id: str
    author: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: JSON | None = None
    ephemeral_to: str | None = None
    edited: bool = False
    values: dict[str, dict[str, JSON]] = field(default_factory=dict)
    trouble: str = ""
    entered: dict[str, dict[str, dict[str, JSON]]] = field(default_factory=dict)

    def values_of(self, user_id: str) -> dict[str, dict[str, JSON]]:
        """What stands in the inputs as this person sees them: nobody sees what another one chose."""
        return self.entered.setdefault(user_id, copied(self.values))


@dataclass(slots=True)
class Channel:
    """A channel or a direct message (`is_im`), with its messages in the order they came."""

    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def roots(self) -> list[Message]:
        """Messages that are not replies and that everybody sees."""
        return [m for m in self.messages if m.thread_ts is None and m.ephemeral_to is None]

    def thread(self, ts: str) -> list[Message]:
        """The replies under the message `ts`, oldest first."""
        return [m for m in self.messages if m.thread_ts == ts]

    def message(self, ts: str) -> Message | None:
        return next((m for m in self.messages if m.ts == ts), None)


@dataclass(slots=True)
class Group:
    """A user group (`@wa-operators`)."""

    id: str
    handle: str
    users: list[str]
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One Web API request as it arrived. `at` in seconds of the monotonic clock, `ms`: how long it took;
    `status` 0: cut off."""

    method: str
    payload: JSON
    at: float
    ok: bool
    error: str = ""
    status: int = 200
    answer: JSON = field(default_factory=dict)
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something the bot sent that Slack would not take. `problems` are "path: rule: message" lines."""

    method: str
    error: str
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class EnvelopeLog:
    """One delivery over the websocket. Times in seconds of the monotonic clock, taken at the socket."""

    envelope_id: str
    type: str
    envelope: JSON
    copy: int = 0
    sent_at: float = 0.0
    acked_at: float | None = None
    payload: JSON | None = None
    timed_out: bool = False
    undelivered: bool = False

    @property
    def latency_ms(self) -> float | None:
        return None if self.acked_at is None else (self.acked_at - self.sent_at) * 1000

    @property
    def ok(self) -> bool:
        """Acknowledged in time."""
        return self.acked_at is not None and not self.timed_out


@dataclass(frozen=True, slots=True)
class Happening:
    """Something worth showing: kind is typed, opened, updated, closed, posted, edited, deleted, clicked…"""

    kind: str
    who: str = ""
    where: str = ""
    text: str = ""
    data: JSON = field(default_factory=dict)


Callback = Callable[[Happening], None]
