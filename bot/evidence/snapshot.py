"""Everything that was read about one number at one moment: all that a check may look at."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.evidence.reading import Reading
from bot.evidence.records import Attempts, Events, Extension, Handshake
from bot.graph.model import Account, AppSubscription, Number, SubscribedApp, TokenInfo
from bot.numbers import NumberRef
from bot.status import NEEDED_SCOPES

NEEDED_FIELDS = (
    "messages",
    "account_update",
    "account_alerts",
    "account_review_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "security",
    "message_template_status_update",
    "business_capability_update",
)
"""What a number desk must hear of (meta-graph.md §5.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`webhook_url`: this bot's own end point, "" when it has none. `override_url`: the override the bot once set
    for the number or its account, as its records say, "" when it never did. `events` None: it has no end point
    to have seen any. `gone_since`: since then Meta's list of the account lacks it. `token` and `subscription` are
    asked with the app's own token, the rest with the token in use.
    """

    ref: NumberRef
    now: datetime
    app_id: str
    webhook_url: str = ""
    override_url: str = ""
    needed_scopes: tuple[str, ...] = NEEDED_SCOPES
    needed_fields: tuple[str, ...] = NEEDED_FIELDS
    has_token: bool = True
    token: Reading[TokenInfo]
    number: Reading[Number]
    account: Reading[Account]
    apps: Reading[tuple[SubscribedApp, ...]]
    subscription: Reading[AppSubscription]
    events: Events | None = None
    attempts: Attempts = field(default_factory=Attempts)
    extension: Extension | None = None
    handshake: Handshake | None = None
    gone_since: datetime | None = None

    @property
    def readings(self) -> tuple[tuple[str, Reading[object]], ...]:
        """The questions to Meta by name, in the order of the card."""
        return (
            ("token", self.token),
            ("number", self.number),
            ("account", self.account),
            ("apps", self.apps),
            ("subscription", self.subscription),
        )
