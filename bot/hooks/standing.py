"""What is known by an event, as one short text for each aspect of a number or an account."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.graph.reading import entry, items, text
from storage.tables import EventRow

ANY, INBOUND, LIMITED = "any", "inbound", "limited"
BOARDING, BAN, RESTRICTION = "boarding", "ban", "restriction:"
UNKNOWN = "unknown:"  # and the name of the field
OFF, ON = (
    frozenset({"ACCOUNT_OFFBOARDED", "PARTNER_REMOVED"}),
    frozenset({"ACCOUNT_RECONNECTED", "PARTNER_ADDED"}),
)
_STATUSES = frozenset({"sent", "delivered", "read", "failed", "played"})
_ONE_TEXT = {
    # field → the aspect, and what of the event is told of it
    "phone_number_quality_update": ("quality", ("event", "limit")),
    "phone_number_name_update": ("display name", ("decision", "reason")),
    "security": ("pin", ("event", "requester")),
    "account_review_update": ("review", ("decision",)),
    "business_capability_update": ("capability", ("limit", "max_numbers")),
    "message_template_status_update": ("template", ("event", "template_id", "reason")),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`what` of `scope` (a number's or an account's id) is `value` as of `at`; `value`'s parts stand between bars."""

    scope: str
    what: str
    value: str
    at: datetime
    until: datetime | None = None
    add: int = 0


def standing_of(row: EventRow, number_id: str) -> Iterator[Standing]:
    """All that is known by this event, which is about that number ("": about the account)."""
    scope = number_id or row.account_id
    if not scope:
        return
    yield Standing(scope, ANY, row.field, row.happened_at)
    body: object = json.loads(row.body)
    if entry(body, "why") is not None:
        yield Standing(scope, f"{UNKNOWN}{row.field}", row.kind, row.happened_at, add=1)
    elif row.field == "messages":
        yield from _message(row, scope)
    elif row.field == "account_update":
        yield from _account(row, scope, body)
    elif row.field == "account_alerts":
        yield Standing(scope, f"alert:{row.kind}", parts(body, "severity", "state"), row.happened_at)
    elif row.field in _ONE_TEXT:
        what, names = _ONE_TEXT[row.field]
        yield Standing(scope, what, parts(body, *names), row.happened_at)


def _message(row: EventRow, scope: str) -> Iterator[Standing]:
    if row.direction == "in":
        yield Standing(scope, INBOUND, row.kind, row.happened_at)
    elif row.kind in _STATUSES:
        yield Standing(scope, f"status:{row.kind}", str(row.code or ""), row.happened_at)


def _account(row: EventRow, scope: str, body: object) -> Iterator[Standing]:
    at = row.happened_at
    yield Standing(scope, f"account:{row.kind}", parts(body, "violation"), at)
    if row.kind in OFF | ON:
        yield Standing(scope, BOARDING, parts(body, "event", "reason"), at)
    if text(body, "ban_state"):
        yield Standing(scope, BAN, parts(body, "ban_state", "ban_date"), at)
    if row.kind == "ACCOUNT_DELETED":
        yield Standing(scope, BAN, "DELETED|", at)
    for limit in items(body, "limits"):
        ends = text(limit, "ends_at")
        until = datetime.fromisoformat(ends) if ends else None
        yield Standing(scope, f"{RESTRICTION}{text(limit, 'kind')}", "", at, until)


def newest(told: Iterable[Standing]) -> list[Standing]:
    """One for each aspect of many: the last, and of the same moment the one told later. Counts are added up."""
    known: dict[tuple[str, str], Standing] = {}
    for each in told:
        before = known.get((each.scope, each.what))
        if before is not None:
            later = each if each.at >= before.at else before
            each = replace(later, add=before.add + each.add)
        known[each.scope, each.what] = each
    return list(known.values())


def parts(body: object, *names: str) -> str:
    """These values of the event as one text."""
    return "|".join("" if entry(body, name) is None else str(entry(body, name)) for name in names)
