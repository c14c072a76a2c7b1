"""Run something until it is done or a signal ends it; either way it cleans up behind itself."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def until_signal(work: Coroutine[None, None, int]) -> int:
    """The exit code of `work`, or 128+n when signal n cancelled it, as a shell would say."""
    try:
        return asyncio.run(_run(work))
    except BrokenPipeError:  # whoever read our output is gone: so may we
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


async def _run(work: Coroutine[None, None, int]) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work)
    caught: list[int] = []

    def end(number: int) -> None:
        if not caught:  # a second one must not interrupt the cleaning up
            task.cancel()
        caught.append(number)

    for number in ENDING:
        loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not caught:
            raise
        return 128 + caught[0]
