"""The lines of a permission refresh's before/after table. Pure."""

from datetime import UTC, datetime

from bot.audit import Outcome
from bot.flows.report import Change, Verdict
from bot.flows.result import Result
from bot.graph.errors import GraphError
from bot.graph.model import Account, Number, SubscribedApp, TokenInfo
from bot.numbers import NumberRef
from bot.status import NEEDED_SCOPES, row


def token_line(
    before: TokenInfo | GraphError, after: TokenInfo | GraphError, done: Result, now: datetime
) -> Change:
    what = "Access token"
    if isinstance(before, GraphError):
        return Change(what, "could not tell", "could not tell", Verdict.UNKNOWN, before.message)
    was = _life(before, now)
    if not before.is_valid:
        return Change(
            what, was, was, Verdict.PERSON, "A dead token cannot be refreshed: a person must connect again."
        )
    if done.ok and not isinstance(after, GraphError):
        return Change(what, was, _life(after, now), Verdict.CHANGED, "Extended.")
    if done.outcome is not Outcome.NONE:
        return Change(what, was, was, Verdict.PERSON, f"Extending failed: {done.says}")
    return Change(what, was, was, Verdict.FINE)


def _life(token: TokenInfo, now: datetime) -> str:
    if not token.is_valid:
        return f"dead (190/{token.error_subcode})" if token.error_subcode else "dead"
    if token.data_access_expires_at and token.data_access_expires_at <= now:
        return "data access expired"
    if token.never_expires:
        return "valid, never expires"
    if token.expires_at is None:
        return "valid"
    return f"valid, {max(0, (token.expires_at - now).days)} days left"


def scopes_line(after: TokenInfo | GraphError) -> Change:
    what = "Permissions"
    if isinstance(after, GraphError):
        return Change(what, "could not tell", "could not tell", Verdict.UNKNOWN, after.message)
    lacking = [scope for scope in NEEDED_SCOPES if scope not in after.scopes]
    had = f"{len(NEEDED_SCOPES) - len(lacking)} of {len(NEEDED_SCOPES)} granted"
    if lacking:
        note = f"Missing: {', '.join(lacking)}. A person grants it and makes a new token."
        return Change(what, had, had, Verdict.PERSON, note)
    return Change(what, had, had, Verdict.FINE)


def account_line(account: Account | GraphError) -> Change:
    what = "WhatsApp account"
    if isinstance(account, GraphError):
        return Change(what, "could not tell", "could not tell", Verdict.UNKNOWN, account.message)
    state = account.status or "readable"
    healthy = (account.status or "ACTIVE").upper() in ("ACTIVE", "CONNECTED")
    note = "" if healthy else "Look in WhatsApp Manager → Account overview."
    return Change(what, state, state, Verdict.FINE if healthy else Verdict.PERSON, note)


def subscription_line(
    before: tuple[SubscribedApp, ...] | GraphError,
    after: tuple[SubscribedApp, ...] | GraphError,
    done: Result,
    app_id: str,
) -> Change:
    what = "App subscribed"
    if isinstance(before, GraphError):
        return Change(what, "could not tell", "could not tell", Verdict.UNKNOWN, before.message)
    had = "yes" if any(app.id == app_id for app in before) else "no"
    if done.outcome is Outcome.NONE:
        return Change(what, had, had, Verdict.FINE)
    if isinstance(after, GraphError):
        return Change(
            what, had, "could not tell", Verdict.UNKNOWN, "Subscribed, but it could not be read back."
        )
    has = "yes" if any(app.id == app_id for app in after) else "no"
    if has == "yes":
        return Change(what, had, has, Verdict.CHANGED, "Events arrive again.")
    return Change(what, had, has, Verdict.PERSON, done.says or "Meta accepted, but the app is still missing.")


def webhook_line(before: Number | GraphError, after: Number | GraphError) -> Change:
    was, now = _hook(before), _hook(after)
    if now == "could not tell":
        return Change("Events go to", was, now, Verdict.UNKNOWN)
    if now == "nowhere":
        return Change("Events go to", was, now, Verdict.PERSON, "No callback URL is set in the Meta app.")
    return Change("Events go to", was, now, Verdict.FINE if was == now else Verdict.CHANGED)


def _hook(number: Number | GraphError) -> str:
    if isinstance(number, GraphError) or number.webhooks is None:
        return "could not tell"
    return number.webhooks.effective or "nowhere"


def status_line(before: Number | GraphError, after: Number | GraphError) -> Change:
    was = "could not tell" if isinstance(before, GraphError) else before.status or "no status"
    if isinstance(after, GraphError):
        return Change("Status", was, "could not tell", Verdict.UNKNOWN, after.message)
    now = after.status or "no status"
    if now.upper() == "CONNECTED":
        return Change("Status", was, now, Verdict.FINE if was == now else Verdict.CHANGED)
    return Change("Status", was, now, Verdict.PERSON, _way_back(after))


def _way_back(number: Number) -> str:
    """What to do about a number that is not connected: a reconnect only where a code or a registration helps."""
    ref = NumberRef(number.id, number.account_id, number.verified_name, number.digits, number.display)
    found = row(ref, number, datetime.min.replace(tzinfo=UTC))
    if found.reconnectable:
        return "Not connected: `/whatsapp reconnect` goes on from here."
    return f"Not connected. {found.cause}"
