"""What a permission refresh found, changed, and could not change."""

from dataclasses import dataclass
from enum import StrEnum

from bot.numbers import NumberRef


class Verdict(StrEnum):
    """What became of one thing the refresh looked at."""

    CHANGED = "changed"
    FINE = "was fine"
    PERSON = "needs a person"
    UNKNOWN = "could not tell"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the before/after table. `note` says what to do when a person is needed."""

    what: str
    before: str
    after: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """The before/after table. `connected`: the status read back, None = could not tell.

    `error`: the first error number Meta gave on the way ("190/463"), with its words.
    """

    ref: NumberRef
    changes: tuple[Change, ...]
    connected: bool | None
    metas_word: str = ""
    error: str = ""
    metas_words: str = ""

    @property
    def summary(self) -> str:
        """What changed, in one line for the record."""
        changed = [f"{c.what}: {c.before} → {c.after}" for c in self.changes if c.verdict is Verdict.CHANGED]
        return "; ".join(changed) or "nothing needed changing"
