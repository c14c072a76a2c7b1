"""What time it is, without being fooled by a clock that jumps.

The wall clock is read once, at the start; from then on time is measured by the monotonic clock, so a
deadline, a cool-down or a lease never depends on somebody setting the clock (reliability.md I8).
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """UTC now, advancing monotonically from the moment the clock was made."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """Aware UTC time."""
        return self._start + timedelta(seconds=time.monotonic() - self._mark)


def in_words(span: timedelta) -> str:
    """A duration for people: “48 s”, “3 min 12 s”, “2 h 5 min”."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
