"""Rows for tests, with only what the test is about spelt out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage import audit, flows, outbox
from storage.tables import FlowRow

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = audit.ChainKey("2026", b"k" * 32)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def entry(op: str, kind: str = "intent", **changes: object) -> audit.Entry:
    plain = audit.Entry(
        op=op, kind=kind, at=NOON, actor="U1", action="request_code", number_id="106", flow_id="f1"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # checked by the dataclass


def record(session: Session, op: str, kind: str = "intent", **changes: object) -> int:
    return audit.append(session, entry(op, kind, **changes), KEY)


def begin_flow(session: Session, id: str = "f1", number_id: str = "106", epoch: int = 1) -> FlowRow:
    return flows.create(
        session, id=id, kind="reconnect", number_id=number_id, owner="U1", step="choose", data="{}",
        epoch=epoch, at=NOON,
    )  # fmt: skip


def move_flow(
    session: Session, expected_version: int, *, step: str = "sent", epoch: int = 1, **changes: object
) -> int:
    values: dict[str, object] = {
        "data": "{}",
        "pending": False,
        "pending_until": None,
        "active": True,
        "at": NOON,
    }
    return flows.save(
        session, "f1", expected_version=expected_version, step=step, epoch=epoch, **(values | changes)
    )  # type: ignore[arg-type]  # the values are the defaults above


def owe(session: Session, lane: str = "106", at: datetime = NOON) -> int:
    return outbox.owe(
        session, kind="started", lane=lane, recipient="C1", number_id=lane, flow_id="f1", body={"n": 1}, at=at
    )
