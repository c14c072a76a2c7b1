"""What is known of a number, as separate facts that are never merged into one green light."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.numbers import NumberRef


class Answer(StrEnum):
    """Three values everywhere: a silence is never a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "could not tell"


class State(StrEnum):
    """Our plain word for a number's condition, worst first in `RANK`."""

    BANNED = "Banned"
    GONE = "Gone"
    DISCONNECTED = "Disconnected"
    RESTRICTED = "Restricted"
    PENDING = "Not connected yet"
    UNKNOWN = "Could not tell"
    WARNING = "Connected, needs attention"
    TEST = "Meta test number"
    CONNECTED = "Connected"


@dataclass(frozen=True, slots=True)
class Fact:
    """One question of the card. `metas_word` is Meta's own value, `note` a plain sentence or ""."""

    name: str
    answer: Answer
    metas_word: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board. `reconnectable`: a code or a registration can help."""

    ref: NumberRef
    state: State
    metas_word: str
    cause: str
    read_at: datetime
    reconnectable: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Every number, worst first. `troubles` are sentences about accounts that could not be read."""

    rows: tuple[Row, ...]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one number. `details` are label/value pairs in order."""

    row: Row
    facts: tuple[Fact, ...]
    details: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
