"""What Meta says, as frozen values. Every enumeration of Meta's stays an open string.

A field Meta did not send, refused, or sent in a shape we cannot read is None: could not tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhooks:
    """`webhook_configuration`: the callback URLs, most specific first wins (meta-graph.md §4.3)."""

    number: str | None = None
    account: str | None = None
    application: str | None = None

    @property
    def effective(self) -> str | None:
        return self.number or self.account or self.application

    @property
    def level(self) -> str:
        """Which level wins: "number", "account", "application" or "" when no URL is known."""
        for name in ("number", "account", "application"):
            if getattr(self, name):
                return name
        return ""


@dataclass(frozen=True, slots=True)
class HealthEntity:
    """One entity of `health_status`. `can_send`: AVAILABLE, LIMITED or BLOCKED."""

    kind: str
    id: str
    can_send: str
    problems: tuple[str, ...] = ()  # "141006: text; possible_solution", and additional_info
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """`health_status`. `can_send` is recomputed from the entities: Meta's own top value may say BLOCKED
    only because SIP calling is not set up (138024/138025), see meta-graph.md §3."""

    can_send: str
    meta_says: str
    entities: tuple[HealthEntity, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number node. `display` is Meta's text in one of several formats: compare `digits` only."""

    id: str
    account_id: str
    display: str
    verified_name: str = ""
    status: str | None = None
    code_verification_status: str | None = None
    quality_rating: str | None = None
    name_status: str | None = None
    new_name_status: str | None = None
    platform_type: str | None = None
    account_mode: str | None = None
    is_pin_enabled: bool | None = None
    throughput: str | None = None
    messaging_limit: str | None = None  # whatsapp_business_manager_messaging_limit: of the portfolio
    is_official: bool | None = None
    is_on_biz_app: bool | None = None
    webhooks: Webhooks | None = None
    health: Health | None = None
    last_onboarded: str | None = None
    missing: frozenset[str] = frozenset()  # fields asked for that Meta refused to name

    @property
    def digits(self) -> str:
        return "".join(c for c in self.display if c.isdecimal())


@dataclass(frozen=True, slots=True)
class Account:
    """A WhatsApp Business Account (WABA)."""

    id: str
    name: str = ""
    status: str | None = None
    review_status: str | None = None
    business_verification: str | None = None
    messaging_limit: str | None = None
    health: Health | None = None


@dataclass(frozen=True, slots=True)
class SubscribedApp:
    """One entry of a WABA's `subscribed_apps`: an app that receives its webhooks."""

    id: str
    name: str = ""
    override_url: str | None = None


@dataclass(frozen=True, slots=True)
class AppSubscription:
    """An app's own webhook subscription to `whatsapp_business_account` (meta-graph.md §5.1).

    Without a `callback_url` the app has none. `active` None: Meta did not say.
    """

    callback_url: str | None = None
    active: bool | None = None
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """`debug_token`. Times are UTC; `expires_at` None with `never_expires` True means never."""

    app_id: str
    kind: str  # USER, SYSTEM_USER, PAGE, APP
    is_valid: bool
    user_id: str = ""
    application: str = ""
    never_expires: bool = False
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    issued_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    granular: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)  # None: not limited
    error_code: int = 0
    error_subcode: int = 0
    error_words: str = ""

    @property
    def account_ids(self) -> tuple[str, ...]:
        """WABA ids named by the granular management scope (newest first); empty when not limited."""
        return self.granular.get("whatsapp_business_management") or ()
