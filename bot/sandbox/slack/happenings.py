"""The stream of everything that happens in the fake Slack, for those who watch and those who wait."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack.model import Callback, Happening

PATIENCE_S = 15.0  # only guards against waiting for ever: what happens, happens sooner


class Happenings:
    """Calls every subscriber at once, in order, and wakes whoever waits for the next change."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []
        self._next: asyncio.Future[None] | None = None

    def tell(self, kind: str, *, who: str = "", where: str = "", text: str = "", **data: Any) -> None:
        happening = Happening(kind, who, where, text, data)
        for callback in tuple(self._callbacks):
            callback(happening)
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Start calling `callback`; the returned function stops it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def next(self) -> None:
        """Return when something happens. Check first, then call this: nothing slips between the two."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._next)

    async def until(self, true: Callable[[], bool], *, timeout_s: float) -> bool:
        """Wait until `true()`, looking again after every happening; False when the time is over."""
        try:
            async with asyncio.timeout(timeout_s):
                while not true():
                    await self.next()
        except TimeoutError:
            return true()
        return True
