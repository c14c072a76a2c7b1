"""Writes are durable, apart from each other, and made by one process."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, select, text

from storage import audit, flows, gates
from storage.db import Database
from storage.errors import Conflict, InUse, NotFound, Unavailable
from storage.rows import driver
from storage.tables import FlowRow, GateRow
from tests.storage.rows import KEY, NOON, begin_flow, move_flow, record

HOLD = """
import asyncio, sys
from storage.db import Database
async def hold():
    await Database(sys.argv[1]).start()
    print("holding", flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""


def ops(path: Path) -> list[str]:
    raw = sqlite3.connect(path)
    try:
        return [op for (op,) in raw.execute("SELECT op FROM audit ORDER BY seq")]
    finally:
        raw.close()


async def test_what_write_returned_for_is_in_the_file(db: Database, path: Path) -> None:
    for n in range(20):
        await db.write(lambda session, n=n: record(session, f"op{n}"))
        assert ops(path)[-1] == f"op{n}"


async def test_the_file_is_kept_safe_against_power_loss_and_traces(db: Database) -> None:
    def settings(session: Session) -> dict[str, object]:
        names = ("synchronous", "journal_mode", "secure_delete", "foreign_keys", "busy_timeout", "mmap_size")
        return {name: driver(session).execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await db.write(settings) == {
        "synchronous": 2, "journal_mode": "truncate", "secure_delete": 1, "foreign_keys": 1,
        "busy_timeout": 1500, "mmap_size": 0,
    }  # fmt: skip


async def test_works_of_one_moment_share_a_commit(db: Database, path: Path) -> None:
    def changes_of_file() -> int:
        return int.from_bytes(path.read_bytes()[24:28], "big")

    before = changes_of_file()
    await asyncio.gather(*(db.write(lambda s, n=n: record(s, f"op{n}")) for n in range(50)))
    assert changes_of_file() == before + 1


async def test_a_failing_work_undoes_itself_and_nothing_of_its_neighbours(db: Database, path: Path) -> None:
    class MishapError(Exception):
        pass

    def stumble(session: Session) -> None:
        record(session, "stumbled")
        begin_flow(session)
        raise MishapError("half way")

    def work(n: int) -> object:
        return stumble if n % 3 == 1 else lambda s: record(s, f"op{n}")

    results = await asyncio.gather(*(db.write(work(n)) for n in range(30)), return_exceptions=True)
    assert [type(r) for r in results] == [MishapError if n % 3 == 1 else int for n in range(30)]
    assert ops(path) == [f"op{n}" for n in range(30) if n % 3 != 1]
    assert (await db.read(lambda s: audit.verify(s, [KEY]))).ok
    assert await db.read(flows.active_flows) == []


async def test_four_hundred_claims_on_one_flow_have_one_winner(db: Database) -> None:
    await db.write(begin_flow)

    def claim(n: int) -> object:
        def work(session: Session) -> int:
            record(session, f"claim{n}")
            return move_flow(session, 1, step="sending", pending=True)

        return work

    results = await asyncio.gather(*(db.write(claim(n)) for n in range(400)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["Conflict"] * 399 + ["int"]
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    assert (verdict.ok, verdict.rows) == (True, 1)


async def test_a_reader_sees_what_was_just_written_and_cannot_write(db: Database) -> None:
    await db.write(begin_flow)
    assert (await db.read(lambda s: flows.get(s, "f1"))).version == 1
    await db.write(lambda s: move_flow(s, 1))
    assert (await db.read(lambda s: flows.get(s, "f1"))).version == 2
    with pytest.raises(Exception, match="read-only"):
        await db.read(lambda s: record(s, "sly"))
    with pytest.raises(NotFound):
        await db.read(lambda s: flows.get(s, "nobody"))


async def test_a_row_once_read_never_changes_by_itself(db: Database) -> None:
    def work(session: Session) -> tuple[FlowRow, FlowRow]:
        first = begin_flow(session) and flows.get(session, "f1")
        move_flow(session, 1)
        return first, flows.get(session, "f1")

    first, second = await db.write(work)
    assert (first.version, second.version) == (1, 2)


async def test_works_of_one_moment_do_not_see_each_others_rows_change(db: Database) -> None:
    await db.write(begin_flow)

    def look(session: Session) -> FlowRow:
        return session.exec(select(FlowRow)).one()

    first, _, second = await asyncio.gather(
        db.write(look), db.write(lambda s: move_flow(s, 1)), db.write(look)
    )
    assert (first.version, second.version) == (1, 2)


async def test_a_work_cannot_end_the_transaction_it_shares(db: Database, path: Path) -> None:
    attempts = (
        lambda s: s.commit(),
        lambda s: s.rollback(),
        lambda s: s.add(GateRow(scope="106", action="x", until=NOON, reason="")),
    )
    neighbour = asyncio.ensure_future(db.write(lambda s: record(s, "neighbour")))
    for attempt in attempts:
        with pytest.raises(RuntimeError, match="functions of storage"):
            await db.write(attempt)
    await neighbour
    assert ops(path) == ["neighbour"]
    assert await db.read(lambda s: s.exec(select(GateRow)).all()) == []


async def test_a_work_that_breaks_the_transaction_costs_its_group_an_answer_but_no_more(
    db: Database, path: Path
) -> None:
    bad = db.write(lambda s: driver(s).execute("ROLLBACK"))
    good = db.write(lambda s: record(s, "together"))
    results = await asyncio.gather(bad, good, return_exceptions=True)
    assert [type(r) for r in results] == [Unavailable, Unavailable]
    await db.write(lambda s: record(s, "later"))
    assert ops(path) == ["later"]


async def test_cancelled_callers_leave_the_chain_whole(db: Database) -> None:
    tasks = [asyncio.ensure_future(db.write(lambda s, n=n: record(s, f"op{n}"))) for n in range(200)]
    for n, task in enumerate(tasks):
        if n % 20 == 0:
            await asyncio.sleep(0)
        if n % 2:
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    kept = {f"op{n}" for n, result in enumerate(results) if isinstance(result, int)}
    verdict = await db.read(lambda s: audit.verify(s, [KEY]))
    assert verdict.ok
    assert len(kept) == 100
    for op in kept:
        assert await db.read(lambda s, op=op: audit.has_op(s, op))


async def test_closing_finishes_what_was_asked_for_and_may_be_repeated(db: Database, path: Path) -> None:
    asked = [asyncio.ensure_future(db.write(lambda s, n=n: record(s, f"op{n}"))) for n in range(30)]
    await asyncio.sleep(0)
    await db.close()
    await db.close()
    assert len(await asyncio.gather(*asked)) == len(ops(path)) == 30
    with pytest.raises(Unavailable, match="closed"):
        await db.write(lambda s: record(s, "late"))
    with pytest.raises(Unavailable, match="not open yet"):
        await Database(f"sqlite:///{path}").write(begin_flow)


async def test_a_second_process_is_refused_until_the_first_is_gone_even_by_kill(path: Path) -> None:
    url = f"sqlite:///{path}"
    first = subprocess.Popen(  # noqa: ASYNC220  a test has nothing else to do meanwhile
        [sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "holding\n"
        with pytest.raises(InUse, match="Another process"):
            await Database(url).start()
    finally:
        first.kill()
        first.communicate()
    db = Database(url)
    await db.start()
    assert (db.epoch, db.writable) == (2, True)
    await db.close()


async def test_a_process_that_was_overtaken_writes_no_more(db: Database, path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("UPDATE meta SET value = '7' WHERE key = 'epoch'")
    raw.commit()
    raw.close()
    for _ in range(2):
        with pytest.raises(InUse):
            await db.write(lambda s: record(s, "ghost"))
    assert (ops(path), db.writable) == ([], False)


async def test_a_database_starts_from_nothing(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    await db.start()
    assert (db.epoch, db.writable) == (1, True)
    assert await db.write(lambda s: record(s, "first")) == 1
    await db.close()


async def test_errors_of_the_database_show_neither_sql_nor_values(db: Database) -> None:
    def fail(session: Session) -> None:
        session.exec(text("INSERT INTO nowhere VALUES (:v)"), params={"v": "hunter2"})

    def doubled(session: Session) -> None:
        for _ in range(2):
            session.exec(text("INSERT INTO meta VALUES ('k', :v)"), params={"v": "hunter2"})

    for work, kind in ((fail, Unavailable), (doubled, Conflict)):
        with pytest.raises(kind) as caught:
            await db.write(work)
        shown = f"{caught.value!r} {caught.value} {caught.value.sentence} {vars(caught.value)}"
        assert not any(word in shown for word in ("hunter2", "INSERT", "meta", "nowhere"))
        assert caught.value.__cause__ is None


async def test_a_naive_time_is_refused_before_it_is_stored(db: Database) -> None:
    def gate(session: Session) -> None:
        gates.set_gate(session, scope="106", action="x", until=NOON.replace(tzinfo=None), reason="")

    for work in (gate, lambda s: record(s, "op", at=NOON.replace(tzinfo=None))):
        with pytest.raises(ValueError, match=r"^a stored time needs a time zone$"):
            await db.write(work)
