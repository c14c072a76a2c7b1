"""Encrypted Meta tokens: one in use per slot, the ones before it retired."""

from datetime import datetime

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel, col, select

from storage.rows import fetch_one
from storage.tables import TokenRow

TOKEN: Table = SQLModel.metadata.tables["token"]


def save(
    session: Session,
    *,
    slot: str,
    ciphertext: str,
    app_id: str,
    user_id: str,
    kind: str,
    expires_at: datetime | None,
    at: datetime,
) -> int:
    """The new token's id. The one it replaces is retired in the same breath."""
    in_use = update(TOKEN).where(TOKEN.c.slot == slot, TOKEN.c.retired_at.is_(None))
    session.exec(in_use.values(retired_at=at))
    values = {
        "slot": slot, "ciphertext": ciphertext, "app_id": app_id, "user_id": user_id, "kind": kind,
        "expires_at": expires_at, "created_at": at,
    }  # fmt: skip
    made = session.exec(insert(TOKEN).values(values)).inserted_primary_key
    return int(made[0]) if made else 0


def current(session: Session, slot: str) -> TokenRow | None:
    return fetch_one(
        session, select(TokenRow).where(TokenRow.slot == slot, col(TokenRow.retired_at).is_(None))
    )
