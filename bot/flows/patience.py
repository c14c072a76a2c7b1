"""Waiting between two reads, no longer than the bot runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Patience:
    """`stopping`: set when the bot has begun to stop; then nothing is waited for any more."""

    stopping: asyncio.Event
    pause: Pause = asyncio.sleep

    async def stopped_within(self, seconds: float) -> bool:
        """Pause for so long, or until the bot stops: whether it does."""
        pause = asyncio.ensure_future(self.pause(seconds))
        stop = asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait({pause, stop}, return_when=asyncio.FIRST_COMPLETED)
            if pause.done():
                pause.result()
            return self.stopping.is_set()
        finally:
            pause.cancel()
            stop.cancel()
