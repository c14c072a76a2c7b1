"""The record is append-only, and shows whoever tampers with it."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from storage import audit, chain
from storage.db import Database
from storage.errors import Conflict
from storage.rows import driver
from tests.storage.rows import KEY, after, record

TAMPER = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; "


async def fill(db: Database, rows: int) -> None:
    def work(session: Session) -> None:
        for n in range(rows):
            record(session, f"op{n}", details={"method": "SMS", "n": str(n)}, at=after(n))

    await db.write(work)


def tamper(path: Path, script: str) -> None:
    raw = sqlite3.connect(path)
    raw.executescript(TAMPER + script)
    raw.close()


async def problem(db: Database) -> str:
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    assert verdict.ok == (verdict.problem == "")
    return verdict.problem


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 3",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 3",
        "REPLACE INTO audit SELECT 99, op, kind, at, actor, actor_name, role, action, number_id, number_tail, flow_id,"
        " 'x', reason, trace, details, key_id, prev_hash, hash FROM audit WHERE seq = 3",
    ],
)
async def test_the_file_itself_refuses_to_change_or_remove_a_row(
    db: Database, path: Path, statement: str
) -> None:
    await fill(db, 3)
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="the audit log is append-only"):
        raw.execute(statement)
    raw.close()
    assert await problem(db) == ""


async def test_a_whole_chain_verifies_to_its_head(db: Database) -> None:
    assert await db.read(lambda s: audit.verify(s, [KEY])) == audit.Verdict(True, 0, 0, "")
    await fill(db, 5)
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    head = (await db.read(lambda s: audit.latest(s, "106", 1)))[0]
    assert verdict == audit.Verdict(True, 5, 5, head.hash)


async def test_a_chain_longer_than_a_page_is_read_to_its_end(db: Database, path: Path) -> None:
    await fill(db, 4_500)
    assert (await db.read(lambda s: audit.verify(s, [KEY]))).rows == 4_500
    tamper(path, "UPDATE audit SET actor = 'U2' WHERE seq = 4001")
    assert await problem(db) == "Row 4001 was changed."


@pytest.mark.parametrize("column", chain.SEALED[1:])
async def test_a_changed_character_shows_in_every_column(db: Database, path: Path, column: str) -> None:
    await fill(db, 3)
    tamper(path, f"UPDATE audit SET {column} = {column} || 'x' WHERE seq = 2")
    unknown_key = "Row 2 was sealed with a key that is not known here."
    assert await problem(db) == (unknown_key if column == "key_id" else "Row 2 was changed.")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("UPDATE audit SET hash = 'é' WHERE seq = 2", "Row 2 was changed."),
        ("UPDATE audit SET reason = 7 WHERE seq = 2", "Row 2 was changed."),
        ("UPDATE audit SET prev_hash = 'x' WHERE seq = 2", "Row 2 does not follow the row before it."),
        ("DELETE FROM audit WHERE seq = 2", "Row 2 is missing."),
        ("DELETE FROM audit WHERE seq = 1", "Row 1 is missing."),
        ("DELETE FROM audit WHERE seq >= 3", "Rows 3 to 4 are missing at the end."),
        ("DELETE FROM audit", "Rows 1 to 4 are missing at the end."),
        (
            "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; "
            "UPDATE audit SET seq = 3 WHERE seq = 9;",
            "Row 2 does not follow the row before it.",
        ),
        (
            "INSERT INTO audit SELECT 5, 'forged', kind, at, actor, actor_name, role, action, number_id, number_tail, "
            "flow_id, outcome, reason, trace, details, key_id, hash, hash FROM audit WHERE seq = 4",
            "Row 5 was changed.",
        ),
    ],
)  # fmt: skip
async def test_tampering_is_told_by_its_place(db: Database, path: Path, script: str, told: str) -> None:
    await fill(db, 4)
    tamper(path, script)
    assert await problem(db) == told


async def test_any_single_flipped_bit_in_a_seal_shows(db: Database, path: Path) -> None:
    await fill(db, 3)
    dice = random.Random(2026)
    digest = (await db.read(lambda s: audit.latest(s, "106", 2)))[1].hash
    at = dice.randrange(len(digest))
    flipped = digest[:at] + chr(ord(digest[at]) ^ 1) + digest[at + 1 :]
    tamper(path, f"UPDATE audit SET hash = '{flipped}' WHERE seq = 2")
    assert await problem(db) == "Row 2 was changed."


async def test_without_the_key_a_chain_cannot_be_continued_or_replaced(db: Database) -> None:
    forged = audit.ChainKey(KEY.id, b"guess" * 8)
    await fill(db, 2)
    await db.write(
        lambda s: audit.append(
            s, audit.Entry(op="x", kind="fact", at=after(9), actor="U", action="a"), forged
        )
    )
    assert await problem(db) == "Row 3 was changed."


async def test_a_key_can_be_changed_in_mid_chain(db: Database) -> None:
    newer = audit.ChainKey("2027", b"n" * 32)
    await fill(db, 2)
    await db.write(
        lambda s: audit.append(s, audit.Entry(op="x", kind="fact", at=after(9), actor="U", action="a"), newer)
    )
    assert await problem(db) == "Row 3 was sealed with a key that is not known here."
    assert (await db.read(lambda s: audit.verify(s, [KEY, newer]))).ok
    assert "nnnn" not in repr(newer)


async def test_an_act_has_one_intent_and_one_outcome(db: Database) -> None:
    await db.write(lambda s: [record(s, "op1"), record(s, "op1", "outcome")])
    for kind in ("intent", "outcome"):
        with pytest.raises(Conflict, match="on record already"):
            await db.write(lambda s, kind=kind: record(s, "op1", kind))
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    assert (verdict.ok, verdict.rows) == (True, 2)


async def test_a_conflict_handled_inside_a_work_keeps_the_chain_whole(db: Database) -> None:
    def work(session: Session) -> int:
        record(session, "op1")
        with pytest.raises(Conflict):
            record(session, "op1")
        return record(session, "op2")

    assert await db.write(work) == 2
    assert await problem(db) == ""


async def test_open_intents_are_those_without_an_outcome(db: Database) -> None:
    def work(session: Session) -> None:
        for op in ("a", "b", "c"):
            record(session, op)
        record(session, "fact", "fact")
        record(session, "b", "outcome")

    await db.write(work)
    assert [row.op for row in await db.read(audit.open_intents)] == ["a", "c"]
    await db.write(lambda s: [record(s, "a", "outcome"), record(s, "c", "outcome")])
    assert await db.read(audit.open_intents) == []


async def test_what_a_number_spent_counts_every_intent_with_what_came_of_it(db: Database) -> None:
    def work(session: Session) -> None:
        record(session, "old", at=after(-1))
        record(session, "edge", at=after(0), details={"method": "SMS", "try": "1"})
        record(session, "other number", number_id="107", at=after(1))
        record(session, "other action", action="register", at=after(1))
        record(session, "lost", at=after(2))
        record(
            session, "edge", "outcome", at=after(3), outcome="refused", reason="136025", details={"try": "2"}
        )

    await db.write(work)
    spent = await db.read(lambda s: audit.spent(s, "106", ["request_code", "verify_code"], after(0)))
    assert spent == [
        audit.Spend(
            after(0), "edge", "request_code", "f1", "refused", "136025", {"method": "SMS", "try": "2"}
        ),
        audit.Spend(after(2), "lost", "request_code", "f1", "", "", {}),
    ]


async def test_rows_are_found_by_flow_oldest_first_and_by_number_newest_first(db: Database) -> None:
    def work(session: Session) -> None:
        for n in range(6):
            record(session, f"op{n}", flow_id=f"f{n % 2}", at=after(-n))

    await db.write(work)
    assert [row.op for row in await db.read(lambda s: audit.of_flow(s, "f1"))] == ["op1", "op3", "op5"]
    latest = await db.read(lambda s: audit.latest(s, "106", 2))
    assert [(row.op, row.at) for row in latest] == [("op5", after(-5)), ("op4", after(-4))]
    assert await db.read(lambda s: audit.has_op(s, "op3"))
    assert not await db.read(lambda s: audit.has_op(s, "op9"))


@pytest.mark.parametrize(
    ("look_up", "index"),
    [
        (lambda s: audit.latest(s, "106", 20), "audit_number_seq (number_id=?)"),
        (lambda s: audit.of_flow(s, "f1"), "audit_flow_seq (flow_id=?)"),
        (
            lambda s: audit.spent(s, "106", ["a"], after(0)),
            "audit_number_action_at (number_id=? AND action=? AND at>?)",
        ),
        (lambda s: audit.has_op(s, "op"), "(op=?)"),
    ],
)
async def test_look_ups_stay_fast_however_long_the_record(
    db: Database, look_up: Callable[[Session], object], index: str
) -> None:
    def plan(session: Session) -> str:
        raw, statements = driver(session), list[str]()
        raw.set_trace_callback(statements.append)
        look_up(session)
        raw.set_trace_callback(None)
        return "\n".join(row[3] for sql in statements for row in raw.execute("EXPLAIN QUERY PLAN " + sql))

    told = await db.read(plan)
    assert index in told
    assert "SCAN audit" not in told
