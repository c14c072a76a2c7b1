"""The bot's switch: one turn at a time, and none of them is lost."""

import asyncio

from bot.sandbox.page.power import Power
from bot.sandbox.world import Sandbox


async def test_a_start_that_is_asked_for_while_the_bot_still_stops_waits_for_its_turn() -> None:
    sandbox = Sandbox()
    try:
        await sandbox.start()
        first = sandbox.bot.pid
        power = Power(sandbox)
        stopping = asyncio.create_task(power.turn({"do": "stop"}))
        await asyncio.sleep(0)
        assert await power.turn({"do": "start"}) == {}
        assert await stopping == {}
        assert sandbox.bot.is_running
        assert sandbox.bot.pid != first
    finally:
        await sandbox.stop()
