"""Things told once, however often the bot restarts."""

from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel

NOTICE: Table = SQLModel.metadata.tables["notice"]


def first_time(session: Session, key: str, *, at: datetime) -> bool:
    """Whether nobody was told of `key` before; from now on it counts as told."""
    told = insert(NOTICE).values(key=key, told_at=at).on_conflict_do_nothing(index_elements=[NOTICE.c.key])
    return bool(session.exec(told).rowcount)


def forget(session: Session, *, before: datetime) -> int:
    """Remove what was told before then; how many."""
    return int(session.exec(NOTICE.delete().where(NOTICE.c.told_at < before)).rowcount)
