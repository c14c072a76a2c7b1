"""What each delivery was acknowledged with, so that the same one arriving again gets the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from handlers.call import Answer

REMEMBERED = 2_000  # deliveries; beyond it the oldest are forgotten, the records still guard every effect

Acked = asyncio.Future[Mapping[str, Any]]


class Seen:
    """The acknowledgements only: the work that follows one holds what was typed, which is not remembered."""

    def __init__(self) -> None:
        self._acked: OrderedDict[str, Acked] = OrderedDict()

    def find(self, delivery: str) -> Acked | None:
        """How `delivery` was or will be acknowledged; None when it is new."""
        return self._acked.get(delivery)

    def remember(self, delivery: str, quick: asyncio.Future[Answer]) -> None:
        """`delivery` gets what `quick` comes to. Without a name it is not known again."""
        if not delivery:
            return
        acked: Acked = asyncio.get_running_loop().create_future()
        quick.add_done_callback(lambda done: _pass_on(done, acked))
        self._acked[delivery] = acked
        if len(self._acked) > REMEMBERED:
            self._acked.popitem(last=False)


def _pass_on(done: asyncio.Future[Answer], acked: Acked) -> None:
    if done.cancelled():
        acked.cancel()
    else:
        acked.set_result(done.result().ack)
