"""The audit chain's seal: each row's keyed hash covers the row and the seal of the row before."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from storage.rows import driver

START = ""
# Every column but the two that hold seals, in the order they are written.
SEALED = (
    "seq", "op", "kind", "at", "actor", "actor_name", "role", "action", "number_id", "number_tail", "flow_id",
    "outcome", "reason", "trace", "details", "key_id",
)  # fmt: skip
_PAGE = 2_000  # rows per statement: the writer never waits for more than one page
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class ChainKey:
    """`id` is stored beside every row it seals, so that keys can be changed. `key` never is."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` ("" when ok) names the first bad row; `head_…` is the last good one. Not `whole`: rows follow."""

    ok: bool
    rows: int
    head_seq: int
    head_hash: str
    problem: str = ""
    whole: bool = True


UNREAD = Verdict(True, 0, 0, START, whole=False)


Value = str | int
Link = tuple[Any, ...]  # SEALED, prev_hash, hash


def canonical(values: Sequence[Value]) -> str:
    """One row's values, in the order of SEALED, as the only JSON they can be."""
    return _encode(dict(zip(SEALED, values, strict=True)))


def seal(key: ChainKey, prev_hash: str, text: str) -> str:
    return hmac.digest(key.key, (prev_hash + text).encode(), "sha256").hex()


def verify(session: Session, keys: Sequence[ChainKey]) -> Verdict:
    """Read the whole chain, a page at a time, and stop at the first row that is not what was written.

    Rows cut off at the end show as long as SQLite's own note of the highest number is left; against
    somebody who can edit that too, compare `head_seq` with the last one told outside this file.
    """
    verdict = UNREAD
    while verdict.ok and not verdict.whole:
        verdict = verify_page(session, keys, verdict)
    return verdict


def verify_page(session: Session, keys: Sequence[ChainKey], so_far: Verdict) -> Verdict:
    """Go on from `so_far` (UNREAD at first) by one page, so that look-ups need not wait for the whole chain."""
    by_id = {key.id: key for key in keys}
    promised = _promised(session)
    seq, prev = so_far.head_seq, so_far.head_hash
    page = _page(session, seq)
    for row in page:
        problem = _problem(row, seq + 1, prev, by_id)
        if problem:
            return Verdict(False, seq, seq, prev, problem)
        seq, prev = row[0], row[-1]
    if len(page) == _PAGE:
        return Verdict(True, seq, seq, prev, whole=False)
    if seq < promised:
        return Verdict(False, seq, seq, prev, f"Rows {seq + 1} to {promised} are missing at the end.")
    return Verdict(True, seq, seq, prev)


def _promised(session: Session) -> int:
    row = driver(session).execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return int(row[0]) if row else 0


def _page(session: Session, last: int) -> list[Link]:
    statement = (
        f"SELECT {', '.join(SEALED)}, prev_hash, hash FROM audit "  # noqa: S608  constants only
        "WHERE seq > ? ORDER BY seq LIMIT ?"
    )
    return (
        driver(session).execute(statement, (last or -1, _PAGE)).fetchall()
    )  # none may stand before the first


def _problem(row: Link, seq: int, prev: str, keys: dict[str, ChainKey]) -> str:
    *values, prev_hash, digest = row
    if row[0] != seq:
        return f"Row {seq} is missing."
    key = keys.get(str(values[-1]))
    if key is None:
        return f"Row {seq} was sealed with a key that is not known here."
    if prev_hash != prev:
        return f"Row {seq} does not follow the row before it."
    if not hmac.compare_digest(seal(key, prev, canonical(values)).encode(), str(digest).encode()):
        return f"Row {seq} was changed."
    return ""
