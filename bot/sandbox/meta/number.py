"""A phone number as Meta keeps it: what is shown, and what only Meta knows."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.meta.account import callback
from bot.sandbox.meta.rules import Rules

PIN = re.compile(r"[0-9]{6}")
REGISTERED = frozenset({"CONNECTED", "FLAGGED", "RATE_LIMITED", "RESTRICTED"})


@dataclass(slots=True)
class SentCode:
    """A code that is out. `void`: used, or replaced by a newer one."""

    text: str = field(repr=False)
    sent_at: datetime
    void: bool = False


@dataclass(slots=True)
class Attempts:
    """When the rationed things were tried."""

    codes: list[datetime] = field(default_factory=list)
    wrong_codes: list[datetime] = field(default_factory=list)
    registers: list[datetime] = field(default_factory=list)
    wrong_pins: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class NumberRecord:
    """One WhatsApp number. The attributes named as Graph fields are what Graph shows; None is not shown.

    Its methods are the knobs by which a test or the demo gets it into trouble.
    """

    id: str
    account_id: str
    display_phone_number: str
    verified_name: str
    status: str = "CONNECTED"
    code_verification_status: str = "VERIFIED"
    platform_type: str = "CLOUD_API"
    name_status: str = "APPROVED"
    new_name_status: str | None = None
    new_display_name: str | None = None
    quality_rating: str = "GREEN"
    account_mode: str = "LIVE"
    is_on_biz_app: bool = False
    is_official_business_account: bool = False
    last_onboarded_at: datetime | None = None
    verified_at: datetime | None = None
    override_url: str | None = None
    country_code: str = "US"
    # What only Meta knows.
    pin: str | None = field(default=None, repr=False)
    sent: SentCode | None = None
    attempts: Attempts = field(default_factory=Attempts)
    rules: Rules = field(default_factory=Rules)
    blocked_until: datetime | None = None  # 133016
    pin_locked_until: datetime | None = None  # 133008
    deleting_until: datetime | None = None  # 133015
    maintenance: int = 0  # this many registers answer 133004
    half_deregistered: bool = False  # 133000 until deregistered again
    locked: bool = False  # 131031
    ivr_allowed: bool = False
    refused_fields: set[str] = field(default_factory=set)
    sip_trap: bool = False
    problems: list[tuple[int, str, str]] = field(default_factory=list)  # health: code, words, way out
    connect_reads: int = 0  # reads of `status` that still say the old word after a register
    prove_reads: int = (
        0  # reads of `code_verification_status` that still say the old word after a code was taken
    )
    proving_reads: int = 0
    connect_delay: timedelta = timedelta()
    connecting_until: datetime | None = None
    connecting_reads: int = 0

    @property
    def digits(self) -> str:
        return "".join(c for c in self.display_phone_number if c.isdecimal())

    @property
    def registered(self) -> bool:
        return self.platform_type == "CLOUD_API"

    def proof(self, now: datetime) -> str:
        """`code_verification_status`, aged: a proof that led to no registration in 14 days expires."""
        too_old = self.verified_at is not None and now - self.verified_at > self.rules.proof_life
        if self.code_verification_status == "VERIFIED" and too_old and not self.registered:
            return "EXPIRED"
        return self.code_verification_status

    def become_proven(self, now: datetime) -> None:
        """A code was taken; `code_verification_status` shows it after `prove_reads` reads."""
        self.proving_reads = 0 if self.code_verification_status == "VERIFIED" else self.prove_reads
        self.code_verification_status = "VERIFIED"
        self.verified_at = now

    def read_proof(self, now: datetime) -> str:
        """`code_verification_status`, as this very read shows it."""
        if self.proving_reads > 0:
            self.proving_reads -= 1
            return "NOT_VERIFIED"
        return self.proof(now)

    def read_status(self, now: datetime) -> str:
        """`status`, as this very read shows it: it may lag behind a registration by some reads."""
        if self.connecting_until is None:
            return self.status
        if self.connecting_reads > 0:
            self.connecting_reads -= 1
            return self.status
        if now < self.connecting_until:
            return self.status
        self.connecting_until = None
        self.status = "CONNECTED"
        return self.status

    def become_connected(self, now: datetime) -> None:
        """Registered; `status` follows after `connect_reads` reads and `connect_delay`."""
        self.platform_type = "CLOUD_API"
        if self.status in REGISTERED:
            return
        self.connecting_until = now + self.connect_delay
        self.connecting_reads = self.connect_reads
        if not self.connect_reads and not self.connect_delay:
            self.connecting_until = None
            self.status = "CONNECTED"

    def connect(self) -> None:
        """Registered and in good standing, whatever it was before."""
        self._stand("CONNECTED", "CLOUD_API")
        self.quality_rating = "GREEN"

    def disconnect(self, *, proven: bool = False) -> None:
        """It was registered and is no longer; `proven` False asks for a new code."""
        self._stand("DISCONNECTED", "NOT_APPLICABLE")
        self.code_verification_status = "VERIFIED" if proven else "NOT_VERIFIED"
        self.verified_at = None

    def ban(self) -> None:
        self._stand("BANNED", "NOT_APPLICABLE")

    def restrict(self) -> None:
        self.status = "RESTRICTED"

    def flag(self) -> None:
        self.status = "FLAGGED"
        self.quality_rating = "RED"

    def limit_rate(self) -> None:
        self.status = "RATE_LIMITED"

    def migrate(self) -> None:
        self._stand("MIGRATED", "NOT_APPLICABLE")

    def delete(self) -> None:
        self._stand("DELETED", "NOT_APPLICABLE")

    def expire_verification(self) -> None:
        self.code_verification_status = "EXPIRED"

    def prove_ownership(self) -> None:
        """As if a code had just been entered; this proof does not age."""
        self.code_verification_status = "VERIFIED"
        self.verified_at = None

    def set_pin(self, pin: str) -> None:
        """ValueError: Meta's PINs have six digits."""
        if not PIN.fullmatch(pin):
            raise ValueError("A PIN has six digits.")
        self.pin = pin
        self.attempts.wrong_pins.clear()
        self.pin_locked_until = None

    def remove_pin(self) -> None:
        self.pin = None

    def put_on_business_app(self) -> None:
        self.is_on_biz_app = True

    def take_off_business_app(self) -> None:
        self.is_on_biz_app = False

    def take_over_webhook(self, url: str | None) -> None:
        """Somebody set (None: cleared) a callback of this number's own; it wins over all others."""
        self.override_url = callback(url)

    def hold_name_review(self) -> None:
        """The display name waits for review: there is no certificate to register with."""
        self.name_status = "PENDING_REVIEW"

    def approve_name(self) -> None:
        self.name_status = "APPROVED"

    def _stand(self, status: str, platform: str) -> None:
        self.status = status
        self.platform_type = platform
        self.connecting_until = None

    def refuse_field(self, name: str) -> None:
        """Any read that names this field fails for this number, and for every list with it."""
        self.refused_fields.add(name)

    def answer_all_fields(self) -> None:
        """Take every `refuse_field` back."""
        self.refused_fields.clear()
