"""The colleague with the phone is asked for each new code, not only at the moment of the hand-off."""

from datetime import datetime

from sqlmodel import Session

from bot.audit import Journal
from bot.flows.state import Reconnect


def prompt_holder(
    session: Session, journal: Journal, before: Reconnect, after: Reconnect, now: datetime
) -> None:
    """Owe the holder a message when `after` has a code that `before` had not."""
    if not after.holder or not after.code_op or after.code_op == before.code_op:
        return
    journal.owe_dm(
        session, to=after.holder, template="hand_off", ref=after.ref, flow_id=after.id, at=now, sender=after.owner,
        until=after.code_dies_at.isoformat() if after.code_dies_at else "",
    )  # fmt: skip
