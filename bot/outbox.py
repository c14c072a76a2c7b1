"""Deliver what is owed to Slack: until Slack says yes, in order per lane, marked by id."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlmodel import Session

from bot.clock import Clock
from storage import outbox, threads
from storage.db import Database
from storage.errors import StorageError
from storage.tables import OutboxRow, ThreadRow

BATCH = 25  # records in one message when there is a backlog
GATHER_S = 0.03  # the acknowledgement goes first, and an act's intent and outcome may share a message
LOOK_AGAIN_S = 1.0  # how long a deferred message may wait beyond its time
LONGEST_WAIT = timedelta(minutes=10)
BUG = "a bug: "  # how the note of a failed try begins when it was our own fault
BUG_AGAIN = timedelta(seconds=2)
PLAIN_AFTER = 3  # tries that met a bug

log = logging.getLogger(__name__)


class NotDelivered(Exception):
    """Slack did not take it. `retry_after`: when to try again; None: it never will be taken."""

    def __init__(self, why: str, *, retry_after: timedelta | None) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where the message stands. `channel` and `ts` name it in Slack."""

    channel: str
    ts: str


class Notifier(Protocol):
    """The Slack end of the outbox."""

    async def deliver(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        """Send these, all of one kind, lane and flow, as one message. Raises NotDelivered."""
        ...

    async def deliver_plainly(self, owed: Sequence[OutboxRow], thread: ThreadRow | None) -> Delivered:
        """The same without any drawing: for what could not be drawn. Raises NotDelivered."""
        ...


class Lost(Protocol):
    """Who puts right what a message that never arrives has left behind."""

    def settle(self, session: Session, row: OutboxRow) -> None:
        """In the transaction that gives the message up."""
        ...

    async def show(self, row: OutboxRow) -> None:
        """Afterwards: where people look. Must not raise."""
        ...


class Outbox:
    """One loop. `wake` is called after each transaction that owes something."""

    def __init__(self, *, db: Database, notifier: Notifier, clock: Clock, lost: Lost | None = None) -> None:
        self._db = db
        self._lost = lost
        self._notifier = notifier
        self._clock = clock
        self._owed = asyncio.Event()
        self._ending = False
        self._idle = asyncio.Event()  # no pass is under way
        self._idle.set()
        self._posted: dict[int, tuple[list[int], Delivered]] = {}  # taken by Slack, not written down yet

    def wake(self) -> None:
        self._owed.set()

    async def finish(self, *, within_s: float) -> None:
        """Let the posts under way end, for at most so long, and begin no other: one cut off would be made twice."""
        self._ending = True
        self.wake()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), within_s)

    async def run(self) -> None:
        """Deliver until `finish` is called."""
        while not self._ending:
            self._owed.clear()
            self._idle.clear()
            try:
                await self._pass()
            finally:
                self._idle.set()
            # not wait_for: it loses a cancellation that comes together with a wake
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._owed.wait()
                await asyncio.sleep(GATHER_S)

    async def _pass(self) -> None:
        try:
            await self.deliver_due()
        except StorageError as error:
            log.error("the outbox cannot be read: %s", error.sentence)
        except Exception:  # one of the two loops that must outlive a bug (design §4.8)
            log.exception("the outbox stumbled")

    async def deliver_due(self) -> None:
        """Deliver what is due now, lanes in parallel, each lane in order."""
        due = await self._db.read(lambda s: outbox.due(s, self._clock.now()))
        lanes: dict[str, list[OutboxRow]] = {}
        for row in due:
            lanes.setdefault(row.lane, []).append(row)
        ends = await asyncio.gather(*(self._lane(rows) for rows in lanes.values()), return_exceptions=True)
        for failed in filter(None, ends):  # all lanes have ended: none goes on beside the next pass
            raise failed
        if due and await self._still_due():
            self.wake()

    async def _still_due(self) -> bool:
        return bool(await self._db.read(lambda s: outbox.due(s, self._clock.now(), 1)))

    async def _lane(self, rows: list[OutboxRow]) -> None:
        for batch in batches(rows):
            if self._ending or not await self._one(batch):
                return  # order: what follows in this lane waits

    async def _one(self, batch: list[OutboxRow]) -> bool:
        first = batch[0]
        ids = [row.id for row in batch if row.id is not None]
        thread = await self._db.read(lambda s: threads.of_flow(s, first.flow_id)) if first.flow_id else None
        posted = self._posted.get(ids[0])
        try:
            done, sent = posted or (ids, await self._deliver(batch, thread))
        except NotDelivered as answer:
            return await self._not_sent(ids, answer, first)
        self._posted[ids[0]] = done, sent  # while it cannot be written down, it is not posted once more
        await self._db.write(lambda s: self._settle(s, done, first, sent, thread))
        del self._posted[ids[0]]
        return done == ids

    async def _deliver(self, batch: list[OutboxRow], thread: ThreadRow | None) -> Delivered:
        """A bug in one batch is a try that failed, so that it holds back its own lane only, and not for ever."""
        first = batch[0]
        plainly = first.attempts >= PLAIN_AFTER and first.last_error.startswith(BUG)
        deliver = self._notifier.deliver_plainly if plainly else self._notifier.deliver
        try:
            return await deliver(batch, thread)
        except (NotDelivered, StorageError):
            raise
        except Exception as error:  # part of the loop that must outlive a bug (design §4.8)
            log.exception("message %s could not be drawn", first.id)
            raise NotDelivered(f"{BUG}{type(error).__name__}", retry_after=BUG_AGAIN) from None

    def _settle(
        self, session: Session, ids: list[int], first: OutboxRow, sent: Delivered, thread: ThreadRow | None
    ) -> None:
        now = self._clock.now()
        outbox.settle(session, ids, channel=sent.channel, ts=sent.ts, at=now)
        if first.kind == "audit" and first.flow_id and thread is None:
            threads.remember(session, flow_id=first.flow_id, channel=sent.channel, ts=sent.ts, at=now)
        if first.kind == "edit":
            threads.close(session, first.flow_id)

    def _give_up(self, session: Session, ids: list[int], answer: NotDelivered, first: OutboxRow) -> None:
        """Settle it as lost, with what follows from that."""
        outbox.settle(session, ids, channel="", ts=f"given up: {answer.why}", at=self._clock.now())
        if self._lost:
            self._lost.settle(session, first)

    async def _not_sent(self, ids: list[int], answer: NotDelivered, first: OutboxRow) -> bool:
        now = self._clock.now()
        if answer.retry_after is None:
            log.error("Slack will never take message(s) %s: %s", ids, answer.why)
            await self._db.write(lambda s: self._give_up(s, ids, answer, first))
            if self._lost:
                await self._lost.show(first)
            return True
        until = now + min(answer.retry_after * max(1, first.attempts + 1), LONGEST_WAIT)
        await self._db.write(lambda s: outbox.defer(s, ids, until=until, error=answer.why))
        log.warning("Slack did not take message(s) %s: %s", ids, answer.why)
        return False


def batches(rows: Sequence[OutboxRow]) -> list[list[OutboxRow]]:
    """Neighbouring audit lines of one flow go out as one message; everything else goes alone.

    A flow's first line starts its thread, so it goes alone too.
    """
    found: list[list[OutboxRow]] = []
    for row in rows:
        last = found[-1] if found else []
        joins = (
            last
            and row.kind == last[-1].kind == "audit"
            and row.flow_id == last[-1].flow_id
            and row.recipient == last[-1].recipient
            and not starts_thread(last[0])
            and len(last) < BATCH
        )
        if joins:
            last.append(row)
        else:
            found.append([row])
    return found


def starts_thread(row: OutboxRow) -> bool:
    return '"flow.started"' in row.body
