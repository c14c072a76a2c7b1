"""One question to Meta and how it ended: answered, failed, or not asked at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.graph.errors import GraphError, NotFound, PermissionMissing, Throttled, TokenRejected, Unreachable

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True)  # no slots: with them Reading[Number](…) fails in Python 3.11
class Reading(Generic[T_co]):
    """`how`: what was asked, in words ("GET /106…"). `at` None: it was not asked, and `why_not` says why."""

    how: str
    at: datetime | None = None
    took_s: float = 0.0
    value: T_co | None = None
    error: GraphError | None = None
    why_not: str = ""

    @property
    def asked(self) -> bool:
        return self.at is not None

    @property
    def known(self) -> bool:
        return self.asked and self.value is not None and self.error is None

    @property
    def failed(self) -> bool:
        """Asked, and no answer that can be used."""
        return self.asked and not self.known

    @property
    def why(self) -> str:
        """Why nothing is known, in a sentence; "" when something is."""
        if self.known:
            return ""
        if not self.asked:
            return self.why_not or "It was not asked."
        match self.error:
            case Unreachable():
                return "Meta did not answer in time, or not in a way that can be read."
            case Throttled():
                return "Meta asks us to wait before it answers."
            case TokenRejected():
                return "Meta did not accept the access token."
            case PermissionMissing():
                return "Meta does not allow us to see it."
            case NotFound():
                return "Meta has nothing under this id, or does not let us see it."
            case None:
                return "Meta's answer was empty."
            case error:
                return f"Meta refused the question{_number(error)}."


def answered(how: str, at: datetime, value: T, *, took_s: float = 0.0) -> Reading[T]:
    return Reading(how, at, took_s, value)


def _number(error: GraphError) -> str:
    if not error.code:
        return ""
    return f" (error {error.code}/{error.subcode})" if error.subcode else f" (error {error.code})"
