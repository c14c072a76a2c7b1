"""Faults of the Web API, on demand: which method, what goes wrong, how often."""

import random
from dataclasses import dataclass, field
from typing import Literal, TypedDict

Kind = Literal[
    "429", "500", "503", "error", "garbage", "reset_before", "reset_after", "hang", "hang_after", "slow"
]


class FaultOptions(TypedDict, total=False):
    """What Fault takes besides method and kind."""

    times: int | None
    skip: int
    share: float
    error: str
    retry_after_s: int
    delay_s: float


@dataclass(slots=True)
class Fault:
    """`times` left before it wears off (None: never), after `skip` good calls, for a `share` of the calls.

    `reset_after` and `hang_after` do what was asked and lose the answer; the others prevent it, except
    `slow`, which only takes `delay_s`. `error` is Slack's word for kind "error".
    """

    method: str
    kind: Kind
    times: int | None = 1
    skip: int = 0
    share: float = 1.0
    error: str = "fatal_error"
    retry_after_s: int = 1
    delay_s: float = 1.0


@dataclass(slots=True)
class Faults:
    """The faults waiting to happen; the first that fits a call happens to it."""

    waiting: list[Fault] = field(default_factory=list)
    _dice: random.Random = field(default_factory=lambda: random.Random(16))  # noqa: S311 - repeatable, no secret

    def take(self, method: str) -> Fault | None:
        """The fault of this call, if any; `method` "*" fits every method."""
        for fault in self.waiting:
            if fault.method in (method, "*") and self._happens(fault):
                return fault
        return None

    def _happens(self, fault: Fault) -> bool:
        if fault.skip > 0:
            fault.skip -= 1
            return False
        if self._dice.random() >= fault.share:
            return False
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        return True
