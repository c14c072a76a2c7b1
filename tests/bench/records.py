"""P7: durable audit commits of 50 writers, against plain SQL with group commit and a session per row."""

import asyncio
import hashlib
import hmac
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlmodel import Session

from storage import audit, schema
from storage.audit import ChainKey, Entry
from storage.db import Database
from storage.tables import AuditRow
from tests.bench.result import Result, median, ms, percentile

WRITERS, ROWS, ROUNDS, SLOW_ROWS = 50, 6000, 5, 300
KEY = ChainKey(id="bench", key=b"k" * 32)
Write = Callable[[int], Awaitable[None]]
COLUMNS = (
    "seq", "op", "kind", "at", "actor", "actor_name", "role", "action", "number_id", "number_tail", "flow_id",
    "outcome", "reason", "trace", "details", "key_id", "prev_hash", "hash",
)  # fmt: skip
INSERT = f"INSERT INTO audit ({','.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))})"


async def measure() -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    template = folder / "template.db"
    await asyncio.to_thread(schema.ensure, template, busy_timeout_s=1.5)
    try:
        plain, ours = [], []
        for turn in range(ROUNDS):
            plain.append(await _plain(_copy(template, folder / f"plain{turn}.db")))
            ours.append(await _ours(_copy(template, folder / f"ours{turn}.db")))
        slow = _session_per_row(_copy(template, folder / "slow.db"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rate = median([o[0] / p[0] for o, p in zip(ours, plain, strict=True)])
    late = median([o[1] / p[1] for o, p in zip(ours, plain, strict=True)])
    our_rate, plain_rate = median([o[0] for o in ours]), median([p[0] for p in plain])
    figures = (
        f"ours {our_rate:,.0f} rows/s, p99 {ms(median([o[1] for o in ours]))}; plain SQL, same table and chain, "
        f"{plain_rate:,.0f} rows/s, p99 {ms(median([p[1] for p in plain]))}; session per row {slow:,.0f} rows/s: "
        f"{rate:.2f} × rows, {late:.2f} × p99, {our_rate / slow:.1f} × a session per row"
    )
    asked = "≥ 0.7 × plain SQL group commit, p99 ≤ 2 × its; ≥ 12 × session per row"
    met = rate >= 0.7 and late <= 2 and our_rate / slow >= 12
    return [Result("P7", "durable audit commit, 50 writers", asked, figures, met)]


def _copy(template: Path, path: Path) -> Path:
    shutil.copyfile(template, path)
    return path


async def _drive(write: Write) -> tuple[float, float]:
    """Rows per second and p99 seconds of one write."""
    times: list[float] = []
    numbers = iter(range(ROWS))

    async def writer() -> None:
        for i in numbers:
            before = time.perf_counter()
            await write(i)
            times.append(time.perf_counter() - before)

    before = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    return ROWS / (time.perf_counter() - before), percentile(times, 0.99)


def _entry(i: int) -> Entry:
    return Entry(
        op=f"op{i}", kind="intent", at=datetime.now(UTC), actor="U0ANA", actor_name="ana", role="operator",
        action="code.request", number_id="106540352242922", number_tail="4821", flow_id="f1",
        details={"method": "SMS"},
    )  # fmt: skip


async def _ours(path: Path) -> tuple[float, float]:
    db = Database(f"sqlite:///{path}")
    await db.start()

    async def write(i: int) -> None:
        entry = _entry(i)
        await db.write(lambda session: audit.append(session, entry, KEY))

    try:
        return await _drive(write)
    finally:
        await db.close()


async def _plain(path: Path) -> tuple[float, float]:
    """One thread, one sqlite3 connection, everything that waits in one commit; the same rows and chain."""
    loop = asyncio.get_running_loop()
    waiting: list[tuple[int, asyncio.Future[None]]] = []
    more = asyncio.Event()
    con = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        con.execute(f"PRAGMA {pragma}")
    head = ["0" * 64, 0]

    def commit(batch: list[int]) -> None:
        con.execute("BEGIN IMMEDIATE")
        for i in batch:
            head[1] += 1
            values = (
                head[1], f"op{i}", "intent", datetime.now(UTC).isoformat(), "U0ANA", "ana", "operator",
                "code.request", "106540352242922", "4821", "f1", "", "", "",
                json.dumps({"method": "SMS"}, sort_keys=True), "bench",
            )  # fmt: skip
            text = json.dumps(values, separators=(",", ":"))
            digest = hmac.new(KEY.key, (head[0] + text).encode(), hashlib.sha256).hexdigest()
            con.execute(INSERT, (*values, head[0], digest))
            head[0] = digest
        con.execute("COMMIT")

    async def run() -> None:
        while True:
            await more.wait()
            more.clear()
            while waiting:
                batch = waiting[:]
                waiting.clear()
                await loop.run_in_executor(None, commit, [i for i, _ in batch])
                for _, future in batch:
                    future.set_result(None)

    async def write(i: int) -> None:
        future: asyncio.Future[None] = loop.create_future()
        waiting.append((i, future))
        more.set()
        await future

    runner = asyncio.create_task(run())
    try:
        return await _drive(write)
    finally:
        runner.cancel()
        con.close()


def _session_per_row(path: Path) -> float:
    """What people write: one SQLModel session and one commit a row."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _(connection, _record):
        for pragma in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    before = time.perf_counter()
    prev = "0" * 64
    for i in range(SLOW_ROWS):
        entry = _entry(i)
        digest = hmac.new(KEY.key, prev.encode(), hashlib.sha256).hexdigest()
        row = AuditRow(
            op=entry.op, kind=entry.kind, at=entry.at, actor=entry.actor, actor_name=entry.actor_name,
            role=entry.role, action=entry.action, number_id=entry.number_id, number_tail=entry.number_tail,
            flow_id=entry.flow_id, outcome="", reason="", trace="", details=json.dumps(dict(entry.details)),
            key_id=KEY.id, prev_hash=prev, hash=digest,
        )  # fmt: skip
        with Session(engine) as session:
            session.add(row)
            session.commit()
        prev = digest
    engine.dispose()
    return SLOW_ROWS / (time.perf_counter() - before)
