"""The addresses this bot itself once set on a number or an account, so that their loss can be noticed."""

from datetime import datetime

from sqlmodel import Session

from bot.numbers import NumberRef
from storage import events

OVERRIDE = "override set by us"


def override_in(session: Session, ref: NumberRef) -> str:
    """The one set for the number, else for its account; "" when there is none."""
    rows = {
        row.scope: row for row in events.standings(session, [ref.id, ref.account_id]) if row.what == OVERRIDE
    }
    kept = rows.get(ref.id) or rows.get(ref.account_id)
    return kept.value if kept else ""


def note_override(session: Session, scope: str, url: str, at: datetime) -> None:
    """Set, or with "" cleared, on this number or account."""
    if url:
        events.stand(session, scope=scope, what=OVERRIDE, value=url, at=at)
    else:
        events.unstand(session, scope=scope, what=OVERRIDE, before=at)
