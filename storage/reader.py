"""All look-ups: one connection that cannot write, each statement with the newest committed state."""

import contextlib
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.connect import connect, engine_over
from storage.errors import is_own_fault, told
from storage.worker import Job


class Reader:
    """Lives in one thread. No transaction around a work: each of its statements sees what is newest.

    `turn`: shared with the writer. Without it each would find the file locked by the other, and SQLite
    waits for a lock by sleeping up to a tenth of a second at a time.
    """

    def __init__(self, path: Path, turn: threading.Lock, *, busy_timeout_s: float) -> None:
        self._turn = turn
        self._engine = engine_over(lambda: connect(path, busy_timeout_s=busy_timeout_s, query_only=True))
        self._link: Connection | None = None

    def serve(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            if not job.future.cancelled():
                with self._turn:
                    self._run(job)
        return []

    def end(self) -> None:
        self._disconnect()
        self._engine.dispose()

    def _run(self, job: Job) -> None:
        try:
            if self._link is None:
                self._link = self._engine.connect()
            with Session(self._link, expire_on_commit=False, autoflush=False) as session:
                job.result = job.work(session)
                session.expunge_all()
        except BaseException as error:  # noqa: BLE001  whatever it is, somebody waits for the answer
            job.error = told(error)
            if not is_own_fault(error):
                self._disconnect()

    def _disconnect(self) -> None:
        with contextlib.suppress(sqlite3.Error, DBAPIError):
            if self._link is not None:
                self._link.close()
        self._link = None
