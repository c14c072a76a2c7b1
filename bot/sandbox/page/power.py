"""The bot's own switch on the page: start, stop, kill, restart."""

import asyncio

from bot.sandbox.bot_process import BotDied
from bot.sandbox.slack.model import JSON
from bot.sandbox.world import Sandbox


class Power:
    """One turn at a time: what is asked meanwhile waits until it is done."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._turning = asyncio.Lock()

    async def turn(self, body: JSON) -> JSON:
        """Do it, and return when it is done; ValueError with a sentence when it cannot be done now."""
        do = body.get("do")
        if do == "kill":
            await self._sandbox.kill_bot()
            return {}
        if self._sandbox.is_starting and not self._turning.locked():
            raise ValueError("The bot is just starting. Wait a moment.")
        async with self._turning:
            try:
                await self._turn(do)
            except BotDied as died:
                raise ValueError(f"{died} Its log says why.") from None
            except TimeoutError:
                raise ValueError("The bot did not connect in time. Its log may say why.") from None
        return {}

    async def _turn(self, do: object) -> None:
        match do:
            case "start" if self._sandbox.bot.is_running:
                raise ValueError("The bot is running already.")
            case "start":
                await self._sandbox.start_bot()
            case "stop":
                await self._sandbox.bot.stop()
            case "restart":
                await self._sandbox.restart_bot()
            case _:
                raise ValueError("The bot can be started, stopped, killed and restarted.")
