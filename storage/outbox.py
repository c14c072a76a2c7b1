"""Messages owed to Slack: kept until Slack says yes, in order within each lane."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, func, insert, literal_column, update
from sqlmodel import Session, SQLModel, select

from storage.columns import to_text
from storage.rows import compiled, driver, reader
from storage.tables import OutboxRow

OUTBOX: Table = SQLModel.metadata.tables["outbox"]
_OWED = (
    "kind", "lane", "recipient", "number_id", "flow_id", "audit_seq", "body", "created_at", "due_at", "attempts",
    "last_error", "sent_channel", "sent_ts",
)  # fmt: skip
_OWE = compiled(insert(OUTBOX).values({name: bindparam(name) for name in _OWED}))
_AHEAD = OUTBOX.alias("ahead")
_HELD = _AHEAD.select().where(
    _AHEAD.c.lane == OUTBOX.c.lane,
    _AHEAD.c.id <= OUTBOX.c.id,
    _AHEAD.c.sent_at.is_(None),
    _AHEAD.c.attempts > literal_column("0"),
    _AHEAD.c.due_at > bindparam("now"),
)
_OWED_NOW = OUTBOX.select().where(OUTBOX.c.sent_at.is_(None), ~_HELD.exists())
_DUE = compiled(_OWED_NOW.order_by(OUTBOX.c.id)) + " LIMIT ?"
_read = reader(OutboxRow, OUTBOX)
_SETTLE = """
UPDATE outbox SET sent_at = ?, sent_channel = ?, sent_ts = ?
WHERE id IN (SELECT value FROM json_each(?)) AND sent_at IS NULL
"""
_ERROR_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is still owed. `oldest_at` (UTC): when the oldest of it was owed first."""

    count: int
    oldest_at: datetime | None


def owe(
    session: Session,
    *,
    kind: str,
    lane: str,
    recipient: str,
    number_id: str,
    flow_id: str,
    body: Mapping[str, object],
    at: datetime,
    audit_seq: int | None = None,
) -> int:
    """The message's id. Owe it in the same work as the fact it tells of. `body` is kept as JSON."""
    told = json.dumps(dict(body), sort_keys=True, separators=(",", ":"))
    when = to_text(at)
    made = driver(session).execute(
        _OWE, (kind, lane, recipient, number_id, flow_id, audit_seq, told, when, when, 0, "", "", "")
    )
    return made.lastrowid or 0


def due(session: Session, now: datetime, limit: int = 200) -> list[OutboxRow]:
    """What to send now, oldest first. A message that is not due yet holds back its lane, and no other.

    What nobody deferred is always due: the clock may have gone back since it was owed.
    """
    found = driver(session).execute(_DUE, (to_text(now), limit))
    return [_read(values) for values in found]


def settle(session: Session, ids: Sequence[int], *, channel: str, ts: str, at: datetime) -> None:
    """Slack said yes: all of `ids` stand in the message `ts` of `channel`."""
    driver(session).execute(_SETTLE, (to_text(at), channel, ts, json.dumps(list(ids))))


def defer(session: Session, ids: Sequence[int], *, until: datetime, error: str) -> None:
    """Slack said no, or nothing: try again at `until`. `error` is a short word for people, cut to 200."""
    change = update(OUTBOX).where(OUTBOX.c.id.in_(ids), OUTBOX.c.sent_at.is_(None))
    session.exec(
        change.values(due_at=until, attempts=OUTBOX.c.attempts + 1, last_error=error[:_ERROR_LENGTH])
    )


def backlog(session: Session) -> Backlog:
    statement = select(func.count(), func.min(OUTBOX.c.created_at)).where(OUTBOX.c.sent_at.is_(None))
    count, oldest = session.exec(statement).one()
    return Backlog(count, oldest)
