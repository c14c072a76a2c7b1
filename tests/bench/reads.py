"""P6: 100 parallel Graph reads through our client, against bare aiohttp."""

import asyncio
import time

import aiohttp

from bot.clock import Clock
from bot.graph.client import Graph
from bot.graph.transport import open_http
from bot.sandbox.meta import seed
from bot.sandbox.meta.server import FakeMeta
from tests.bench.result import Result, median

LATENCY_S = 0.05
ROUNDS = 15


async def measure() -> list[Result]:
    world = seed.many(100)
    world.world.enforce_limits = False
    meta = FakeMeta(world=world.world)
    await meta.start()
    meta.latency_s = LATENCY_S
    http = open_http()
    graph = Graph(
        base_url=meta.url, version="v25.0", app_id=world.app_id, app_secret=world.app_secret,
        token=lambda _node: world.token, http=http, clock=Clock(),
    )  # fmt: skip
    ids = list(world.world.numbers)
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:
            await _ours_s(graph, ids)
            await _bare_s(meta, session, world, ids)
            pairs = [
                (await _ours_s(graph, ids), await _bare_s(meta, session, world, ids)) for _ in range(ROUNDS)
            ]
    finally:
        await http.aclose()
        await meta.close()
    ratio = median([ours / bare for ours, bare in pairs])
    ours, bare = median([a for a, _ in pairs]), median([b for _, b in pairs])
    figures = f"ours {ours * 1000:.0f} ms, bare aiohttp {bare * 1000:.0f} ms: {ratio:.2f} ×"
    return [Result("P6", "100 parallel Graph reads", "≤ 1.5 × bare aiohttp", figures, ratio <= 1.5)]


async def _ours_s(graph: Graph, ids: list[str]) -> float:
    before = time.perf_counter()
    await asyncio.gather(*(graph.number(i) for i in ids))
    return time.perf_counter() - before


async def _bare_s(meta: FakeMeta, session: aiohttp.ClientSession, world: seed.Seed, ids: list[str]) -> float:
    """The same fields of the same numbers, parsed as JSON and no more."""
    fields = next(call.params["fields"] for call in reversed(meta.calls) if "fields" in call.params)
    headers = {"Authorization": f"Bearer {world.token.reveal()}"}

    async def get(number: str) -> None:
        url = f"{meta.url}/v25.0/{number}"
        async with session.get(url, params={"fields": str(fields)}, headers=headers) as answer:
            await answer.json()

    before = time.perf_counter()
    await asyncio.gather(*(get(i) for i in ids))
    return time.perf_counter() - before
