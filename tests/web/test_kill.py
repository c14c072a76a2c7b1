"""What was answered with 200 is on disk, whatever happens to the process next."""

import asyncio
import json
import signal
import sqlite3
from pathlib import Path

import aiohttp

from tests.commands import running
from tests.desk import Desk, closed_port
from tests.web.meta import PATH, WEB, envelope, inbound, signature


async def test_an_event_that_was_answered_outlives_a_kill(desk: Desk, tmp_path: Path):
    await desk.stop()
    url = f"http://127.0.0.1:{closed_port()}"
    settings = {**desk.settings(), **WEB, "HTTP_PORT": url.rsplit(":", 1)[1]}
    number = desk.meta.number("Sales")
    raw = json.dumps(envelope(number.account_id, inbound(number.id, number.digits))).encode()
    headers = {"X-Hub-Signature-256": signature(desk.seed.app_secret.reveal(), raw)}
    async with running("run", folder=tmp_path, settings=settings) as bot, aiohttp.ClientSession() as session:
        async with asyncio.timeout(60):
            while not await answered(session, f"{url}/healthz"):
                await asyncio.sleep(0.05)
        async with session.post(url + PATH, data=raw, headers=headers) as answer:
            bot.send_signal(signal.SIGKILL)
            assert answer.status == 200
        await bot.wait()
    base = sqlite3.connect(desk.path)
    assert base.execute("SELECT count(*) FROM event").fetchone() == (1,)
    base.close()


async def answered(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url):
            return True
    except aiohttp.ClientConnectorError:
        return False
