"""Stopping waits for what was acknowledged, and for what that begins."""

import asyncio

from bot.tasks import Tasks


async def test_what_a_finishing_task_starts_is_waited_for_too() -> None:
    tasks, done = Tasks(), list[str]()

    async def second() -> None:
        await asyncio.sleep(0.02)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.02)
        tasks.start(second(), name="second")

    tasks.start(first(), name="first")
    assert await tasks.drain(within_s=5) == 0
    assert done == ["second"]


async def test_what_tries_for_ever_ends_at_the_deadline_whenever_it_began() -> None:
    tasks = Tasks()

    async def for_ever() -> None:
        while True:
            await asyncio.sleep(0.01)

    async def first() -> None:
        tasks.start(for_ever(), name="for ever")

    tasks.start(first(), name="first")
    assert await tasks.drain(within_s=0.1) == 1
    assert len(tasks) == 0
