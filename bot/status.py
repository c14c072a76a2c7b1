"""What is known of a number, as separate facts that are never merged into one green light."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.graph.model import Account, Health, Number, SubscribedApp, TokenInfo
from bot.numbers import NumberRef

# Display-name states in which a registration fails with 100/2388001 “Cannot Create Certificate”.
NAME_NOT_READY = frozenset({"PENDING_REVIEW", "DECLINED"})
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


_STATES: dict[str, tuple[State, str, bool]] = {
    # Meta's status: our word, the cause in one line, whether a code or a registration can help
    "BANNED": (State.BANNED, "Meta has banned this number: appeal in Business Support Home.", False),
    "DELETED": (State.GONE, "Removed from the WhatsApp account: add it again.", False),
    "MIGRATED": (State.GONE, "Moved to another WhatsApp account: look for it there.", False),
    "DISCONNECTED": (State.DISCONNECTED, "No longer registered: customers' messages do not arrive.", True),
    "RESTRICTED": (State.RESTRICTED, "Meta restricts it for a time: it may only reply.", False),
    "RATE_LIMITED": (State.RESTRICTED, "Sending limit reached: wait 24 hours.", False),
    "FLAGGED": (State.WARNING, "Low quality: send fewer templates until quality is back.", False),
    "PENDING": (State.PENDING, "Added but never registered.", True),
    "UNVERIFIED": (State.PENDING, "Ownership is not proven yet: a code is needed.", True),
    "NOT_VERIFIED": (State.PENDING, "Ownership is not proven yet: a code is needed.", True),
    "SENT": (State.PENDING, "A code was sent and waits to be entered.", True),
}


def row(ref: NumberRef, number: Number, now: datetime) -> Row:
    """The board line of a number read at `now`."""
    word = (number.status or "").upper()
    state, cause, helps = _connected(number) if word == "CONNECTED" else _STATES.get(word, _unknown(number))
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
        return State.WARNING, f"Connected, but Meta blocks sending: {_first_problem(number.health)}", False
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


def _first_problem(health: Health) -> str:
    for entity in health.entities:
        if entity.can_send == "BLOCKED" and entity.problems:
            return entity.problems[0]
    return "it does not say why."


def card(ref: NumberRef, snap: Snapshot, now: datetime) -> Card:
    """The card: separate facts, each yes, no or could not tell. Pure."""
    number = snap.number
    facts = (
        _token_fact(snap.token, number.account_id, now),
        _registered_fact(number),
        _ownership_fact(number),
        _pin_fact(number),
        _sending_fact(number),
        _webhook_fact(snap),
    )
    return Card(row(ref, number, now), facts, _details(snap), _notes(number))


def _token_fact(token: TokenInfo | None, account_id: str, now: datetime) -> Fact:
    name = "Token"
    if token is None:
        return Fact(name, Answer.UNKNOWN, note="Meta did not answer when asked about the token.")
    if not token.is_valid:
        word = f"190/{token.error_subcode}" if token.error_subcode else "not valid"
        return Fact(name, Answer.NO, word, "The access token is dead: a person must connect again.")
    if token.data_access_expires_at and token.data_access_expires_at <= now:
        return Fact(name, Answer.NO, "data access expired", "Reads fail until a person connects again.")
    lacking = [scope for scope in NEEDED_SCOPES if scope not in token.scopes]
    if lacking:
        return Fact(name, Answer.NO, "scope missing", f"Not granted: {', '.join(lacking)}.")
    if token.account_ids and account_id not in token.account_ids:
        return Fact(name, Answer.NO, "account not granted", "The token does not reach this WhatsApp account.")
    until = "never expires" if token.never_expires else ""
    if token.expires_at:
        until = f"{max(0, (token.expires_at - now).days)} days left"
    return Fact(name, Answer.YES, token.kind, until)


def _registered_fact(number: Number) -> Fact:
    word = number.status or ""
    answer = Answer.YES if word.upper() == "CONNECTED" else Answer.NO if word else Answer.UNKNOWN
    if word.upper() not in _STATES and word.upper() != "CONNECTED":
        answer = Answer.UNKNOWN
    return Fact("Registered", answer, word or "no status")


def _ownership_fact(number: Number) -> Fact:
    word = (number.code_verification_status or "").upper()
    connected = (number.status or "").upper() == "CONNECTED"
    if word == "VERIFIED":
        return Fact("Ownership proven", Answer.YES, word)
    if word == "EXPIRED" and connected:
        return Fact(
            "Ownership proven", Answer.NO, word, "It works today: a code is needed only to register again."
        )
    if word in ("NOT_VERIFIED", "UNVERIFIED", "EXPIRED"):
        return Fact("Ownership proven", Answer.NO, word, "" if connected else "A code is needed.")
    return Fact("Ownership proven", Answer.UNKNOWN, word)


def _pin_fact(number: Number) -> Fact:
    if number.is_pin_enabled is None:
        return Fact("PIN set", Answer.UNKNOWN)
    return Fact("PIN set", Answer.YES if number.is_pin_enabled else Answer.NO)


def _sending_fact(number: Number) -> Fact:
    if (number.status or "").upper() != "CONNECTED" and number.status:
        return Fact("Can send", Answer.NO, number.status, "Only a connected number sends.")
    health = number.health
    if health is None or health.can_send not in ("AVAILABLE", "LIMITED", "BLOCKED"):
        return Fact("Can send", Answer.UNKNOWN, note="Meta did not report its health.")
    if health.can_send == "BLOCKED":
        return Fact("Can send", Answer.NO, "BLOCKED", _first_problem(health))
    note = "With limits." if health.can_send == "LIMITED" else ""
    if health.meta_says == "BLOCKED":
        note = "Meta's summary says BLOCKED only because calling (SIP) is not set up; messages are fine."
    return Fact("Can send", Answer.YES, health.can_send, note)


def _webhook_fact(snap: Snapshot) -> Fact:
    hooks = snap.number.webhooks
    url = hooks.effective if hooks else None
    where = f"Events go to {url} (set on the {hooks.level})." if hooks and url else ""
    if snap.apps is None:
        return Fact("Webhook", Answer.UNKNOWN, note=where or "Meta did not say which apps are subscribed.")
    ours = any(app.id == snap.our_app_id for app in snap.apps)
    if not ours:
        return Fact("Webhook", Answer.NO, "subscribed_apps", f"Our app is not subscribed. {where}".strip())
    if hooks is None:
        return Fact("Webhook", Answer.YES, "subscribed", "The address in force could not be read.")
    if not url:
        return Fact("Webhook", Answer.NO, "no callback URL", "Subscribed, but no address is set.")
    return Fact("Webhook", Answer.YES, "subscribed", where)


def _details(snap: Snapshot) -> tuple[tuple[str, str], ...]:
    n = snap.number
    account = snap.account
    limit = n.messaging_limit or (account.messaging_limit if account else None)
    pairs = (
        ("Quality", n.quality_rating),
        ("Messaging limit (whole portfolio)", limit),
        (
            "Display name",
            f"{n.verified_name} ({n.name_status or 'review unknown'})" if n.verified_name else n.name_status,
        ),
        ("New display name", n.new_name_status if n.new_name_status not in (None, "NONE") else ""),
        ("Throughput", n.throughput),
        ("Account mode", n.account_mode),
        ("On the Business app", {True: "yes", False: "no", None: None}[n.is_on_biz_app]),
        ("Platform", n.platform_type),
        ("WhatsApp account", f"{account.name} ({account.status or 'status unknown'})" if account else None),
        ("Phone number ID", n.id),
    )
    return tuple(
        (label, "could not tell" if value is None else value) for label, value in pairs if value != ""
    )


def _notes(number: Number) -> tuple[str, ...]:
    notes = []
    if number.missing:
        notes.append(f"Meta refused these fields: {', '.join(sorted(number.missing))}.")
    if (number.code_verification_status or "").upper() == "EXPIRED" and (number.status or "") == "CONNECTED":
        notes.append("EXPIRED while CONNECTED is not a fault: the number works.")
    return tuple(notes)
