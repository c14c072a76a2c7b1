"""One-time links to Meta's login: made once, used once."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel, select

from storage.rows import fetch, fetch_one
from storage.tables import LoginLinkRow

LINK: Table = SQLModel.metadata.tables["login_link"]
USED, KEPT = (
    "used",
    "kept",
)  # taken, and what became of it is not known yet; its token is in use, and nobody told


def make(
    session: Session,
    *,
    state_hash: str,
    person: str,
    account_id: str,
    number_id: str,
    about: Mapping[str, str],
    verifier: str,
    at: datetime,
    until: datetime,
) -> None:
    """A fresh link. The person's earlier ones for the same account end now: only the newest works."""
    over = update(LINK).where(LINK.c.expires_at <= at, LINK.c.used_at.is_(None), LINK.c.result == "")
    session.exec(over.values(result="expired", verifier=""))
    mine = (LINK.c.person == person, LINK.c.account_id == account_id, LINK.c.used_at.is_(None))
    old = update(LINK).where(*mine, LINK.c.result == "")
    session.exec(old.values(used_at=at, result="replaced", verifier=""))
    session.exec(
        insert(LINK).values(
            state_hash=state_hash, person=person, account_id=account_id, number_id=number_id,
            about=json.dumps(dict(about), sort_keys=True), verifier=verifier, created_at=at, expires_at=until,
            used_at=None, result="",
        )
    )  # fmt: skip


def use(session: Session, state_hash: str, *, at: datetime) -> LoginLinkRow | None:
    """Take the link: whoever comes second, or too late, gets None. What is kept of it has no verifier any more."""
    found = find(session, state_hash)
    mine = update(LINK).where(
        LINK.c.state_hash == state_hash, LINK.c.used_at.is_(None), LINK.c.result == "", LINK.c.expires_at > at
    )
    if session.exec(mine.values(used_at=at, result=USED, verifier="")).rowcount != 1:
        return None
    return found


def find(session: Session, state_hash: str) -> LoginLinkRow | None:
    return fetch_one(session, select(LoginLinkRow).where(LoginLinkRow.state_hash == state_hash))


def end(session: Session, state_hash: str, *, result: str) -> None:
    """How it ended, in one word."""
    session.exec(update(LINK).where(LINK.c.state_hash == state_hash).values(result=result))


def unfinished(session: Session) -> list[LoginLinkRow]:
    """Links that were used, and whose person was not told what came of it."""
    return fetch(session, select(LoginLinkRow).where(LINK.c.result.in_((USED, KEPT))))


def names(row: LoginLinkRow) -> Mapping[str, str]:
    """The names that were noted when the link was made."""
    told: dict[str, str] = json.loads(row.about)
    return told
