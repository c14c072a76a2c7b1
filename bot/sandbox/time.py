"""A clock the sandbox's people can move, so that ten minutes or 72 hours need not be waited for."""

from datetime import datetime, timedelta

from bot.clock import Clock


class MovableClock(Clock):
    """Runs like the real clock, plus whatever was skipped or jumped."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = timedelta()

    def now(self) -> datetime:
        return super().now() + self._moved

    def skip(self, by: timedelta) -> None:
        """Let time pass. `by` is never negative: to go back, `jump`."""
        if by < timedelta():
            raise ValueError("time can only be skipped forwards; use jump to go back")
        self._moved += by

    def jump(self, to: datetime) -> None:
        """Set the clock to `to` (aware), backwards too, as a wrong NTP answer would."""
        self._moved += to - self.now()
