"""The trouble a person can switch on: what it is called, what it does, and how it ends."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.meta.faults import Fault, Kind
from bot.sandbox.slack.faults import Fault as SlackFault
from bot.sandbox.world import Sandbox

SLOW_S = 5.0
SLOW_SLACK_S = 2.0
STALE_READS = 8


@dataclass(frozen=True, slots=True)
class Trouble:
    """`lift` None: a deed that is done at once and leaves nothing to lift; else it lasts until lifted."""

    id: str
    name: str
    about: str
    whose: Literal["Meta", "Slack"]
    apply: Callable[[Sandbox], Awaitable[None] | None]
    lift: Callable[[Sandbox], None] | None = None


def _meta(id_: str, name: str, about: str, *kinds: Kind, match: str = "") -> Trouble:
    """Trouble made of the fake Meta's own faults, striking until it is lifted."""
    faults = tuple(Fault(kind, match, times=0) for kind in kinds)

    def apply(sandbox: Sandbox) -> None:
        for fault in faults:
            sandbox.meta.add_fault(fault)

    def lift(sandbox: Sandbox) -> None:
        for fault in faults:
            sandbox.meta.faults.remove(fault)

    return Trouble(id_, name, about, "Meta", apply, lift)


def _slack(id_: str, name: str, about: str, fault: SlackFault) -> Trouble:
    def apply(sandbox: Sandbox) -> None:
        sandbox.slack.add_fault(
            fault.method,
            fault.kind,
            times=None,
            retry_after_s=fault.retry_after_s,
            delay_s=fault.delay_s,
        )

    return Trouble(id_, name, about, "Slack", apply, lambda sandbox: sandbox.slack.lift_fault(fault))


def _meta_answers_after(seconds: float) -> Callable[[Sandbox], None]:
    def turn(sandbox: Sandbox) -> None:
        sandbox.meta.latency_s = seconds

    return turn


def _meta_lies(lies: bool) -> Callable[[Sandbox], None]:
    def turn(sandbox: Sandbox) -> None:
        sandbox.meta.lies = lies

    return turn


def _reads_lag(reads: int) -> Callable[[Sandbox], None]:
    def turn(sandbox: Sandbox) -> None:
        for number in sandbox.meta.world.numbers.values():
            number.connect_reads = number.prove_reads = reads

    return turn


TROUBLES: tuple[Trouble, ...] = (
    _meta(
        "meta-down",
        "Meta is down",
        "No connection comes about; open ones are reset.",
        "drop_connection_at_accept",
        "reset",
    ),
    _meta("meta-503", "Meta answers 503", "Every call is answered “temporarily unavailable”.", "http_503"),
    Trouble(
        "meta-slow",
        "Meta is slow",
        f"Every answer takes {SLOW_S:.0f} seconds.",
        "Meta",
        _meta_answers_after(SLOW_S),
        _meta_answers_after(0.0),
    ),
    _meta("meta-hangs", "Meta hangs", "Calls are taken and never answered.", "hang"),
    Trouble(
        "meta-lies",
        "Meta lies",
        "Changes are answered with success and not made.",
        "Meta",
        _meta_lies(True),
        _meta_lies(False),
    ),
    _meta(
        "meta-answers-lost",
        "Meta's answers get lost",
        "Changes are made, and the connection breaks before the answer.",
        "reset_after",
        match="POST",
    ),
    Trouble(
        "meta-reads-lag",
        "Meta's reads lag",
        f"A number that was connected shows its old status for {STALE_READS} more reads.",
        "Meta",
        _reads_lag(STALE_READS),
        _reads_lag(0),
    ),
    _meta("meta-garbage", "Meta answers garbage", "Every answer is half a line of JSON.", "garbage_json"),
    _slack(
        "slack-rate-limited",
        "Slack limits the rate",
        "Every Web API call is answered 429, “come back in 2 seconds”.",
        SlackFault("*", "429", times=None, retry_after_s=2),
    ),
    _slack(
        "slack-slow",
        "Slack is slow",
        f"Every Web API call takes {SLOW_SLACK_S:.0f} seconds more.",
        SlackFault("*", "slow", times=None, delay_s=SLOW_SLACK_S),
    ),
    Trouble(
        "slack-redelivers",
        "Slack delivers twice",
        "Every envelope comes again, half a second later.",
        "Slack",
        lambda sandbox: sandbox.slack.deliver_twice(True),
        lambda sandbox: sandbox.slack.deliver_twice(False),
    ),
    Trouble(
        "slack-disconnect",
        "Ask the bot to reconnect",
        "Slack sends “disconnect”, as it does every few hours.",
        "Slack",
        lambda sandbox: sandbox.slack.disconnect(),
    ),
    Trouble(
        "slack-drop",
        "Cut the sockets",
        "Every connection to Slack breaks without a word.",
        "Slack",
        lambda sandbox: sandbox.slack.drop(),
    ),
    Trouble(
        "slack-half-open",
        "Let the sockets go silent",
        "They look alive and carry nothing any more.",
        "Slack",
        lambda sandbox: sandbox.slack.go_half_open(),
    ),
)


def described(on: Iterable[str]) -> list[dict[str, object]]:
    """For the page; `on` are the ids of those that are switched on."""
    switched = frozenset(on)
    return [
        {
            "id": trouble.id,
            "name": trouble.name,
            "about": trouble.about,
            "whose": trouble.whose,
            "lasting": trouble.lift is not None,
            "on": trouble.id in switched,
        }
        for trouble in TROUBLES
    ]
