"""How much was called: the usage headers, and the end of Meta's patience (meta-graph.md §7.3)."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.meta.account import AccountRecord, AppRecord
from bot.sandbox.meta.errors import MetaError
from bot.sandbox.meta.world import World

HOUR = timedelta(hours=1)
QUIET_ACCOUNT = 200  # calls per hour and app
ACTIVE_ACCOUNT = 5000  # once a number is registered


@dataclass(slots=True)
class Usage:
    """Calls of the last hour, by app and by account."""

    world: World
    _calls: dict[str, deque[datetime]] = field(default_factory=dict)

    def note(self, app: AppRecord, account: AccountRecord | None, now: datetime) -> None:
        for owner in (app.id, account.id if account else ""):
            if owner:
                calls = self._calls.setdefault(owner, deque())
                while calls and now - calls[0] >= HOUR:
                    calls.popleft()
                calls.append(now)

    def refuse(self, app: AppRecord, account: AccountRecord | None) -> None:
        """MetaError 4 or 80008 at 100 % and above, when the world enforces its limits."""
        if not self.world.enforce_limits:
            return
        if self._of_app(app) >= 100:
            raise MetaError(4, "(#4) Application request limit reached")
        if account is not None and self._of_account(account) >= 100:
            raise MetaError(
                80008, "(#80008) There have been too many calls to this WhatsApp Business account."
            )

    def headers(self, app: AppRecord, account: AccountRecord | None) -> dict[str, str]:
        percent = self._of_app(app)
        answer = {
            "X-App-Usage": json.dumps(
                {"call_count": percent, "total_time": percent, "total_cputime": percent}
            )
        }
        if account is not None:
            percent = self._of_account(account)
            use = {
                "type": "whatsapp_business_management",
                "call_count": percent,
                "total_cputime": percent,
                "total_time": percent,
                "estimated_time_to_regain_access": account.regain_minutes if percent >= 100 else 0,
            }
            answer["X-Business-Use-Case-Usage"] = json.dumps({account.id: [use]})
        return answer

    def _of_app(self, app: AppRecord) -> int:
        if app.usage_percent is not None:
            return app.usage_percent
        if app.calls_per_hour is None:
            return 0
        return self._share(app.id, app.calls_per_hour)

    def _of_account(self, account: AccountRecord) -> int:
        if account.usage_percent is not None:
            return account.usage_percent
        limit = account.calls_per_hour
        if limit is None:
            numbers = self.world.numbers
            active = any(numbers[number_id].registered for number_id in account.number_ids)
            limit = ACTIVE_ACCOUNT if active else QUIET_ACCOUNT
        return self._share(account.id, limit)

    def _share(self, owner: str, limit: int) -> int:
        """Percent of `limit` used before this very call."""
        return max(0, len(self._calls.get(owner, ())) - 1) * 100 // max(1, limit)
