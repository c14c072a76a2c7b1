"""How one call to Meta ended, and what to tell about it."""

from dataclasses import dataclass
from datetime import datetime

from bot.acts import Outcome
from bot.errors import BotError
from bot.graph.errors import GraphError, Throttled, Unreachable
from bot.meanings import meaning, metas_words


@dataclass(frozen=True, slots=True)
class Result:
    """How one call ended. `says`, `do`: for the person; `metas_words`: Meta's own, untrusted."""

    outcome: Outcome
    reason: str = ""
    trace: str = ""
    says: str = ""
    do: str = ""
    metas_words: str = ""
    code: int = 0
    subcode: int = 0
    until: datetime | None = None

    @property
    def ok(self) -> bool:
        return self.outcome is Outcome.OK


class RecordingLate(BotError):
    """Meta answered, but the answer could not be written down yet. It is kept trying."""


def result_of(error: GraphError) -> Result:
    """An error of Meta's as the outcome of a write (reliability.md §3.3)."""
    outcome = Outcome.FAILED
    if isinstance(error, Unreachable | Throttled) and not error.sent:
        outcome = Outcome.NOT_SENT
    elif isinstance(error, Unreachable):
        outcome = Outcome.UNKNOWN
    told = meaning(error)
    return Result(
        outcome=outcome,
        reason=_reason(error),
        trace=error.trace,
        says=told.says,
        do=told.do,
        metas_words=metas_words(error),
        code=error.code,
        subcode=error.subcode,
        until=error.retry_at if isinstance(error, Throttled) else None,
    )


def _reason(error: GraphError) -> str:
    if error.code:
        return f"{error.code}/{error.subcode}" if error.subcode else str(error.code)
    return "unreachable" if isinstance(error, Unreachable) else type(error).__name__.lower()


def in_short(result: Result) -> str:
    """Whether Meta did it, in one sentence."""
    return {
        Outcome.OK: "Meta accepted.",
        Outcome.UNKNOWN: "Meta may or may not have done it.",
        Outcome.NOT_SENT: "Nothing was sent to Meta.",
    }.get(result.outcome, "Meta refused.")
