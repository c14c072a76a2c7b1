"""A reconnect flow as a row, and back: JSON of the frozen value, with no secret in it."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.flows.state import Reconnect, Step
from bot.numbers import NumberRef
from storage.tables import FlowRow

_TIMES = frozenset({"started_at", "updated_at", "code_sent_at", "holder_since", "taken_over_at", "done_at"})
_STEPS = frozenset({"step", "unsure_after", "done"})
_COLUMNS = ("id", "version")  # kept in columns, not in the JSON
_IN_JSON = tuple(f.name for f in fields(Reconnect) if f.name not in _COLUMNS)


def to_data(flow: Reconnect) -> str:
    """The JSON kept in the row."""
    data = {name: _plain(getattr(flow, name)) for name in _IN_JSON}
    return json.dumps(data, sort_keys=True, ensure_ascii=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, NumberRef):
        return [value.id, value.account_id, value.name, value.digits, value.display]
    return value.value if isinstance(value, Step) else value


def from_row(row: FlowRow) -> Reconnect:
    """The flow as it was saved."""
    data = json.loads(row.data)
    for name in _TIMES:
        data[name] = datetime.fromisoformat(data[name]) if data.get(name) else None
    for name in _STEPS:
        data[name] = Step(data[name]) if data.get(name) else None
    data["ref"] = NumberRef(*data["ref"])
    kept = {
        name: data[name] for name in _IN_JSON if name in data
    }  # an older version's other fields are left out
    return Reconnect(id=row.id, version=row.version, **kept)
