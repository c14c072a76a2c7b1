"""One-time links to Meta's login: made once, used once."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Table, insert, update
from sqlmodel import Session, SQLModel, select

from storage.rows import fetch, fetch_one
from storage.tables import LoginLinkRow

LINK: Table = SQLModel.metadata.tables["login_link"]
_WAITING = (LINK.c.used_at.is_(None), LINK.c.result == "")  # nobody came back with it yet
USED = "used"  # taken, and what became of it is not known yet
KEPT = "kept"  # its token is in use, and its person was not told yet


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
) -> list[LoginLinkRow]:
    """A fresh link; the others of the person that it replaces. Only the newest for an account works."""
    mine = (LINK.c.person == person, LINK.c.account_id == account_id)
    replaced = _over(session, *mine, values={"used_at": at, "result": "replaced"})
    session.exec(
        insert(LINK).values(
            state_hash=state_hash, person=person, account_id=account_id, number_id=number_id,
            about=json.dumps(dict(about), sort_keys=True), verifier=verifier, created_at=at, expires_at=until,
            used_at=None, result="",
        )
    )  # fmt: skip
    return replaced


def any_over(session: Session, *, at: datetime) -> bool:
    """Whether `expire` would end any."""
    return (
        session.exec(select(LINK.c.state_hash).where(*_WAITING, LINK.c.expires_at <= at)).first() is not None
    )


def expire(session: Session, *, at: datetime) -> list[LoginLinkRow]:
    """End every link whose time is over and which nobody used; those that were."""
    return _over(session, LINK.c.expires_at <= at, values={"result": "expired"})


def _over(session: Session, *which: ColumnElement[bool], values: Mapping[str, object]) -> list[LoginLinkRow]:
    """End links that wait, and forget their verifiers."""
    over = fetch(session, select(LoginLinkRow).where(*_WAITING, *which))
    session.exec(update(LINK).where(*_WAITING, *which).values(**values, verifier=""))
    return over


def use(session: Session, state_hash: str, *, at: datetime) -> LoginLinkRow | None:
    """Take the link: whoever comes second, or too late, gets None. What is kept of it has no verifier any more."""
    found = find(session, state_hash)
    mine = update(LINK).where(LINK.c.state_hash == state_hash, *_WAITING, LINK.c.expires_at > at)
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


def forget(session: Session, *, before: datetime) -> int:
    """Remove links that ended or ran out before then, and whose person knows how; how many."""
    ended = (LINK.c.expires_at < before, LINK.c.result.not_in((USED, KEPT)))
    return int(session.exec(LINK.delete().where(*ended)).rowcount)


def names(row: LoginLinkRow) -> Mapping[str, str]:
    """The names that were noted when the link was made."""
    told: dict[str, str] = json.loads(row.about)
    return told
