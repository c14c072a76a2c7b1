"""The record of who did what: appended, never changed, each row sealed to the one before."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, SQLModel, col, select

from storage.chain import START, UNREAD, ChainKey, Verdict, canonical, seal, verify, verify_page
from storage.columns import from_text, to_text
from storage.errors import Conflict
from storage.rows import driver, fetch, fetch_one
from storage.tables import AuditRow

__all__ = [
    "UNREAD", "ChainKey", "Entry", "Spend", "Verdict", "append", "has_op", "head", "last_of", "latest", "of_flow",
    "open_intents", "outcomes", "spent", "touched", "verify", "verify_page",
]  # fmt: skip

_AUDIT = SQLModel.metadata.tables["audit"]
_INSERT = str(insert(_AUDIT).compile(dialect=sqlite.dialect(paramstyle="qmark")))
# the trigger of v0002 speaks before the unique rule can
_THERE_ALREADY = (sqlite3.SQLITE_CONSTRAINT_TRIGGER, sqlite3.SQLITE_CONSTRAINT_UNIQUE)
_DETAILS = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line to record. `op` names one act; it has one row of each `kind` (intent, outcome, fact).

    Never holds a code, PIN, token or full customer number.
    """

    op: str
    kind: str
    at: datetime
    actor: str
    action: str
    actor_name: str = ""
    role: str = ""
    number_id: str = ""
    number_tail: str = ""
    flow_id: str = ""
    outcome: str = ""
    reason: str = ""
    trace: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spend:
    """One intent and what came of it. `outcome` "" = none yet; `details` = the intent's and the outcome's."""

    at: datetime
    op: str
    action: str
    flow_id: str
    outcome: str
    reason: str
    details: Mapping[str, str]


def append(session: Session, entry: Entry, key: ChainKey) -> int:
    """The row's number in the chain. Raises Conflict when the op has a row of this kind already."""
    raw = driver(session)
    seq, prev = _head(session, raw)
    e = entry
    values = (
        seq + 1, e.op, e.kind, to_text(e.at), e.actor, e.actor_name, e.role, e.action, e.number_id,
        e.number_tail, e.flow_id, e.outcome, e.reason, e.trace, _DETAILS(dict(e.details)), key.id,
    )  # fmt: skip
    digest = seal(key, prev, canonical(values))
    try:
        raw.execute(_INSERT, (*values, prev, digest))
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in _THERE_ALREADY:
            raise
        raise Conflict("This act is on record already.") from None
    if "driver" in session.info:  # the writer forgets it when a work is rolled back, and after each batch
        session.info["audit.head"] = (seq + 1, digest)
    return seq + 1


def head(session: Session) -> tuple[int, str]:
    """The newest row's number and seal; (0, "") before the first."""
    return _head(session, driver(session))


def _head(session: Session, raw: sqlite3.Connection) -> tuple[int, str]:
    known: tuple[int, str] | None = session.info.get("audit.head")
    if known is not None:
        return known
    row: tuple[int, str] | None = raw.execute(
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return row or (0, START)


def open_intents(session: Session) -> list[AuditRow]:
    """Intents without an outcome, oldest first: an act whose end nobody recorded."""
    # one pass over the (op, kind) index; a join would look up every intent ever made
    ops = driver(session).execute(
        "SELECT op FROM audit GROUP BY op HAVING sum(kind = 'intent') > sum(kind = 'outcome')"
    )
    found = [op for (op,) in ops]
    statement = select(AuditRow).where(AuditRow.kind == "intent", col(AuditRow.op).in_(found))
    return fetch(session, statement.order_by(col(AuditRow.seq))) if found else []


_SPENT = """
SELECT i.at, i.op, i.action, i.flow_id, coalesce(o.outcome, ''), coalesce(o.reason, ''),
       i.details, coalesce(o.details, '{}')
FROM audit AS i INDEXED BY audit_number_action_at LEFT JOIN audit AS o ON o.op = i.op AND o.kind = 'outcome'
WHERE i.kind = 'intent' AND i.number_id = ? AND i.at >= ?
  AND i.action IN (SELECT value FROM json_each(?))
ORDER BY i.seq
"""


def spent(session: Session, number_id: str, actions: Sequence[str], since: datetime) -> list[Spend]:
    """What a number used up from `since` on, oldest first: every intent counts, whatever came of it."""
    found = driver(session).execute(_SPENT, (number_id, to_text(since), json.dumps(list(actions))))
    return [
        Spend(from_text(at), op, action, flow_id, outcome, reason, json.loads(before) | json.loads(after))
        for at, op, action, flow_id, outcome, reason, before, after in found.fetchall()
    ]


def has_op(session: Session, op: str) -> bool:
    """Whether this act is on record, in whatever kind of row."""
    return driver(session).execute("SELECT 1 FROM audit WHERE op = ? LIMIT 1", (op,)).fetchone() is not None


def of_flow(session: Session, flow_id: str) -> list[AuditRow]:
    """Oldest first."""
    return fetch(session, select(AuditRow).where(AuditRow.flow_id == flow_id).order_by(col(AuditRow.seq)))


def outcomes(
    session: Session, number_id: str, actions: Sequence[str], *, since: datetime, limit: int = 60
) -> list[AuditRow]:
    """How the acts of these kinds on a number ("": on none) ended from `since` on, newest first."""
    mine = select(AuditRow).where(
        AuditRow.number_id == number_id, col(AuditRow.action).in_(actions), AuditRow.at >= since
    )
    ends = mine.where(AuditRow.kind == "outcome").order_by(col(AuditRow.seq).desc())
    return fetch(session, ends.limit(limit))


def last_of(session: Session, number_id: str, action: str) -> AuditRow | None:
    """The newest row of this kind of act on a number."""
    mine = select(AuditRow).where(AuditRow.number_id == number_id, AuditRow.action == action)
    return fetch_one(session, mine.order_by(col(AuditRow.seq).desc()).limit(1))


_TOUCHED = """
SELECT value FROM json_each(?) WHERE EXISTS (
  SELECT 1 FROM audit INDEXED BY audit_number_action_at
  WHERE number_id = json_each.value AND action IN (SELECT value FROM json_each(?)) AND at >= ?)
"""


def touched(session: Session, numbers: Iterable[str], actions: Sequence[str], *, since: datetime) -> set[str]:
    """Those of the numbers on which an act of these kinds is on record from `since` on."""
    asked = (json.dumps(list(numbers)), json.dumps(list(actions)), to_text(since))
    return {number_id for (number_id,) in driver(session).execute(_TOUCHED, asked)}


def latest(session: Session, number_id: str, limit: int) -> list[AuditRow]:
    """Newest first."""
    statement = select(AuditRow).where(AuditRow.number_id == number_id)
    return fetch(session, statement.order_by(col(AuditRow.seq).desc()).limit(limit))
