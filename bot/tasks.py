"""Work that goes on after an acknowledgement: kept alive, bounded, and finished before we stop."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """Strong references to running work (asyncio keeps only weak ones), at most `limit` at once."""

    def __init__(self, *, limit: int = 64) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(limit)

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run `work`. It must not raise: an exception that escapes it is a bug and is logged as one."""
        task = asyncio.create_task(self._run(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _run(self, work: Coroutine[Any, Any, None], name: str) -> None:
        async with self._slots:
            try:
                await work
            except Exception:  # the last resort: a task's exception would vanish unseen
                log.exception("task %s failed", name)

    async def drain(self, *, within_s: float) -> int:
        """Wait for what runs, and for what that starts; cancel what is left after `within_s` seconds.

        Returns how many that were. Nothing runs any more afterwards.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + within_s
        while self._running and clock() < end:
            await asyncio.wait(set(self._running), timeout=end - clock())
        cut = 0
        while self._running:  # one that is cancelled may still start another
            late = set(self._running)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            cut += len(late)
        return cut

    def __len__(self) -> int:
        return len(self._running)
