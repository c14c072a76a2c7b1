"""Not-before times Meta gave us, kept so that no restart forgets them."""

from datetime import datetime

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel

from storage.rows import compiled, driver, reader
from storage.tables import GateRow

GATE: Table = SQLModel.metadata.tables["gate"]
_read = reader(GateRow, GATE)
_OF_SCOPE = compiled(select(GATE).where(GATE.c.scope == bindparam("scope")).order_by(GATE.c.action))


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
    return [_read(found) for found in driver(session).execute(_OF_SCOPE, (scope,)).fetchall()]
