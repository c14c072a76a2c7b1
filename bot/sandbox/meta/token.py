"""An access token: who it speaks for, what it may touch, and how it can die."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["USER", "SYSTEM_USER", "PAGE", "APP"]

MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"
SCOPE = re.compile(r"[a-z][a-z_]{2,63}")
DEATHS = range(452, 500)  # subcodes of 190


@dataclass(slots=True)
class TokenRecord:
    """`expires_at` None is never. `targets`: scope → the only assets it reaches (absent: not limited).
    `assigned`: the accounts assigned to its user, None for all. `label` names it where its text may not
    appear."""

    text: str = field(repr=False)
    label: str
    app_id: str
    user_id: str
    issued_at: datetime
    kind: Kind = "USER"
    user_name: str = "Ana Sandbox"
    scopes: list[str] = field(default_factory=lambda: [MANAGEMENT, MESSAGING, "public_profile"])
    declined: list[str] = field(default_factory=list)
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assigned: set[str] | None = None
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    developer: bool = False
    lost_on_exchange: set[str] = field(default_factory=set)  # scopes that a token exchanged for it lacks
    subcode: int = 0  # why it is dead, when it is not merely expired
    malformed: bool = False
    before: dict[str, datetime | None] = field(default_factory=dict)  # what `expire_token` and others took

    def death(self, now: datetime) -> int | None:
        """The subcode of 190 it answers with; 0: cannot be parsed; None: alive."""
        if self.malformed:
            return 0
        if self.subcode:
            return self.subcode
        if self.expires_at is not None and self.expires_at <= now:
            return 463
        return None

    def reaches(self, scope: str, account_id: str) -> bool:
        """Whether the granular scope and the assignment both include the account."""
        targets = self.targets.get(scope)
        granted = targets is None or account_id in targets
        return granted and (self.assigned is None or account_id in self.assigned)

    def expire_token(self) -> None:
        self.before.setdefault("expires_at", self.expires_at)
        self.expires_at = self.issued_at + timedelta(seconds=1)

    def give_time_back(self) -> None:
        """The end it had before it was let expire; of a token that ran out by itself: none."""
        self.expires_at = self.before.pop("expires_at", None)

    def revoke_token(self, subcode: int = 460) -> None:
        """Dead for the reason `subcode` of 190 stands for (460: the password was changed)."""
        if subcode not in DEATHS:
            raise ValueError(f"Meta's reasons run from {DEATHS[0]} to {DEATHS[-1]}.")
        self.subcode = subcode

    def revive(self) -> None:
        """Alive again unless its time is over."""
        self.subcode = 0
        self.malformed = False

    def break_token(self) -> None:
        """From now on it cannot be parsed."""
        self.malformed = True

    def lapse_data_access(self) -> None:
        self.before.setdefault("data_access_expires_at", self.data_access_expires_at)
        self.data_access_expires_at = self.issued_at

    def give_data_access_back(self) -> None:
        self.data_access_expires_at = self.before.pop("data_access_expires_at", None)

    def remove_scope(self, scope: str) -> None:
        """ValueError: it has no such scope."""
        if scope not in self.scopes:
            raise ValueError("The token does not have this scope.")
        self.scopes.remove(scope)

    def add_scope(self, scope: str) -> None:
        """ValueError: no scope is called that. One it has stays."""
        if not SCOPE.fullmatch(scope):
            raise ValueError("A scope is a word such as whatsapp_business_management.")
        if scope not in self.scopes:
            self.scopes.append(scope)

    def limit_to(self, *account_ids: str) -> None:
        """The granular scopes reach these accounts only."""
        for scope in (MANAGEMENT, MESSAGING):
            self.targets[scope] = account_ids

    def unassign(self, account_id: str, everything: tuple[str, ...] = ()) -> None:
        """The account is no longer assigned to the token's user; `everything` was, if nothing is noted."""
        self.assigned = (set(everything) if self.assigned is None else self.assigned) - {account_id}
