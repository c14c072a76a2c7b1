"""What can happen to a number or its account that Meta tells by webhook: one knob for each (meta-graph.md §5.4)."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.sandbox.meta.account import AccountRecord
from bot.sandbox.meta.delivery import Delivery
from bot.sandbox.meta.event import Event
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.world import World

CUSTOMER = "15550123456"
REASONS: Mapping[int, str] = {
    131026: "Message undeliverable",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131049: "This message was not delivered to maintain healthy ecosystem engagement",
}
HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Happenings:
    """`about(number)` gives the knobs of one number; what they tell goes to `delivery`."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery
        self._last_out: dict[str, str] = {}  # number id → id of the last message it sent

    def about(self, number: NumberRecord) -> "Telling":
        return Telling(self._world, self._delivery, number, self._last_out)


class Telling:
    """Each method tells one thing, as Meta would. None of them changes how the number stands."""

    def __init__(
        self, world: World, delivery: Delivery, number: NumberRecord, last_out: dict[str, str]
    ) -> None:
        self._world = world
        self._delivery = delivery
        self._number = number
        self._last_out = last_out

    # -- messages -------------------------------------------------------------------------------------------

    def message(self, text: str = "Hello", sender: str = CUSTOMER) -> None:
        """A customer writes."""
        message = {"from": sender, "id": _wamid(), "timestamp": self._seconds(), "type": "text"}
        contact = {"profile": {"name": "Kim Customer"}, "wa_id": sender}
        inbound = {"contacts": [contact], "messages": [message | {"text": {"body": text}}]}
        self._tell("messages", self._messaging(inbound), f"a customer writes to {self._name}")

    def sent(self) -> None:
        """A message of ours left; `delivered`, `read` and `failed` are then about this one."""
        self._last_out[self._number.id] = _wamid()
        self._status("sent")

    def delivered(self) -> None:
        self._status("delivered")

    def read(self) -> None:
        self._status("read")

    def failed(self, code: int = 131047) -> None:
        reason = REASONS.get(code, "Message failed")
        error = {"code": code, "title": reason, "message": reason, "href": HREF}
        self._status("failed", errors=[error | {"error_data": {"details": f"{reason}."}}])

    # -- the number -----------------------------------------------------------------------------------------

    def quality(self, event: str = "FLAGGED", limit: str = "TIER_1K") -> None:
        """FLAGGED, UNFLAGGED, UPGRADE, DOWNGRADE, ONBOARDING or THROUGHPUT_UPGRADE."""
        value = {"event": event, "current_limit": limit, "max_daily_conversations_per_business": limit}
        self._of_number("phone_number_quality_update", value, f"quality of {self._name}: {event}")

    def name(self, decision: str = "APPROVED") -> None:
        """APPROVED, REJECTED or DEFERRED."""
        reason = "NAME_EMPLOYEE_ISSUE" if decision == "REJECTED" else None
        value = {
            "decision": decision,
            "requested_verified_name": self._number.verified_name,
            "rejection_reason": reason,
        }
        self._of_number("phone_number_name_update", value, f"name of {self._name}: {decision}")

    def security(self, event: str = "PIN_CHANGED") -> None:
        """PIN_CHANGED, PIN_RESET_REQUEST or PIN_REQUEST_SUCCESS."""
        value = {"event": event, "requester": "61555822107539"}
        self._of_number("security", value, f"security of {self._name}: {event}")

    # -- the account ----------------------------------------------------------------------------------------

    def restrict(self, hours: int = 24, kind: str = "RESTRICTED_BIZ_INITIATED_MESSAGING") -> None:
        """A restriction that ends so many hours from now."""
        ends = int((self._now() + timedelta(hours=hours)).timestamp())
        self._update("ACCOUNT_RESTRICTION", restriction_info=[{"restriction_type": kind, "expiration": ends}])

    def restrict_number(self, hours: int) -> None:
        """The same of this number alone."""
        ends = int((self._now() + timedelta(hours=hours)).timestamp())
        kind = "RESTRICTED_BIZ_INITIATED_MESSAGING"
        info = [{"restriction_type": kind, "expiration": ends}]
        self._update("ACCOUNT_RESTRICTION", **self._phone(), restriction_info=info)

    def reinstate(self) -> None:
        """A ban of this number is taken back."""
        self._update("DISABLED_UPDATE", **self._phone(), ban_info={"waba_ban_state": "REINSTATE"})

    def violate(self, kind: str = "SCAM") -> None:
        self._update("ACCOUNT_VIOLATION", violation_info={"violation_type": kind})

    def disable(self, state: str = "DISABLE") -> None:
        """DISABLE, SCHEDULE_FOR_DISABLE or REINSTATE; the date is text, as Meta's is."""
        now = self._now()
        date = f"{now:%B} {now.day}, {now.year}"
        self._update("DISABLED_UPDATE", ban_info={"waba_ban_state": state, "waba_ban_date": date})

    def offboard(self, reason: str = "PRIMARY_INACTIVE") -> None:
        """The WhatsApp Business app let go of the Cloud API."""
        self._update("ACCOUNT_OFFBOARDED", **self._phone(), disconnection_info={"reason": reason})

    def come_back(self) -> None:
        self._update("ACCOUNT_RECONNECTED", **self._phone())

    def remove_partner(self) -> None:
        self._update("PARTNER_REMOVED", waba_info={"waba_id": self._account.id})

    def delete_account(self) -> None:
        self._update("ACCOUNT_DELETED")

    def review(self, decision: str = "APPROVED") -> None:
        """APPROVED, REJECTED, PENDING or DEFERRED."""
        self._tell("account_review_update", {"decision": decision}, f"review of the account: {decision}")

    def alert(self, severity: str = "WARNING", kind: str = "PROFILE_PICTURE_LOST") -> None:
        """CRITICAL, WARNING or INFORMATIONAL."""
        info = {
            "alert_severity": severity,
            "alert_status": "ACTIVE",
            "alert_type": kind,
            "alert_description": "See WhatsApp Manager.",
        }
        value = {"entity_type": "BUSINESS", "entity_id": self._account.business_id, "alert_info": info}
        self._tell("account_alerts", value, f"alert: {kind}")

    def template(self, event: str = "PAUSED", name: str = "order_update") -> None:
        """What befell a template: APPROVED, REJECTED, PAUSED, DISABLED, FLAGGED …"""
        known = next((each for each in self._account.templates if each.name == name), None)
        value = {
            "event": event,
            "message_template_id": int(known.id) if known else 1192339204654487,
            "message_template_name": name,
            "message_template_language": known.language if known else "en_US",
            "message_template_category": known.category if known else "UTILITY",
            "reason": "INVALID_FORMAT" if event == "REJECTED" else "NONE",
        }
        self._tell("message_template_status_update", value, f"template {name}: {event}")

    def capability(self, limit: int = 2000, numbers: int = 20) -> None:
        value = {"max_daily_conversations_per_business": limit, "max_phone_numbers_per_business": numbers}
        self._tell("business_capability_update", value, f"the business may start {limit} conversations a day")

    # -- how it is told -------------------------------------------------------------------------------------

    @property
    def _account(self) -> AccountRecord:
        return self._world.accounts[self._number.account_id]

    @property
    def _name(self) -> str:
        return self._number.verified_name

    def _status(self, status: str, **more: object) -> None:
        id_ = self._last_out.setdefault(self._number.id, _wamid())
        one = {"id": id_, "status": status, "timestamp": self._seconds(), "recipient_id": CUSTOMER}
        self._tell(
            "messages", self._messaging({"statuses": [one | more]}), f"a message of {self._name}: {status}"
        )

    def _messaging(self, value: Mapping[str, object]) -> dict[str, object]:
        metadata = self._phone() | {"phone_number_id": self._number.id}
        return {"messaging_product": "whatsapp", "metadata": metadata, **value}

    def _phone(self) -> dict[str, object]:
        """Account events know a number by its digits only."""
        return {"display_phone_number": self._number.digits}

    def _of_number(self, field: str, value: Mapping[str, object], about: str) -> None:
        self._tell(field, self._phone() | dict(value), about)

    def _update(self, event: str, **more: object) -> None:
        self._tell("account_update", {"event": event, **more}, f"account: {event}")

    def _tell(self, field: str, value: Mapping[str, object], about: str) -> None:
        self._delivery.post(Event(self._account.id, field, value, self._number.id, about))

    def _now(self) -> datetime:
        return self._world.clock.now()

    def _seconds(self) -> str:
        """Text here, a number in `entry[].time`: that is how Meta does it."""
        return str(int(self._now().timestamp()))


def _wamid() -> str:
    return f"wamid.{secrets.token_hex(16)}"
