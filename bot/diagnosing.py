"""Read what one number, or every number, is judged by: in parallel, each question with its own deadline, no write."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.attempts import attempts_of, tried_lately
from bot.causes.catalogue import PRIORITY
from bot.causes.cause import Severity
from bot.clock import Clock
from bot.config import Config
from bot.diagnosis.examine import Report, examine
from bot.evidence.reading import Reading
from bot.evidence.records import Attempts, Events, Extension, Handshake
from bot.evidence.snapshot import Snapshot
from bot.graph.errors import Throttled, TokenRejected, Unreachable
from bot.known_numbers import KnownNumbers
from bot.numbers import NumberRef, ref_of
from bot.overrides import override_in
from bot.questions import Questions
from bot.remembered import gone_in
from storage.db import Database
from storage.errors import StorageError

KEPT = 500  # snapshots remembered, so that a fix need not read all of it again
FRESH_FOR = timedelta(minutes=10)
LOOKED_UP_AT_ONCE = 20  # numbers: a claim made meanwhile waits for no more than these (storage/reader.py)
READS = ("token", "number", "account", "apps", "subscription")
PENDING = "It is being read."

_WORST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Records:
    """What the bot itself knows of one number. The default: nothing, or it could not be read."""

    attempts: Attempts = field(default_factory=Attempts)
    extension: Extension | None = None
    events: Events | None = None
    override_url: str = ""
    gone_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Everything:
    """A report of each number, worst first. `troubles`: sentences about accounts whose numbers are not known."""

    reports: tuple[Report, ...]
    troubles: tuple[str, ...] = ()


EventsIn = Callable[[Session, NumberRef, datetime], Events]
Seen = Callable[[Snapshot], Awaitable[None]]

log = logging.getLogger(__name__)


class Diagnoses:
    """Reads, judges, and remembers what it read of each number last. Changes nothing at Meta."""

    def __init__(
        self,
        *,
        questions: Questions,
        numbers: KnownNumbers,
        db: Database,
        config: Config,
        clock: Clock,
        webhook_url: str = "",
        extension: Callable[[str], Awaitable[Extension | None]],
        events: EventsIn,
        seen: Seen,
        handshake: Callable[[], Handshake | None] = lambda: None,
    ) -> None:
        """`extension`: of an account's token, the last one, when it failed.

        `events`: what the webhook told of a number, where this bot has one. `seen`: is told every whole reading,
        which may correct what the webhook had told.
        """
        self._questions = questions
        self.numbers = numbers
        self._db = db
        self._config = config
        self._clock = clock
        self._webhook_url = webhook_url
        self._extension = extension
        self._events = events
        self._seen = seen
        self._handshake = handshake
        self.latest: Everything | None = None  # of `all`, for its further pages
        self._kept: OrderedDict[str, Snapshot] = OrderedDict()

    async def diagnose(self, ref: NumberRef) -> Report:
        return examine(await self.read(ref))

    async def read(self, ref: NumberRef) -> Snapshot:
        """Everything about one number, in one round trip."""
        return [snapshot async for snapshot in self.reading(ref)][-1]

    def kept(self, ref: NumberRef) -> Snapshot | None:
        """What was read of it lately, without reading. By its oldest reading: a fix reads only some of it anew."""
        kept = self._kept.get(ref.id)
        if kept is None:
            return None
        now = self._clock.now()
        ages = [now - reading.at for _, reading in kept.readings if reading.at is not None]
        return kept if all(timedelta() <= age <= FRESH_FOR for age in ages) else None

    async def again(self, ref: NumberRef, names: Iterable[str]) -> Report:
        """Only these readings anew; the others as they were read before, if that was lately."""
        kept = self.kept(ref)
        if kept is None:
            return await self.diagnose(ref)
        reads = self._questions.of(ref)
        fresh = dict(zip(names, await asyncio.gather(*(reads[name]() for name in names)), strict=True))
        return examine(await self._keep(self._with(kept, await self._records(ref), fresh)))

    async def reading(self, ref: NumberRef) -> AsyncIterator[Snapshot]:
        """The snapshot as it fills: each time something more is known, and at last the whole of it."""
        reads = self._questions.of(ref)
        waiting = {asyncio.ensure_future(read()): name for name, read in reads.items()}
        found: dict[str, Reading[Any]] = {}
        try:
            records = await self._records(ref)
            while waiting:
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    found[waiting.pop(task)] = task.result()
                pending = {name: Reading[Any]("", why_not=PENDING) for name in waiting.values()}
                snapshot = self._snapshot(ref, records, {**pending, **found})
                yield snapshot if waiting else await self._keep(snapshot)
        finally:
            for task in waiting:
                task.cancel()

    async def all(self) -> Everything:
        """Every number: lists of numbers, accounts and apps once an account, one debug_token a token.

        Raises BotError when it is not even known which accounts there are.
        """
        accounts = await self.numbers.account_ids()
        shared, listed = await asyncio.gather(
            self._questions.shared(accounts), self._questions.lists(accounts)
        )
        found: dict[str, tuple[NumberRef, Reading[Any]]] = {}
        troubles: list[str] = []
        for account_id, numbers in zip(accounts, listed, strict=True):
            troubles += await self._sort_in(found, account_id, numbers)
        records = await self._records_of([ref for ref, _ in found.values()])
        reports: list[Report] = []
        for ref, number in found.values():
            readings = {**shared[ref.account_id], "number": number}
            reports.append(examine(await self._keep(self._snapshot(ref, records[ref.id], readings))))
            await asyncio.sleep(0)  # a thousand numbers must not hold up an acknowledgement
        self.latest = Everything(worst_first(reports), tuple(troubles))
        return self.latest

    async def _sort_in(
        self, found: dict[str, tuple[NumberRef, Reading[Any]]], account_id: str, numbers: Reading[Any]
    ) -> list[str]:
        """Each number listed becomes a reading of its own; without a list, those known from before stay unread."""
        if numbers.known:
            for number in numbers.value or ():
                ref = ref_of(number, self._config.nicknames)
                found[number.id] = ref, replace(numbers, value=number)
            return []
        of_all = isinstance(numbers.error, Unreachable | Throttled | TokenRejected)  # else: of the list alone
        unread = numbers if of_all else Reading[Any](numbers.how, why_not=numbers.why)
        for ref in await self.numbers.of_account(account_id):
            found[ref.id] = ref, unread
        return [f"The numbers of account {account_id} could not be read: {numbers.why}"]

    async def _records(self, ref: NumberRef) -> Records:
        return (await self._records_of([ref]))[ref.id]

    async def _records_of(self, refs: Sequence[NumberRef]) -> Mapping[str, Records]:
        """Ours. A database that cannot be read tells nothing, and hides no finding of Meta's."""
        now, found = self._clock.now(), dict[str, Records]()
        slices = [refs[at : at + LOOKED_UP_AT_ONCE] for at in range(0, len(refs), LOOKED_UP_AT_ONCE)]
        try:
            for some in slices:
                found |= await self._db.read(partial(self._recorded, refs=some, now=now))
            accounts = {ref.account_id for ref in refs}
            extensions = {account_id: await self._extension(account_id) for account_id in accounts}
        except StorageError:
            return {ref.id: Records() for ref in refs}
        return {ref.id: replace(found[ref.id], extension=extensions[ref.account_id]) for ref in refs}

    def _recorded(self, session: Session, *, refs: Sequence[NumberRef], now: datetime) -> dict[str, Records]:
        tried = tried_lately(session, [ref.id for ref in refs], now)
        gone = {one.ref.id: one.since for one in gone_in(session, now)}
        found = {}
        for ref in refs:
            told = self._events(session, ref, now) if self._webhook_url else None
            last = attempts_of(session, ref, self._config, now) if ref.id in tried else Attempts()
            url, since = override_in(session, ref), gone.get(ref.id)
            found[ref.id] = Records(last, events=told, override_url=url, gone_since=since)
        return found

    def _snapshot(self, ref: NumberRef, records: Records, read: Mapping[str, Reading[Any]]) -> Snapshot:
        return Snapshot(
            token=read["token"],
            number=read["number"],
            account=read["account"],
            apps=read["apps"],
            subscription=read["subscription"],
            ref=ref,
            now=self._clock.now(),
            app_id=self._config.meta_app_id,
            webhook_url=self._webhook_url,
            override_url=records.override_url,
            has_token=bool(self._questions.token_of(ref.account_id)),
            events=records.events,
            attempts=records.attempts,
            extension=records.extension,
            handshake=self._handshake(),
            gone_since=records.gone_since,
        )

    def _with(self, kept: Snapshot, records: Records, fresh: Mapping[str, Reading[Any]]) -> Snapshot:
        old = {name: getattr(kept, name) for name in READS}
        return self._snapshot(kept.ref, records, {**old, **fresh})

    async def _keep(self, snapshot: Snapshot) -> Snapshot:
        try:
            await self._seen(snapshot)
        except StorageError as error:
            log.warning("what was read of a number did not correct what is kept of it: %s", error.sentence)
        self._kept[snapshot.ref.id] = snapshot
        self._kept.move_to_end(snapshot.ref.id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return snapshot


def worst_first(reports: Iterable[Report]) -> tuple[Report, ...]:
    def place(report: Report) -> tuple[int, int, str, str]:
        cause = report.verdict.cause
        return _WORST.index(cause.severity), PRIORITY[cause.code], report.ref.name.casefold(), report.ref.id

    return tuple(sorted(reports, key=place))
