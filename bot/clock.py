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
