"""When an access token can be extended, when it should be, and when a new one may take its place. Pure."""

from datetime import datetime, timedelta
from typing import TypeGuard

from bot.graph.errors import GraphError
from bot.graph.model import TokenInfo

EXTEND_WITHIN = timedelta(days=14)
WARN_DAYS = (14, 7, 3, 1)


def end_of(info: TokenInfo) -> datetime | None:
    """The earlier of the token's own end and that of its access to data; None: neither is known."""
    ends = [end for end in (info.expires_at, info.data_access_expires_at) if end is not None]
    return min(ends, default=None)


def can_extend(info: TokenInfo, now: datetime) -> bool:
    """Whether Meta would give a new token for it: valid, of a kind that expires, and not expired yet.

    A token that never expires is never exchanged: that would turn it into a 60-day one.
    """
    expires = info.expires_at
    kind_ok = info.kind in ("USER", "SYSTEM_USER")
    return info.is_valid and kind_ok and not info.never_expires and expires is not None and now < expires


def should_extend(info: TokenInfo, now: datetime) -> bool:
    """Whether it can be extended and has 14 days or less left."""
    return can_extend(info, now) and info.expires_at is not None and info.expires_at <= now + EXTEND_WITHIN


def is_better(old: TokenInfo, new: TokenInfo, app_id: str) -> str:
    """ "" when `new` may replace `old`; else why not, in a sentence."""
    if not new.is_valid:
        return "Meta says the new token is not valid."
    if new.app_id != app_id:
        return "The new token belongs to another app."
    if new.user_id != old.user_id:
        return "The new token belongs to another user."
    if not new.scopes >= old.scopes:
        return f"The new token lacks: {', '.join(sorted(old.scopes - new.scopes))}."
    if not _reaches_as_far(old, new):
        return "The new token reaches fewer accounts."
    if new.expires_at is not None and (old.expires_at is None or new.expires_at <= old.expires_at):
        return "The new token lasts no longer."
    return ""


def is_of_another_app(error: GraphError | None) -> TypeGuard[GraphError]:
    """Whether Meta would not show a token because it is another app's (meta-graph.md §6.1)."""
    return error is not None and error.code == 100 and "viewing app" in error.words.lower()


def _reaches_as_far(old: TokenInfo, new: TokenInfo) -> bool:
    """Scope by scope; None is no limit. A scope Meta lists nothing for is compared by its name alone."""
    for scope, had in old.granular.items():
        has = new.granular.get(scope)
        if scope in new.granular and has is not None and (had is None or not set(had) <= set(has)):
            return False
    return True
