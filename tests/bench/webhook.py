"""P15: from a signed event of Meta's to its 200, with the event safe on disk, against the least code that does it."""

import asyncio
import hashlib
import hmac
import json
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import aiohttp
from aiohttp import web

from storage import schema
from tests.bench.result import Result, median, ms, percentile
from tests.desk import Desk
from tests.web.meta import PATH, WEB, envelope, inbound, signature

EVENTS, AT_ONCE, LIMIT_S = 400, 16, 0.050


async def measure() -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    template = folder / "template.db"
    await asyncio.to_thread(schema.ensure, template, busy_timeout_s=1.5)
    desk = Desk(folder, template, "small", WEB)
    floor = web.AppRunner(_floor(desk.seed.app_secret.reveal(), folder / "floor.db"), access_log=None)
    try:
        await desk.open()
        await floor.setup()
        await web.TCPSite(floor, "127.0.0.1", 0).start()
        least = f"http://127.0.0.1:{floor.addresses[0][1]}{PATH}"
        base = await _drive(desk, least, "f", 1)
        alone = await _drive(desk, desk.web_url + PATH, "a", 1)
        crowd = await _drive(desk, desk.web_url + PATH, "c", AT_ONCE)
    finally:
        await floor.cleanup()
        await desk.close()
        shutil.rmtree(folder, ignore_errors=True)
    figures = (
        f"one after the other {ms(median(alone))}, p99 {ms(percentile(alone, 0.99))}; {AT_ONCE} at a time "
        f"{ms(median(crowd))}, p99 {ms(percentile(crowd, 0.99))}; plain aiohttp, json and one SQL insert as durable: "
        f"{ms(median(base))}, p99 {ms(percentile(base, 0.99))}: {median(alone) / median(base):.2f} × that"
    )
    met = percentile(alone, 0.99) <= LIMIT_S and percentile(crowd, 0.99) <= LIMIT_S
    why = "" if percentile(base, 0.99) < LIMIT_S else "the disk: the least code misses it, too"
    return [Result("P15", "webhook: received → durable → 200", "p99 ≤ 50 ms", figures, met, why)]


def _floor(secret: str, path: Path) -> web.Application:
    """Signature, JSON, one durable insert in a thread, 200: nothing is looked at twice, nothing taken in."""
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    base.executescript(
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; CREATE TABLE event (body TEXT)"
    )

    def keep(body: str) -> None:
        base.execute("BEGIN IMMEDIATE")
        base.execute("INSERT INTO event VALUES (?)", (body,))
        base.execute("COMMIT")

    async def take(request: web.Request) -> web.Response:
        raw = await request.read()
        right = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers["X-Hub-Signature-256"][7:], right):
            return web.Response(status=401)
        await asyncio.to_thread(keep, json.dumps(json.loads(raw)["entry"][0]["id"]))
        return web.Response()

    app = web.Application()
    app.router.add_post(PATH, take)
    return app


async def _drive(desk: Desk, url: str, name: str, at_once: int) -> list[float]:
    """Seconds for each of the events, every one a new one."""
    number, secret = desk.meta.number("Sales"), desk.seed.app_secret.reveal()
    times: list[float] = []
    left = iter(range(EVENTS))

    async def sender(session: aiohttp.ClientSession) -> None:
        for i in left:
            event = inbound(number.id, number.digits, id_=f"{name}{i}", at=int(time.time()) - 60)
            body = json.dumps(envelope(number.account_id, event)).encode()
            headers = {"X-Hub-Signature-256": signature(secret, body)}
            before = time.perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 200, answer.status
            times.append(time.perf_counter() - before)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(sender(session) for _ in range(at_once)))
    return times
