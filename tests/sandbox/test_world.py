"""The sandbox as a whole: what it keeps for its bot."""

import asyncio
import socket
import sys
from urllib.parse import urlsplit

import pytest

from bot.sandbox.world import Sandbox


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a bound port could not be listened on by the bot"
)
async def test_the_port_of_the_bot_is_nobody_elses_while_the_bot_is_down():
    """A connection that began on it would keep the bot from starting."""
    sandbox = Sandbox()
    port = urlsplit(sandbox.public_url).port
    assert port
    try:
        for _ in range(2):  # before the first start, and after a stop
            with socket.socket() as connecting, pytest.raises(OSError, match="in use"):
                connecting.bind(("127.0.0.1", port))
            with pytest.raises(ConnectionRefusedError):  # nobody listens yet
                await asyncio.open_connection("127.0.0.1", port)
            listening = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", port)
            listening.close()
            await listening.wait_closed()
    finally:
        await sandbox.stop()
