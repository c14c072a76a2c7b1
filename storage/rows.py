"""Rows out of a session: fresh, detached copies, and the driver underneath for the hot path."""

import sqlite3
from typing import TypeVar

from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from storage.connect import raw_of

Row = TypeVar("Row", bound=SQLModel)


def fetch(session: Session, statement: SelectOfScalar[Row]) -> list[Row]:
    """The rows as values of their own: a later read gives new ones instead of changing these."""
    rows = list(session.exec(statement).all())
    session.expunge_all()
    return rows


def fetch_one(session: Session, statement: SelectOfScalar[Row]) -> Row | None:
    rows = fetch(session, statement)
    return rows[0] if rows else None


def driver(session: Session) -> sqlite3.Connection:
    """The SQLite connection of `session`: 20 times cheaper per statement than the layers above it.

    The writer leaves it in `session.info["driver"]` for the length of one batch.
    """
    known: sqlite3.Connection | None = session.info.get("driver")
    return known or raw_of(session.connection())
