"""How a number stands: our word for Meta's, its cause, and whether a code or a registration can help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.graph.model import Account, Health, Number, SubscribedApp, TokenInfo
from bot.numbers import NumberRef

# Display-name states in which a registration fails with 100/2388001 “Cannot Create Certificate”.
NAME_NOT_READY = frozenset({"PENDING_REVIEW", "DECLINED"})
TOKEN_FACT = "Token"  # noqa: S105  # the name of a fact
NEEDED_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


class Answer(StrEnum):
    """Three values everywhere: a silence is never a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "could not tell"


class State(StrEnum):
    """Our plain word for a number's condition, worst first."""

    BANNED = "Banned"
    GONE = "Gone"
    DISCONNECTED = "Disconnected"
    RESTRICTED = "Restricted"
    PENDING = "Not connected yet"
    UNKNOWN = "Could not tell"
    WARNING = "Connected, needs attention"
    TEST = "Meta test number"
    CONNECTED = "Connected"


RANK = {state: place for place, state in enumerate(State)}


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
class Known:
    """What was last read of every account, however long ago. `at`: when Meta answered last; None: never yet."""

    board: Board = Board(())
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one number. `details` are label/value pairs in order."""

    row: Row
    facts: tuple[Fact, ...]
    details: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one reading of Meta gave. None: that read failed, so its facts are “could not tell”."""

    number: Number
    account: Account | None
    apps: tuple[SubscribedApp, ...] | None
    token: TokenInfo | None
    our_app_id: str


def name_ready(number: Number) -> bool:
    """Whether the display name is provisioned, so that a registration can succeed."""
    return (number.name_status or "").upper() not in NAME_NOT_READY


def worst_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda r: (RANK[r.state], r.ref.name.casefold(), r.ref.id)))


STATES: dict[str, tuple[State, str, bool]] = {
    # Meta's status: our word, the cause in one line, whether a code or a registration can help
    "BANNED": (State.BANNED, "Meta has banned this number: appeal in Business Support Home.", False),
    "DELETED": (State.GONE, "Removed from the WhatsApp account: add it again.", False),
    "MIGRATED": (State.GONE, "Moved to another WhatsApp account: look for it there.", False),
    "DISCONNECTED": (State.DISCONNECTED, "No longer registered: customers' messages do not arrive.", True),
    "RESTRICTED": (State.RESTRICTED, "Meta restricts it for a time: it may only reply.", False),
    "RATE_LIMITED": (State.RESTRICTED, "Sending limit reached: wait 24 hours.", False),
    "FLAGGED": (State.WARNING, "Low quality: send fewer templates until quality is back.", False),
    "PENDING": (State.PENDING, "Added but never registered.", True),
    "UNVERIFIED": (State.PENDING, "Ownership is not proven yet.", True),
    "NOT_VERIFIED": (State.PENDING, "Ownership is not proven yet.", True),
    "SENT": (State.PENDING, "A code was sent and waits to be entered.", True),
}


def row(ref: NumberRef, number: Number, now: datetime) -> Row:
    """The board line of a number read at `now`."""
    word = (number.status or "").upper()
    state, cause, helps = _connected(number) if word == "CONNECTED" else STATES.get(word, _unknown(number))
    if (number.account_mode or "").upper() == "SANDBOX":
        state, cause, helps = State.TEST, "A Meta test number: sends only to five listed recipients.", False
    elif helps:
        cause, helps = _way_back(number, cause)
    return Row(ref, state, number.status or "no status", cause, now, helps)


def _unknown(number: Number) -> tuple[State, str, bool]:
    said = f"“{number.status}”" if number.status else "nothing"
    return State.UNKNOWN, f"Meta says {said}: not a state this bot knows.", False


def _connected(number: Number) -> tuple[State, str, bool]:
    if number.health and number.health.can_send == "BLOCKED":
        return State.WARNING, f"Connected, but Meta blocks sending: {first_problem(number.health)}", False
    if (number.quality_rating or "").upper() == "RED":
        return State.WARNING, "Quality is low (RED): send fewer templates.", False
    if (number.code_verification_status or "").upper() == "EXPIRED":
        return (
            State.CONNECTED,
            "Works. Ownership proof has expired: only matters if it must be registered again.",
            False,
        )
    return State.CONNECTED, "Sends and receives.", False


def _way_back(number: Number, cause: str) -> tuple[str, bool]:
    if number.is_on_biz_app:
        return "Used in the WhatsApp Business app: re-link it there.", False
    verified = (number.code_verification_status or "").upper()
    if verified == "VERIFIED" and not name_ready(number):
        return f"Waits for its display name ({number.name_status}): registering now would fail.", False
    if verified == "VERIFIED":
        return f"{cause} Ownership is proven: only the registration is missing.", True
    if verified in ("NOT_VERIFIED", "UNVERIFIED", "EXPIRED"):
        return f"{cause} Needs a code on its phone.", True
    return cause, True


def first_problem(health: Health) -> str:
    """Meta's words on the first thing that blocks sending."""
    for entity in health.entities:
        if entity.can_send == "BLOCKED" and entity.problems:
            return entity.problems[0]
    return "it does not say why."
