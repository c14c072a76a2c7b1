"""What is known of one number, as separate facts that are never merged into one green light."""

from datetime import datetime

from bot.graph.model import Number, TokenInfo
from bot.numbers import NumberRef
from bot.status import NEEDED_SCOPES, STATES, TOKEN_FACT, Answer, Card, Fact, Snapshot, first_problem, row

# Limited, but still registered: nothing of ours has to be done again (meta-graph.md §1.3).
_REGISTERED = frozenset({"CONNECTED", "RESTRICTED", "RATE_LIMITED", "FLAGGED"})


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
    name = TOKEN_FACT
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
    answer = Answer.YES if word.upper() in _REGISTERED else Answer.NO if word else Answer.UNKNOWN
    if word.upper() not in STATES and word.upper() != "CONNECTED":
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
        needed = "" if connected or number.is_on_biz_app else "A code is needed."
        return Fact("Ownership proven", Answer.NO, word, needed)
    return Fact("Ownership proven", Answer.UNKNOWN, word)


def _pin_fact(number: Number) -> Fact:
    if number.is_pin_enabled is None:
        return Fact("PIN set", Answer.UNKNOWN)
    return Fact("PIN set", Answer.YES if number.is_pin_enabled else Answer.NO)


def _sending_fact(number: Number) -> Fact:
    word = (number.status or "").upper()
    if word and word not in _REGISTERED:
        return Fact("Can send", Answer.NO, word, "Only a registered number sends.")
    health = number.health
    if health is None or health.can_send not in ("AVAILABLE", "LIMITED", "BLOCKED"):
        return Fact("Can send", Answer.UNKNOWN, note="Meta did not report its health.")
    if health.can_send == "BLOCKED":
        return Fact("Can send", Answer.NO, "BLOCKED", first_problem(health))
    note = "With limits." if health.can_send == "LIMITED" or word != "CONNECTED" else ""
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
        return Fact("Webhook", Answer.NO, note=f"Our app is not subscribed. {where}".strip())
    if hooks is None:
        return Fact("Webhook", Answer.YES, note="Subscribed. The address in force could not be read.")
    if not url:
        return Fact("Webhook", Answer.NO, note="Subscribed, but no address is set.")
    return Fact("Webhook", Answer.YES, note=f"Subscribed. {where}")


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
