"""P4: `/whatsapp status` typed → board at Slack, at 50 ms Graph latency."""

import asyncio
import time

import aiohttp

from bot.sandbox.meta import seed
from tests.bench import rig
from tests.bench.result import Result, median
from tests.bench.rig import Running

LATENCY_S = 0.05
ROUNDS = 15
WHY = (
    "For 1,000 numbers, turning 20,000 JSON fields and 4,000 health entities into values is about 30 ms of CPU, and "
    "the fake Meta makes them on the same two cores."
)


async def measure() -> list[Result]:
    ratios: dict[int, float] = {}
    took: dict[int, float] = {}
    trips: list[float] = []
    for numbers, accounts in ((1, 1), (100, 1), (1000, 10)):
        async with rig.running(world=seed.many(numbers, accounts), latency_s=LATENCY_S) as target:
            await _board_s(target)
            pairs = [(await _trip_s(target), await _board_s(target)) for _ in range(ROUNDS)]
            trips += [trip for trip, _ in pairs]
            ratios[numbers] = median([board / trip for trip, board in pairs])
            took[numbers] = median([board for _, board in pairs])
            if numbers == 1000:
                sequential = await _one_after_another_s(target)
    faster = sequential / took[1000]
    figures = (
        "; ".join(f"{n} number(s): {took[n] * 1000:.0f} ms = {ratios[n]:.2f} round trips" for n in ratios)
        + f"; one after another for 1,000: {sequential:.1f} s = {faster:.0f} × slower; "
        f"one round trip {median(trips) * 1000:.1f} ms"
    )
    met = ratios[1] <= 1.3 and ratios[100] <= 1.4 and ratios[1000] <= 1.6 and faster >= 500
    asked = "≤ 1.3 / 1.4 / 1.6 × one Graph round trip; ≥ 500 × one after another"
    return [Result("P4", "board of 1 / 100 / 1,000 numbers", asked, figures, met, WHY)]


async def _board_s(target: Running) -> float:
    """From the envelope sent to the answer posted to the response_url."""
    arrived = asyncio.Event()
    stop = target.slack.subscribe(lambda happening: arrived.set() if happening.kind == "ephemeral" else None)
    before = time.perf_counter()
    await target.slack.deliver(target.slack.slash_envelope("ana", "/whatsapp status"))
    async with asyncio.timeout(20):
        await arrived.wait()
    stop()
    return time.perf_counter() - before


async def _trip_s(target: Running) -> float:
    number = next(iter(target.meta.world.numbers))
    async with aiohttp.ClientSession() as session:
        await _get(target, session, number)
        before = time.perf_counter()
        await _get(target, session, number)
        return time.perf_counter() - before


async def _one_after_another_s(target: Running) -> float:
    """What people write: one GET per number, awaited before the next."""
    before = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        for number in target.meta.world.numbers:
            await _get(target, session, number)
    return time.perf_counter() - before


async def _get(target: Running, session: aiohttp.ClientSession, number: str) -> None:
    token = next(iter(target.meta.world.tokens.values())).text
    headers = {"Authorization": f"Bearer {token}"}
    async with session.get(f"{target.meta.url}/v25.0/{number}", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        await answer.read()
