"""The outbox against a Slack that stumbles: nothing twice, nothing lost, and no lane waits for another one."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.outbox import Delivered, Outbox
from bot.sandbox.time import MovableClock
from storage import outbox
from storage.db import Database
from storage.errors import Unavailable
from storage.tables import OutboxRow, ThreadRow


class Taker:
    """A Notifier that remembers what it took, by lane. `does` happens first, and may raise."""

    def __init__(self, **does: Callable[[], object]) -> None:
        self.posted: list[str] = []
        self.plainly: list[str] = []
        self._does = does
        self.begun = asyncio.Event()

    async def deliver(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        lane = owed[0].lane
        self._does.get(lane, lambda: None)()
        self.begun.set()
        if lane == "slow":
            await asyncio.sleep(0.05)
        self.posted.append(lane)
        return Delivered("C1", "1.1")

    async def deliver_plainly(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        self.plainly.append(owed[0].lane)
        return Delivered("C1", "1.2")


def fail(error: Exception) -> Callable[[], object]:
    def now() -> None:
        raise error

    return now


async def owe(db: Database, clock: MovableClock, *lanes: str) -> None:
    for n, lane in enumerate(lanes):
        await db.write(
            lambda s, n=n, lane=lane: outbox.owe(
                s, kind="audit", lane=lane, recipient="C1", number_id=lane, flow_id=f"f{n}", body={}, at=clock.now()
            )
        )  # fmt: skip


async def left(db: Database) -> int:
    return (await db.read(outbox.backlog)).count


async def test_a_lane_that_fails_does_not_let_another_one_be_posted_twice(db: Database) -> None:
    clock = MovableClock()
    await owe(db, clock, "broken", "slow")
    taker = Taker(broken=fail(Unavailable()))
    desk = Outbox(db=db, notifier=taker, clock=clock)
    running = asyncio.create_task(desk.run())
    await asyncio.wait_for(taker.begun.wait(), 20)
    for _ in range(8):
        await asyncio.sleep(0.01)
        desk.wake()
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert taker.posted == ["slow"]


async def test_a_record_that_cannot_be_drawn_is_posted_in_plain_words_and_holds_no_other_lane_back(
    db: Database,
) -> None:
    clock = MovableClock()
    await owe(db, clock, "ugly", "fine")
    taker = Taker(ugly=fail(KeyError("name")))
    desk = Outbox(db=db, notifier=taker, clock=clock)
    await desk.deliver_due()
    assert (taker.posted, taker.plainly, await left(db)) == (["fine"], [], 1)
    for _ in range(3):
        clock.skip(timedelta(minutes=1))
        await desk.deliver_due()
    assert (taker.plainly, await left(db)) == (["ugly"], 0)


async def test_a_stop_lets_the_post_under_way_end_and_begins_no_other(db: Database) -> None:
    clock = MovableClock()
    await owe(db, clock, "slow", "slow")
    taker = Taker()
    desk = Outbox(db=db, notifier=taker, clock=clock)
    running = asyncio.create_task(desk.run())
    await asyncio.wait_for(taker.begun.wait(), 20)
    await desk.finish(within_s=3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (taker.posted, await left(db)) == (["slow"], 1)
