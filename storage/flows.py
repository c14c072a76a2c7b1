"""Wizards that survive a restart: one row each, changed only by whoever read it last."""

from datetime import datetime

from sqlalchemy import Table, bindparam, func, true, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from storage.columns import to_text
from storage.errors import Conflict, NotFound
from storage.rows import compiled, driver, fetch, reader
from storage.tables import FlowRow

FLOW: Table = SQLModel.metadata.tables["flow"]
_read = reader(FlowRow, FLOW)
_GET = compiled(select_columns(FLOW).where(FLOW.c.id == bindparam("id")))
_ACTIVE_OF = compiled(select_columns(FLOW).where(FLOW.c.number_id == bindparam("n"), FLOW.c.active == true()))
_CHANGED = ("step", "data", "pending", "pending_until", "active", "epoch", "version", "updated_at")
_SAVE = compiled(
    update(FLOW)
    .where(FLOW.c.id == bindparam("i"), FLOW.c.version == bindparam("v"), FLOW.c.epoch <= bindparam("e"))
    .ordered_values(*((FLOW.c[name], bindparam(f"new_{name}")) for name in _CHANGED))
)


def create(
    session: Session,
    *,
    id: str,
    kind: str,
    number_id: str,
    owner: str,
    step: str,
    data: str,
    epoch: int,
    at: datetime,
    pending: bool = False,
    pending_until: datetime | None = None,
) -> FlowRow:
    """A new active flow at version 1. Raises Conflict (`holder`: its id) when the number has one already."""
    standing = active_of(session, number_id)
    if standing is not None:
        raise Conflict("Another flow of this number is under way.", holder=standing.id)
    row = FlowRow(
        id=id, kind=kind, number_id=number_id, owner=owner, step=step, data=data, pending=pending,
        pending_until=pending_until, epoch=epoch, version=1, active=True, created_at=at, updated_at=at,
    )  # fmt: skip
    session.exec(insert(FLOW).values(row.model_dump()))
    return row


def get(session: Session, flow_id: str) -> FlowRow:
    """Raises NotFound."""
    found = driver(session).execute(_GET, (flow_id,)).fetchone()
    if found is None:
        raise NotFound("That flow does not exist any more.")
    return _read(found)


def active_of(session: Session, number_id: str) -> FlowRow | None:
    """The flow that holds the number now."""
    found = driver(session).execute(_ACTIVE_OF, (number_id,)).fetchone()
    return None if found is None else _read(found)


def active_flows(session: Session) -> list[FlowRow]:
    """Oldest first."""
    statement = select(FlowRow).where(col(FlowRow.active).is_(True)).order_by(col(FlowRow.created_at))
    return fetch(session, statement)


def ends(session: Session) -> dict[str, int]:
    """How many have ended, by their last step."""
    ended = (
        select(FlowRow.step, func.count()).where(col(FlowRow.active).is_(False)).group_by(col(FlowRow.step))
    )
    return dict(session.exec(ended).all())


def pending(session: Session, before_epoch: int) -> list[FlowRow]:
    """Orphans: flows left pending by a process before `before_epoch`, oldest first."""
    statement = select(FlowRow).where(col(FlowRow.pending).is_(True), FlowRow.epoch < before_epoch)
    return fetch(session, statement.order_by(col(FlowRow.updated_at)))


def save(
    session: Session,
    flow_id: str,
    *,
    expected_version: int,
    step: str,
    data: str,
    pending: bool,
    pending_until: datetime | None,
    active: bool,
    epoch: int,
    at: datetime,
) -> int:
    """The new version. Raises Conflict when the flow moved on, or a later process took it over."""
    until = None if pending_until is None else to_text(pending_until)
    values = (step, data, pending, until, active, epoch, expected_version + 1, to_text(at))
    if driver(session).execute(_SAVE, (*values, flow_id, expected_version, epoch)).rowcount != 1:
        raise Conflict("This flow has moved on.", holder=flow_id)
    return expected_version + 1
