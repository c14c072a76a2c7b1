"""Who can log in at Meta, and the codes that a login gives away (meta-graph.md §6.4)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.meta.token import MANAGEMENT, MESSAGING, Kind

CODE_LIFE = timedelta(seconds=30)
SHORT_LIFE = timedelta(hours=2)  # of the user token a login by `scope` gives
SCOPES: dict[str, str] = {
    MANAGEMENT: "Manage your WhatsApp accounts and numbers",
    MESSAGING: "Send and receive messages as your WhatsApp numbers",
    "business_management": "See your business portfolio",
    "public_profile": "See your name",
    "email": "See your e-mail address",
}
"""What an app can ask for, in the dialog's words."""


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A person with a login. `account_ids`: the WhatsApp accounts this person may give an app access to."""

    id: str
    name: str
    account_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoginConfig:
    """A configuration of Facebook Login for Business: what is asked, and what token comes of it."""

    id: str
    scopes: tuple[str, ...] = (MANAGEMENT, MESSAGING)
    kind: Kind = "SYSTEM_USER"
    life: timedelta | None = None  # None: the token never expires


@dataclass(slots=True)
class Grant:
    """What a person agreed to, under the code the app may exchange once. `challenge`: PKCE's, or ""."""

    code: str = field(repr=False)
    app_id: str
    redirect_uri: str
    user: UserRecord
    account_ids: tuple[str, ...]
    scopes: tuple[str, ...]
    declined: tuple[str, ...]
    challenge: str
    config: LoginConfig | None
    issued_at: datetime
    used: bool = False
    token: str = field(default="", repr=False)  # what was given for it
