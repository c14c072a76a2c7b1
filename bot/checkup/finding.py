"""What one check found: a mark, a word, and what to do."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """The sign and the word for it: never a colour alone."""

    OK = ("✓", "ok")
    WARNING = ("!", "warning")
    UNKNOWN = ("?", "could not tell")
    PROBLEM = ("✗", "problem")


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was looked at, what it `says`, and what `todo` when it is not ok. Never holds a secret."""

    mark: Mark
    what: str
    says: str
    todo: str = ""


def ok(what: str, says: str) -> Finding:
    return Finding(Mark.OK, what, says)


def warning(what: str, says: str, todo: str) -> Finding:
    return Finding(Mark.WARNING, what, says, todo)


def unknown(what: str, says: str, todo: str = "") -> Finding:
    return Finding(Mark.UNKNOWN, what, says, todo)


def problem(what: str, says: str, todo: str) -> Finding:
    return Finding(Mark.PROBLEM, what, says, todo)
