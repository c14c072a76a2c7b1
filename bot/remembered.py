"""The numbers as they were last read from Meta, kept over a restart: for mending what keeps them from being read.

One that Meta lists no longer is kept for a while, too, so that somebody who asks for it is told what became of it.
"""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.clock import Clock
from bot.numbers import NumberRef
from bot.tasks import Tasks
from storage import events
from storage.db import Database
from storage.errors import StorageError

GONE_FOR = timedelta(days=30)  # so long a number that Meta lists no longer can be asked for
_SCOPE, _WHAT, _GONE = "numbers", "known", "gone"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gone:
    """A number that Meta's lists have lacked since then."""

    ref: NumberRef
    since: datetime


class Remembered:
    """Written when something has changed, beside the work that read it; losing it loses a convenience only."""

    def __init__(self, *, db: Database, clock: Clock, tasks: Tasks) -> None:
        self._db = db
        self._clock = clock
        self._tasks = tasks
        self._noted: frozenset[NumberRef] = frozenset()

    async def refs(self) -> tuple[NumberRef, ...]:
        """What was noted, by whichever run. Nothing when the database cannot be read."""
        try:
            return await self._db.read(_stored)
        except StorageError as trouble:
            log.warning("the known numbers could not be looked up: %s", trouble.sentence)
            return ()

    async def gone(self) -> tuple[Gone, ...]:
        """Those that are listed no longer. Nothing when the database cannot be read."""
        try:
            return await self._db.read(lambda session: gone_in(session, self._clock.now()))
        except StorageError as trouble:
            log.warning("the numbers that are gone could not be looked up: %s", trouble.sentence)
            return ()

    def note(self, refs: Sequence[NumberRef], *, unread: Collection[str]) -> None:
        """These numbers there are; of the accounts in `unread` what was noted before stays."""
        found = frozenset(refs)
        if found == self._noted:
            return
        self._noted = found
        self._tasks.start(self._keep(found, frozenset(unread)), name="note the numbers")

    async def _keep(self, found: frozenset[NumberRef], unread: frozenset[str]) -> None:
        def work(session: Session) -> None:
            before = _stored(session)
            ids = {ref.id for ref in found}
            stay = [ref for ref in before if ref.account_id in unread and ref.id not in ids]
            now = sorted((*found, *stay), key=lambda ref: ref.id)
            if now != sorted(before, key=lambda ref: ref.id):
                _put(session, _WHAT, [_plain(ref) for ref in now], self._clock.now())
                _note_gone(session, before, {ref.id for ref in now}, self._clock.now())

        try:
            await self._db.write(work)
        except StorageError as trouble:
            self._noted = frozenset()  # the next reading tries again
            log.warning("the numbers could not be noted: %s", trouble.sentence)


def _stored(session: Session) -> tuple[NumberRef, ...]:
    for row in events.standings(session, [_SCOPE]):
        if row.what == _WHAT:
            return tuple(NumberRef(**one, also=()) for one in json.loads(row.value))
    return ()


def gone_in(session: Session, now: datetime) -> tuple[Gone, ...]:
    """What is listed no longer, of the last weeks."""
    rows = [row for row in events.standings(session, [_SCOPE]) if row.what == _GONE]
    kept = [one for row in rows for one in json.loads(row.value)]
    gone = (Gone(NumberRef(**one["ref"], also=()), datetime.fromisoformat(one["since"])) for one in kept)
    return tuple(one for one in gone if now - one.since <= GONE_FOR)


def _note_gone(session: Session, before: Sequence[NumberRef], listed: Collection[str], now: datetime) -> None:
    kept = {one.ref.id: one for one in gone_in(session, now)}
    left = {ref.id: Gone(ref, now) for ref in before}
    gone = [one for id_, one in (left | kept).items() if id_ not in listed]
    _put(session, _GONE, [{"ref": _plain(one.ref), "since": one.since.isoformat()} for one in gone], now)


def _put(session: Session, what: str, value: object, now: datetime) -> None:
    events.stand(session, scope=_SCOPE, what=what, value=json.dumps(value, separators=(",", ":")), at=now)


def _plain(ref: NumberRef) -> dict[str, str]:
    return {
        "id": ref.id, "account_id": ref.account_id, "name": ref.name, "digits": ref.digits, "display": ref.display,
    }  # fmt: skip
