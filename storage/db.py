"""The database as the rest of the bot sees it: durable writes, look-ups, and what is wrong with it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from storage.errors import Corrupt, InUse, NewerSchema, NotOurs, StorageError, Unavailable
from storage.reader import Reader
from storage.worker import Worker
from storage.writer import Writer

T = TypeVar("T")
_REFUSE_TO_START = (InUse, NewerSchema, NotOurs)


def path_of(url: str) -> Path:
    """The file of `sqlite:///relative.db` or `sqlite:////absolute.db`. Raises ValueError for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    name = parsed.database if parsed and parsed.drivername == "sqlite" else None
    if not name or name == ":memory:" or name.startswith("file:"):
        raise ValueError("a database is sqlite:/// and a file name, e.g. sqlite:///whatsapp.db")
    return Path(name).absolute()


class Database:
    """One SQLite file, written by one thread of one process."""

    def __init__(self, url: str, *, busy_timeout_s: float = 1.5) -> None:
        path = path_of(url)
        turn = threading.Lock()
        self._writer = Writer(path, turn, busy_timeout_s=busy_timeout_s)
        self._reader = Reader(path, turn, busy_timeout_s=busy_timeout_s)
        self._write_thread: Worker | None = None
        self._read_thread: Worker | None = None

    async def start(self) -> None:
        """Take the file. Raises InUse, NewerSchema or NotOurs, and has touched nothing then.

        Any other trouble (damaged, full, read-only, locked) leaves the database up for look-ups, with
        `trouble` saying why; a later write heals it when the cause is gone, except a damaged file.
        """
        self._write_thread = Worker("database-writer", serve=self._writer.serve, end=self._writer.end)
        self._read_thread = Worker("database-reader", serve=self._reader.serve, end=self._reader.end)
        try:
            await self._write_thread.ask(_nothing)
        except BaseException as error:
            if isinstance(error, StorageError) and not isinstance(error, _REFUSE_TO_START):
                self._writer.trouble = error
                return
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was asked for, then let go of the file. May be called twice."""
        for thread in (self._write_thread, self._read_thread):
            if thread is not None:
                await thread.stop()

    @property
    def epoch(self) -> int:
        """This process's fencing number, one above the last one's. 0 while the file could not be opened."""
        return self._writer.epoch

    @property
    def trouble(self) -> StorageError | None:
        """Why the last write failed, None when it worked. Waits for a lock do not count."""
        return self._writer.condemned or self._writer.trouble

    @property
    def writable(self) -> bool:
        """Whether the last write worked. False does not mean that the next one fails: trying heals."""
        return self.trouble is None

    async def condemn(self, reason: StorageError) -> None:
        """Never write again in this process: every later write raises `reason`."""
        self._writer.condemned = reason

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in the writer's thread; return once its changes would survive a power cut.

        Works of one moment share a transaction. An exception of `work` undoes its own changes only, and
        comes back as it is. Raises StorageError when nothing was recorded, Conflict when a unique rule
        was lost. A cancelled caller may find that the work was committed all the same.
        """
        if self._write_thread is None:
            raise Unavailable("The database is not open yet, so nothing was recorded and nothing was done.")
        return await self._write_thread.ask(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in the reader's thread. Each of its statements sees the newest committed state."""
        if self._read_thread is None:
            raise Unavailable("The database is not open yet.")
        try:
            return await self._read_thread.ask(work)
        except Corrupt as damage:
            await self.condemn(damage)
            raise


def _nothing(session: Session) -> None:
    """The first commit: opens the file, brings its schema up to date, and counts the epoch."""
