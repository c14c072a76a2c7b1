"""What must change at Meta so that a number's events come to this bot: one change at a time, or why none. Pure.

Which address wins: the number's, else the account's, else the app's (meta-graph.md §4.3). Account and template
events go to the app's, always: that one is changed by nothing in here.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

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
    """One change. `before`, `after`: addresses, "" for none; `account_id`, `number_id`: of what it is made."""

    deed: Deed
    number_id: str
    account_id: str
    before: str = ""
    after: str = ""

    @property
    def of_account(self) -> bool:
        """Whether it is felt by every number of the account."""
        return self.deed in (Deed.SUBSCRIBE, Deed.SET_ACCOUNT, Deed.CLEAR_ACCOUNT)

    @property
    def mark(self) -> str:
        """The same for the same change: what was shown is what is applied, or nothing is."""
        whole = "\n".join((self.deed.value, self.number_id, self.account_id, self.before, self.after))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


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
            return Plan(_change(snapshot, Deed.SET_ACCOUNT, hooks.account, ours), app=app)
        return Plan(None, "Nothing to do: this number's messages come to this bot.", True, app)
    if hooks.number:
        clears, before = same_address(hooks.account or hooks.application, ours), hooks.number
        deed = Deed.CLEAR_NUMBER if clears else Deed.SET_NUMBER
    else:
        clears, before = same_address(hooks.application, ours), hooks.account or hooks.application or ""
        deed = Deed.CLEAR_ACCOUNT if clears else Deed.SET_ACCOUNT
    if not clears and len(ours) > LONGEST_URL:
        return Plan(
            None, f"This bot's address is longer than Meta takes here ({LONGEST_URL} characters).", app=app
        )
    return Plan(_change(snapshot, deed, before, ours), app=app)


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


def _change(snapshot: Snapshot, deed: Deed, before: str | None = "", after: str = "") -> Change:
    return Change(deed, snapshot.ref.id, snapshot.ref.account_id, before or "", after)
