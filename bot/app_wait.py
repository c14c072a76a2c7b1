"""Meta's wait for the whole app, kept so that a restart does not forget it."""

from datetime import datetime

from sqlmodel import Session

from bot.clock import Clock
from bot.graph.limits import Limits
from bot.graph.usage import Gate
from bot.tasks import Tasks
from storage import gates
from storage.db import Database
from storage.errors import StorageError

SCOPE, ACTION = "app", "any call"


class AppWait:
    """The gate every call to Meta passes, and its memory."""

    def __init__(self, *, db: Database, clock: Clock, limits: Limits, tasks: Tasks) -> None:
        self._db = db
        self._tasks = tasks
        self._clock = clock
        self.gate = Gate(clock, limits, on_close=self._closed)

    async def load(self) -> None:
        """Take up the wait an earlier run was given. Raises StorageError."""
        until = await self._db.read(_kept)
        if until is not None and until > self._clock.now():
            self.gate.keep_closed(until)

    def _closed(self, until: datetime) -> None:
        self._tasks.start(self._keep(until), name="keep Meta's wait")

    async def _keep(self, until: datetime) -> None:
        try:
            await self._db.write(
                lambda s: gates.set_gate(s, scope=SCOPE, action=ACTION, until=until, reason="throttled")
            )
        except StorageError:
            return  # the wait still holds in this process; only a restart would forget it


def _kept(session: Session) -> datetime | None:
    return next((gate.until for gate in gates.gates(session, SCOPE) if gate.action == ACTION), None)
