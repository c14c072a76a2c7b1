"""Messages are owed until Slack says yes, in order within their lane."""

import asyncio

from sqlmodel import Session, select

from storage import outbox
from storage.db import Database
from storage.tables import OutboxRow
from tests.storage.rows import NOON, after, owe


async def owed(db: Database, lanes: str) -> list[int]:
    return await db.write(lambda s: [owe(s, lane) for lane in lanes])


async def due(db: Database, minute: float = 0, limit: int = 200) -> list[int | None]:
    return [row.id for row in await db.read(lambda s: outbox.due(s, after(minute), limit))]


async def test_messages_come_out_in_the_order_they_were_owed(db: Database) -> None:
    ids = await owed(db, "abab")
    assert await due(db) == ids
    assert await due(db, limit=3) == ids[:3]
    assert await due(db, -3600) == ids  # the clock went back: nobody has deferred them


async def test_a_deferred_message_holds_back_its_lane_and_no_other(db: Database) -> None:
    a1, b1, a2, b2 = await owed(db, "abab")
    await db.write(lambda s: outbox.defer(s, [a1], until=after(5), error="rate_limited"))
    assert await due(db, 4) == [b1, b2]
    assert await due(db, 5) == [a1, b1, a2, b2]


async def test_a_deferral_in_mid_lane_lets_go_what_stands_before_it(db: Database) -> None:
    a1, a2, a3 = await owed(db, "aaa")
    await db.write(lambda s: outbox.defer(s, [a2], until=after(5), error="timeout"))
    assert await due(db) == [a1]
    await db.write(lambda s: outbox.settle(s, [a2], channel="C1", ts="1.2", at=NOON))
    assert await due(db) == [a1, a3]


async def test_settled_messages_are_owed_no_more_and_stay_settled(db: Database) -> None:
    a1, a2 = await owed(db, "aa")

    def work(session: Session) -> None:
        outbox.settle(session, [a1], channel="C1", ts="1.1", at=after(1))
        outbox.settle(session, [a1], channel="C2", ts="9.9", at=after(2))
        outbox.defer(session, [a1, a2], until=after(1), error="e" * 500)

    await db.write(work)
    [row] = await db.read(lambda s: outbox.due(s, after(1)))
    assert (row.id, row.attempts, len(row.last_error), row.body) == (a2, 1, 200, '{"n":1}')
    first = await db.read(lambda s: s.exec(select(OutboxRow).where(OutboxRow.id == a1)).one())
    assert (first.sent_channel, first.sent_ts, first.sent_at, first.attempts) == ("C1", "1.1", after(1), 0)
    assert await db.read(outbox.backlog) == outbox.Backlog(1, NOON)
    await db.write(lambda s: outbox.settle(s, [a2], channel="C1", ts="1.1", at=after(3)))
    assert await db.read(outbox.backlog) == outbox.Backlog(0, None)


async def test_the_backlog_knows_how_long_the_oldest_waits(db: Database) -> None:
    await db.write(lambda s: [owe(s, "a", after(3)), owe(s, "b", after(1))])
    assert await db.read(outbox.backlog) == outbox.Backlog(2, after(1))


async def test_ids_are_never_used_twice_and_follow_the_order_of_owing(db: Database) -> None:
    ids = await asyncio.gather(*(db.write(owe) for _ in range(20)))
    assert ids == sorted(set(ids))
