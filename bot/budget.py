"""What a number has left: codes, tries, PIN guesses and registrations, and when they come back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Allowance:
    """One budget of one number at one moment.

    `left` of `total` within the window; `not_before` (UTC) is the earliest next use, None = now;
    `manager_only`: the guard line is reached and only a manager may go on; `why` says who set the wait
    ("us" for our own guard line, else Meta's words or code).
    """

    left: int
    total: int
    window: str  # "24 hours", "72 hours", "this code"
    not_before: datetime | None = None
    manager_only: bool = False
    why: str = ""

    def open_at(self, now: datetime) -> bool:
        return self.left > 0 and (self.not_before is None or self.not_before <= now)


@dataclass(frozen=True, slots=True)
class Budget:
    """All budgets of one number. `tries_of_code` is for the code now out, `tries` for 24 hours."""

    codes: Allowance
    tries: Allowance
    tries_of_code: Allowance
    pins: Allowance
    registers: Allowance
