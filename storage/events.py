"""What Meta's webhooks told: each thing once, in the order it came, and what is known by it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, case, func, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from storage.rows import fetch, fetch_one
from storage.tables import EventRow, StandingRow

EVENT: Table = SQLModel.metadata.tables["event"]
STANDING: Table = SQLModel.metadata.tables["standing"]


def receive(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep what is new; how many were. A `key` that is known already changes nothing.

    Each row has every column of `event` but `id` and `done_at`.
    """
    if not rows:
        return 0
    keep = insert(EVENT).on_conflict_do_nothing(index_elements=[EVENT.c.key])
    before = _newest(session)
    session.connection().execute(keep, [dict(row) for row in rows])
    return int(session.exec(select(func.count()).where(col(EventRow.id) > before)).one())


def _newest(session: Session) -> int:
    return session.exec(select(func.max(EventRow.id))).one() or 0


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


def last(session: Session, *, number_id: str = "", account_id: str = "") -> EventRow | None:
    """The newest event of a number or an account, by when it happened."""
    mine = EventRow.number_id == number_id if number_id else EventRow.account_id == account_id
    newest = (
        select(EventRow)
        .where(mine)
        .order_by(col(EventRow.happened_at).desc(), col(EventRow.id).desc())
        .limit(1)
    )
    return fetch_one(session, newest)


def failures(session: Session, number_id: str, *, since: datetime) -> dict[int, tuple[int, datetime]]:
    """Error numbers of messages that failed since then, with how often and when last."""
    failed = (
        select(EventRow.code, func.count(), func.max(EventRow.happened_at))
        .where(EventRow.number_id == number_id, EventRow.happened_at > since, EventRow.code != 0)
        .group_by(col(EventRow.code))
    )
    return {code: (count, last) for code, count, last in session.exec(failed)}


def around(session: Session, number_id: str, at: datetime) -> tuple[datetime | None, datetime | None]:
    """When customers wrote last before that moment, and first after it."""
    came = select(EventRow.happened_at).where(EventRow.number_id == number_id, EventRow.direction == "in")
    when = col(EventRow.happened_at)
    before = session.exec(came.where(when <= at).order_by(when.desc()).limit(1)).first()
    after = session.exec(came.where(when > at).order_by(when).limit(1)).first()
    return before, after


def forget(session: Session, *, before: datetime) -> int:
    """Remove events taken in long ago; how many."""
    old = EVENT.delete().where(EVENT.c.done_at.is_not(None), EVENT.c.received_at < before)
    return int(session.exec(old).rowcount)


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
    first = insert(STANDING).values(scope=scope, what=what, value=value, at=at, until=until, count=add)
    newer = first.excluded.at >= STANDING.c.at
    session.exec(
        first.on_conflict_do_update(
            index_elements=[STANDING.c.scope, STANDING.c.what],
            set_={
                "value": _if(newer, first.excluded.value, STANDING.c.value),
                "until": _if(newer, first.excluded.until, STANDING.c.until),
                "at": _if(newer, first.excluded.at, STANDING.c.at),
                "count": STANDING.c.count + add,
            },
        )
    )


def _if(condition: Any, new: Any, old: Any) -> Any:
    return case((condition, new), else_=old)


def standings(session: Session, scopes: Sequence[str]) -> list[StandingRow]:
    """All that is known of these numbers and accounts."""
    return fetch(session, select(StandingRow).where(col(StandingRow.scope).in_(scopes)))


def unstand(session: Session, *, scope: str, what: str, before: datetime) -> None:
    """Forget what was known of it before that time."""
    session.exec(
        STANDING.delete().where(STANDING.c.scope == scope, STANDING.c.what == what, STANDING.c.at <= before)
    )
