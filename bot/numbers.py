"""Which number a person means: nickname, last digits, or the full number in any usual form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberRef:
    """A number as people speak of it. `name` is the nickname, else the verified name (untrusted text)."""

    id: str
    account_id: str
    name: str
    digits: str
    display: str = ""

    @property
    def tail(self) -> str:
        """The last four digits: all that the audit channel ever shows."""
        return self.digits[-4:]

    @property
    def masked(self) -> str:
        return f"…{self.tail}"
