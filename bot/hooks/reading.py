"""From the JSON of one webhook request to typed events: whatever has another shape is Unknown, and nothing raises."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from bot.graph.reading import entry, items, read_id, text, whole
from bot.hooks import event as hooks
from bot.hooks.event import Event, Inbound, Status, Trouble, Unknown, What

OBJECT = "whatsapp_business_account"
_MOST_LIMITS = 20
_LONGEST = 120  # characters of any word of Meta's that is kept
_AHEAD = timedelta(minutes=5)  # a time further in the future is not believed: nothing newer could follow it
_PLAIN = re.compile(r"[^\w .,:/+-]")


def read_events(document: object, now: datetime) -> tuple[Event, ...]:
    """Every event of one request, in its order."""
    return tuple(
        each
        for node in items(document, "entry")
        for change in items(node, "changes")
        for each in _events(node, change, now)
    )


def _events(node: object, change: object, now: datetime) -> Iterator[Event]:
    account_id, field, value = read_id(node, "id"), _word(change, "field"), entry(change, "value")
    at = _moment(entry(node, "time"), now)
    digits = _digits(value)
    if field == "messages":
        told = [*_messages(value, at, now)]
        yield from (Event(key, account_id, field, digits, when, each) for key, when, each in told)
        if told:
            return
    read = _READERS.get(field)
    what = read(value) if read and isinstance(value, dict) else None
    if what is None:
        what = Unknown("another shape") if read or field == "messages" else Unknown()
    yield Event(_key(account_id, field, entry(node, "time"), value), account_id, field, digits, at, what)


def _messages(value: object, at: datetime, now: datetime) -> Iterator[tuple[str, datetime, What]]:
    number_id = read_id(entry(value, "metadata"), "phone_number_id")
    if not number_id:
        return
    for message in items(value, "messages"):
        id_ = _message(message)
        if id_:
            inbound = Inbound(number_id, id_, _word(message, "type"), _code(message))
            yield f"in:{number_id}:{id_}", _moment(entry(message, "timestamp"), now, at), inbound
    for each in items(value, "statuses"):
        id_, status = _message(each), _word(each, "status")
        if id_ and status:
            told = Status(number_id, id_, status, _code(each))
            yield f"status:{number_id}:{id_}:{status}", _moment(entry(each, "timestamp"), now, at), told
    for error in items(value, "errors"):
        code = whole(error, "code")
        if code is not None:
            yield _key(number_id, "errors", at.isoformat(), error), at, Trouble(number_id, _small(code))


def _message(node: object) -> str:
    """A digest of the message's id, which holds the customer's number."""
    id_ = text(node, "id")
    return hashlib.sha256(id_.encode()).hexdigest()[:32] if id_ else ""


def _account_update(value: object) -> What | None:
    event = _word(value, "event")
    if not event:
        return None
    return hooks.AccountUpdate(
        event,
        limits=tuple(_limits(value)),
        violation=_word(value, "violation_info", "violation_type"),
        ban_state=_word(value, "ban_info", "waba_ban_state"),
        ban_date=_word(value, "ban_info", "waba_ban_date"),
        reason=_reason(value),
    )


def _limits(value: object) -> Iterator[hooks.Limit]:
    for each in items(value, "restriction_info")[:_MOST_LIMITS]:
        kind = _word(each, "restriction_type")
        if kind:
            yield hooks.Limit(kind, _time(entry(each, "expiration")))


def _reason(value: object) -> str:
    """Meta documents no place for it: a word beside the event, or in an object of any name."""
    places: list[object] = [value, *(value.values() if isinstance(value, dict) else ())]
    words = (_word(place, name) for place in places for name in ("reason", "disconnection_reason"))
    return next((word for word in words if word), "")


def _account_review(value: object) -> What | None:
    decision = _word(value, "decision")
    return hooks.AccountReview(decision) if decision else None


def _account_alert(value: object) -> What | None:
    info = entry(value, "alert_info") or value  # older samples have it flat
    kind = _word(info, "alert_type")
    if not kind:
        return None
    return hooks.AccountAlert(
        entity_type=_word(value, "entity_type"), entity_id=read_id(value, "entity_id")[:_LONGEST],
        severity=_word(info, "alert_severity"), state=_word(info, "alert_status"), kind=kind,
    )  # fmt: skip


def _quality(value: object) -> What | None:
    event = _word(value, "event")
    limit = _amount(value, "max_daily_conversations_per_business") or _amount(value, "current_limit")
    return hooks.QualityUpdate(event, limit, _amount(value, "old_limit")) if event else None


def _name(value: object) -> What | None:
    decision = _word(value, "decision")
    return hooks.NameUpdate(decision, _word(value, "rejection_reason")) if decision else None


def _security(value: object) -> What | None:
    event = _word(value, "event")
    return hooks.Security(event, read_id(value, "requester")[:_LONGEST]) if event else None


def _template(value: object) -> What | None:
    event, id_ = _word(value, "event"), read_id(value, "message_template_id")[:_LONGEST]
    if not event or not id_:
        return None
    return hooks.TemplateStatus(
        event, id_, name=_word(value, "message_template_name"),
        language=_word(value, "message_template_language"), category=_word(value, "message_template_category"),
        reason=_word(value, "reason"),
    )  # fmt: skip


def _capability(value: object) -> What | None:
    limit = _amount(value, "max_daily_conversations_per_business") or _amount(
        value, "max_daily_conversation_per_phone"
    )
    numbers = whole(value, "max_phone_numbers_per_business")
    if numbers is None:
        numbers = whole(value, "max_phone_numbers_per_waba")
    return None if not limit and numbers is None else hooks.Capability(limit, numbers)


_READERS: Mapping[str, Callable[[object], What | None]] = MappingProxyType(
    {
        "account_update": _account_update,
        "account_review_update": _account_review,
        "account_alerts": _account_alert,
        "phone_number_quality_update": _quality,
        "phone_number_name_update": _name,
        "security": _security,
        "message_template_status_update": _template,
        "business_capability_update": _capability,
    }
)
KNOWN_FIELDS = frozenset({"messages", *_READERS})


def _word(value: object, *path: str) -> str:
    """A word of Meta's: short, on one line, and of signs that mean nothing anywhere."""
    return _PLAIN.sub("·", (text(value, *path) or "")[:_LONGEST])


def _amount(value: object, name: str) -> str:
    """A number, or a word such as TIER_2K."""
    number = whole(value, name)
    return _word(value, name) if number is None else str(_small(number))


def _code(value: object) -> int:
    codes = (whole(error, "code") for error in items(value, "errors"))
    return _small(next((code for code in codes if code is not None), 0))


def _small(number: int) -> int:
    """What SQLite can hold."""
    return number if 0 <= number < 2**53 else 0


def _digits(value: object) -> str:
    display = text(value, "display_phone_number") or text(value, "metadata", "display_phone_number") or ""
    return re.sub(r"[^0-9]", "", display)[:20]


def _time(value: object) -> datetime | None:
    """Seconds since 1970, which come as a number or as text."""
    seconds = value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        seconds = int(value)
    if seconds is None or not 0 < seconds < 2**36:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _moment(value: object, now: datetime, otherwise: datetime | None = None) -> datetime:
    at = _time(value)
    return at if at and at <= now + _AHEAD else otherwise or now


def _key(account_id: str, field: str, time: object, value: object) -> str:
    """An event without an id is known by all it says."""
    said = json.dumps([account_id, field, time, value], sort_keys=True, ensure_ascii=True)
    return f"{field[:40]}:{hashlib.sha256(said.encode()).hexdigest()}"
