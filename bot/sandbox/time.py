"""A clock the sandbox's people can move, so that ten minutes or 72 hours need not be waited for."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
        self._move(by)

    def jump(self, to: datetime) -> None:
        """Set the clock to `to` (aware), backwards too, as a wrong NTP answer would."""
        self._move(to - self.now())

    def _move(self, by: timedelta) -> None:
        self._moved += by


_CELLS = struct.Struct(
    "ddd"
)  # the wall clock and the monotonic clock at the start, then what was skipped, in s


class SharedClock(MovableClock):
    """The same time in several processes of this machine: its file says where it started and what was skipped.

    The monotonic clock counts the same for all processes, so they agree to the microsecond. `make` the file
    once, then `SharedClock(file)` in each process; a skip in one is seen by all at once.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        with file.open("r+b") as opened:
            self._cells = mmap.mmap(opened.fileno(), _CELLS.size)
        start, self._mark, _ = _CELLS.unpack_from(self._cells)
        self._start = datetime.fromtimestamp(start, UTC)

    @classmethod
    def make(cls, file: Path) -> "SharedClock":
        """Begin a time that others may share; it starts as the real one."""
        now = Clock()
        file.write_bytes(_CELLS.pack(now._start.timestamp(), now._mark, 0.0))
        return cls(file)

    @property
    def skipped(self) -> timedelta:
        """How far it is from the real clock, in whole: skips and jumps together."""
        return timedelta(seconds=_CELLS.unpack_from(self._cells)[2])

    def now(self) -> datetime:
        return Clock.now(self) + self.skipped

    def _move(self, by: timedelta) -> None:
        moved = (self.skipped + by).total_seconds()
        struct.pack_into("d", self._cells, _CELLS.size - 8, moved)
