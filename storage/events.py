"""What Meta's webhooks told: each thing once, in the order it came, and what is known by it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, func, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from storage.columns import from_text, to_text
from storage.rows import compiled, driver, fetch
from storage.tables import EventRow, StandingRow

EVENT: Table = SQLModel.metadata.tables["event"]
STANDING: Table = SQLModel.metadata.tables["standing"]
_RECEIVED = tuple(column.name for column in EVENT.columns if column.name not in ("id", "done_at"))
_RECEIVE = compiled(
    insert(EVENT)
    .values({name: bindparam(name) for name in _RECEIVED})
    .on_conflict_do_nothing(index_elements=[EVENT.c.key])
)
_STAND = """
    INSERT INTO standing (scope, what, value, at, until, count) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (scope, what) DO UPDATE SET
      value = CASE WHEN excluded.at >= at THEN excluded.value ELSE value END,
      until = CASE WHEN excluded.at >= at THEN excluded.until ELSE until END,
      count = count + excluded.count,
      at = max(excluded.at, at)
"""

# The rules of the partial indexes stand in the text: a value that is bound later would use no such index.
_FAILURES = """
    SELECT code, count(*), max(happened_at) FROM event INDEXED BY event_failed
    WHERE number_id = ? AND code <> 0 AND happened_at > ? GROUP BY code
"""
_INBOUND = "happened_at) FROM event INDEXED BY event_inbound WHERE number_id = ? AND direction = 'in'"
_AROUND = f"SELECT (SELECT max({_INBOUND} AND happened_at <= ?), (SELECT min({_INBOUND} AND happened_at > ?)"


def receive(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep what is new; how many were. A `key` that is known already changes nothing.

    Each row has every column of `event` but `id` and `done_at`. Somebody waits for this: it is done underneath.
    """
    times = {name: to_text for name in ("happened_at", "received_at")}
    values = [[times.get(name, _same)(row[name]) for name in _RECEIVED] for row in rows]
    return driver(session).executemany(_RECEIVE, values).rowcount if values else 0


def _same(value: Any) -> Any:
    return value


def waiting(session: Session, *, most: int) -> list[EventRow]:
    """Received and not yet taken in, oldest first."""
    undone = select(EventRow).where(col(EventRow.done_at).is_(None)).order_by(col(EventRow.id)).limit(most)
    return fetch(session, undone)


def done(session: Session, numbers: Mapping[int, str], *, at: datetime) -> None:
    """These events, by id, are taken in; each is about that number ("": about none that is known)."""
    if not numbers:
        return
    taken = (
        update(EVENT)
        .where(EVENT.c.id == bindparam("which"))
        .values(done_at=at, number_id=bindparam("number"))
    )
    session.connection().execute(taken, [{"which": id_, "number": number} for id_, number in numbers.items()])


def failures(session: Session, number_id: str, *, since: datetime) -> dict[int, tuple[int, datetime]]:
    """Error numbers of messages that failed since then, with how often and when last."""
    found = driver(session).execute(_FAILURES, (number_id, to_text(since)))
    return {code: (count, from_text(last)) for code, count, last in found.fetchall()}


def around(session: Session, number_id: str, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When customers wrote last before that moment, and first after it."""
    asked = (number_id, to_text(at))
    before, after = driver(session).execute(_AROUND, (*asked, *asked)).fetchone()
    return before and from_text(before), after and from_text(after)


def forget(session: Session, *, before: datetime, most: int) -> int:
    """Remove events taken in and received before then, looking at no more than the `most` oldest; how many."""
    oldest = select(EventRow.id).order_by(col(EventRow.id)).limit(most)
    old = (EVENT.c.done_at.is_not(None), EVENT.c.received_at < before, EVENT.c.id.in_(oldest))
    return int(session.exec(EVENT.delete().where(*old)).rowcount)


def backlog(session: Session) -> int:
    """How many wait to be taken in."""
    return int(session.exec(select(func.count()).where(col(EventRow.done_at).is_(None))).one())


def stand(
    session: Session,
    *,
    scope: str,
    what: str,
    value: str,
    at: datetime,
    until: datetime | None = None,
    add: int = 0,
) -> None:
    """`what` is `value` as of `at`. Something older than what is known changes nothing; `add` counts always."""
    driver(session).execute(_STAND, (scope, what, value, to_text(at), until and to_text(until), add))


def standings(session: Session, scopes: Sequence[str]) -> list[StandingRow]:
    """All that is known of these numbers and accounts."""
    return fetch(session, select(StandingRow).where(col(StandingRow.scope).in_(scopes)))


def unstand(session: Session, *, scope: str, what: str, before: datetime) -> None:
    """Forget what was known of it before that time."""
    session.exec(
        STANDING.delete().where(STANDING.c.scope == scope, STANDING.c.what == what, STANDING.c.at <= before)
    )
