"""Apps, businesses and WhatsApp Business Accounts as Meta keeps them."""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from bot.sandbox.meta.login import LoginConfig
from bot.sandbox.meta.template import TemplateRecord

LONGEST_URL = 200
HOOK_FIELDS = (
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
"""What a number desk listens to (meta-graph.md §5.3)."""
PAYMENT_FAILED = (
    141006,
    "There is an error with the payment method.",
    "Check the payment method of the account.",
)


def callback(url: str | None) -> str | None:
    """A callback URL as Meta would take it. ValueError: it would not."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or len(url) > LONGEST_URL:
        raise ValueError(f"A callback is a web address of at most {LONGEST_URL} characters.")
    return url


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine: the sandbox calls no other."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class AppRecord:
    """A Meta app. `callback_url` and `subscribed_fields` are its own webhook subscription."""

    id: str
    name: str
    secret: str = field(repr=False)
    callback_url: str | None = None
    subscribed_fields: tuple[str, ...] = HOOK_FIELDS
    active: bool = True
    require_proof: bool = False  # "Require App Secret"
    default_version: int = 25
    calls_per_hour: int | None = None  # None: no limit
    usage_percent: int | None = None  # show (and enforce) this in X-App-Usage, whatever was called
    hide_expires_in: bool = False  # an exchange answers without `expires_in`
    own_callback_url: str | None = None  # while somebody else's stands in `callback_url`
    redirect_uris: tuple[str, ...] = ()  # where the login dialog may send a browser, to the letter
    login_configs: dict[str, LoginConfig] = field(default_factory=dict)

    def require_appsecret_proof(self) -> None:
        self.require_proof = True

    def waive_appsecret_proof(self) -> None:
        self.require_proof = False

    def take_over_callback(self, url: str) -> None:
        """Somebody pointed the whole app's webhook elsewhere."""
        taken = callback(url)
        self.own_callback_url = self.own_callback_url or self.callback_url
        self.callback_url = taken

    def give_back_callback(self) -> None:
        self.callback_url = self.own_callback_url or self.callback_url
        self.own_callback_url = None

    def disable_callback(self) -> None:
        """Meta switched it off, as it does when a URL fails for long."""
        self.active = False

    def enable_callback(self) -> None:
        self.active = True

    def drop_field(self, name: str) -> None:
        """ValueError: it does not listen to that."""
        if name not in self.subscribed_fields:
            raise ValueError("The app does not listen to this field.")
        self.subscribed_fields = tuple(each for each in self.subscribed_fields if each != name)

    def listen_to(self, name: str) -> None:
        """ValueError: Meta has no such field. One it has stays."""
        if name not in HOOK_FIELDS:
            raise ValueError("Meta has no such webhook field.")
        self.subscribed_fields = tuple(
            each for each in HOOK_FIELDS if each == name or each in self.subscribed_fields
        )

    def allow_redirect(self, uri: str) -> None:
        """ValueError: Meta takes https only, and http for this very machine."""
        if not (uri.startswith("https://") or is_loopback(uri)):
            raise ValueError("A redirect URI begins with https://.")
        self.redirect_uris = (*self.redirect_uris, callback(uri) or "")


@dataclass(slots=True)
class BusinessRecord:
    """A business portfolio; the messaging limit is the whole portfolio's."""

    id: str
    name: str
    messaging_limit: str = "TIER_2K"
    verification: str = "verified"


@dataclass(slots=True)
class AccountRecord:
    """A WABA. `subscriptions`: app id → that app's override URL, or None for the app's own callback."""

    id: str
    name: str
    business_id: str
    status: str = "ACTIVE"
    review_status: str = "APPROVED"
    subscriptions: dict[str, str | None] = field(default_factory=dict)
    number_ids: list[str] = field(default_factory=list)
    templates: list[TemplateRecord] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)  # health: code, words, way out
    notes: list[str] = field(default_factory=list)  # health LIMITED: additional_info
    locked: bool = False
    calls_per_hour: int | None = None  # None: as Meta documents, 200, or 5,000 with a registered number
    usage_percent: int | None = None
    regain_minutes: int = 15
    created_at: datetime | None = None

    def unsubscribe_app(self, app_id: str) -> None:
        self.subscriptions.pop(app_id, None)

    def subscribe_app(self, app_id: str, override_url: str | None = None) -> None:
        self.subscriptions[app_id] = callback(override_url)

    def take_over_webhook(self, url: str | None, app_id: str | None = None) -> None:
        """Point the override of `app_id`, or of every subscribed app, elsewhere (None: back to the app's)."""
        for subscribed in [app_id] if app_id else list(self.subscriptions):
            self.subscriptions[subscribed] = callback(url)

    def disable(self) -> None:
        self.status = "DISABLED"

    def reinstate(self) -> None:
        self.status = "ACTIVE"

    def lock(self) -> None:
        self.locked = True

    def unlock(self) -> None:
        self.locked = False

    def fail_payment(self) -> None:
        self.settle_payment()
        self.problems.append(PAYMENT_FAILED)

    def settle_payment(self) -> None:
        self.problems = [problem for problem in self.problems if problem != PAYMENT_FAILED]
