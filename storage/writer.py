"""All changes to the file: works of one moment share one durable commit, each with a way back of its own."""

import contextlib
import copy
import sqlite3
import threading
import time
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage import schema
from storage.connect import connect, engine_over, raw_of
from storage.errors import (
    Corrupt,
    InUse,
    Locked,
    StorageError,
    is_own_fault,
    told,
)
from storage.filelock import FileLock
from storage.worker import Job

_PATIENCE_S = 0.3  # who waited this long behind a lock that did not open is told at once


class WorkSession(Session):
    """What a work gets: statements only. The transaction belongs to the Database, and nothing is flushed.

    (A failing flush would roll back the neighbours' works too; so changes are made by statements.)
    """

    def _refuse(self) -> NoReturn:
        raise RuntimeError("a work neither commits, rolls back nor adds rows: use the functions of storage")

    def commit(self) -> NoReturn:
        self._refuse()

    def rollback(self) -> NoReturn:
        self._refuse()

    def flush(self, objects: object = None) -> None:
        if self.new or (self.identity_map and (self.deleted or self.dirty)):
            self._refuse()


class Writer:
    """Lives in one thread. `trouble`: why the last commit failed, or why none will be tried again.

    `turn`: held while works run and are committed; the reader waits for it (storage/reader.py).
    """

    def __init__(self, path: Path, turn: threading.Lock, *, busy_timeout_s: float) -> None:
        self._path = path
        self._turn = turn
        self._busy_timeout_s = busy_timeout_s
        self._lock = FileLock(path)
        self._engine = engine_over(lambda: connect(path, busy_timeout_s=busy_timeout_s))
        self._link: Connection | None = None
        self._raw: sqlite3.Connection | None = None
        self._locked_at = float("-inf")
        self._epoch_owed = False
        self.epoch = 0
        self.trouble: StorageError | None = None
        self.condemned: StorageError | None = None

    def serve(self, jobs: list[Job]) -> list[Job]:
        """Commit the works of `jobs` together, with a result or an error in each; or answer some, return the rest."""
        tired = self._tired(jobs)
        if tired:
            for job in tired:
                job.error = Locked()
            return [job for job in jobs if job not in tired]
        try:
            self._commit(jobs)
        except BaseException as error:  # noqa: BLE001  whatever it is, somebody waits for the answer
            self._give_up(jobs, error)
        else:
            self.trouble = None
        return []

    def end(self) -> None:
        """Let go of the file."""
        self._disconnect()
        self._engine.dispose()
        self._lock.release()

    def _tired(self, jobs: list[Job]) -> list[Job]:
        """Those who waited for a lock that did not open, and would wait for it once more."""
        if time.monotonic() - self._locked_at > _PATIENCE_S:
            return []
        return [job for job in jobs if job.age_s > _PATIENCE_S]

    def _commit(self, jobs: list[Job]) -> None:
        if self.condemned is not None:
            raise copy.copy(self.condemned)
        raw = self._connected()
        raw.execute("BEGIN IMMEDIATE")  # may wait for another program, and look-ups go on meanwhile
        self._fence(raw)
        with self._turn, WorkSession(self._link, expire_on_commit=False, autoflush=False) as session:
            for job in jobs:
                self._run(job, session, raw)
            raw.execute("COMMIT")
        self._epoch_owed = False

    def _run(self, job: Job, session: Session, raw: sqlite3.Connection) -> None:
        if job.future.cancelled():
            return
        raw.execute("SAVEPOINT work")
        session.info["driver"] = raw
        try:
            job.result = job.work(session)
            session.flush()
        except BaseException as error:
            if not is_own_fault(error):
                raise
            job.error = told(error)
            session.info.clear()  # what was remembered may have been undone
            session.expunge_all()
            raw.execute("ROLLBACK TO work")
        raw.execute("RELEASE work")  # fails, for the whole batch, if a work or SQLite ended the transaction
        if session.identity_map:  # the next work reads for itself
            session.expunge_all()

    def _give_up(self, jobs: list[Job], error: BaseException) -> None:
        """Nothing of this batch stays: everybody in it gets the same answer."""
        trouble = told(error)
        for job in jobs:
            job.result = None
            # each caller adds a traceback to its own copy
            job.error = copy.copy(trouble) if isinstance(trouble, StorageError) else trouble
        if isinstance(trouble, Locked):
            self._locked_at = time.monotonic()
        elif isinstance(trouble, StorageError):
            self.trouble = trouble
        if isinstance(trouble, Corrupt):
            self.condemned = trouble
        self._step_back(stay=isinstance(trouble, Locked))

    def _step_back(self, *, stay: bool) -> None:
        """After a failed commit only a fresh connection tells what the file holds; a lock is no failure."""
        with contextlib.suppress(sqlite3.Error):
            if stay and self._raw is not None:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")
                return
        self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        if self._link is None or self._raw is None:
            self._lock.acquire()
            if self.epoch == 0:
                schema.ensure(self._path, busy_timeout_s=self._busy_timeout_s)
            self._link = self._engine.connect()
            self._raw = raw_of(self._link)
        if self.epoch == 0:
            self.epoch = _stored_epoch(self._raw) + 1
            self._epoch_owed = True
        return self._raw

    def _fence(self, raw: sqlite3.Connection) -> None:
        """A later process may hold the file where the lock does not reach (a network share): then stop."""
        if self._epoch_owed:
            raw.execute("INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", (str(self.epoch),))
        elif _stored_epoch(raw) != self.epoch:
            self.condemned = InUse()
            raise self.condemned

    def _disconnect(self) -> None:
        with contextlib.suppress(sqlite3.Error, DBAPIError):
            if self._link is not None:
                self._link.close()
            if self._raw is not None:
                self._raw.close()  # rolls back what is open
        self._link = self._raw = None


def _stored_epoch(raw: sqlite3.Connection) -> int:
    row = raw.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    return int(row[0]) if row else 0
