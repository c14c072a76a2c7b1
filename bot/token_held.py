"""A token in use as its row has it, and what of it may stand in a record: never more than a fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.audit import Act, Outcome, Record
from bot.graph.model import TokenInfo
from bot.roles import Person
from bot.secret import Secret
from storage.tables import TokenRow

IN_USE, FROM_SETTINGS = "default", "settings"  # slots of the token table
NOT_EXTENDED, TRIED, EXTENDED = "not_extended", "extension_tried", "extended"  # standings of a slot


@dataclass(frozen=True, slots=True)
class Held:
    """A token in use. `id` is its row's, 0 while it is not stored; `since`: when it came into use."""

    slot: str
    token: Secret = field(repr=False)
    id: int = 0
    label: str = ""
    since: datetime | None = None

    @property
    def scope(self) -> str:
        """Under which name the standings keep what is known of this slot."""
        return f"token:{self.slot}"


def held_in(row: TokenRow, token: Secret) -> Held:
    return Held(row.slot, token, row.id or 0, row.label, row.created_at)


def columns(info: TokenInfo) -> dict[str, Any]:
    return {
        "app_id": info.app_id, "user_id": info.user_id, "kind": info.kind, "expires_at": info.expires_at,
        "scopes": ",".join(sorted(info.scopes)), "data_access_expires_at": info.data_access_expires_at,
    }  # fmt: skip


def in_days(info: TokenInfo, now: datetime) -> str:
    """How long the token lasts, for a record: “never”, “in 59 days”, or "" when Meta did not say."""
    if info.expires_at is None:
        return "never" if info.never_expires else ""
    return f"in {max(0, (info.expires_at - now).days)} days"


def adopted(
    person: Person,
    info: TokenInfo,
    act: Act,
    now: datetime,
    *,
    fingerprint: str,
    label: str,
    accounts: Sequence[str],
) -> Record:
    """That a token was taken into use, and by whom."""
    details = {
        "token": fingerprint,
        "token_kind": info.kind,
        "ends": in_days(info, now),
        "scopes": ", ".join(sorted(info.scopes)),
        "accounts": str(len(accounts)),
        "whose": label,
    }
    return Record(
        op=f"{act.value}:{fingerprint}:{now.isoformat()}", kind="fact", act=act, person=person, at=now,
        outcome=Outcome.OK, details={key: text for key, text in details.items() if text},
    )  # fmt: skip
