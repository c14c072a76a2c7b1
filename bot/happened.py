"""What Meta's webhooks told is taken in: kept at once, understood later, and never believed over a fresh reading.

An event is a hint (reliability.md T14): it moves what is known of a number, drops what was read of it, and
tells whoever shows it. Each is taken in exactly once, whenever and in whatever order it comes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.clock import Clock
from bot.counts import Counts
from bot.directory import Directory
from bot.errors import BotError
from bot.evidence.records import Events, Failures, Restriction, Strange
from bot.hooks.reading import KNOWN_FIELDS
from bot.hooks.standing import (
    ANY,
    BAN,
    BOARDING,
    INBOUND,
    LIMITED,
    OFF,
    RESTRICTION,
    UNKNOWN,
    Standing,
    newest,
    standing_of,
)
from bot.news import News
from bot.numbers import NumberRef
from storage import events
from storage.db import Database
from storage.errors import StorageError
from storage.tables import EventRow, StandingRow

AGAIN_AFTER_S = 2.0  # when the database could not be written
LOOK_EVERY_S = 30.0  # also unasked: what was committed after its request had given up is announced by nobody
TOGETHER = 100  # taken in by one transaction
PAUSE_S = 0.05  # what arrives meanwhile is kept first, and taken in with it
DAY = timedelta(hours=24)
RHYTHM_DAYS, RHYTHM_NEEDS = 14, 7

log = logging.getLogger(__name__)


class Happened:
    """Keeps events when they arrive, and takes them in one batch after the other."""

    def __init__(
        self,
        *,
        db: Database,
        directory: Directory,
        clock: Clock,
        news: News,
        counts: Counts,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._look_every_s = look_every_s
        self._db = db
        self._directory = directory
        self._clock = clock
        self._news = news
        self._counts = counts
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()

    async def receive(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Keep them durably; how many were new. Raises StorageError."""
        fresh = await self._db.write(lambda session: events.receive(session, rows))
        if fresh:
            self._idle.clear()
            self._arrived.set()
        return fresh

    async def run(self) -> None:
        """Take in what waits, also from before the start, for as long as the bot runs."""
        while True:
            self._arrived.clear()
            try:
                while await self._take_in():
                    pass
            except StorageError as error:
                log.warning("events of Meta's wait: %s", error.sentence)
                await asyncio.sleep(AGAIN_AFTER_S)
                continue
            if not self._arrived.is_set():
                self._idle.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._arrived.wait()
                    await asyncio.sleep(PAUSE_S)

    async def taken_in(self) -> None:
        """Until nothing waits."""
        await self._idle.wait()

    async def _take_in(self) -> int:
        rows = await self._db.read(lambda session: events.waiting(session, most=TOGETHER))
        if not rows:
            return 0
        numbers = await self._numbers(rows)
        told = newest(standing for row in rows for standing in standing_of(row, numbers[row.id or 0]))
        now = self._clock.now()
        await self._db.write(lambda session: _settle(session, told, numbers, now))
        for field, count in Counter(row.field for row in rows).items():
            self._counts.event(field if field in KNOWN_FIELDS else "unknown field", count)
        self._tell(rows)
        return len(rows)

    async def _numbers(self, rows: Sequence[EventRow]) -> dict[int, str]:
        """Account events name their number by its digits only: by account and digits, as last read of Meta."""
        known = self._known()
        if any(_nameless(row) and (row.account_id, row.digits) not in known for row in rows):
            try:
                await self._directory.look()  # as rarely as the board's own rule allows
            except BotError as error:
                log.info("an event's number is not known: %s", type(error).__name__)
            known = self._known()
        return {
            row.id or 0: known.get((row.account_id, row.digits), "") if _nameless(row) else row.number_id
            for row in rows
        }

    def _known(self) -> dict[tuple[str, str], str]:
        rows = self._directory.known.board.rows
        return {(row.ref.account_id, row.ref.digits): row.ref.id for row in rows}

    def _tell(self, rows: Sequence[EventRow]) -> None:
        """Messages change nothing that is shown; anything else may, and what was read is old by it."""
        if any(row.field != "messages" for row in rows):
            self._directory.forget()
            self._news.tell()


def _nameless(row: EventRow) -> bool:
    return not row.number_id and bool(row.digits)


def _settle(session: Session, told: Sequence[Standing], numbers: Mapping[int, str], now: datetime) -> None:
    """What is known now, and that these are done, in one transaction: a crash repeats both or neither."""
    for each in told:
        events.stand(
            session, scope=each.scope, what=each.what, value=each.value, at=each.at, until=each.until, add=each.add
        )  # fmt: skip
    events.done(session, numbers, at=now)


def events_in(session: Session, ref: NumberRef, now: datetime) -> Events:
    """What the webhook told of this number and its account."""
    rows = events.standings(session, [ref.id, ref.account_id])
    known = {row.what: row for row in sorted(rows, key=lambda row: row.at)}  # the newer of number and account
    off, (event, reason) = known.get(BOARDING), _parts(known.get(BOARDING))
    ban_state, ban_date = _parts(known.get(BAN))
    failed = events.failures(session, ref.id, since=now - DAY)
    return Events(
        last_any=_at(known.get(ANY)),
        last_inbound=_at(known.get(INBOUND)),
        usual_gap=_usual_gap(session, ref.id, now),
        restrictions=tuple(
            Restriction(row.what.removeprefix(RESTRICTION), row.until, row.at, row.scope == ref.id)
            for row in rows
            if row.what.startswith(RESTRICTION)
        ),
        offboarded_at=off.at if off and event in OFF else None,
        offboarded=reason if event in OFF else "",
        ban_state=ban_state,
        ban_date=ban_date,
        ban_at=_at(known.get(BAN)),
        failures={code: Failures(count, when) for code, (count, when) in failed.items()},
        limited_since=_at(known.get(LIMITED)),
        strange=tuple(
            Strange(row.what.removeprefix(UNKNOWN), row.count, row.at)
            for row in rows
            if row.what.startswith(UNKNOWN)
        ),
    )


def _at(row: StandingRow | None) -> datetime | None:
    return row.at if row else None


def _parts(row: StandingRow | None) -> tuple[str, str]:
    first, _, second = (row.value if row else "").partition("|")
    return first, second


def _usual_gap(session: Session, number_id: str, now: datetime) -> timedelta | None:
    """The longest silence around this time of day on earlier days; None until a week of them is known."""
    gaps: list[timedelta] = []
    for days in range(1, RHYTHM_DAYS + 1):
        before, after = events.around(session, number_id, now - timedelta(days=days))
        if before and after:
            gaps.append(after - before)
    return max(gaps) if len(gaps) >= RHYTHM_NEEDS else None
