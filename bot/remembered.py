"""The numbers as they were last read from Meta, kept over a restart: for mending what keeps them from being read."""

import json
import logging
from collections.abc import Collection, Sequence

from sqlmodel import Session

from bot.clock import Clock
from bot.numbers import NumberRef
from bot.tasks import Tasks
from storage import events
from storage.db import Database
from storage.errors import StorageError

_SCOPE, _WHAT = "numbers", "known"

log = logging.getLogger(__name__)


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
                text = json.dumps([_plain(ref) for ref in now], separators=(",", ":"))
                events.stand(session, scope=_SCOPE, what=_WHAT, value=text, at=self._clock.now())

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


def _plain(ref: NumberRef) -> dict[str, str]:
    return {
        "id": ref.id, "account_id": ref.account_id, "name": ref.name, "digits": ref.digits, "display": ref.display,
    }  # fmt: skip
