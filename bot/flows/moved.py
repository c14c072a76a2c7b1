"""What a deed leaves behind: the flow where it stands now, and what to tell about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.flows.report import RefreshReport
from bot.flows.result import Result
from bot.flows.state import Reconnect
from bot.graph.model import Number


@dataclass(frozen=True, slots=True)
class Moved:
    """A flow after a deed. `result`: of the call, `report`: of the refresh, `number`: as just read."""

    flow: Reconnect
    result: Result | None = None
    report: RefreshReport | None = None
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A flow whose intent is durable. `act` makes the call, once, and records how it ended."""

    flow: Reconnect
    act: Callable[[], Awaitable[Moved]]
