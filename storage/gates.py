"""Not-before times Meta gave us, kept so that no restart forgets them."""

from datetime import datetime

from sqlalchemy import Table, delete
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from storage.rows import fetch
from storage.tables import GateRow

GATE: Table = SQLModel.metadata.tables["gate"]


def set_gate(session: Session, *, scope: str, action: str, until: datetime, reason: str) -> None:
    """Not before `until`. Never shortens a gate that is set already."""
    fresh = insert(GATE).values(scope=scope, action=action, until=until, reason=reason)
    session.exec(
        fresh.on_conflict_do_update(
            index_elements=[GATE.c.scope, GATE.c.action],
            set_={"until": fresh.excluded.until, "reason": fresh.excluded.reason},
            where=fresh.excluded.until > GATE.c.until,
        )
    )


def gates(session: Session, scope: str) -> list[GateRow]:
    """All gates of `scope`, past ones too, by action: compare `until` with now."""
    return fetch(session, select(GateRow).where(GateRow.scope == scope).order_by(col(GateRow.action)))


def clear(session: Session, scope: str, action: str | None = None) -> None:
    """Open one gate of `scope`, or all of them."""
    statement = delete(GATE).where(GATE.c.scope == scope)
    session.exec(statement if action is None else statement.where(GATE.c.action == action))
