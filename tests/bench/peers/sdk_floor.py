"""Slack's SDK alone: its aiohttp Socket Mode client, acknowledging by itself."""

import asyncio
import os

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    web = AsyncWebClient(base_url=os.environ["SLACK_API_URL"])
    client = SocketModeClient(app_token=os.environ["SLACK_APP_TOKEN"], web_client=web)

    async def on_request(client, request):
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(on_request)
    await client.connect()
    await asyncio.sleep(3600)


asyncio.run(main())
