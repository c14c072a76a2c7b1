"""How much of our allowance Meta says is used, and until when nobody may call."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.clock import Clock
from bot.graph.limits import Limits

APP_USAGE = "x-app-usage"
ACCOUNT_USAGE = "x-business-use-case-usage"
_PERCENTAGES = ("call_count", "total_time", "total_cputime")
_MINUTES = "estimated_time_to_regain_access"


class Gate:
    """Closed while Meta wants no calls from this app.

    `on_close` is told each new end of the wait (UTC), so that it can be kept across a restart.
    """

    def __init__(
        self, clock: Clock, limits: Limits, on_close: Callable[[datetime], None] | None = None
    ) -> None:
        self._on_close = on_close
        self._clock = clock
        self._limits = limits
        self._until: datetime | None = None
        self.percent = 0.0  # the highest figure in the latest answer that carried any

    def not_before(self) -> datetime | None:
        """When calls may go on (UTC); None: now."""
        if self._until is not None and self._until <= self._clock.now():
            self._until = None
        return self._until

    def read(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer's usage headers. At 100 % the gate closes."""
        rows = list(_rows(headers))
        if not rows:
            return
        self.percent = max(percent for percent, _ in rows)
        full = [minutes for percent, minutes in rows if percent >= 100 or minutes > 0]
        if full:
            self.close(timedelta(minutes=min(max(full), 60)))

    def close(self, wait: timedelta | None) -> datetime:
        """Close for `wait` (None or nothing: our own pause), never beyond the longest; says until when."""
        seconds = wait.total_seconds() if wait else 0.0
        if seconds <= 0:
            seconds = self._limits.pause_s
        until = self._clock.now() + timedelta(seconds=min(seconds, self._limits.longest_pause_s))
        return self.keep_closed(until)

    def keep_closed(self, until: datetime) -> datetime:
        """Closed until `until` at least; says until when."""
        standing = self.not_before()
        if standing is not None and standing >= until:
            return standing
        self._until = until
        if self._on_close:
            self._on_close(until)
        return until


def read_retry_after(text: str, now: datetime) -> timedelta | None:
    """The wait in a `Retry-After` header, seconds or a date; None when it names none in the future."""
    try:
        seconds = float(text)
    except ValueError:
        return _until_date(text, now)
    if not math.isfinite(seconds) or seconds <= 0:
        return None
    return timedelta(seconds=min(seconds, timedelta(days=30).total_seconds()))


def _until_date(text: str, now: datetime) -> timedelta | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when - now if when > now else None


def _rows(headers: Mapping[str, str]) -> Iterator[tuple[float, float]]:
    """Each (highest percentage, minutes until access returns) the headers give."""
    app = _parse(headers.get(APP_USAGE, ""))
    if isinstance(app, dict):
        yield _row(app)
    accounts = _parse(headers.get(ACCOUNT_USAGE, ""))
    for uses in accounts.values() if isinstance(accounts, dict) else ():
        yield from (_row(use) for use in uses if isinstance(use, dict)) if isinstance(uses, list) else ()


def _row(use: Mapping[str, object]) -> tuple[float, float]:
    return max(_figure(use.get(name)) for name in _PERCENTAGES), _figure(use.get(_MINUTES))


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if -1e9 < value < 1e9 else 0.0


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
