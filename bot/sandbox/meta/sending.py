"""One request to somebody's webhook: where it goes, why not, and when it is tried again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.sandbox.meta.account import AppRecord, is_loopback
from bot.sandbox.meta.errors import Json
from bot.sandbox.meta.event import FOLLOWS_OVERRIDES, Event
from bot.sandbox.meta.world import World

State = Literal["waiting", "delivered", "refused", "given up", "elsewhere", "nobody"]
GIVES_UP_AFTER = timedelta(days=7)
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
"""Falling frequency; the last one for the rest of the seven days."""


@dataclass(slots=True)
class Sending:
    """`url` and `level` (number, account, app): who gets it. `note`: why nobody does, or what went wrong."""

    n: int
    app_id: str
    url: str
    level: str
    fields: tuple[str, ...]
    about: str
    body: bytes = field(repr=False)
    first_at: datetime
    due: datetime
    state: State = "waiting"
    is_forged: bool = False
    tries: int = 0
    status: int = 0  # of the last answer; 0: none
    note: str = ""

    def failed(self, now: datetime) -> None:
        """Try again later, or not any more."""
        self.due = now + WAITS[min(self.tries, len(WAITS)) - 1]
        if self.due - self.first_at > GIVES_UP_AFTER:
            self.state = "given up"

    def described(self) -> Json:
        return {
            "n": self.n,
            "at": self.first_at.isoformat(),
            "about": self.about,
            "fields": list(self.fields),
            "url": self.url,
            "level": self.level,
            "state": self.state,
            "forged": self.is_forged,
            "tries": self.tries,
            "status": self.status,
            "note": self.note,
            "next_at": self.due.isoformat() if self.state == "waiting" else None,
        }


def destination(world: World, app: AppRecord, event: Event) -> tuple[str, str, str]:
    """URL, its level, and why the app does not hear of it ("": it does)."""
    account = world.accounts[event.account_id]
    if app.id not in account.subscriptions:
        return "", "", "the app is not subscribed to the account"
    if not app.active:
        return "", "", "the app's webhook is switched off"
    if event.field not in app.subscribed_fields:
        return "", "", f"the app does not listen to {event.field}"
    url, level = app.callback_url, "app"
    if event.field in FOLLOWS_OVERRIDES:
        number = world.numbers.get(event.number_id)
        if number is not None and number.override_url:
            url, level = number.override_url, "number"
        elif account.subscriptions[app.id]:
            url, level = account.subscriptions[app.id], "account"
    return (url, level, "") if url else ("", "", "the app has no webhook")


def is_ours_to_call(url: str) -> bool:
    """The sandbox calls this machine and no other, whatever stands in its records."""
    return is_loopback(url)
