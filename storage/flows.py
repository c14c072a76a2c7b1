"""Wizards that survive a restart: one row each, changed only by whoever read it last."""

from datetime import datetime

from sqlalchemy import Table, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, SQLModel, col, select

from storage.errors import Conflict, NotFound
from storage.rows import fetch, fetch_one
from storage.tables import FlowRow

FLOW: Table = SQLModel.metadata.tables["flow"]


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
    row = fetch_one(session, select(FlowRow).where(FlowRow.id == flow_id))
    if row is None:
        raise NotFound("That flow does not exist any more.")
    return row


def active_of(session: Session, number_id: str) -> FlowRow | None:
    """The flow that holds the number now."""
    return fetch_one(
        session, select(FlowRow).where(FlowRow.number_id == number_id, col(FlowRow.active).is_(True))
    )


def active_flows(session: Session) -> list[FlowRow]:
    """Oldest first."""
    statement = select(FlowRow).where(col(FlowRow.active).is_(True)).order_by(col(FlowRow.created_at))
    return fetch(session, statement)


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
    guard = (FLOW.c.id == flow_id, FLOW.c.version == expected_version, FLOW.c.epoch <= epoch)
    change = update(FLOW).where(*guard).values(
        step=step, data=data, pending=pending, pending_until=pending_until, active=active,
        epoch=epoch, version=expected_version + 1, updated_at=at,
    )  # fmt: skip
    if session.exec(change).rowcount != 1:
        raise Conflict("This flow has moved on.", holder=flow_id)
    return expected_version + 1
