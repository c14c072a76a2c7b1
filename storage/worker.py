"""A thread that serves batches of work to the event loop, and wakes it once per batch."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlmodel import Session

from storage.errors import Unavailable

T = TypeVar("T")
_BATCH = 256  # works per transaction at most


@dataclass(slots=True, eq=False)
class Job:
    """One work and what became of it. Only the worker's thread touches it until it is settled."""

    work: Callable[[Session], Any]
    future: asyncio.Future[Any]
    asked_at: float = field(default_factory=time.monotonic)
    result: Any = None
    error: BaseException | None = None

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.asked_at


def settle(jobs: list[Job]) -> None:
    """Tell whoever still waits. Runs in the event loop."""
    for job in jobs:
        if job.future.done():  # its task was cancelled
            continue
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)


class Worker:
    """`serve` gets each batch in the thread, and leaves a result or an error in every job it does not return.

    What it returns, it gets again with the next batch.
    """

    def __init__(
        self, name: str, *, serve: Callable[[list[Job]], list[Job]], end: Callable[[], None]
    ) -> None:
        self._serve = serve
        self._end = end
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._queue: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._fresh: list[Job] = []
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._open = True
        self._thread.start()

    async def ask(self, work: Callable[[Session], T]) -> T:
        """The work's result. If the caller is cancelled, a work that has begun still runs to its end."""
        if not self._open:
            raise Unavailable("The database is closed, so nothing was recorded and nothing was done.")
        job = Job(work, self._loop.create_future())
        if not self._fresh:  # everything asked for in this turn of the loop goes over in one batch
            self._loop.call_soon(self._hand_over)
        self._fresh.append(job)
        result: T = await job.future
        return result

    async def stop(self) -> None:
        """Serve what was asked for, then end the thread."""
        if self._open:
            self._open = False
            self._hand_over()
            self._queue.put(None)
        await self._ended.wait()

    def _hand_over(self) -> None:
        if self._fresh:
            jobs, self._fresh = self._fresh, []
            self._queue.put(jobs)

    def _run(self) -> None:
        while jobs := self._next():
            while jobs:
                batch, jobs = jobs[:_BATCH], jobs[_BATCH:]
                left = self._serve(batch)
                self._in_loop(settle, [job for job in batch if job not in left] if left else batch)
                jobs = left + jobs
        self._end()
        self._in_loop(self._ended.set)

    def _next(self) -> list[Job]:
        """Everything asked for by now, at least one; none at the end."""
        jobs = list(self._queue.get() or ())
        with contextlib.suppress(Empty):
            while jobs:
                more = self._queue.get_nowait()
                if more is None:
                    self._queue.put(None)  # the end comes after what stands before it
                    break
                jobs += more
        return jobs

    def _in_loop(self, call: Callable[..., object], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call, *args)
