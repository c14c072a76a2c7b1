"""Events as rows: what may be kept of each, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.hooks.event import (
    AccountUpdate,
    Event,
    Inbound,
    Security,
    Status,
    TemplateStatus,
    Trouble,
    Unknown,
    What,
)

_LONGEST = 200


def row_of(event: Event, received_at: datetime) -> Mapping[str, Any]:
    """Every column of the table `event` that is known when it arrives."""
    what = event.what
    return {
        "key": event.key[:_LONGEST],
        "account_id": event.account_id[:_LONGEST],
        "number_id": what.number_id[:_LONGEST] if isinstance(what, Inbound | Status | Trouble) else "",
        "digits": event.digits,
        "field": event.field,
        "kind": _kind(what),
        "direction": _direction(what),
        "message_id": what.message_id if isinstance(what, Inbound | Status) else "",
        "code": what.code if isinstance(what, Inbound | Status | Trouble) else 0,
        "happened_at": event.at,
        "received_at": received_at,
        "body": json.dumps(asdict(what), default=_text),
    }


def _kind(what: What) -> str:
    match what:
        case Inbound():
            return what.kind
        case Status():
            return what.status
        case Trouble():
            return "error"
        case Unknown():
            return what.why
        case AccountUpdate() | Security() | TemplateStatus():
            return what.event
        case _:
            return str(
                getattr(what, "event", "") or getattr(what, "decision", "") or getattr(what, "kind", "")
            )


def _direction(what: What) -> str:
    if isinstance(what, Inbound):
        return "in"
    return "out" if isinstance(what, Status) else ""


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
