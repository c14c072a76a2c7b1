"""Where in the audit channel each flow is told."""

from datetime import datetime

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel

from storage.columns import to_text
from storage.rows import compiled, driver, reader
from storage.tables import ThreadRow

THREAD: Table = SQLModel.metadata.tables["thread"]
_read = reader(ThreadRow, THREAD)
_KNOWN = ("flow_id", "channel", "ts", "created_at", "closed")
_REMEMBER = compiled(
    insert(THREAD).values({name: bindparam(name) for name in _KNOWN}).on_conflict_do_nothing()
)
_OF_FLOW = compiled(select(THREAD).where(THREAD.c.flow_id == bindparam("flow_id")))


def remember(session: Session, *, flow_id: str, channel: str, ts: str, at: datetime) -> None:
    """The flow's thread starts at `ts` of `channel`. The first one known stays."""
    driver(session).execute(_REMEMBER, (flow_id, channel, ts, to_text(at), False))


def of_flow(session: Session, flow_id: str) -> ThreadRow | None:
    found = driver(session).execute(_OF_FLOW, (flow_id,)).fetchone()
    return None if found is None else _read(found)


def close(session: Session, flow_id: str) -> None:
    """The final state stands on the thread's first message."""
    session.exec(update(THREAD).where(THREAD.c.flow_id == flow_id).values(closed=True))
