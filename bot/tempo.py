"""Every wait of the bot that somebody who tries it out need not sit through."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.flows.token_watch import FIRST_AFTER_S
from bot.graph.limits import DEFAULT, Limits
from handlers import link
from handlers.link import Watch


@dataclass(frozen=True, slots=True)
class Tempo:
    """Every wait that somebody trying the bot out need not sit through. `pause`: between two read-backs."""

    graph: Limits = DEFAULT
    watch: Watch = link.USUAL
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    token_look_s: float = FIRST_AFTER_S


USUAL = Tempo()
