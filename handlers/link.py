"""The Socket Mode connection, and the watchdog that keeps it honest.

Measured defects it is built around (slack.md §6): the SDK retries a used-up address for ever, and loops
for ever on a dead app token while the process looks alive.
"""

import asyncio
import json
import logging
import time
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.refusal import DEAD, TROUBLE, word

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """How patient the watchdog is, in seconds. `ping_s`: a link whose pongs are missing four times is dead."""

    look_s: float = 2.0
    fresh_address_s: float = 6.0
    rebuild_s: float = 30.0
    give_up_s: float = 180.0
    ping_s: float = 10.0


USUAL = Watch()


class LinkLost(Exception):
    """Slack cannot be reached any more; the process should end and be started again by its keeper."""


class Link:
    """One Socket Mode connection, renewed as often as needed."""

    def __init__(self, app: AsyncApp, app_token: str, watch: Watch) -> None:
        self._app = app
        self._app_token = app_token
        self._patience = watch
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self, address: str | None) -> None:
        """Connect; `address` from the pre-flight is used for the first connection."""
        handler = AsyncSocketModeHandler(self._app, self._app_token, ping_interval=self._patience.ping_s)
        handler.client.socket_mode_request_listeners[:] = [self._serve]
        handler.client.wss_uri = address
        self._handler = handler
        try:
            async with asyncio.timeout(self._patience.rebuild_s):
                await handler.connect_async()
        except TimeoutError:
            log.warning("no Socket Mode connection yet; the watchdog goes on trying")

    async def _serve(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """As Bolt's handler does, but an answer's JSON goes into the envelope as it is.

        Bolt would parse it and make it anew, which was an eighth of the CPU of an acknowledgement.
        """
        answer = await run_async_bolt_app(self._app, request)
        if answer.status == 200 and answer.body.startswith("{"):
            envelope = json.dumps(request.envelope_id)
            await client.send_message(f'{{"envelope_id": {envelope}, "payload": {answer.body}}}')
        else:
            await send_async_response(client, request, answer, time.time())

    async def connected(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def watch(self) -> None:
        """Look every few seconds. Raises LinkLost when the connection cannot be had back."""
        may, down_s, rebuilt_s = self._patience, 0.0, 0.0
        while True:
            await asyncio.sleep(may.look_s)
            if await self.connected():
                down_s = rebuilt_s = 0.0
                continue
            down_s += may.look_s
            if down_s >= may.give_up_s:
                raise LinkLost(f"no Socket Mode connection for {may.give_up_s:.0f} seconds")
            if down_s - rebuilt_s >= may.rebuild_s:
                rebuilt_s = down_s
                await self._rebuild()
            elif down_s >= may.fresh_address_s and self._handler:
                self._handler.client.wss_uri = None  # the SDK would try the used-up one for ever

    async def _rebuild(self) -> None:
        log.warning("the Socket Mode connection is rebuilt")
        try:
            answer = await self._app.client.apps_connections_open(app_token=self._app_token)
        except TROUBLE as error:
            if word(error) in DEAD:
                raise LinkLost(f"SLACK_APP_TOKEN is not accepted by Slack any more ({word(error)})") from None
            return
        await self.close()
        await self.start(str(answer.get("url") or "") or None)

    async def close(self) -> None:
        """End the connection. Acknowledgements must have been sent before."""
        if self._handler:
            handler, self._handler = self._handler, None
            await handler.close_async()
