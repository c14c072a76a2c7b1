"""Everything the fake Meta knows, and how to find it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.sandbox.meta.account import AccountRecord, AppRecord, BusinessRecord
from bot.sandbox.meta.login import Grant, UserRecord
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.phone import Line, Phone
from bot.sandbox.meta.token import TokenRecord

LONG_AGO = datetime(2009, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the bot can be reached: what its operator would enter in the app's settings at Meta."""

    app_id: str
    callback_url: str
    redirect_uri: str


@dataclass(slots=True)
class World:
    """The records, each owned here and nowhere else. `status_of_190`: Meta's documents say 401, many of
    its servers send 400. `enforce_limits` False: usage is shown, never held against anyone."""

    clock: Clock = field(default_factory=Clock)
    apps: dict[str, AppRecord] = field(default_factory=dict)
    businesses: dict[str, BusinessRecord] = field(default_factory=dict)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    numbers: dict[str, NumberRecord] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    tokens: dict[str, TokenRecord] = field(default_factory=dict, repr=False)
    users: dict[str, UserRecord] = field(default_factory=dict)  # who can log in; the first one is at first
    grants: dict[str, Grant] = field(default_factory=dict, repr=False)  # by code
    status_of_190: int = 401
    enforce_limits: bool = True
    door: Door | None = None

    def add_app(self, app: AppRecord) -> AppRecord:
        self.apps[app.id] = app
        return app

    def open_door(self, door: Door) -> None:
        """Make the app call the bot's own webhook, and let logins end there."""
        app = self.apps[door.app_id]
        app.callback_url = door.callback_url
        app.redirect_uris = ()
        app.allow_redirect(door.redirect_uri)
        self.door = door

    def add_business(self, business: BusinessRecord) -> BusinessRecord:
        self.businesses[business.id] = business
        return business

    def add_account(self, account: AccountRecord) -> AccountRecord:
        self.accounts[account.id] = account
        return account

    def add_number(self, number: NumberRecord, line: Line = "mobile") -> NumberRecord:
        self.numbers[number.id] = number
        self.accounts[number.account_id].number_ids.append(number.id)
        self.phones[number.id] = Phone(number.digits, line, self.clock)
        return number

    def remove_number(self, number_id: str) -> None:
        """Gone: reads answer 100/33."""
        number = self.numbers.pop(number_id)
        self.accounts[number.account_id].number_ids.remove(number_id)

    def add_token(self, token: TokenRecord) -> TokenRecord:
        self.tokens[token.text] = token
        return token

    def add_user(self, user: UserRecord) -> UserRecord:
        self.users[user.id] = user
        return user

    def add_grant(self, grant: Grant) -> Grant:
        self.grants[grant.code] = grant
        return grant

    def new_token_like(self, old: TokenRecord, *, life: timedelta | None) -> TokenRecord:
        """A fresh token for the same user, app and scopes; `life` None is for ever."""
        now = self.clock.now()
        return self.add_token(
            TokenRecord(
                text=f"EAAG{secrets.token_hex(32)}",
                label=f"{old.label}+{len(self.tokens)}",
                app_id=old.app_id,
                user_id=old.user_id,
                issued_at=now,
                kind=old.kind,
                user_name=old.user_name,
                scopes=[scope for scope in old.scopes if scope not in old.lost_on_exchange],
                declined=list(old.declined),
                targets=dict(old.targets),
                assigned=None if old.assigned is None else set(old.assigned),
                expires_at=None if life is None else now + life,
                data_access_expires_at=now + timedelta(days=90) if old.kind == "USER" else None,
                developer=old.developer,
            )
        )

    def number(self, asked: str) -> NumberRecord:
        """By id, verified name, full digits or last digits. LookupError: none or several."""
        if asked in self.numbers:
            return self.numbers[asked]
        digits = "".join(c for c in asked if c.isdecimal())
        found = [n for n in self.numbers.values() if n.verified_name.casefold() == asked.casefold()]
        if not found and len(digits) >= 4:
            found = [n for n in self.numbers.values() if n.digits.endswith(digits)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} numbers match {asked!r}")
        return found[0]

    def token(self, asked: str) -> TokenRecord:
        """By text or label."""
        for token in self.tokens.values():
            if asked in (token.text, token.label):
                return token
        raise LookupError("no such token")

    def numbers_of(self, account_id: str) -> list[NumberRecord]:
        """Newest onboarded first, as Meta lists them."""
        numbers = [self.numbers[number_id] for number_id in self.accounts[account_id].number_ids]
        return sorted(numbers, key=lambda n: n.last_onboarded_at or LONG_AGO, reverse=True)

    def app_of(self, token: TokenRecord) -> AppRecord:
        return self.apps[token.app_id]
