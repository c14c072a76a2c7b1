"""Threads, gates and tokens keep what a restart must not forget."""

import pytest

from storage import gates, threads, tokens
from storage.db import Database
from storage.errors import Conflict
from tests.storage.rows import NOON, after


async def test_a_flow_keeps_the_first_thread_it_was_told_in(db: Database) -> None:
    for ts in ("1.1", "2.2"):
        await db.write(lambda s, ts=ts: threads.remember(s, flow_id="f1", channel="C1", ts=ts, at=NOON))
    thread = await db.read(lambda s: threads.of_flow(s, "f1"))
    assert thread is not None
    assert (thread.channel, thread.ts, thread.closed) == ("C1", "1.1", False)
    await db.write(lambda s: threads.close(s, "f1"))
    closed = await db.read(lambda s: threads.of_flow(s, "f1"))
    assert closed is not None
    assert closed.closed
    assert await db.read(lambda s: threads.of_flow(s, "f2")) is None


async def gate(db: Database, minute: float, reason: str, action: str = "request_code") -> None:
    await db.write(
        lambda s: gates.set_gate(s, scope="106", action=action, until=after(minute), reason=reason)
    )


async def shown(db: Database) -> list[tuple[str, object, str]]:
    return [(row.action, row.until, row.reason) for row in await db.read(lambda s: gates.gates(s, "106"))]


async def test_a_gate_is_lengthened_but_never_shortened(db: Database) -> None:
    await gate(db, 5, "133008")
    await gate(db, 3, "shorter")
    await gate(db, 5, "same")
    assert await shown(db) == [("request_code", after(5), "133008")]
    await gate(db, 9, "133016")
    assert await shown(db) == [("request_code", after(9), "133016")]


async def keep(db: Database, ciphertext: str, minute: float, slot: str = "default") -> int:
    return await db.write(
        lambda s: tokens.save(
            s, slot=slot, ciphertext=ciphertext, app_id="A", user_id="U", kind="SYSTEM_USER", expires_at=None,
            at=after(minute),
        )
    )  # fmt: skip


async def test_a_new_token_retires_the_one_before_it_in_its_slot_only(db: Database) -> None:
    await keep(db, "sealed-1", 0)
    await keep(db, "sealed-other", 0, "spare")
    newest = await keep(db, "sealed-2", 1)
    current = await db.read(lambda s: tokens.current(s, "default"))
    assert current is not None
    assert (current.id, current.ciphertext, current.expires_at, current.retired_at) == (
        newest,
        "sealed-2",
        None,
        None,
    )
    assert "sealed" not in repr(current)
    spare = await db.read(lambda s: tokens.current(s, "spare"))
    assert spare is not None
    assert spare.retired_at is None
    assert await db.read(lambda s: tokens.current(s, "none")) is None


async def test_the_file_itself_allows_one_current_token_per_slot(db: Database) -> None:
    first = await keep(db, "sealed-1", 0)
    await keep(db, "sealed-2", 1)
    bring_back = tokens.TOKEN.update().where(tokens.TOKEN.c.id == first).values(retired_at=None)
    with pytest.raises(Conflict):
        await db.write(lambda s: s.exec(bring_back))
