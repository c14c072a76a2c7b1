"""P16: the diagnosis of one number and of a hundred, with Meta 50 ms away: calls, round trips, time."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from bot.sandbox.meta import seed
from storage import schema
from tests.bench.result import Result, median, ms
from tests.desk import Desk

LATENCY_S, NUMBERS, ACCOUNTS, ROUNDS = 0.05, 100, 3, 5
MOST_TRIPS, MOST_S = 3, 3.0


async def measure() -> list[Result]:
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    template = folder / "template.db"
    await asyncio.to_thread(schema.ensure, template, busy_timeout_s=1.5)
    desk = Desk(folder, template, seed.many(NUMBERS, ACCOUNTS), {})
    desk.seed.world.enforce_limits = False
    try:
        await desk.open()
        desk.meta.latency_s = LATENCY_S
        return [await _one(desk), await _all(desk)]
    finally:
        await desk.close()
        shutil.rmtree(folder, ignore_errors=True)


async def _one(desk: Desk) -> Result:
    """First as it is after a start, when the number has to be found; then as it is afterwards."""
    diagnoses = desk.bot.services.diagnoses
    times: list[float] = []
    desk.bot.services.directory.forget()
    before, start = len(desk.meta.calls), time.perf_counter()
    ref = await diagnoses.numbers.find("Branch 10")
    await diagnoses.diagnose(ref)
    cold, calls, trips = time.perf_counter() - start, len(desk.meta.calls) - before, _trips(desk, before)
    for _ in range(ROUNDS):
        before, start = len(desk.meta.calls), time.perf_counter()
        await diagnoses.diagnose(await diagnoses.numbers.find("Branch 10"))
        times.append(time.perf_counter() - start)
    warm, warm_trips = len(desk.meta.calls) - before, _trips(desk, before)
    figures = (
        f"found and judged: {calls} calls in {trips} round trips, {ms(cold)}; once it is known: {warm} calls in "
        f"{warm_trips} round trip, {ms(median(times))}"
    )
    met = trips <= MOST_TRIPS and warm_trips == 1
    return Result("P16", "diagnosis of one number at 50 ms", f"≤ {MOST_TRIPS} round trips", figures, met)


async def _all(desk: Desk) -> Result:
    diagnoses = desk.bot.services.diagnoses
    times: list[float] = []
    for _ in range(ROUNDS):
        desk.bot.services.directory.forget()
        before, start = len(desk.meta.calls), time.perf_counter()
        everything = await diagnoses.all()
        times.append(time.perf_counter() - start)
        assert len(everything.reports) == NUMBERS
    calls, trips = len(desk.meta.calls) - before, _trips(desk, before)
    figures = f"{calls} calls in {trips} round trips, median {ms(median(times))}, worst {ms(max(times))}"
    met = max(times) <= MOST_S
    what = f"diagnosis of {NUMBERS} numbers of {ACCOUNTS} accounts at 50 ms"
    return Result("P17", what, f"≤ {MOST_S:.0f} s", figures, met)


def _trips(desk: Desk, before: int) -> int:
    """Calls that arrived within half an answer's time of each other were made at once."""
    trips, newest = 0, None
    for call in sorted(list(desk.meta.calls)[before:], key=lambda call: call.at):
        if newest is None or (call.at - newest).total_seconds() > LATENCY_S / 2:
            trips += 1
        newest = call.at
    return trips
