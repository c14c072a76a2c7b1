"""One-time links to Meta's login: made once, used once."""

from datetime import datetime

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel, select

from storage.rows import fetch_one
from storage.tables import LoginLinkRow

LINK: Table = SQLModel.metadata.tables["login_link"]


def make(
    session: Session,
    *,
    state_hash: str,
    person: str,
    account_id: str,
    number_id: str,
    verifier: str,
    at: datetime,
    until: datetime,
) -> None:
    """A fresh link. The person's earlier ones for the same account end now: only the newest works."""
    old = update(LINK).where(
        LINK.c.person == person, LINK.c.account_id == account_id, LINK.c.used_at.is_(None)
    )
    session.exec(old.values(used_at=at, result="replaced"))
    session.exec(
        insert(LINK).values(
            state_hash=state_hash, person=person, account_id=account_id, number_id=number_id, verifier=verifier,
            created_at=at, expires_at=until, used_at=None, result="",
        )
    )  # fmt: skip


def use(session: Session, state_hash: str, *, at: datetime) -> LoginLinkRow | None:
    """Take the link: whoever comes second, or too late, gets None."""
    mine = update(LINK).where(
        LINK.c.state_hash == state_hash, LINK.c.used_at.is_(None), LINK.c.expires_at > at
    )
    if session.exec(mine.values(used_at=at, result="used")).rowcount != 1:
        return None
    return find(session, state_hash)


def find(session: Session, state_hash: str) -> LoginLinkRow | None:
    return fetch_one(session, select(LoginLinkRow).where(LoginLinkRow.state_hash == state_hash))


def end(session: Session, state_hash: str, *, result: str) -> None:
    """How it ended, in one word."""
    session.exec(update(LINK).where(LINK.c.state_hash == state_hash).values(result=result, verifier=""))
