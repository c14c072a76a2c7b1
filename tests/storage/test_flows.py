"""One active flow per number, changed by whoever read it last."""

import asyncio

import pytest

from storage import flows
from storage.db import Database
from storage.errors import Conflict, NotFound
from tests.storage.rows import NOON, after, begin_flow, move_flow


async def test_a_number_has_one_active_flow_and_the_second_is_told_which(db: Database) -> None:
    await db.write(begin_flow)
    with pytest.raises(Conflict) as caught:
        await db.write(lambda s: begin_flow(s, "f2"))
    assert caught.value.holder == "f1"
    assert (await db.write(lambda s: begin_flow(s, "f3", number_id="107"))).version == 1


async def test_an_ended_flow_frees_its_number(db: Database) -> None:
    await db.write(begin_flow)
    await db.write(lambda s: move_flow(s, 1, step="cancelled", active=False))
    assert await db.read(lambda s: flows.active_of(s, "106")) is None
    await db.write(lambda s: begin_flow(s, "f2"))
    active = await db.read(lambda s: flows.active_of(s, "106"))
    assert active is not None
    assert active.id == "f2"
    with pytest.raises(Conflict):  # by the file's own rule: the ended one cannot come back beside it
        await db.write(lambda s: move_flow(s, 2))


async def test_of_fifty_people_one_begins_the_flow(db: Database) -> None:
    attempts = (db.write(lambda s, n=n: begin_flow(s, f"f{n}")) for n in range(50))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert [isinstance(r, Conflict) and r.holder == "f0" for r in results] == [False] + [True] * 49


async def test_what_is_saved_is_what_is_read(db: Database) -> None:
    made = await db.write(begin_flow)
    assert made == await db.read(lambda s: flows.get(s, "f1"))
    version = await db.write(
        lambda s: move_flow(
            s, 1, step="sending", data='{"x":"é"}', pending=True, pending_until=after(1), at=after(0.5)
        )
    )
    row = await db.read(lambda s: flows.get(s, "f1"))
    assert version == row.version == 2
    assert (row.step, row.data, row.pending, row.pending_until) == ("sending", '{"x":"é"}', True, after(1))
    assert (row.created_at, row.updated_at) == (NOON, after(0.5))


async def test_an_old_version_or_an_overtaken_process_changes_nothing(db: Database) -> None:
    await db.write(lambda s: begin_flow(s, epoch=2))
    await db.write(lambda s: move_flow(s, 1, epoch=2))
    for version, epoch in ((1, 2), (2, 1), (3, 2)):
        with pytest.raises(Conflict, match="moved on"):
            await db.write(lambda s, v=version, e=epoch: move_flow(s, v, step="late", epoch=e))
    row = await db.read(lambda s: flows.get(s, "f1"))
    assert (row.step, row.version, row.epoch) == ("sent", 2, 2)


async def test_orphans_are_the_pending_flows_of_earlier_processes(db: Database) -> None:
    for n, epoch in ((1, 1), (2, 2), (3, 1)):
        await db.write(lambda s, n=n, epoch=epoch: begin_flow(s, f"f{n}", f"10{n}", epoch))
    await db.write(lambda s: move_flow(s, 1, pending=True, pending_until=after(1)))
    assert [row.id for row in await db.read(lambda s: flows.pending(s, 2))] == ["f1"]
    assert await db.read(lambda s: flows.pending(s, 1)) == []
    assert [row.id for row in await db.read(flows.active_flows)] == ["f1", "f2", "f3"]
    with pytest.raises(NotFound):
        await db.read(lambda s: flows.get(s, "f9"))
