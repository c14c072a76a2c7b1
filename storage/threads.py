"""Where in the audit channel each flow is told."""

from datetime import datetime

from sqlalchemy import Table, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, select

from storage.rows import fetch_one
from storage.tables import ThreadRow

THREAD: Table = SQLModel.metadata.tables["thread"]


def remember(session: Session, *, flow_id: str, channel: str, ts: str, at: datetime) -> None:
    """The flow's thread starts at `ts` of `channel`. The first one known stays."""
    values = {"flow_id": flow_id, "channel": channel, "ts": ts, "created_at": at, "closed": False}
    session.exec(insert(THREAD).values(values).on_conflict_do_nothing())


def of_flow(session: Session, flow_id: str) -> ThreadRow | None:
    return fetch_one(session, select(ThreadRow).where(ThreadRow.flow_id == flow_id))


def close(session: Session, flow_id: str) -> None:
    """The final state stands on the thread's first message."""
    session.exec(update(THREAD).where(THREAD.c.flow_id == flow_id).values(closed=True))
