"""What stands in the window of a link once it is used, replaced or over, so that nobody presses a dead one."""

from datetime import datetime

from sqlmodel import Session

from bot.audit import Journal
from bot.numbers import NumberRef


def owe_window(
    session: Session,
    journal: Journal,
    window: str,
    template: str,
    ref: NumberRef,
    *,
    at: datetime,
    reason: str = "",
    text: str = "",
) -> None:
    """Owe the redrawing; nothing without a window. One that was closed meanwhile stays closed."""
    if window:
        journal.owe_window(
            session, window=window, template=template, ref=ref, at=at, reason=reason, text=text, about=ref.id
        )
