"""The Socket Mode connection, and the watchdog that keeps it honest.

Measured defects it is built around (slack.md §6): the SDK retries a used-up address for ever, and loops
for ever on a dead app token while the process looks alive.
"""

import asyncio
import logging

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from handlers.preflight import DEAD

LOOK_EVERY_S = 2.0
FRESH_ADDRESS_AFTER_S = 6.0
REBUILD_AFTER_S = 30.0
GIVE_UP_AFTER_S = 180.0

log = logging.getLogger(__name__)


class LinkLost(Exception):
    """Slack cannot be reached any more; the process should end and be started again by its keeper."""


class Link:
    """One Socket Mode connection, renewed as often as needed."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app = app
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self, address: str | None) -> None:
        """Connect; `address` from the pre-flight is used for the first connection."""
        handler = AsyncSocketModeHandler(self._app, self._app_token)
        handler.client.wss_uri = address
        self._handler = handler
        try:
            async with asyncio.timeout(REBUILD_AFTER_S):
                await handler.connect_async()
        except TimeoutError:
            log.warning("no Socket Mode connection yet; the watchdog goes on trying")

    async def connected(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def watch(self) -> None:
        """Look every two seconds. Raises LinkLost when the connection cannot be had back."""
        down_s, rebuilt_s = 0.0, 0.0
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if await self.connected():
                down_s = rebuilt_s = 0.0
                continue
            down_s += LOOK_EVERY_S
            if down_s >= GIVE_UP_AFTER_S:
                raise LinkLost("no Socket Mode connection for three minutes")
            if down_s - rebuilt_s >= REBUILD_AFTER_S:
                rebuilt_s = down_s
                await self._rebuild()
            elif down_s >= FRESH_ADDRESS_AFTER_S and self._handler:
                self._handler.client.wss_uri = None  # the SDK would try the used-up one for ever

    async def _rebuild(self) -> None:
        log.warning("the Socket Mode connection is rebuilt")
        try:
            answer = await self._app.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            word = str(error.response.get("error"))
            if word in DEAD:
                raise LinkLost(f"SLACK_APP_TOKEN is not accepted by Slack any more ({word})") from None
            return
        except (aiohttp.ClientError, TimeoutError):
            return
        await self.close()
        await self.start(str(answer.get("url") or "") or None)

    async def close(self) -> None:
        """End the connection. Acknowledgements must have been sent before."""
        if self._handler:
            handler, self._handler = self._handler, None
            await handler.close_async()
