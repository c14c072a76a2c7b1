"""What is too old to be kept is removed: events of Meta's, links to its login, and what was told once.

Records, flows and messages stay: the README's table of what is stored says for how long each thing is.
"""

import asyncio
import logging
from datetime import timedelta

from sqlmodel import Session

from bot.clock import Clock
from storage import events, logins, notices
from storage.db import Database
from storage.errors import StorageError

KEPT_FOR = timedelta(days=90)
NOTICES_FOR = timedelta(days=365)
EVERY_S = 3600.0
AT_ONCE = 2000  # events in one transaction: whoever clicks meanwhile waits for no more than that

log = logging.getLogger(__name__)


class Forgetting:
    """One loop. A database that cannot be written is tried again an hour later."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Now, and every hour."""
        while True:
            try:
                await self._forget()
            except StorageError as error:
                log.warning("what is too old was not removed: %s", error.sentence)
            await asyncio.sleep(EVERY_S)

    async def _forget(self) -> None:
        gone = 0
        while removed := await self._db.write(self._events):
            gone += removed
        gone += await self._db.write(self._rest)
        if gone:
            log.info("%d old rows were removed", gone)

    def _events(self, session: Session) -> int:
        return events.forget(session, before=self._clock.now() - KEPT_FOR, most=AT_ONCE)

    def _rest(self, session: Session) -> int:
        now = self._clock.now()
        links = logins.forget(session, before=now - KEPT_FOR)
        return links + notices.forget(session, before=now - NOTICES_FOR)
