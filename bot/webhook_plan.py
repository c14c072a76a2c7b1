"""What must change at Meta so that a number's events come to this bot: one change at a time, or why none. Pure.

Which address wins: the number's, else the account's, else the app's (meta-graph.md §4.3). Account and template
events go to the app's, always: that one is changed by nothing in here.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.evidence.facts import known_number, same_address
from bot.evidence.snapshot import Snapshot
from bot.graph.model import AppSubscription, Webhooks

LONGEST_URL = 200  # of an override (meta-graph.md §4.2)


class Deed(StrEnum):
    """What is done at Meta, each by one call."""

    SUBSCRIBE = "subscribe"
    SET_ACCOUNT = "set_account"
    CLEAR_ACCOUNT = "clear_account"
    SET_NUMBER = "set_number"
    CLEAR_NUMBER = "clear_number"


SETS = (Deed.SET_ACCOUNT, Deed.SET_NUMBER)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `before`, `after`: the address in force, "" for none; `was`: the one at the level changed."""

    deed: Deed
    number_id: str
    account_id: str
    before: str = ""
    after: str = ""
    was: str = ""

    @property
    def of_account(self) -> bool:
        """Whether it is felt by every number of the account."""
        return self.deed in (Deed.SUBSCRIBE, Deed.SET_ACCOUNT, Deed.CLEAR_ACCOUNT)

    @property
    def mark(self) -> str:
        """The same for the same change: what was shown is what is applied, or nothing is."""
        whole = "\n".join(
            (self.deed.value, self.number_id, self.account_id, self.before, self.after, self.was)
        )
        return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Plan:
    """`change` None: `says` tells why not. `done`: nothing has to be done for messages; None: could not tell.

    `app`: what is wrong with the app's own webhook, a sentence each: for a manager, and for all accounts at once.
    """

    change: Change | None
    says: str = ""
    done: bool | None = False
    app: tuple[str, ...] = ()


def plan(snapshot: Snapshot) -> Plan:
    """What to do next."""
    app = app_faults(snapshot)
    subscription = snapshot.subscription.value if snapshot.subscription.known else None
    missing = _not_subscribed(snapshot)
    if missing is None:
        return Plan(
            None, f"Which apps are subscribed could not be read. {snapshot.apps.why}".strip(), None, app
        )
    if missing:
        return Plan(_change(snapshot, Deed.SUBSCRIBE), app=app)
    if not snapshot.webhook_url:
        return Plan(
            None, "This bot has no public address (PUBLIC_URL), so there is nothing to lead here.", None, app
        )
    number = known_number(snapshot)
    if number is None or number.webhooks is None:
        why = snapshot.number.why or "Meta did not say."
        return Plan(None, f"Which address is in force could not be read. {why}", None, app)
    if subscription is not None and not subscription.callback_url:
        return Plan(
            None,
            "The app has no webhook at all, so an address of a number or account helps nothing.",
            app=app,
        )
    return _of_address(snapshot, number.webhooks, app)


def _of_address(snapshot: Snapshot, hooks: Webhooks, app: tuple[str, ...]) -> Plan:
    ours = snapshot.webhook_url
    if same_address(hooks.effective, ours):
        if snapshot.override_url and hooks.level == "application":
            return Plan(_change(snapshot, Deed.SET_ACCOUNT, hooks.effective, ours), app=app)
        return Plan(None, "Nothing to do: this number's messages come to this bot.", True, app)
    if hooks.number:
        clears, was = same_address(hooks.account or hooks.application, ours), hooks.number
        deed = Deed.CLEAR_NUMBER if clears else Deed.SET_NUMBER
    else:
        clears, was = same_address(hooks.application, ours), hooks.account or ""
        deed = Deed.CLEAR_ACCOUNT if clears else Deed.SET_ACCOUNT
    if not clears and len(ours) > LONGEST_URL:
        return Plan(
            None, f"This bot's address is longer than Meta takes here ({LONGEST_URL} characters).", app=app
        )
    return Plan(_change(snapshot, deed, hooks.effective, ours, was), app=app)


def app_faults(snapshot: Snapshot) -> tuple[str, ...]:
    """What is wrong with the app's own webhook; nothing when that could not be read."""
    subscription = snapshot.subscription.value if snapshot.subscription.known else None
    if subscription is None or not snapshot.webhook_url:
        return ()
    return tuple(_faults(subscription, snapshot.webhook_url, snapshot.needed_fields))


def _faults(subscription: AppSubscription, ours: str, needed: tuple[str, ...]) -> list[str]:
    if not subscription.callback_url:
        return ["The app has no webhook for WhatsApp."]
    lacking = [name for name in needed if name not in subscription.fields]
    found = []
    if not same_address(subscription.callback_url, ours):
        found.append(
            "The app's own address is not this bot's: account events (bans, templates, PINs) do not come here."
        )
    if subscription.active is False:
        found.append("The app's webhook is switched off.")
    if lacking:
        found.append(f"The app does not listen to {', '.join(lacking)}.")
    return found


def _not_subscribed(snapshot: Snapshot) -> bool | None:
    if not snapshot.apps.known:
        return None
    return all(app.id != snapshot.app_id for app in snapshot.apps.value or ())


def _change(
    snapshot: Snapshot, deed: Deed, before: str | None = "", after: str = "", was: str = ""
) -> Change:
    return Change(deed, snapshot.ref.id, snapshot.ref.account_id, before or "", after, was)


def shown(url: str) -> str:
    """An address without what may be secret in it: name and password, and what stands behind the path."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    if not parts.hostname:
        return "none" if not url else "an address that cannot be read"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}" + ("?…" if parts.query else "")
