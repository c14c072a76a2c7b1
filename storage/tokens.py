"""Encrypted Meta tokens: one in use per slot, the ones before it retired; and which slot serves which account."""

from datetime import datetime

from sqlalchemy import Table, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlmodel import Session, SQLModel, col, select

from storage.rows import fetch, fetch_one
from storage.tables import TokenRow, TokenUseRow

TOKEN: Table = SQLModel.metadata.tables["token"]
TOKEN_USE: Table = SQLModel.metadata.tables["token_use"]


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
    label: str = "",
    scopes: str = "",
    data_access_expires_at: datetime | None = None,
) -> int:
    """The new token's id. The one it replaces is retired in the same breath."""
    retire(session, slot, at=at)
    values = {
        "slot": slot, "ciphertext": ciphertext, "app_id": app_id, "user_id": user_id, "kind": kind,
        "expires_at": expires_at, "created_at": at, "label": label, "scopes": scopes,
        "data_access_expires_at": data_access_expires_at,
    }  # fmt: skip
    made = session.exec(insert(TOKEN).values(values)).inserted_primary_key
    return int(made[0]) if made else 0


def retire(session: Session, slot: str, *, at: datetime) -> None:
    """The slot's token is in use no more, and nothing of its text is kept: at Meta it may be alive for weeks."""
    in_use = update(TOKEN).where(TOKEN.c.slot == slot, TOKEN.c.retired_at.is_(None))
    session.exec(in_use.values(retired_at=at, ciphertext=""))


def current(session: Session, slot: str) -> TokenRow | None:
    return fetch_one(
        session, select(TokenRow).where(TokenRow.slot == slot, col(TokenRow.retired_at).is_(None))
    )


def in_use(session: Session) -> list[TokenRow]:
    """The token of every slot, oldest slot first."""
    found = select(TokenRow).where(col(TokenRow.retired_at).is_(None)).order_by(col(TokenRow.id))
    return fetch(session, found)


def describe(
    session: Session,
    token_id: int,
    *,
    app_id: str,
    user_id: str,
    kind: str,
    expires_at: datetime | None,
    scopes: str,
    data_access_expires_at: datetime | None,
) -> None:
    """What Meta says of the token, as last inspected."""
    session.exec(
        update(TOKEN).where(TOKEN.c.id == token_id).values(
            app_id=app_id, user_id=user_id, kind=kind, expires_at=expires_at, scopes=scopes,
            data_access_expires_at=data_access_expires_at,
        )
    )  # fmt: skip


def uses(session: Session) -> dict[str, str]:
    """Account → slot, for the accounts that have a slot of their own choice."""
    return {row.account_id: row.slot for row in fetch(session, select(TokenUseRow))}


def serve(session: Session, account_id: str, slot: str, *, at: datetime) -> None:
    """From now on the slot's token serves this account."""
    fresh = upsert(TOKEN_USE).values(account_id=account_id, slot=slot, since=at)
    session.exec(
        fresh.on_conflict_do_update(index_elements=[TOKEN_USE.c.account_id], set_={"slot": slot, "since": at})
    )
